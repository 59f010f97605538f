//! Estimates with their 95 % intervals as SVG.

use durbin_core::{Estimate, EstimateTable};

use crate::{
    number::{fixed, typeset},
    svg::{Canvas, FAINT, INK, Type, px, width, wrap},
    table::term,
};

/// Two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 24.0;
/// Where the axis ends, and how far right it may begin.
const AXIS_END: f64 = 540.0;
const AXIS_LATEST: f64 = 330.0;
const VARIABLE: Type = Type::new(13.0, INK).bold();
const GROUP: Type = Type::new(12.5, INK).anchor("end");
const LINE: f64 = 25.0;
/// Room above each variable.
const LEAD: f64 = 15.0;

/// Blue, vermilion, black, green, purple of Okabe & Ito (2008), told apart by colour-blind eyes.
const COLOURS: [&str; 5] = ["#0072b2", "#d55e00", "#1f2328", "#009e73", "#aa4f8f"];

/// One estimate on its line.
struct Mark<'a> {
    /// The variable when it has just changed.
    variable: Option<String>,
    words: String,
    group: usize,
    estimate: &'a Estimate,
}

/// The estimates of fit `fit` (zero-based column of `table`) as points with 95 % intervals,
/// `estimate ± 1.96·std_error`, variable by variable; within a variable one line per group, such as direct,
/// indirect and total. A point is filled where the interval leaves zero out. Quantities that the fit does not
/// have, or whose error is no number, are left out.
pub fn interval_plot(table: &EstimateTable, fit: usize) -> String {
    let marks = marks(table, fit);
    let mut canvas = Canvas::default();
    let room = WIDTH - 2.0 * MARGIN;
    let title = Type::new(18.0, INK).bold();
    let mut y = canvas.paragraph(MARGIN, 18.0, room, title, &table.title);
    if let Some(heading) = table.headings.get(fit) {
        y = canvas.paragraph(MARGIN, y + 1.0, room, Type::new(13.0, FAINT), heading);
    }
    let top = y + 12.0;
    let heads = marks.iter().filter(|mark| mark.variable.is_some()).count();
    let bottom = top + marks.len() as f64 * LINE + heads as f64 * LEAD + 6.0;

    let axis = Axis::over(&marks);
    axis.draw(&mut canvas, top, bottom);
    let mut y = top;
    for mark in &marks {
        if let Some(variable) = &mark.variable {
            y += LEAD;
            canvas.text(MARGIN, y + LINE / 2.0, VARIABLE, &axis.shortened(variable));
        }
        draw(&mut canvas, &axis, mark, y + LINE / 2.0 - 4.0);
        y += LINE;
    }
    let note =
        "Points: estimates; bars: 95 % intervals. Filled where the interval leaves zero out.";
    let end = canvas.paragraph(MARGIN, bottom + 34.0, room, Type::new(11.5, FAINT), note);
    canvas.finish(WIDTH, end + 14.0, &spoken(table, &marks))
}

fn marks(table: &EstimateTable, fit: usize) -> Vec<Mark<'_>> {
    let mut variables: Vec<&str> = Vec::new();
    let mut groups: Vec<Option<&str>> = Vec::new();
    for row in &table.rows {
        if !variables.contains(&row.label.as_str()) {
            variables.push(&row.label);
        }
        if !groups.contains(&row.group.as_deref()) {
            groups.push(row.group.as_deref());
        }
    }
    let mut marks: Vec<Mark> = Vec::new();
    for variable in variables {
        let mut head = Some(term(variable));
        for row in table.rows.iter().filter(|row| row.label == variable) {
            let cell = row.cells.get(fit).and_then(Option::as_ref);
            let Some(estimate) = cell.filter(|cell| drawable(cell)) else {
                continue;
            };
            let group = groups.iter().position(|group| *group == row.group.as_deref());
            marks.push(Mark {
                variable: head.take(),
                words: row.group.clone().unwrap_or_default(),
                group: group.unwrap_or(0),
                estimate,
            });
        }
    }
    marks
}

fn drawable(cell: &Estimate) -> bool {
    cell.estimate.is_finite() && cell.std_error.is_finite() && cell.std_error >= 0.0
}

pub(crate) fn interval(cell: &Estimate) -> (f64, f64) {
    (cell.estimate - Z95 * cell.std_error, cell.estimate + Z95 * cell.std_error)
}

fn draw(canvas: &mut Canvas, axis: &Axis, mark: &Mark, y: f64) {
    let colour = COLOURS[mark.group % COLOURS.len()];
    let (low, high) = interval(mark.estimate);
    let (from, at, to) = (axis.x(low), axis.x(mark.estimate.estimate), axis.x(high));
    let fill = if low > 0.0 || high < 0.0 { colour } else { "#fff" };
    let y_text = y + 4.0;
    canvas.text(axis.left - 16.0, y_text, GROUP, &mark.words);
    canvas.add(&format!(
        "<path d=\"M{} {y}H{}\" stroke=\"{colour}\" stroke-width=\"2.4\" stroke-linecap=\"round\"/>\
         <circle cx=\"{}\" cy=\"{y}\" r=\"4.6\" fill=\"{fill}\" stroke=\"{colour}\" \
         stroke-width=\"2\"/>",
        px(from),
        px(to),
        px(at),
    ));
    let number = |value: f64| typeset(&fixed(value, 3));
    let words = format!("{} [{}, {}]", number(mark.estimate.estimate), number(low), number(high));
    canvas.text(WIDTH - MARGIN, y_text, Type::new(12.0, FAINT).anchor("end"), &words);
}

/// A horizontal axis with round ticks that holds zero.
struct Axis {
    /// Pixel where it begins, right of the words.
    left: f64,
    /// Pixels that a variable's name may take.
    room: f64,
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    fn over(marks: &[Mark]) -> Self {
        let (low, high) = marks
            .iter()
            .map(|mark| interval(mark.estimate))
            .fold((0.0_f64, 0.0_f64), |(low, high), (from, to)| (low.min(from), high.max(to)));
        let span = if high > low { high - low } else { 1.0 };
        let power = 10f64.powf((span / 5.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| span / step <= 6.0).unwrap_or(10.0 * power);
        let low = (low / step).floor() * step;
        let high = ((high / step).ceil() * step).max(low + step);
        let widest = |of: &dyn Fn(&Mark) -> f64| marks.iter().map(of).fold(0.0, f64::max);
        let words = widest(&|mark| width(&mark.words, GROUP.size));
        let names = widest(&|mark| bold_width(mark.variable.as_deref().unwrap_or_default()));
        let left = (MARGIN + names + 18.0 + words + 16.0).min(AXIS_LATEST);
        let room = left - MARGIN - 18.0 - words - 16.0;
        Self { left, room, low, high, step }
    }

    /// The name of a variable, cut where it would run into what stands beside it.
    fn shortened(&self, variable: &str) -> String {
        // Half a pixel for rounding.
        if bold_width(variable) <= self.room + 0.5 {
            return variable.to_owned();
        }
        let room = self.room - VARIABLE.breadth();
        let mut lines = wrap(&variable.replace(' ', "\u{a0}"), VARIABLE.breadth(), room);
        lines.truncate(1);
        lines.concat() + "…"
    }

    fn x(&self, value: f64) -> f64 {
        self.left + (value - self.low) / (self.high - self.low) * (AXIS_END - self.left)
    }

    fn draw(&self, canvas: &mut Canvas, top: f64, bottom: f64) {
        let decimals = (-self.step.log10().floor()).clamp(0.0, 12.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0 … 12
        let decimals = decimals as usize;
        let mut tick = self.low;
        while tick < self.high + self.step / 2.0 {
            let is_zero = tick.abs() < self.step / 2.0;
            let colour = if is_zero { "#8b949e" } else { "#e3e6ea" };
            let x = px(self.x(tick));
            canvas.add(&format!(
                "<path d=\"M{x} {}V{}\" stroke=\"{colour}\" stroke-width=\"1\"/>",
                px(top),
                px(bottom)
            ));
            let tick_label = if is_zero { "0".to_owned() } else { format!("{tick:.decimals$}") };
            let style = Type::new(11.5, FAINT).anchor("middle");
            canvas.text(self.x(tick), bottom + 17.0, style, &typeset(&tick_label));
            tick += self.step;
        }
    }
}

fn bold_width(text: &str) -> f64 {
    width(text, VARIABLE.breadth())
}

fn spoken(table: &EstimateTable, marks: &[Mark]) -> String {
    let mut variable = String::new();
    let mut parts = Vec::new();
    for mark in marks {
        if let Some(name) = &mark.variable {
            variable.clone_from(name);
        }
        let words = format!("{variable} {}", mark.words);
        let number = typeset(&fixed(mark.estimate.estimate, 3));
        parts.push(format!("{} {number}", words.trim_end()));
    }
    format!("Estimates with 95 % intervals. {}: {}.", table.title, parts.join("; "))
}

#[cfg(test)]
mod tests {
    use durbin_core::{Conventions, Row};

    use super::*;

    fn table(cells: &[(&str, &str, f64, f64)]) -> EstimateTable {
        let row = |&(group, label, estimate, std_error): &(&str, &str, f64, f64)| Row {
            group: Some(group.to_owned()),
            label: label.to_owned(),
            cells: vec![Some(Estimate { estimate, std_error })],
        };
        EstimateTable {
            name: "impacts".into(),
            title: "Effects".into(),
            headings: vec!["SDM".into()],
            rows: cells.iter().map(row).collect(),
            footer: Vec::new(),
            conventions: Conventions::new(),
        }
    }

    fn circles(svg: &str) -> Vec<String> {
        let tree = roxmltree::Document::parse(svg).unwrap();
        let circles = tree.descendants().filter(|node| node.has_tag_name("circle"));
        circles.map(|node| node.attribute("fill").unwrap().to_owned()).collect()
    }

    #[test]
    fn a_point_is_filled_exactly_when_its_interval_leaves_zero_out() {
        let svg =
            interval_plot(&table(&[("Direct", "p", 1.0, 0.5), ("Indirect", "p", 1.0, 0.52)]), 0);
        assert_eq!(circles(&svg), [COLOURS[0], "#fff"]);
    }

    #[test]
    fn estimates_that_are_no_numbers_are_left_out_and_no_fit_is_no_panic() {
        let table = table(&[("Direct", "p", f64::NAN, 0.5), ("Indirect", "p", 1.0, f64::NAN)]);
        assert!(circles(&interval_plot(&table, 0)).is_empty());
        assert!(circles(&interval_plot(&table, 7)).is_empty());
    }

    #[test]
    fn a_name_is_cut_only_when_it_would_run_into_the_axis() {
        let long = "log of the price of a packet of cigarettes, taxes included";
        for (name, cut) in [("income", false), (long, true)] {
            let svg = interval_plot(&table(&[("Indirect", name, 1.0, 0.1)]), 0);
            assert_eq!(svg.contains('…'), cut, "{name}");
        }
    }

    #[test]
    fn lines_of_one_variable_stand_together_under_one_head() {
        let cells =
            [("Direct", "p", 1.0, 0.1), ("Direct", "q", 1.0, 0.1), ("Total", "p", 2.0, 0.1)];
        let table = table(&cells);
        let marks = marks(&table, 0);
        let heads: Vec<_> = marks.iter().map(|mark| mark.variable.as_deref()).collect();
        assert_eq!(heads, [Some("p"), None, Some("q")]);
        assert_eq!(marks[1].words, "Total");
    }
}
