//! How columns are drawn when a user says little or nothing about it.

use std::{collections::BTreeSet, str::FromStr};

use durbin_core::{Class, Column, Grading, Layer, Palette, Rgb, Scheme, Style, Symbol, Values};

use crate::Error;

/// Kinds of style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// What suits the column: durbin's own columns as durbin draws them, words and few whole numbers as
    /// categories, numbers on both sides of zero diverging, others graded.
    #[default]
    Auto,
    /// Classes from low to high.
    Graded,
    /// Classes on both sides of zero.
    Diverging,
    /// Seven bins from cold to hot, or the clusters of a local statistic.
    Hotspot,
    /// One colour per value.
    Categories,
}

/// What a user says about colours and classes.
#[derive(Debug, Clone, Default)]
pub struct LookChoice {
    /// Which kind of style.
    pub kind: Kind,
    /// How many classes; without it five.
    pub classes: Option<usize>,
    /// Where to cut; without it natural breaks.
    pub scheme: Option<Scheme>,
    /// Colours; without them those that suit the kind.
    pub palette: Option<Palette>,
}

/// A style, and the numbers it is for, one list per field.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub kind: Kind,
    /// For numbers: words are replaced by the place of their category.
    pub style: Style,
    /// The words of categories, by place.
    pub words: Option<Vec<String>>,
    pub values: Vec<Vec<Option<f64>>>,
    pub scheme: Option<Scheme>,
    pub palette: Option<Palette>,
}

/// More categories than this cannot be told apart.
const MOST_CATEGORIES: usize = 24;
/// Whole numbers with at most so many values are taken for categories.
const FEW: usize = 6;

impl LookChoice {
    /// # Errors
    /// A number of classes that no map can show.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.classes {
            Some(classes) if !(2..=12).contains(&classes) => {
                Err(Error::Usage(format!("--classes {classes}: from 2 to 12")))
            }
            _ => Ok(()),
        }
    }

    /// The look of `fields`, which share classes and colours.
    ///
    /// # Errors
    /// A field that is missing or cannot be drawn in this way.
    pub(crate) fn of(&self, layer: &Layer, fields: &[String], file: &str) -> Result<Look, Error> {
        let columns: Vec<&Column> = fields
            .iter()
            .map(|field| layer.column(field).map_err(Error::data(file)))
            .collect::<Result<_, _>>()?;
        let kind = self.kind_of(&columns);
        if kind == Kind::Categories && columns.iter().any(|column| is_words(column)) {
            return self.words(&columns, file);
        }
        let mut values = Vec::new();
        for column in &columns {
            let numbers = column.numbers().map_err(Error::data(file))?;
            values.push(numbers);
        }
        let all: Vec<f64> = values.iter().flatten().copied().filter(|v| !v.is_nan()).collect();
        let (field, title) = (&columns[0].name, title(&columns));
        let grading = |palette: Palette| Grading {
            classes: self.classes.unwrap_or(Grading::default().classes),
            scheme: self.scheme.unwrap_or_default(),
            palette: self.palette.unwrap_or(palette),
        };
        let (style, graded) = match kind {
            Kind::Hotspot => (known(field).ok_or_else(|| unknown(field))?, None),
            Kind::Categories => (self.numbers(field, &title, &all, file)?, None),
            Kind::Diverging => {
                let grading = grading(Palette::BlueRed);
                (grading.diverging(field, &title, &all), Some(grading))
            }
            Kind::Graded | Kind::Auto => {
                let grading = grading(Palette::YellowGreen);
                (grading.graded(field, &title, &all), Some(grading))
            }
        };
        let missing = |numbers: Vec<f64>| -> Vec<Option<f64>> {
            numbers.into_iter().map(|v| (!v.is_nan()).then_some(v)).collect()
        };
        Ok(Look {
            kind,
            style,
            words: None,
            values: values.into_iter().map(missing).collect(),
            scheme: graded.map(|grading| grading.scheme),
            palette: graded.map(|grading| grading.palette),
        })
    }

    fn kind_of(&self, columns: &[&Column]) -> Kind {
        if self.kind != Kind::Auto {
            return self.kind;
        }
        if columns.iter().all(|column| known(&column.name).is_some()) {
            return Kind::Hotspot;
        }
        if columns.iter().any(|column| is_words(column) && column.numbers().is_err()) {
            return Kind::Categories;
        }
        let numbers = columns.iter().filter_map(|column| column.numbers().ok()).flatten();
        let numbers: Vec<f64> = numbers.filter(|value| !value.is_nan()).collect();
        let whole = |column: &&Column| matches!(column.values, Values::Int(_) | Values::Bool(_));
        if columns.iter().all(whole) {
            let distinct: BTreeSet<u64> = numbers.iter().map(|value| value.to_bits()).collect();
            if distinct.len() <= FEW {
                return Kind::Categories;
            }
        }
        let effect = |column: &&Column| {
            ["_direct", "_spill_in", "_spill_out", "_total"]
                .iter()
                .any(|end| column.name.ends_with(end))
        };
        let both = numbers.iter().any(|&v| v < 0.0) && numbers.iter().any(|&v| v > 0.0);
        if both || columns.iter().all(effect) { Kind::Diverging } else { Kind::Graded }
    }

    /// Whole numbers as categories.
    fn numbers(&self, field: &str, title: &str, all: &[f64], file: &str) -> Result<Style, Error> {
        let distinct: BTreeSet<i64> = all
            .iter()
            .map(|&value| {
                #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
                let whole = value as i64;
                (value.fract() == 0.0 && value.abs() < 9e15).then_some(whole)
            })
            .collect::<Option<_>>()
            .ok_or_else(|| {
                Error::Usage(format!(
                    "{file}: field `{field}` has fractions: categories are for whole numbers and words; \
                     use --style graded"
                ))
            })?;
        few(distinct.len(), field, file)?;
        let class = |(at, value): (usize, i64)| self.category(at, value, value.to_string());
        Ok(Style::Categorised {
            field: field.to_owned(),
            title: title.to_owned(),
            classes: distinct.into_iter().enumerate().map(class).collect(),
        })
    }

    /// Words as categories, in the order of the alphabet.
    fn words(&self, columns: &[&Column], file: &str) -> Result<Look, Error> {
        let rows = |column: &Column| -> Vec<Option<String>> {
            (0..column.len()).map(|row| column.key(row)).collect()
        };
        let keys: Vec<Vec<Option<String>>> = columns.iter().map(|column| rows(column)).collect();
        let distinct: BTreeSet<&String> = keys.iter().flatten().flatten().collect();
        few(distinct.len(), &columns[0].name, file)?;
        let words: Vec<String> = distinct.into_iter().cloned().collect();
        let code = |word: &String| words.binary_search(word).ok().map(|at| at as f64);
        let values =
            keys.iter().map(|keys| keys.iter().map(|key| code(key.as_ref()?)).collect()).collect();
        let class = |(at, word): (usize, &String)| {
            self.category(at, i64::try_from(at).unwrap_or(i64::MAX), word.clone())
        };
        let style = Style::Categorised {
            field: columns[0].name.clone(),
            title: title(columns),
            classes: words.iter().enumerate().map(class).collect(),
        };
        let kind = Kind::Categories;
        Ok(Look { kind, style, words: Some(words), values, scheme: None, palette: None })
    }

    fn category(&self, at: usize, value: i64, label: String) -> Class<i64> {
        let palette = self.palette.unwrap_or(Palette::Okabe);
        let fill = shade(palette.category(at), at / palette.categories());
        Class { value, label, symbol: Symbol::area(fill) }
    }
}

/// The colours of a set once more, paler and then darker.
fn shade(colour: Rgb, round: usize) -> Rgb {
    let (towards, share) = match round {
        0 => return colour,
        1 => (255.0, 0.55),
        _ => (0.0, 0.5),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let mix = |channel: u8| (f64::from(channel) * (1.0 - share) + towards * share).round() as u8;
    Rgb(mix(colour.0), mix(colour.1), mix(colour.2))
}

fn few(count: usize, field: &str, file: &str) -> Result<(), Error> {
    if count <= MOST_CATEGORIES {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{file}: field `{field}` has {count} different values, more than the {MOST_CATEGORIES} categories that a map \
         can tell apart; use --style graded for numbers"
    )))
}

fn unknown(field: &str) -> Error {
    Error::Usage(format!(
        "--style hotspot draws gi_bin, lisa_cluster, geary_cluster and emerging_code, as `durbin hotspot` and \
         `durbin lisa` write them; `{field}` is none of them"
    ))
}

/// The style of a column that durbin made.
pub(crate) fn known(field: &str) -> Option<Style> {
    durbin_hotspot::style_of(field)
}

fn is_words(column: &Column) -> bool {
    matches!(
        column.values,
        Values::Text(_) | Values::Date(_) | Values::Time(_) | Values::DateTime(_)
    )
}

/// What a column is called.
pub(crate) fn called(column: &Column) -> &str {
    column.alias.as_deref().filter(|alias| !alias.is_empty()).unwrap_or(&column.name)
}

/// The name of a column, or what the names of several begin with.
fn title(columns: &[&Column]) -> String {
    let first = called(columns[0]);
    let shared = columns.iter().fold(first, |shared, column| {
        let same = shared.char_indices().zip(called(column).chars());
        let end = same.take_while(|((_, a), b)| a == b).last();
        &shared[..end.map_or(0, |((at, c), _)| at + c.len_utf8())]
    });
    let shared = shared.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    if columns.len() == 1 { first.to_owned() } else { shared.to_owned() }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Ok(match word {
            "auto" => Self::Auto,
            "graded" => Self::Graded,
            "diverging" => Self::Diverging,
            "hotspot" => Self::Hotspot,
            "categories" => Self::Categories,
            _ => {
                return Err(Error::Usage(
                    "one of auto, graded, diverging, hotspot, categories".to_owned(),
                ));
            }
        })
    }
}

impl Kind {
    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Graded => "graded",
            Self::Diverging => "diverging",
            Self::Hotspot => "hotspot",
            Self::Categories => "categories",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(columns: Vec<Column>) -> Layer {
        let rows = columns[0].len();
        Layer {
            name: "x".to_owned(),
            crs: None,
            undefined_crs: None,
            geometry_type: "POINT".to_owned(),
            fid_column: None,
            geometry_column: None,
            fids: (0..).take(rows).collect(),
            geometry: vec![None; rows],
            columns,
            style: None,
            metadata: durbin_core::Metadata::default(),
        }
    }

    fn kind(column: Column) -> Kind {
        let field = [column.name.clone()];
        LookChoice::default().of(&layer(vec![column]), &field, "f").unwrap().kind
    }

    #[test]
    fn the_kind_of_style_follows_the_column() {
        let many = || (0..40).map(f64::from);
        assert_eq!(kind(Column::float("index", many())), Kind::Graded);
        assert_eq!(kind(Column::float("b", many().map(|v| v - 9.5))), Kind::Diverging);
        assert_eq!(kind(Column::float("p_direct", many())), Kind::Diverging);
        assert_eq!(kind(Column::int("gi_bin", [3, 0])), Kind::Hotspot);
        assert_eq!(kind(Column::int("zone", [1, 2, 2])), Kind::Categories);
        assert_eq!(kind(Column::int("people", 0..40)), Kind::Graded);
        assert_eq!(kind(Column::text("province", ["湖南", "湖北"])), Kind::Categories);
        assert_eq!(kind(Column::text("csv_number", ["1.5", "2.5"])), Kind::Graded);
    }

    #[test]
    fn several_fields_share_their_classes_and_what_their_names_begin_with() {
        let columns =
            vec![Column::float("index_1990", [0.0, 1.0]), Column::float("index_2000", [5.0, 9.0])];
        let fields = ["index_1990", "index_2000"].map(str::to_owned);
        let look = LookChoice::default().of(&layer(columns), &fields, "f").unwrap();
        assert_eq!(look.style.title(), "index");
        assert_eq!(look.style.legend().len(), 4);
        assert_eq!(look.values.len(), 2);
    }

    #[test]
    fn words_beyond_telling_apart_are_refused() {
        let names = (0..30).map(|i| format!("n{i}"));
        let error = LookChoice::default()
            .of(&layer(vec![Column::text("name", names)]), &["name".to_owned()], "f")
            .unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("30 different"), "{error}");
    }
}
