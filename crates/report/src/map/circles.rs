//! Circles whose areas are proportional to a value.

use durbin_core::size_samples;

use super::{Panel, frame::Tenths};
use crate::{
    number::{fixed, typeset},
    svg::{Canvas, FAINT, INK, Type, px, wrap},
};

const FILL: &str = "fill=\"#3f5f8a\" fill-opacity=\"0.55\" stroke=\"#fff\" stroke-width=\"0.8\"";
const TITLE: Type = Type::new(13.5, INK).bold();
const LABEL: Type = Type::new(11.5, FAINT);
/// Radius of the largest circle where circles are few.
const LARGEST: f64 = 24.0;

/// The size of circles on one map or several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circles<'a> {
    title: &'a str,
    /// The value at `radius`.
    most: f64,
    radius: f64,
}

impl<'a> Circles<'a> {
    /// Sizes for the circles of `panels`, the same for all; `None` where no value is positive.
    pub(super) fn new(title: &'a str, panels: &[Panel], frame: f64) -> Option<Self> {
        let (mut count, mut most) = (0_usize, 0.0_f64);
        for panel in panels {
            let values = panel.circles.iter().flatten().filter(|v| **v > 0.0 && v.is_finite());
            count = count.max(values.clone().count());
            most = values.fold(most, |most, value| most.max(*value));
        }
        // Many circles on a small map would hide it.
        let crowded = (0.4 * frame / (count.max(1) as f64).sqrt()).max(3.0);
        (count > 0).then_some(Self { title, most, radius: LARGEST.min(crowded) })
    }

    fn radius(self, value: f64) -> f64 {
        self.radius * (value / self.most).sqrt()
    }

    /// The circles, larger ones first so that none hides a smaller one. Values that are missing, zero or
    /// negative have none.
    pub(super) fn draw(
        self,
        values: &[Option<f64>],
        middles: &[Option<Tenths>],
        names: &[String],
    ) -> String {
        let mut order: Vec<(f64, usize)> = (0..middles.len())
            .filter_map(|at| Some((values.get(at).copied().flatten()?, at)))
            .filter(|(value, _)| *value > 0.0)
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut out = format!("<g {FILL}>\n");
        for (value, at) in order {
            let Some((x, y)) = middles[at] else { continue };
            let name = names.get(at).map_or("", String::as_str);
            let words = format!("{name}: {} ({})", typeset(&fixed(value, 3)), self.title);
            out += &format!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{:.2}\"><title>{}</title></circle>\n",
                px(f64::from(x) / 10.0),
                px(f64::from(y) / 10.0),
                self.radius(value).max(0.4),
                crate::escape::xml(words.trim_start_matches(": "))
            );
        }
        out + "</g>"
    }

    pub(super) fn height(self, width: f64) -> f64 {
        let title = wrap(self.title, TITLE.size, width).len() as f64;
        title * TITLE.leading() + 2.0 * self.radius + 22.0
    }

    /// Circles of round values one in another.
    pub(super) fn legend(self, canvas: &mut Canvas, left: f64, top: f64, width: f64) {
        let y = canvas.paragraph(left, top, width, TITLE, self.title) + 6.0;
        let bottom = y + 2.0 * self.radius;
        let middle = left + self.radius;
        let mut last = f64::NEG_INFINITY;
        for value in size_samples(self.most) {
            let radius = self.radius(value);
            canvas.add(&format!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{radius:.2}\" {FILL}/>",
                px(middle),
                px(bottom - radius)
            ));
            // Labels of small circles would stand on each other.
            let line = (bottom - 2.0 * radius + 4.0).max(last + LABEL.leading());
            last = line;
            let text = typeset(&fixed(value, decimals(value)));
            canvas.add(&format!(
                "<path d=\"M{} {}L{} {}\" stroke=\"{FAINT}\" stroke-width=\"0.7\" fill=\"none\"/>",
                px(middle),
                px(bottom - 2.0 * radius),
                px(left + 2.0 * self.radius + 10.0),
                px(line - 4.0)
            ));
            canvas.text(left + 2.0 * self.radius + 14.0, line, LABEL, &text);
        }
    }
}

/// As many decimals as a round value needs.
fn decimals(value: f64) -> u8 {
    (0..9).find(|places| value * 10f64.powi(i32::from(*places)) >= 1.0 - 1e-12).unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_a_circle_is_proportional_to_its_value() {
        let values = [Some(100.0), Some(25.0), None, Some(-3.0)];
        let panel = Panel { heading: "", values: &[], circles: &values };
        let circles = Circles::new("people", &[panel], 700.0).unwrap();
        assert!((circles.radius(25.0) / circles.radius(100.0) - 0.5).abs() < 1e-12);
        let middles = [Some((10, 10)), Some((20, 20)), Some((30, 30)), Some((40, 40))];
        let svg = circles.draw(&values, &middles, &[]);
        assert_eq!(svg.matches("<circle").count(), 2);
    }

    #[test]
    fn a_round_value_is_written_with_the_decimals_it_needs() {
        assert_eq!([2000.0, 1.0, 0.5, 0.02].map(decimals), [0, 0, 1, 2]);
    }
}
