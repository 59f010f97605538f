//! A specification curve as SVG (Simonsohn, Simmons & Nelson 2020).

use durbin_core::Estimate;

use crate::{
    interval::interval,
    number::{fixed, typeset},
    svg::{Canvas, FAINT, INK, Type, px},
};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 24.0;
const LEFT: f64 = 210.0;
const HEIGHT: f64 = 240.0;
const LINE: f64 = 15.0;
const SIGNIFICANT: &str = "#0072b2";
const NOT: &str = "#8b949e";

/// An estimate of one specification.
#[derive(Debug, Clone, Copy)]
pub struct CurvePoint {
    /// The estimate.
    pub estimate: Estimate,
    /// Position of its specification in [`Choice::taken`].
    pub specification: usize,
}

/// A dimension in which specifications differ.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is chosen, such as `Weights`.
    pub name: String,
    /// What there is to choose from.
    pub values: Vec<String>,
    /// What every specification chose.
    pub taken: Vec<String>,
}

/// The estimates in ascending order with their 95 % intervals, blue where the interval leaves zero out; underneath, a
/// mark in the line of each choice that a specification made. Estimates that are no numbers are left out.
pub fn specification_curve(title: &str, points: &[CurvePoint], choices: &[Choice]) -> String {
    let mut sorted: Vec<&CurvePoint> =
        points.iter().filter(|one| one.estimate.estimate.is_finite()).collect();
    sorted.sort_by(|a, b| a.estimate.estimate.total_cmp(&b.estimate.estimate));
    let mut canvas = Canvas::default();
    let heading = Type::new(18.0, INK).bold();
    let top = canvas.paragraph(MARGIN, 18.0, WIDTH - 2.0 * MARGIN, heading, title) + 14.0;
    let bottom = top + HEIGHT;
    let slot = (WIDTH - MARGIN - LEFT) / sorted.len().max(1) as f64;
    let x = |at: usize| LEFT + (at as f64 + 0.5) * slot;
    let colour = |one: &CurvePoint| {
        let (low, high) = interval(&one.estimate);
        if low > 0.0 || high < 0.0 { SIGNIFICANT } else { NOT }
    };

    let ends = sorted.iter().map(|one| interval(&one.estimate));
    let (low, high) = ends
        .filter(|(low, high)| low.is_finite() && high.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), (from, to)| (low.min(from), high.max(to)));
    let span = if high > low { high - low } else { 1.0 };
    let y = |value: f64| bottom - (value - low) / span * HEIGHT;
    let mut ticks = vec![low, 0.0, high];
    // Zero and an end that are nearly the same would print on each other.
    ticks.retain(|tick| *tick == 0.0 || tick.abs() > 0.06 * span);
    for tick in ticks {
        canvas.add(&format!(
            "<path d=\"M{} {}H{}\" stroke=\"{}\" stroke-width=\"1\"/>",
            px(LEFT),
            px(y(tick)),
            px(WIDTH - MARGIN),
            if tick == 0.0 { "#8b949e" } else { "#e3e6ea" }
        ));
        let number = if tick == 0.0 { "0".to_owned() } else { typeset(&fixed(tick, 3)) };
        let style = Type::new(11.5, FAINT).anchor("end");
        canvas.text(LEFT - 8.0, y(tick) + 4.0, style, &number);
    }
    let thin = (slot * 0.6).clamp(0.3, 2.0);
    for (at, one) in sorted.iter().enumerate() {
        let (from, to) = interval(&one.estimate);
        let colour = colour(one);
        if from.is_finite() && to.is_finite() {
            canvas.add(&format!(
                "<path d=\"M{0:.2} {1}V{2}\" stroke=\"{colour}\" stroke-width=\"{thin:.2}\" \
                 opacity=\"0.45\"/>",
                x(at),
                px(y(from)),
                px(y(to))
            ));
        }
        canvas.add(&format!(
            "<circle cx=\"{:.2}\" cy=\"{}\" r=\"{:.2}\" fill=\"{colour}\"/>",
            x(at),
            px(y(one.estimate.estimate)),
            (slot * 0.4).clamp(1.0, 3.5)
        ));
    }

    let mut line = bottom + 30.0;
    for choice in choices {
        canvas.text(MARGIN, line, Type::new(12.0, INK).bold(), &choice.name);
        line += LINE;
        for value in &choice.values {
            let style = Type::new(11.0, FAINT);
            canvas.line(MARGIN + 10.0, line, LEFT - MARGIN - 22.0, style, value);
            // One path for all marks of a line keeps a curve of a thousand small.
            for wanted in [SIGNIFICANT, NOT] {
                let mut marks = String::new();
                for (at, one) in sorted.iter().enumerate() {
                    let taken = choice.taken.get(one.specification) == Some(value);
                    if taken && colour(one) == wanted {
                        marks += &format!("M{:.2} {}v7", x(at), px(line - 8.0));
                    }
                }
                if !marks.is_empty() {
                    canvas.add(&format!(
                        "<path d=\"{marks}\" stroke=\"{wanted}\" stroke-width=\"{:.2}\"/>",
                        (slot * 0.7).clamp(0.3, 3.0)
                    ));
                }
            }
            line += LINE;
        }
        line += 6.0;
    }
    let note = format!(
        "{} specifications in order of the estimate; bars: 95 % intervals; blue where the interval leaves zero out.",
        sorted.len()
    );
    let room = WIDTH - 2.0 * MARGIN;
    let end = canvas.paragraph(MARGIN, line, room, Type::new(11.5, FAINT), &note);
    canvas.finish(WIDTH, end + 14.0, &format!("{title}. {note}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(specification: usize, estimate: f64, std_error: f64) -> CurvePoint {
        CurvePoint { estimate: Estimate { estimate, std_error }, specification }
    }

    #[test]
    fn estimates_ascend_and_are_blue_exactly_when_their_interval_leaves_zero_out() {
        let points =
            [point(0, 2.0, 0.5), point(1, -1.0, 0.1), point(2, 0.1, 1.0), point(3, f64::NAN, 1.0)];
        let svg = specification_curve("Curve", &points, &[]);
        let tree = roxmltree::Document::parse(&svg).unwrap();
        let circles: Vec<(f64, String)> = tree
            .descendants()
            .filter(|node| node.has_tag_name("circle"))
            .map(|node| {
                let height = node.attribute("cy").unwrap().parse().unwrap();
                (height, node.attribute("fill").unwrap().to_owned())
            })
            .collect();
        assert!(circles.is_sorted_by(|a, b| a.0 >= b.0), "{circles:?}");
        let fills: Vec<&str> = circles.iter().map(|circle| circle.1.as_str()).collect();
        assert_eq!(fills, [SIGNIFICANT, NOT, SIGNIFICANT]);
    }

    #[test]
    fn every_specification_has_one_mark_under_each_choice() {
        let points = [point(0, 2.0, 0.5), point(1, -1.0, 3.0), point(2, 0.5, 0.1)];
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let choice = Choice {
            name: "Model".into(),
            values: words(&["sar", "sdm"]),
            taken: words(&["sar", "sdm", "sdm"]),
        };
        let svg = specification_curve("Curve", &points, &[choice]);
        assert_eq!(svg.matches("v7").count(), 3);
    }

    #[test]
    fn no_estimate_is_no_panic() {
        assert!(specification_curve("Curve", &[], &[]).contains("0 specifications"));
    }
}
