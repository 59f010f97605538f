//! `durbin map`: a layer in, a picture of one or several of its columns out.

use std::path::Path;

use durbin_core::{Column, Layer, Palette, Progress, Rgb, Scheme, Style, Symbol, Units, Warning};
use durbin_io::{Existing, Source, project_for_map, read_units, write_whole};
use durbin_report::map::{Map, Panel, draw};
use serde::Serialize;

use crate::{
    Error,
    files::{refuse_existing, refuse_input},
    inputs::report_empty,
    look::{Look, LookChoice, called, known},
};

/// What `durbin map` is asked to do.
#[derive(Debug, Clone)]
pub struct MapJob {
    /// The layer; its key names shapes under the pointer.
    pub input: Source,
    /// The picture, `.svg` or `.png`.
    pub output: String,
    /// Columns to draw, one map each; none draws a column that durbin made, or the shapes alone.
    pub fields: Vec<String>,
    /// Classes and colours.
    pub look: LookChoice,
    /// Headline; without it the name of the column.
    pub title: Option<String>,
    /// A column of names to write on the map.
    pub labels: Option<String>,
    /// A column to draw as circles over the shapes.
    pub symbols: Option<String>,
    /// Pixels across of a `.png`.
    pub width: u32,
    /// Whether the picture may replace one.
    pub overwrite: bool,
}

/// What was drawn.
#[derive(Debug, Serialize)]
pub struct MapResult {
    /// The picture.
    pub output: String,
    /// Layer it shows.
    pub layer: String,
    /// Columns it shows.
    pub fields: Vec<String>,
    /// Kind of style.
    pub style: &'static str,
    /// Where classes are cut, for graded and diverging styles.
    pub scheme: Option<Scheme>,
    /// Colours of graded and diverging styles.
    pub palette: Option<Palette>,
    /// The classes, the same for all fields.
    pub classes: Vec<MapClass>,
    /// Shapes without a value, over all fields.
    pub missing: usize,
    /// Shapes whose value is in no class, over all fields.
    pub outside: usize,
    /// Features of the layer.
    pub features: usize,
    /// The projection of the picture, and why it is that one.
    pub projection: String,
    /// Names that had no room.
    pub labels_left_out: usize,
    /// Whether shapes too many to be told apart share pixels.
    pub simplified: bool,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// A class of a map.
#[derive(Debug, Serialize)]
pub struct MapClass {
    /// In words.
    pub label: String,
    /// Largest value of a graded class, the value of a category.
    pub value: Option<f64>,
    /// `#rrggbb`.
    pub color: String,
    /// Shapes in it, over all fields.
    pub count: usize,
}

enum Format {
    Svg,
    Png,
}

impl MapJob {
    /// Draws the map and writes it.
    ///
    /// # Errors
    /// An output that is no `.svg` or `.png` or exists; a layer that cannot be read, fields that are missing
    /// or cannot be drawn as asked; a projection that fails.
    pub fn run(&self, progress: &dyn Progress) -> Result<MapResult, Error> {
        let format = self.format()?;
        self.look.check()?;
        refuse_existing(&self.output, self.overwrite)?;
        refuse_input(&self.output, &self.input)?;
        if !(100..=20_000).contains(&self.width) {
            return Err(Error::Usage(format!("--width {}: from 100 to 20000 pixels", self.width)));
        }
        progress.begin("read", 0);
        let units = read_units(&self.input)?;
        progress.end();
        let file = self.input.to_string();
        if units.shapes.iter().all(Option::is_none) {
            return Err(Error::NothingToDraw { file });
        }
        let mut warnings = Vec::new();
        report_empty(&units, &mut warnings);
        progress.begin("draw", 0);
        let fields = self.fields(&units.layer);
        let look = if fields.is_empty() {
            shapes_alone(&units.layer)
        } else {
            self.look.of(&units.layer, &fields, &file)?
        };
        let (svg, mut result) = self.draw(&units, fields, &look, &file)?;
        let bytes = match format {
            Format::Svg => svg.into_bytes(),
            Format::Png => {
                let png = durbin_report::png(&svg, self.width)?;
                warnings.extend(png.warnings);
                png.bytes
            }
        };
        let existing = if self.overwrite { Existing::Overwrite } else { Existing::Refuse };
        write_whole(Path::new(&self.output), &bytes, existing)?;
        progress.end();
        result.warnings = warnings;
        Ok(result)
    }

    fn format(&self) -> Result<Format, Error> {
        let extension = Path::new(&self.output).extension().unwrap_or_default();
        match extension.to_string_lossy().to_ascii_lowercase().as_str() {
            "svg" => Ok(Format::Svg),
            "png" => Ok(Format::Png),
            _ => Err(Error::Usage(format!("{}: a map is written as .svg or .png", self.output))),
        }
    }

    /// The columns asked for, or the first that durbin made where no circles are asked for either.
    fn fields(&self, layer: &Layer) -> Vec<String> {
        if !self.fields.is_empty() || self.symbols.is_some() {
            return self.fields.clone();
        }
        let made = layer.columns.iter().find(|column| known(&column.name).is_some());
        made.map(|column| column.name.clone()).into_iter().collect()
    }

    fn draw(
        &self,
        units: &Units,
        fields: Vec<String>,
        look: &Look,
        file: &str,
    ) -> Result<(String, MapResult), Error> {
        let layer = &units.layer;
        let column = |field: &String| layer.column(field).map_err(Error::data(file));
        let labels = self.labels.as_ref().map(column).transpose()?.map(words);
        let symbols = self.symbols.as_ref().map(column).transpose()?;
        let circles = match symbols {
            Some(column) => numbers(column, file)?,
            None => Vec::new(),
        };
        let shown: Vec<&Column> = fields.iter().map(column).collect::<Result<_, _>>()?;
        let panels: Vec<Panel> = look
            .values
            .iter()
            .enumerate()
            .map(|(at, values)| Panel {
                heading: shown.get(at).map_or("", |column| called(column)),
                values,
                circles: &circles,
            })
            .collect();
        let (shapes, projection) = project_for_map(&units.shapes, layer.crs.as_ref())?;
        let metres = |crs: &durbin_core::Crs| {
            // What is drawn in a projection of its own is in metres.
            let own = crs.geographic || !projection.ends_with("as the layer has it");
            if own { 1.0 } else { crs.metres_per_unit }
        };
        let title = match (&self.title, symbols) {
            (Some(title), _) => title.as_str(),
            (None, Some(column)) if fields.is_empty() => called(column),
            (None, _) if look.style.title().is_empty() => &layer.name,
            (None, _) => look.style.title(),
        };
        let note = format!("Projection: {projection}.");
        let drawn = draw(&Map {
            title,
            subtitle: None,
            shapes: &shapes,
            panels: &panels,
            names: labels.as_deref().unwrap_or(&units.ids),
            labels: labels.as_deref().unwrap_or_default(),
            circles: symbols.map(called),
            columns: None,
            style: &look.style,
            metres_per_unit: layer.crs.as_ref().map(metres),
            note: Some(&note),
        });
        let mut counts = drawn.counts.iter().map(|count| count.1);
        let classes = classes(&look.style)
            .into_iter()
            .map(|(label, value, fill)| MapClass {
                label,
                value,
                color: fill.hex(),
                count: counts.next().unwrap_or(0),
            })
            .collect();
        let (outside, missing) = (counts.next().unwrap_or(0), counts.next().unwrap_or(0));
        let result = MapResult {
            output: self.output.clone(),
            layer: layer.name.clone(),
            fields,
            style: look.kind.name(),
            scheme: look.scheme,
            palette: look.palette,
            classes,
            missing,
            outside,
            features: layer.len(),
            projection,
            labels_left_out: drawn.labels_left_out,
            simplified: drawn.simplified,
            warnings: Vec::new(),
        };
        Ok((drawn.svg, result))
    }
}

/// All shapes alike, pale, as ground for circles and names.
fn shapes_alone(layer: &Layer) -> Look {
    let title = layer.name.clone();
    let style = Style::Single { title, symbol: Symbol::area(Rgb(236, 233, 224)) };
    Look {
        kind: crate::look::Kind::Auto,
        style,
        words: None,
        values: vec![vec![Some(0.0); layer.len()]],
        scheme: None,
        palette: None,
    }
}

fn words(column: &Column) -> Vec<String> {
    (0..column.len()).map(|row| column.key(row).unwrap_or_default()).collect()
}

fn numbers(column: &Column, file: &str) -> Result<Vec<Option<f64>>, Error> {
    let numbers = column.numbers().map_err(Error::data(file))?;
    Ok(numbers.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect())
}

fn classes(style: &Style) -> Vec<(String, Option<f64>, Rgb)> {
    let values: Vec<Option<f64>> = match style {
        Style::Categorised { classes, .. } => {
            classes.iter().map(|class| Some(class.value as f64)).collect()
        }
        Style::Graduated { classes, .. } => classes.iter().map(|class| Some(class.value)).collect(),
        _ => vec![None],
    };
    let legend = style.legend().into_iter().zip(values);
    legend.map(|((label, symbol), value)| (label.to_owned(), value, symbol.fill)).collect()
}
