//! One estimate under many specifications, with the choices behind each underneath, as SVG.

use durbin_core::Estimate;

use crate::{
    number::{fixed, typeset},
    svg::{Canvas, FAINT, INK, Type, px, width, wrap},
};

/// Two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;
const WIDTH: f64 = 860.0;
const MARGIN: f64 = 24.0;
const HEIGHT: f64 = 240.0;
const LINE: f64 = 17.0;
const SIGNIFICANT: &str = "#0072b2";
const NOT: &str = "#9aa4ad";
const BASELINE: &str = "#d55e00";

/// What a specification curve shows.
#[derive(Debug, Clone)]
pub struct Curve<'a> {
    /// What is estimated.
    pub title: &'a str,
    /// One estimate per specification; the first is the baseline.
    pub estimates: &'a [Estimate],
    /// Kinds of choice, such as `weights`, with the word of each specification.
    pub choices: &'a [(String, Vec<String>)],
}

/// A specification curve (Simonsohn, Simmons & Nelson 2020): estimates in ascending order with 95 % intervals,
/// blue where they leave zero out; underneath, one line per option with a mark where it was chosen. Kinds of choice
/// with one option alone are left out, and so are estimates that are no numbers.
pub fn specification_curve(curve: &Curve) -> String {
    let usable = |at: &usize| {
        let one = &curve.estimates[*at];
        one.estimate.is_finite() && one.std_error.is_finite()
    };
    let mut order: Vec<usize> = (0..curve.estimates.len()).filter(usable).collect();
    order.sort_by(|&a, &b| {
        let of = |at: usize| curve.estimates[at].estimate;
        of(a).total_cmp(&of(b)).then(a.cmp(&b))
    });
    let lines = options(curve, &order);
    let widest = lines.iter().map(|(_, option, _)| width(option, 11.0)).fold(0.0, f64::max);
    let left = (MARGIN + widest + 18.0).clamp(110.0, 320.0);
    let mut canvas = Canvas::default();
    let title = Type::new(18.0, INK).bold();
    let top = canvas.paragraph(MARGIN, 18.0, WIDTH - 2.0 * MARGIN, title, curve.title) + 14.0;
    let step = (WIDTH - MARGIN - left) / order.len().max(1) as f64;
    let x = |place: usize| left + (place as f64 + 0.5) * step;
    intervals(&mut canvas, curve, &order, (top, left), &x);

    let mut y = top + HEIGHT + 22.0;
    let mut kind = "";
    for (of, option, chosen) in &lines {
        if of != kind {
            y += LINE * 1.2;
            canvas.text(MARGIN, y, Type::new(12.0, INK).bold(), of);
            kind = of;
            y += LINE;
        }
        let mut words = wrap(&option.replace(' ', "\u{a0}"), 11.0, left - MARGIN - 14.0);
        let cut = words.len() > 1;
        words.truncate(1);
        let word = words.concat() + if cut { "…" } else { "" };
        canvas.text(left - 10.0, y, Type::new(11.0, FAINT).anchor("end"), &word);
        let mark = |&place: &usize| format!("M{} {}v8", px(x(place)), px(y - 8.0));
        let marks = chosen.iter().map(mark).collect::<Vec<_>>().concat();
        let stroke = (step * 0.7).clamp(0.6, 5.0);
        canvas.add(&format!("<path d=\"{marks}\" stroke=\"{INK}\" stroke-width=\"{stroke:.1}\"/>"));
        y += LINE;
    }
    let significant = order.iter().filter(|&&at| leaves_zero_out(&curve.estimates[at])).count();
    let note = format!(
        "{} specifications in ascending order, {significant} with a 95 % interval that leaves zero out (blue); \
         orange: the study's own.",
        order.len()
    );
    let room = WIDTH - 2.0 * MARGIN;
    let end = canvas.paragraph(MARGIN, y + 8.0, room, Type::new(11.5, FAINT), &note);
    canvas.finish(WIDTH, end + 14.0, &format!("Specification curve. {}: {note}", curve.title))
}

fn leaves_zero_out(one: &Estimate) -> bool {
    one.estimate.abs() > Z95 * one.std_error
}

/// Kind, option, and the places in `order` where it was chosen.
fn options(curve: &Curve, order: &[usize]) -> Vec<(String, String, Vec<usize>)> {
    let mut lines = Vec::new();
    for (kind, words) in curve.choices {
        let mut options: Vec<&String> = Vec::new();
        for word in words {
            if !options.contains(&word) {
                options.push(word);
            }
        }
        if options.len() < 2 {
            continue;
        }
        for option in options {
            let chosen = (0..order.len()).filter(|&place| words[order[place]] == *option);
            lines.push((kind.clone(), option.clone(), chosen.collect()));
        }
    }
    lines
}

fn intervals(
    canvas: &mut Canvas,
    curve: &Curve,
    order: &[usize],
    (top, left): (f64, f64),
    x: &dyn Fn(usize) -> f64,
) {
    let ends = |at: usize| {
        let one = &curve.estimates[at];
        (one.estimate - Z95 * one.std_error, one.estimate + Z95 * one.std_error)
    };
    let (low, high) = order
        .iter()
        .map(|&at| ends(at))
        .fold((0.0_f64, 0.0_f64), |(low, high), (from, to)| (low.min(from), high.max(to)));
    let span = if high > low { high - low } else { 1.0 };
    let y = |value: f64| top + HEIGHT - (value - low) / span * HEIGHT;
    for value in [low, 0.0, high] {
        let colour = if value == 0.0 { "#8b949e" } else { "#e3e6ea" };
        let at = px(y(value));
        canvas.add(&format!(
            "<path d=\"M{} {at}H{}\" stroke=\"{colour}\" stroke-width=\"1\"/>",
            px(left),
            px(WIDTH - MARGIN)
        ));
        let label = typeset(&fixed(value, 2));
        canvas.text(left - 10.0, y(value) + 4.0, Type::new(11.5, FAINT).anchor("end"), &label);
    }
    let stroke = ((WIDTH - MARGIN - left) / order.len().max(1) as f64 * 0.5).clamp(0.4, 2.4);
    for (place, &at) in order.iter().enumerate() {
        let one = &curve.estimates[at];
        let colour = match at {
            0 => BASELINE,
            _ if leaves_zero_out(one) => SIGNIFICANT,
            _ => NOT,
        };
        let (from, to) = ends(at);
        let centre = px(x(place));
        canvas.add(&format!(
            "<path d=\"M{centre} {}V{}\" stroke=\"{colour}\" stroke-width=\"{stroke:.1}\" stroke-opacity=\"0.55\"/>\
             <circle cx=\"{centre}\" cy=\"{}\" r=\"{:.1}\" fill=\"{colour}\"/>",
            px(y(from)),
            px(y(to)),
            px(y(one.estimate)),
            if at == 0 { 3.4 } else { (stroke * 1.4).max(1.1) }
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_mark_for_each_specification_that_chose_it() {
        let estimates =
            [0.5, -0.2, f64::NAN, 0.1].map(|estimate| Estimate { estimate, std_error: 0.1 });
        let words = |words: [&str; 4]| words.map(str::to_owned).to_vec();
        let choices = [
            ("weights".to_owned(), words(["queen", "rook", "queen", "queen"])),
            ("model".to_owned(), words(["sdm", "sdm", "sdm", "sdm"])),
        ];
        let curve = Curve { title: "Total effect", estimates: &estimates, choices: &choices };
        let svg = specification_curve(&curve);
        let tree = roxmltree::Document::parse(&svg).unwrap();
        let circles = tree.descendants().filter(|node| node.has_tag_name("circle"));
        assert_eq!(circles.count(), 3);
        assert!(svg.contains("rook") && !svg.contains("sdm"));
        assert!(svg.contains("2 with a 95 % interval"));
        let of_queen = tree
            .descendants()
            .filter_map(|node| node.attribute("d"))
            .find(|d| d.matches("v8").count() == 2);
        assert!(of_queen.is_some());
    }
}
