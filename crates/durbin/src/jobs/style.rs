//! `durbin style`: puts a style on layers of a GeoPackage that is there.

use durbin_core::{Layer, Rgb, Style, Symbol, Warning};
use durbin_io::{Source, layers, read_units, restyle};
use serde::Serialize;

use crate::{
    Error,
    look::{Look, LookChoice, called, known},
};

/// What `durbin style` is asked to do.
#[derive(Debug, Clone)]
pub struct StyleJob {
    /// The GeoPackage.
    pub file: String,
    /// Only this layer.
    pub layer: Option<String>,
    /// The column to draw; without it one that durbin made.
    pub field: Option<String>,
    /// A column to draw as circles instead.
    pub symbols: Option<String>,
    /// Classes and colours.
    pub look: LookChoice,
    /// Legend title.
    pub title: Option<String>,
}

/// What was styled.
#[derive(Debug, Serialize)]
pub struct StyleResult {
    /// The GeoPackage.
    pub file: String,
    /// Layers that have a new default style.
    pub styled: Vec<Styled>,
    /// Layers in which no column was recognised.
    pub left: Vec<String>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// A layer with its new style.
#[derive(Debug, Serialize)]
pub struct Styled {
    /// The layer.
    pub layer: String,
    /// The column that decides the class.
    pub field: String,
    /// Kind of style.
    pub style: &'static str,
    /// Number of classes.
    pub classes: usize,
}

impl StyleJob {
    /// Chooses the styles and stores them.
    ///
    /// # Errors
    /// A file that is no GeoPackage or has several layers where a field needs one; columns that are missing or
    /// recognised in no layer; a file that cannot be written.
    pub fn run(&self) -> Result<StyleResult, Error> {
        self.look.check()?;
        let source = Source::new(&self.file);
        let wanted = self.layer.clone().or(source.layer_name().map(str::to_owned));
        let asked = self.field.is_some() || self.symbols.is_some();
        let names = match wanted {
            Some(name) => vec![Some(name)],
            // A field is looked for in the only layer, or the message lists the layers.
            None if asked => vec![None],
            None => layers(&source)?.into_iter().map(Some).collect(),
        };
        let (mut styled, mut left, mut written) = (Vec::new(), Vec::new(), Vec::new());
        for name in names {
            let source = Source::new(source.path());
            let source = match &name {
                Some(name) => source.layer(name),
                None => source,
            };
            let mut layer = read_units(&source)?.layer;
            let Some((style, kind)) = self.style(&layer)? else {
                left.push(layer.name);
                continue;
            };
            styled.push(Styled {
                layer: layer.name.clone(),
                field: style.field().to_owned(),
                style: kind,
                classes: style.legend().len(),
            });
            layer.style = Some(style);
            written.push(layer);
        }
        if written.is_empty() {
            return Err(Error::NothingRecognised { file: self.file.clone(), layers: left });
        }
        let warnings = restyle(source.path(), &written)?;
        Ok(StyleResult { file: source.to_string(), styled, left, warnings })
    }

    fn style(&self, layer: &Layer) -> Result<Option<(Style, &'static str)>, Error> {
        if let Some(field) = &self.symbols {
            return Ok(Some((self.circles(layer, field)?, "proportional")));
        }
        let Some(field) = self.field.clone().or_else(|| made(layer)) else {
            return Ok(None);
        };
        let Look { kind, mut style, words, .. } = self.look.of(layer, &[field], &self.file)?;
        if let (Some(words), Style::Categorised { field, title, classes }) = (words, &style) {
            style = Style::Words {
                field: field.clone(),
                title: title.clone(),
                classes: classes
                    .iter()
                    .zip(words)
                    .map(|(class, word)| durbin_core::Class {
                        value: word,
                        label: class.label.clone(),
                        symbol: class.symbol,
                    })
                    .collect(),
            };
        }
        if let Some(words) = &self.title {
            match &mut style {
                Style::Categorised { title, .. }
                | Style::Graduated { title, .. }
                | Style::Words { title, .. } => title.clone_from(words),
                _ => {}
            }
        }
        Ok(Some((style, kind.name())))
    }

    fn circles(&self, layer: &Layer, field: &str) -> Result<Style, Error> {
        let column = layer.column(field).map_err(Error::data(&self.file))?;
        let numbers = column.numbers().map_err(Error::data(&self.file))?;
        let positive: Vec<f64> = numbers.into_iter().filter(|v| *v > 0.0).collect();
        let most = positive.iter().copied().fold(0.0, f64::max);
        if most <= 0.0 {
            return Err(Error::NoPositive { file: self.file.clone(), field: field.to_owned() });
        }
        let blue = Rgb(63, 95, 138);
        Ok(Style::Proportional {
            field: column.name.clone(),
            title: self.title.clone().unwrap_or_else(|| called(column).to_owned()),
            most,
            // Many circles are small ones, or they would hide each other.
            diameter: (100.0 / (positive.len() as f64).sqrt()).clamp(2.5, 12.0).round(),
            circle: Symbol { outline: Rgb(255, 255, 255), ..Symbol::area(blue) },
            ground: Symbol::area(Rgb(236, 233, 224)),
        })
    }
}

/// The column by which durbin draws a layer of its own.
fn made(layer: &Layer) -> Option<String> {
    let names = || layer.columns.iter().map(|column| column.name.as_str());
    let by_end = |end: &str| {
        names().find(|name| {
            let of = name.strip_suffix(end);
            of.is_some_and(|of| names().any(|other| other == format!("{of}_direct_se")))
        })
    };
    names()
        .find(|name| known(name).is_some())
        .or_else(|| by_end("_spill_out"))
        .or_else(|| by_end("_direct"))
        .or_else(|| names().find(|name| *name == "index"))
        .map(str::to_owned)
}
