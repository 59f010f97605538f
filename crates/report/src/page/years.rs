//! Figures of several periods, and the slider that steps all of them together.

use std::fmt::Write as _;

use super::{Block, Report, element};
use crate::escape::xml;

/// What the slider does; in a page without such figures there is no script.
const SCRIPT: &str = include_str!("years.js");

/// The periods of all figures in time order, each once.
pub(super) fn labels(report: &Report) -> Vec<String> {
    let blocks = report.sections.iter().flat_map(|section| &section.blocks);
    let inner = blocks.map(|block| match block {
        Block::Numbered { block, .. } => block.as_ref(),
        other => other,
    });
    let frames = inner.filter_map(|block| match block {
        Block::Periods { frames, .. } => Some(frames),
        _ => None,
    });
    durbin_core::in_time_order(frames.flatten().map(|(label, _)| label))
}

/// The slider with keys for the period before and after. It shows itself once its script runs.
pub(super) fn slider(labels: &[String]) -> String {
    let Some(last) = labels.len().checked_sub(1) else {
        return String::new();
    };
    let year = |label: &String| label.len() == 4 && label.parse::<u16>().is_ok();
    let word = if labels.iter().all(year) { "Year" } else { "Period" };
    let before = format!("{word} before");
    let after = format!("{word} after");
    let mut marks = String::new();
    for (at, label) in labels.iter().enumerate() {
        let _ = write!(marks, "<option value=\"{at}\" label=\"{}\"></option>", xml(label));
    }
    format!(
        "<div class=\"years\" id=\"years\" role=\"group\" aria-label=\"{word} shown in every map of several\" \
         hidden=\"hidden\">\n\
         <label for=\"years-slider\">{word}</label>\n\
         <button type=\"button\" aria-label=\"{before}\" title=\"{before}\">‹</button>\n\
         <input type=\"range\" id=\"years-slider\" min=\"0\" max=\"{last}\" step=\"1\" value=\"{last}\" \
         list=\"years-marks\" aria-valuetext=\"{shown}\"/>\n\
         <button type=\"button\" aria-label=\"{after}\" title=\"{after}\">›</button>\n\
         <output id=\"years-shown\" for=\"years-slider\">{shown}</output>\n\
         <datalist id=\"years-marks\">{marks}</datalist>\n</div>\n",
        shown = xml(&labels[last]),
    )
}

/// The script of the slider, for the end of the page.
pub(super) fn script(labels: &[String]) -> String {
    if labels.is_empty() { String::new() } else { format!("<script>\n{SCRIPT}</script>\n") }
}

/// One figure: buttons of which one is pressed decide which picture shows, with or without the script. On paper all
/// of them show.
pub(super) fn figure(
    slider: usize,
    number: &str,
    frames: &[(String, String)],
    caption: &str,
) -> String {
    let group = format!("periods-{slider}");
    let (mut buttons, mut pictures, mut rules) = (String::new(), String::new(), String::new());
    for (at, (label, svg)) in frames.iter().enumerate() {
        let checked = if at + 1 == frames.len() { " checked=\"checked\"" } else { "" };
        let (id, label) = (format!("{group}-{at}"), xml(label));
        let _ = writeln!(
            buttons,
            "<input type=\"radio\" name=\"{group}\" id=\"{id}\" value=\"{label}\"{checked}/>\
             <label for=\"{id}\">{label}</label>"
        );
        let _ = writeln!(
            pictures,
            "<div id=\"{id}-map\">\n<p class=\"period\">{label}</p>\n{}\n</div>",
            element(svg)
        );
        let _ = writeln!(rules, "#{group}:has(#{id}:checked) #{id}-map{{display:block}}");
    }
    format!(
        "<figure class=\"periods\" id=\"{group}\">\n<style>\n{rules}</style>\n\
         <fieldset><legend>Period</legend>\n{buttons}</fieldset>\n<div class=\"frames\">\n{pictures}</div>\n\
         <figcaption><b>Figure {number}.</b> {}</figcaption>\n</figure>\n",
        xml(caption)
    )
}
