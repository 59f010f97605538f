//! An effect along a variable with its 95 % band, as SVG.

use durbin_core::Estimate;

use crate::{
    interval::interval,
    number::typeset,
    svg::{Canvas, FAINT, INK, Type, px},
};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 736.0;
const HEIGHT: f64 = 340.0;

/// What to draw.
#[derive(Debug, Clone)]
pub struct Band<'a> {
    /// Title.
    pub title: String,
    /// The variable along the horizontal axis.
    pub x_label: String,
    /// What stands on the vertical axis.
    pub y_label: String,
    /// Value of the variable, and the estimate there; ascending.
    pub points: &'a [(f64, Estimate)],
    /// A sentence underneath.
    pub note: String,
}

/// A line through the estimates and a band `estimate ± 1.96·std_error` around it, with the zero line.
pub fn band_plot(band: &Band) -> String {
    let mut canvas = Canvas::default();
    let room = RIGHT - 24.0;
    let title = Type::new(18.0, INK).bold();
    let top = canvas.paragraph(24.0, 18.0, room, title, &band.title) + 6.0;
    let top = canvas.paragraph(24.0, top, room, Type::new(13.0, FAINT), &band.y_label) + 12.0;
    let bottom = top + HEIGHT;
    let finite: Vec<&(f64, Estimate)> = band
        .points
        .iter()
        .filter(|(x, e)| x.is_finite() && e.estimate.is_finite() && e.std_error.is_finite())
        .collect();
    let (low, high) = finite.iter().fold((0.0_f64, 0.0_f64), |(low, high), (_, e)| {
        (low.min(interval(e).0), high.max(interval(e).1))
    });
    let vertical = Scale::new(low, high, bottom, top, true);
    let first = finite.first().map_or(0.0, |point| point.0);
    let last = finite.last().map_or(1.0, |point| point.0);
    let horizontal = Scale::new(first, last, LEFT, RIGHT, false);
    for tick in vertical.ticks() {
        let zero = tick.abs() < vertical.step / 2.0;
        let colour = if zero { "#8b949e" } else { "#e3e6ea" };
        let y = px(vertical.at(tick));
        canvas.add(&format!(
            "<path d=\"M{LEFT} {y}H{RIGHT}\" stroke=\"{colour}\" stroke-width=\"1\"/>"
        ));
        let label = Type::new(11.5, FAINT).anchor("end");
        canvas.text(LEFT - 8.0, vertical.at(tick) + 4.0, label, &vertical.label(tick));
    }
    for tick in horizontal.ticks() {
        let label = Type::new(11.5, FAINT).anchor("middle");
        canvas.text(horizontal.at(tick), bottom + 17.0, label, &horizontal.label(tick));
    }
    let corner = |x: f64, y: f64| format!("{} {}", px(horizontal.at(x)), px(vertical.at(y)));
    if !finite.is_empty() {
        let upper = finite.iter().map(|(x, e)| corner(*x, interval(e).1));
        let lower = finite.iter().rev().map(|(x, e)| corner(*x, interval(e).0));
        let outline: Vec<String> = upper.chain(lower).collect();
        let band = outline.join("L");
        canvas.add(&format!("<path d=\"M{band}Z\" fill=\"#0072b2\" fill-opacity=\"0.18\"/>"));
        let line: Vec<String> = finite.iter().map(|(x, e)| corner(*x, e.estimate)).collect();
        let line = line.join("L");
        canvas.add(&format!(
            "<path d=\"M{line}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>"
        ));
    }
    let middle = Type::new(12.5, INK).anchor("middle");
    canvas.text(f64::midpoint(LEFT, RIGHT), bottom + 38.0, middle, &band.x_label);
    let end = canvas.paragraph(24.0, bottom + 48.0, room, Type::new(11.5, FAINT), &band.note);
    canvas.finish(WIDTH, end + 14.0, &format!("{}. {}", band.title, band.note))
}

/// An axis with round ticks.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// From `low` to `high` between two pixels; `widened` to round numbers at both ends.
    fn new(low: f64, high: f64, from: f64, to: f64, widened: bool) -> Self {
        let span = if high > low { high - low } else { 1.0 };
        let power = 10f64.powf((span / 5.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| span / step <= 6.0).unwrap_or(10.0 * power);
        let (low, high) = if widened {
            ((low / step).floor() * step, (high / step).ceil() * step)
        } else {
            (low, low + span)
        };
        Self { low, high: high.max(low + f64::EPSILON), step, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil();
        let ticks = (0..20).map(|at| (first + f64::from(at)) * self.step);
        ticks.take_while(|tick| *tick <= self.high + self.step * 1e-9).collect()
    }

    fn label(&self, tick: f64) -> String {
        let decimals = (-self.step.log10().floor()).clamp(0.0, 12.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0 … 12
        let decimals = decimals as usize;
        if tick.abs() < self.step / 2.0 {
            return "0".to_owned();
        }
        typeset(&format!("{tick:.decimals$}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_drawn_once_and_what_is_no_number_is_left_out() {
        let at = |x: f64, estimate: f64| (x, Estimate { estimate, std_error: 0.5 });
        let points = [at(0.0, 1.0), at(1.0, f64::NAN), at(2.0, 3.0)];
        let band = Band {
            title: "Effect of P on <V>".into(),
            x_label: "C".into(),
            y_label: "∂V/∂P".into(),
            points: &points,
            note: "A note.".into(),
        };
        let svg = band_plot(&band);
        let tree = roxmltree::Document::parse(&svg).unwrap();
        let filled = tree.descendants().filter(|node| node.attribute("fill-opacity").is_some());
        let outlines: Vec<_> =
            filled.map(|node| node.attribute("d").unwrap().matches('L').count()).collect();
        assert_eq!(outlines, [3]);
        let empty = band_plot(&Band { points: &[], ..band });
        assert!(roxmltree::Document::parse(&empty).is_ok());
    }
}
