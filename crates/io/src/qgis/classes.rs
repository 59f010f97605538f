//! A style against its data: classes that leave no feature undrawn.

use durbin_core::{Class, Column, Error, Pattern, Rgb, Style, Symbol};

/// Classes of a field, and whether some features fall into none of them.
#[derive(Debug)]
pub(super) struct Classes<'a> {
    pub field: &'a str,
    pub kind: Kind<'a>,
    /// Some feature has no value, or one without a class.
    pub gaps: bool,
}

#[derive(Debug)]
pub(super) enum Kind<'a> {
    Single { label: &'a str, symbol: Symbol },
    Categorised(&'a [Class<i64>]),
    Words(&'a [Class<String>]),
    Proportional { label: &'a str, circles: Circles },
    Graduated(Vec<Interval<'a>>),
}

/// Circles by a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circles {
    pub most: f64,
    pub diameter: f64,
    pub circle: Symbol,
    pub ground: Symbol,
}

/// A closed interval; one that shares a bound with the interval before it yields it to that one.
#[derive(Debug)]
pub(super) struct Interval<'a> {
    pub lower: f64,
    pub upper: f64,
    pub label: &'a str,
    pub symbol: Symbol,
}

/// Label of the class of features without a class.
pub(super) const NO_VALUE: &str = "no value";

/// How such features are drawn: hatched, so that they cannot be taken for one of the classes.
pub(super) const NO_VALUE_SYMBOL: Symbol = Symbol {
    fill: Rgb(150, 150, 150),
    pattern: Pattern::Hatched,
    outline: Rgb(110, 110, 110),
    width: 0.12,
};

impl<'a> Classes<'a> {
    /// # Errors
    /// No such column; one that holds no numbers.
    pub fn new(style: &'a Style, columns: &[Column]) -> Result<Self, Error> {
        if let Style::Single { title, symbol } = style {
            let kind = Kind::Single { label: title, symbol: *symbol };
            return Ok(Self { field: "", kind, gaps: false });
        }
        let field = style.field();
        let column = columns.iter().find(|column| column.name == field);
        let column = column.ok_or_else(|| Error::NoColumn {
            field: field.to_owned(),
            available: columns.iter().map(|column| column.name.clone()).collect(),
        })?;
        if let Style::Words { classes, .. } = style {
            let known = |row| {
                column.key(row).is_some_and(|key| classes.iter().any(|class| class.value == key))
            };
            let gaps = !(0..column.len()).all(known);
            return Ok(Self { field, kind: Kind::Words(classes), gaps });
        }
        let values = column.numbers()?;
        if let Style::Proportional { title, most, diameter, circle, ground, .. } = style {
            let circles =
                Circles { most: *most, diameter: *diameter, circle: *circle, ground: *ground };
            let kind = Kind::Proportional { label: title, circles };
            return Ok(Self { field, kind, gaps: false });
        }
        let kind = match style {
            Style::Graduated { classes, .. } => Kind::Graduated(intervals(classes, &values)),
            Style::Categorised { classes, .. } => Kind::Categorised(classes),
            _ => Kind::Categorised(&[]),
        };
        let gaps = values.iter().any(|&value| value.is_nan() || style.symbol(value).is_none());
        Ok(Self { field, kind, gaps })
    }
}

/// The outer bounds are padded: a viewer that rounds would otherwise lose the extreme features.
fn intervals<'a>(classes: &'a [Class<f64>], values: &[f64]) -> Vec<Interval<'a>> {
    let known = || values.iter().copied().filter(|value| !value.is_nan());
    let bounds = || classes.iter().map(|class| class.value);
    let least = known().chain(bounds()).fold(f64::INFINITY, f64::min);
    let most = known().chain(bounds()).fold(f64::NEG_INFINITY, f64::max);
    let padding = if most > least { (most - least) / 100.0 } else { 1.0 };
    let last = classes.len().saturating_sub(1);
    let mut lower = least - padding;
    classes
        .iter()
        .enumerate()
        .map(|(at, class)| {
            let upper = if at == last { most + padding } else { class.value };
            let interval = Interval { lower, upper, label: &class.label, symbol: class.symbol };
            lower = upper;
            interval
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use durbin_core::Values;

    pub(in crate::qgis) fn graduated(field: &str) -> Style {
        let class = |value: f64, label: &str| Class {
            value,
            label: label.to_owned(),
            symbol: Symbol::area(Rgb(200, 80, 60)),
        };
        Style::Graduated {
            field: field.to_owned(),
            title: "Share < 1 & > 0".to_owned(),
            classes: vec![class(0.25, "low"), class(0.75, "high")],
        }
    }

    #[test]
    fn outer_bounds_reach_beyond_the_data() {
        let style = graduated("x");
        let classes = Classes::new(&style, &[Column::float("x", [-1.0, 0.3, 2.0])]).unwrap();
        let Kind::Graduated(intervals) = &classes.kind else { panic!("graduated") };
        assert!(intervals[0].lower < -1.0 && intervals[1].upper > 2.0);
        assert_eq!(intervals[0].upper.to_bits(), intervals[1].lower.to_bits());
        assert!(!classes.gaps);
    }

    #[test]
    fn a_missing_value_is_a_gap_and_a_missing_column_an_error() {
        let style = graduated("x");
        let column = Column::new("x", Values::Float(vec![Some(1.0), None]));
        assert!(Classes::new(&style, &[column]).unwrap().gaps);
        assert!(matches!(Classes::new(&style, &[]), Err(Error::NoColumn { .. })));
    }
}
