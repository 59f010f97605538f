//! The layers of an audit: what is wrong with a map, drawn for QGIS.

mod draw;

use durbin_core::{Layer, Units, Warning};
use durbin_weights::{Audit, Gap, Length, Weights};
use serde::Serialize;

use crate::Error;
use draw::Draw;

/// A gap with a smaller `4πA/P²` counts as a sliver.
const SLIVER: f64 = 0.1;

/// Layers to write, and what they hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLayers {
    /// `invalid`, `near_misses`, `overlaps`, `gaps`, `islands`, `links`, in that order; none is left out
    /// for being empty.
    pub layers: Vec<Layer>,
    /// Counts and areas.
    pub summary: AuditSummary,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// What an audit found, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditSummary {
    /// Pairs that W links.
    pub links: usize,
    /// Units without neighbours in W.
    pub islands: usize,
    /// Enclosed places that no unit covers.
    pub gaps: usize,
    /// Those of them that are slivers.
    pub slivers: usize,
    /// Pairs of units that overlap.
    pub overlaps: usize,
    /// Pairs within the tolerance that do not touch.
    pub near_misses: usize,
    /// Units with invalid geometry.
    pub invalid: usize,
    /// Keys of the units without geometry, which no layer can show.
    pub without_geometry: Vec<String>,
    /// How near a near miss is, in `length_unit`.
    pub tolerance: f64,
    /// Area of all gaps, in squared `length_unit`.
    pub gap_area: f64,
    /// Area of the slivers among them.
    pub sliver_area: f64,
    /// Area of all overlaps.
    pub overlap_area: f64,
    /// `m`, or `coordinate unit` on a layer without reference system.
    pub length_unit: &'static str,
}

/// Audits `units` and `weights` and draws what was found. Pairs are near within `tolerance`, by default
/// one thousandth of the side of a square as large as the median unit. `history`, such as the command, begins the history of every layer.
///
/// # Errors
/// Weights without a row for a unit; a coordinate that is no number; a tolerance in metres on a layer
/// without reference system.
pub fn layers(
    units: &Units,
    weights: &Weights,
    tolerance: Option<Length>,
    history: &[String],
) -> Result<AuditLayers, Error> {
    let audit = durbin_weights::audit(units, weights, tolerance)?;
    let summary = summary(&audit, units);
    let draw = Draw { units, audit: &audit, weights, history };
    let layers = vec![
        draw.invalid(),
        draw.near_misses(),
        draw.overlaps(),
        draw.gaps(),
        draw.islands(),
        draw.links(),
    ];
    Ok(AuditLayers { layers, summary, warnings: audit.warnings })
}

fn summary(audit: &Audit, units: &Units) -> AuditSummary {
    let slivers = || audit.gaps.iter().filter(|gap| is_sliver(gap, audit.tolerance));
    AuditSummary {
        links: audit.links.len(),
        islands: audit.islands.len(),
        gaps: audit.gaps.len(),
        slivers: slivers().count(),
        overlaps: audit.overlaps.len(),
        near_misses: audit.near_misses.len(),
        invalid: audit.invalid.len(),
        without_geometry: audit.empty.iter().map(|&row| units.ids[row].clone()).collect(),
        tolerance: audit.tolerance,
        gap_area: total(audit.gaps.iter().map(|gap| gap.area)),
        sliver_area: total(slivers().map(|gap| gap.area)),
        overlap_area: total(audit.overlaps.iter().map(|overlap| overlap.area)),
        length_unit: if audit.metres { "m" } else { "coordinate unit" },
    }
}

/// The sum; of nothing it is 0 and not −0.
fn total(areas: impl Iterator<Item = f64>) -> f64 {
    areas.fold(0.0, |sum, area| sum + area)
}

/// Lakes and omitted units are wide and compact; what a border drawn twice leaves open is neither.
fn is_sliver(gap: &Gap, tolerance: f64) -> bool {
    gap.compactness < SLIVER || gap.width <= tolerance
}
