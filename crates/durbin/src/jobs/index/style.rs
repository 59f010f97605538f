//! A graded map of a score.

use durbin_core::{Class, Rgb, Style, Symbol};

/// From light to dark, five classes.
const GREENS: [Rgb; 5] =
    [Rgb(237, 248, 233), Rgb(186, 228, 179), Rgb(116, 196, 118), Rgb(49, 163, 84), Rgb(0, 109, 44)];

/// Five classes of equally many values of `field`, over all periods so that one legend serves them all.
pub(crate) fn graded(field: &str, title: &str, values: impl Iterator<Item = f64>) -> Style {
    let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let quantile = |share: usize| {
        let at = (sorted.len() * share).div_ceil(GREENS.len()).saturating_sub(1);
        sorted.get(at).copied().unwrap_or(0.0)
    };
    let mut classes: Vec<Class<f64>> = Vec::new();
    let mut low = sorted.first().copied().unwrap_or(0.0);
    for (at, fill) in GREENS.into_iter().enumerate() {
        let value = quantile(at + 1);
        // Ties may leave a class without values.
        if classes.last().is_some_and(|last| last.value >= value) {
            continue;
        }
        let label = format!("{low:.3} – {value:.3}");
        classes.push(Class { value, label, symbol: Symbol::area(fill) });
        low = value;
    }
    Style::Graduated { field: field.to_owned(), title: title.to_owned(), classes }
}
