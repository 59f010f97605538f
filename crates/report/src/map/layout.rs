//! Several maps of one layer side by side.

use super::frame::{Extent, Frame};

/// Pixels between two maps of a page.
const GAP: f64 = 16.0;
/// Room for the heading of a panel.
pub(super) const HEADING: f64 = 24.0;
/// Highest single map, and all rows of several.
const ONE: f64 = 760.0;
const ALL: f64 = 1180.0;

/// Where the panels of a map stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// The same for every panel.
    pub(super) frame: Frame,
    columns: usize,
    panels: usize,
    heading: f64,
}

impl Layout {
    /// As many columns as leave the maps at least two thirds as large as they could be within `width` pixels: a
    /// page of several small maps is read side by side. `columns` sets how many instead.
    pub(super) fn new(
        extent: Extent,
        panels: usize,
        headed: bool,
        width: f64,
        columns: Option<usize>,
    ) -> Self {
        let panels = panels.max(1);
        let heading = if headed { HEADING } else { 0.0 };
        let of = |columns: usize| {
            let rows = panels.div_ceil(columns) as f64;
            let width = (width - GAP * (columns - 1) as f64) / columns as f64;
            let highest = if panels == 1 { ONE } else { (ALL / rows - heading - GAP).max(40.0) };
            Self { frame: Frame::fit(extent, width, highest), columns, panels, heading }
        };
        if let Some(columns) = columns {
            return of(columns.clamp(1, panels));
        }
        let all: Vec<Self> = (1..=panels).map(of).collect();
        let largest = all.iter().map(|layout| layout.frame.scale).fold(0.0, f64::max);
        let fits = |layout: &&Self| layout.frame.scale >= largest * 2.0 / 3.0;
        all.iter().rev().find(fits).copied().unwrap_or_else(|| of(1))
    }

    /// Left and upper edge of panel `at`, its heading above the map.
    pub(super) fn panel(&self, at: usize) -> (f64, f64) {
        let (row, column) = (at / self.columns, at % self.columns);
        let step = (self.frame.width() + GAP, self.frame.height() + self.heading + GAP);
        (column as f64 * step.0, row as f64 * step.1)
    }

    /// Height of all rows.
    pub(super) fn height(&self) -> f64 {
        let rows = self.panels.div_ceil(self.columns) as f64;
        rows * (self.frame.height() + self.heading + GAP) - GAP
    }

    /// Room above each map.
    pub(super) fn heading(&self) -> f64 {
        self.heading
    }
}
