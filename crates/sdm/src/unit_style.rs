//! How unit effects are drawn.

use durbin_core::{Class, Rgb, Style, Symbol};

use crate::{UnitEffects, unit_effects::UnitEffect};

/// Below zero, from strong to weak.
pub(crate) const NEGATIVE: [Rgb; 5] = [
    Rgb(33, 102, 172),
    Rgb(67, 147, 195),
    Rgb(119, 178, 212),
    Rgb(166, 206, 227),
    Rgb(209, 229, 240),
];

/// Above zero, from weak to strong.
pub(crate) const POSITIVE: [Rgb; 5] = [
    Rgb(253, 219, 199),
    Rgb(247, 188, 160),
    Rgb(238, 147, 117),
    Rgb(214, 96, 77),
    Rgb(178, 24, 43),
];

impl UnitEffects {
    /// Graduated colours for the first regressor: what each unit sends to the others, the effect that
    /// varies most over a map (with row-standardised weights the total is the same everywhere), or the
    /// direct effect where the model has no spillovers.
    ///
    /// Blue is below zero and red above; within a sign the classes hold equally many units, five where all
    /// units share the sign and three to a side otherwise. Bounds are not rounded.
    pub fn style(&self) -> Style {
        let (field, title, values) = match self.effects.first() {
            Some(UnitEffect { variable, spill_out, .. }) if self.spills => (
                format!("{variable}_spill_out"),
                format!("{variable}: effect sent to the others"),
                spill_out,
            ),
            Some(UnitEffect { variable, direct, .. }) => {
                (format!("{variable}_direct"), format!("{variable}: direct effect"), direct)
            }
            None => {
                return Style::Graduated {
                    field: String::new(),
                    title: String::new(),
                    classes: Vec::new(),
                };
            }
        };
        let values = values.iter().map(|v| v.estimate).collect();
        Style::Graduated { field, title, classes: classes(values) }
    }
}

/// Classes that cover all `values`, split at zero.
pub(crate) fn classes(mut values: Vec<f64>) -> Vec<Class<f64>> {
    values.retain(|v| v.is_finite());
    values.sort_by(f64::total_cmp);
    let (below, above) = values.split_at(values.partition_point(|&v| v < 0.0));
    let per_side = if below.is_empty() || above.is_empty() { 5 } else { 3 };
    let mut bounds: Vec<(f64, Rgb)> = Vec::new();
    let upper = quantiles(below, per_side);
    let paler = upper.len();
    for (at, bound) in upper.into_iter().enumerate() {
        // The class next to zero ends there, so that no value falls between the two ramps.
        let bound = if at + 1 == paler && !above.is_empty() { 0.0_f64.next_down() } else { bound };
        bounds.push((bound, shade(NEGATIVE, at, paler)));
    }
    let upper = quantiles(above, per_side);
    let stronger = upper.len();
    for (at, bound) in upper.into_iter().enumerate() {
        bounds.push((bound, shade(POSITIVE, at, stronger)));
    }
    let lowest = values.first().copied().unwrap_or(0.0);
    let padding = 1e-9 * values.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
    if let Some(last) = bounds.last_mut() {
        last.0 += padding;
    }
    let span = values.last().copied().unwrap_or(0.0) - lowest;
    let mut from = lowest;
    let labelled = bounds.into_iter().map(|(bound, fill)| {
        let label = format!("{} to {}", number(from, span), number(bound, span));
        from = bound;
        Class { value: bound, label, symbol: Symbol::area(fill) }
    });
    labelled.collect()
}

/// Upper bounds of `parts` classes with equally many of the ascending `values`; fewer where values tie.
fn quantiles(values: &[f64], parts: usize) -> Vec<f64> {
    let mut bounds: Vec<f64> = (1..=parts)
        .filter_map(|part| (values.len() * part).div_ceil(parts).checked_sub(1))
        .filter_map(|at| values.get(at).copied())
        .collect();
    bounds.dedup();
    bounds
}

/// Colour `at` of `count` spread over a ramp.
fn shade(ramp: [Rgb; 5], at: usize, count: usize) -> Rgb {
    let last = ramp.len() - 1;
    match count {
        0 | 1 => ramp[last / 2],
        _ => ramp[at * last / (count - 1)],
    }
}

/// Enough decimals to tell bounds apart over `span`.
fn number(value: f64, span: f64) -> String {
    let decimals = if span > 0.0 { (2.0 - span.log10()).ceil().clamp(0.0, 12.0) } else { 4.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
    let text = format!("{value:.*}", decimals as usize);
    // A bound just below zero must not print as "-0.00".
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        _ => text.replace('-', "−"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(values: &[f64]) -> Style {
        Style::Graduated {
            field: "x".into(),
            title: String::new(),
            classes: classes(values.to_vec()),
        }
    }

    fn is_blue(colour: Rgb) -> bool {
        colour.2 > colour.0
    }

    #[test]
    fn colour_tells_the_sign_of_every_value() {
        let values: Vec<f64> = (-20..35).map(|i| f64::from(i) * 0.013).collect();
        let style = style(&values);
        assert_eq!(style.legend().len(), 6);
        for value in values {
            assert_eq!(is_blue(style.symbol(value).unwrap().fill), value < 0.0, "{value}");
        }
    }

    #[test]
    fn values_of_one_sign_spread_over_five_classes_of_one_hue() {
        let values: Vec<f64> = (1..=46).map(|i| -0.01 * f64::from(i)).collect();
        let style = style(&values);
        let mut counts = [0; 5];
        let Style::Graduated { classes, .. } = &style else { unreachable!() };
        for value in values {
            counts[classes.iter().position(|class| value <= class.value).unwrap()] += 1;
        }
        assert_eq!(counts.iter().sum::<i32>(), 46);
        assert!(counts.iter().all(|count| (9..=10).contains(count)), "{counts:?}");
        assert!(classes.iter().all(|class| is_blue(class.symbol.fill)));
    }

    #[test]
    fn the_last_bound_reaches_past_the_largest_value() {
        for values in [&[0.1, 0.2, 0.3][..], &[-3.0, -1.0], &[0.25, 0.25], &[0.0]] {
            let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let classes = classes(values.to_vec());
            assert!(classes.last().unwrap().value > largest);
        }
    }
}
