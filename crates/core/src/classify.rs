//! Classes of a number for maps: where to cut, how to call them, how to colour them.

use std::str::FromStr;

use serde::Serialize;

use crate::{Class, Palette, Rgb, Style, Symbol};

mod breaks;
mod label;

pub use breaks::{Scheme, breaks};

/// How numbers become classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grading {
    /// How many classes at most; values that tie make fewer.
    pub classes: usize,
    /// Where to cut.
    pub scheme: Scheme,
    /// Colours from low to high, or for [`Grading::diverging`] from far below to far above.
    pub palette: Palette,
}

impl Default for Grading {
    /// Five natural classes from yellow to dark green.
    fn default() -> Self {
        Self { classes: 5, scheme: Scheme::NaturalBreaks, palette: Palette::YellowGreen }
    }
}

impl Grading {
    /// Classes of `values` from low to high. `NaN` and infinities do not count. Maps that are to be compared
    /// are graded by all of their values together.
    pub fn graded(&self, field: &str, title: &str, values: &[f64]) -> Style {
        let values = sorted(values);
        let bounds = breaks(&values, self.classes, self.scheme);
        let count = bounds.len();
        let colours = (0..count).map(|at| self.palette.at(position(at, count)));
        style(field, title, &values, bounds.iter().copied().zip(colours))
    }

    /// Classes of `values` on both sides of zero, which is a bound itself: a value of zero belongs with those
    /// below it. Each side is cut by the scheme on its own and has half of the classes (rounded up), all of
    /// them where no value lies on the other side.
    pub fn diverging(&self, field: &str, title: &str, values: &[f64]) -> Style {
        let values = sorted(values);
        let (below, above) = values.split_at(values.partition_point(|&v| v <= 0.0));
        let one_sided = below.iter().all(|&v| v == 0.0) || above.is_empty();
        let each = if one_sided { self.classes } else { self.classes.div_ceil(2) };
        let mut bounds = breaks(below, each, self.scheme);
        if let (Some(last), false) = (bounds.last_mut(), above.is_empty()) {
            *last = 0.0;
        }
        let negative = bounds.len();
        bounds.extend(breaks(above, each, self.scheme));
        let positive = bounds.len() - negative;
        let colours = (0..bounds.len()).map(|at| {
            // The pale middle of the palette is left to the eye's zero line.
            let strength = if at < negative {
                -((negative - at) as f64) / negative as f64
            } else {
                (at - negative + 1) as f64 / positive as f64
            };
            self.palette.at(0.5 + 0.5 * strength)
        });
        style(field, title, &values, bounds.iter().copied().zip(colours))
    }
}

/// The share of the palette at which class `at` of `count` lies.
fn position(at: usize, count: usize) -> f64 {
    if count < 2 { 0.6 } else { at as f64 / (count - 1) as f64 }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn style(
    field: &str,
    title: &str,
    values: &[f64],
    bounds: impl Iterator<Item = (f64, Rgb)>,
) -> Style {
    let bounds: Vec<(f64, Rgb)> = bounds.collect();
    let upper: Vec<f64> = bounds.iter().map(|bound| bound.0).collect();
    let labels = label::of(values, &upper);
    let class = |((value, fill), label): ((f64, Rgb), String)| Class {
        value,
        label,
        symbol: Symbol::area(fill),
    };
    Style::Graduated {
        field: field.to_owned(),
        title: title.to_owned(),
        classes: bounds.into_iter().zip(labels).map(class).collect(),
    }
}

/// A word that names no [`Scheme`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`: one of natural-breaks, quantiles, equal")]
pub struct UnknownScheme {
    /// The word.
    pub word: String,
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(word: &str) -> Result<Self, UnknownScheme> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.name() == word)
            .ok_or_else(|| UnknownScheme { word: word.to_owned() })
    }
}

impl Serialize for Scheme {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_red(colour: Rgb) -> bool {
        colour.0 > colour.2
    }

    #[test]
    fn zero_parts_the_colours_of_a_diverging_style() {
        let values: Vec<f64> = (-20..35).map(|i| f64::from(i) * 0.013).collect();
        let grading = Grading { palette: Palette::BlueRed, ..Grading::default() };
        let style = grading.diverging("x", "x", &values);
        assert_eq!(style.legend().len(), 6);
        for value in values.into_iter().filter(|&v| v != 0.0) {
            assert_eq!(is_red(style.symbol(value).unwrap().fill), value > 0.0, "{value}");
        }
    }

    #[test]
    fn one_sign_alone_has_all_classes_and_one_hue() {
        let values: Vec<f64> = (1..=40).map(|i| f64::from(i) * 0.1).collect();
        let grading = Grading { palette: Palette::BlueRed, ..Grading::default() };
        let style = grading.diverging("x", "x", &values);
        assert_eq!(style.legend().len(), 5);
        assert!(style.legend().iter().all(|(_, symbol)| is_red(symbol.fill)));
    }

    #[test]
    fn every_value_has_a_class_and_values_that_tie_share_it() {
        for values in [&[0.1, 0.1, 0.1][..], &[-3.0, -1.0], &[], &[1.0, 2.0, 2.0, 3.0, 9.0, 9.5]] {
            for scheme in Scheme::ALL {
                let style = Grading { scheme, ..Grading::default() }.graded("x", "x", values);
                assert!(values.iter().all(|&value| style.class(value).is_some()));
            }
        }
    }
}
