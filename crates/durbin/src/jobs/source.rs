//! Fields of a layer or a panel, read once and joined by key.

use durbin_core::{Column, Layer, Metadata, Missing, Named, PanelKeys, Units, Warning};
use durbin_io::Source;

use super::change::Change;
use crate::{
    Error, PanelSource, WeightsChoice,
    choice::Site,
    inputs::{PanelInput, read_checked, report_gaps, treat_missing},
    provenance::history,
};

/// Where the fields of a statistic are.
#[derive(Debug, Clone)]
pub struct FieldSource {
    /// The layer, or the panel.
    pub input: Source,
    /// Key field; without it the feature id.
    pub id: Option<String>,
    /// Time field of a panel.
    pub time: Option<String>,
    /// Polygons for a table without geometry.
    pub boundaries: Option<Source>,
    /// Fields to test, each by itself.
    pub fields: Vec<String>,
    /// Test the change between two periods of a panel.
    pub change: Option<Change>,
    /// What to do about missing values.
    pub missing: Missing,
}

/// Units in key order and the fields there are of them.
pub(crate) struct Sample {
    /// The features to write, in the order of their file; `None` where no geometry was read.
    pub layer: Option<Layer>,
    /// Row of the layer for each unit.
    order: Vec<usize>,
    /// What weights are built from: keys and shapes in key order, and attributes where weights need them.
    ground: Option<Units>,
    panel: Option<(PanelInput, PanelKeys)>,
    /// Where the fields were read.
    pub file: String,
    units_file: String,
    missing: Missing,
    /// The files, for the history of what is written; empty where nothing will be.
    pub inputs: Vec<String>,
    /// What was noticed on reading.
    pub warnings: Vec<Warning>,
}

impl FieldSource {
    /// Refuses options that contradict each other.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut fields = self.fields.iter().enumerate();
        if let Some((_, twice)) = fields.find(|(at, field)| self.fields[..*at].contains(field)) {
            return Err(Error::Usage(format!("--field {twice} is named twice")));
        }
        if self.missing == Missing::Interpolate && self.time.is_none() {
            return Err(Error::Usage(
                "--missing interpolate fills the gaps of a panel over time: it needs --time (and --change \
                 FROM,TO where one number per unit is tested)"
                    .to_owned(),
            ));
        }
        if self.change.is_some() && self.time.is_none() {
            return Err(Error::Usage(
                "--change compares two periods of a panel: name its field with --time".to_owned(),
            ));
        }
        Ok(())
    }

    /// Refuses a time field where one number per unit is wanted.
    pub(crate) fn check_single(&self) -> Result<(), Error> {
        if self.time.is_some() && self.change.is_none() {
            return Err(Error::Usage(
                "--time names the periods of a panel: say which to compare with --change FROM,TO"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// The files that are read.
    pub(crate) fn inputs(&self) -> [Option<&Source>; 2] {
        [Some(&self.input), self.boundaries.as_ref()]
    }

    /// Reads the units and fields; with `geometry` there will be a layer to write.
    pub(crate) fn read(&self, geometry: bool, weights: &WeightsChoice) -> Result<Sample, Error> {
        let mut sample = self.read_fields(geometry, weights)?;
        if geometry {
            sample.inputs = history(&self.inputs(), &[weights])?;
        }
        Ok(sample)
    }

    fn read_fields(&self, geometry: bool, weights: &WeightsChoice) -> Result<Sample, Error> {
        let attributes = !weights.spec.fields().is_empty();
        let table_will_do = !geometry && !weights.needs_geometry() && self.id.is_some();
        if self.time.is_none() && self.boundaries.is_none() && !table_will_do {
            return self.read_layer(attributes);
        }
        let source = PanelSource {
            source: self.input.clone(),
            id: self.id.clone().ok_or_else(|| {
                Error::Usage("a panel or a table on boundaries needs its key: --id FIELD".into())
            })?,
            time: self.time.clone(),
            boundaries: self.boundaries.clone(),
        };
        let mut warnings = Vec::new();
        let mut input = source.read(geometry || weights.needs_geometry(), &mut warnings)?;
        if let (Some(change), Some(time)) = (&self.change, &self.time)
            && self.missing != Missing::Interpolate
        {
            input.keep_periods(time, &[&change.from, &change.to])?;
        }
        // A row that is missing is treated as its values are.
        let keys = match (&self.time, self.missing) {
            (Some(time), Missing::Drop | Missing::Interpolate) => {
                input.unbalanced_keys(&source.id, time)?
            }
            _ => input.keys(&source)?,
        };
        let (mut layer, mut ground) = (None, None);
        if let Some(units) = input.units(&keys.panel(), &keys, &mut warnings)? {
            let order: Vec<usize> = (0..units.len()).collect();
            let (features, shapes) = split(units, &order, attributes);
            (layer, ground) = (Some(features), Some(shapes));
        } else if geometry {
            return Err(Error::NoGeometry { file: input.file });
        }
        Ok(Sample {
            layer,
            order: (0..keys.ids.len()).collect(),
            ground,
            file: input.file.clone(),
            units_file: input.units_file().to_owned(),
            panel: Some((input, keys)),
            missing: self.missing,
            inputs: Vec::new(),
            warnings,
        })
    }

    fn read_layer(&self, attributes: bool) -> Result<Sample, Error> {
        let source = match &self.id {
            Some(id) => self.input.clone().id(id),
            None => self.input.clone(),
        };
        let mut warnings = Vec::new();
        let units = read_checked(&source, &mut warnings)?;
        let order = units.key_order();
        let (layer, ground) = split(units, &order, attributes);
        let file = self.input.to_string();
        Ok(Sample {
            layer: Some(layer),
            order,
            ground: Some(ground),
            panel: None,
            units_file: file.clone(),
            file,
            missing: self.missing,
            inputs: Vec::new(),
            warnings,
        })
    }
}

/// The features as they are written, and keys and shapes in key order: nothing is held twice.
fn split(units: Units, order: &[usize], attributes: bool) -> (Layer, Units) {
    let Units { id_field, mut ids, layer, mut shapes, .. } = units;
    let needed = layer.columns.iter().filter(|_| attributes);
    let columns: Vec<Column> = needed.map(|column| column.select(order)).collect();
    let ground = Layer {
        name: layer.name.clone(),
        crs: layer.crs.clone(),
        undefined_crs: layer.undefined_crs.clone(),
        geometry_type: layer.geometry_type.clone(),
        fid_column: None,
        geometry_column: None,
        fids: order.iter().map(|&row| layer.fids[row]).collect(),
        geometry: vec![None; order.len()],
        columns,
        style: None,
        metadata: Metadata::default(),
    };
    let ground = Units {
        id_field,
        ids: order.iter().map(|&row| std::mem::take(&mut ids[row])).collect(),
        layer: ground,
        shapes: order.iter().map(|&row| shapes[row].take()).collect(),
        invalid: Vec::new(),
    };
    (layer, ground)
}

impl Sample {
    /// Keys of the units, ascending.
    pub fn ids(&self) -> &[String] {
        match (&self.ground, &self.panel) {
            (Some(ground), _) => &ground.ids,
            (None, Some((_, keys))) => &keys.ids,
            (None, None) => &[],
        }
    }

    /// Whether units are known by the feature ids of their layer.
    pub fn is_by_fid(&self) -> bool {
        self.ground.as_ref().is_some_and(|ground| ground.id_field.is_none())
    }

    /// Labels of the periods; one empty label where there is no time.
    pub fn periods(&self) -> Vec<String> {
        match &self.panel {
            Some((_, keys)) => keys.periods.clone(),
            None => vec![String::new()],
        }
    }

    /// What weights are built for.
    pub fn site(&self) -> Site<'_> {
        let panel = self.panel.as_ref().map(|(input, keys)| (input, keys));
        Site { ids: self.ids(), units: self.ground.as_ref(), panel, file: &self.units_file }
    }

    /// The numbers of a field, one list of `n` per period, `NaN` where missing; gaps are filled where
    /// the policy is to interpolate.
    pub fn numbers(
        &self,
        field: &str,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<Vec<f64>>, Error> {
        let Some((input, keys)) = &self.panel else {
            let numbers = self.column(field)?.numbers();
            let numbers =
                numbers.map_err(|error| self.at_unit(error)).map_err(Error::data(&self.file))?;
            return Ok(vec![self.order.iter().map(|&row| numbers[row]).collect()]);
        };
        let fields = [field.to_owned()];
        let mut panel = input.panel(keys, &fields)?;
        if self.missing == Missing::Interpolate {
            treat_missing(&mut panel, &fields, self.missing, &self.file, warnings)?;
        }
        let values = panel.get(field).map_err(Error::data(&self.file))?;
        Ok(values.rows().into_iter().map(|row| row.to_vec()).collect())
    }

    /// The values of a field as categories, one list of `n` per period.
    pub fn categories(&self, field: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        let Some((input, keys)) = &self.panel else {
            let column = self.column(field)?;
            return Ok(vec![self.order.iter().map(|&row| column.key(row)).collect()]);
        };
        let column = input.table.column(field).map_err(Error::data(&self.file))?;
        let words: Vec<Option<String>> = (0..column.len()).map(|row| column.key(row)).collect();
        // A panel holds numbers: those of the words, each for the first row it is in.
        let mut codes = std::collections::HashMap::new();
        let coded = words.iter().enumerate().map(|(row, word)| match word {
            Some(word) => *codes.entry(word.as_str()).or_insert(row) as f64,
            None => f64::NAN,
        });
        let rows = keys.values(&Column::float(field, coded)).map_err(Error::data(&self.file))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "row numbers")]
        let word = |row: &f64| if row.is_nan() { None } else { words[*row as usize].clone() };
        Ok(rows.rows().into_iter().map(|period| period.iter().map(word).collect()).collect())
    }

    /// A column in the order of the layer, from one in key order.
    pub fn in_file_order(&self, column: Column) -> Column {
        if self.order.iter().enumerate().all(|(at, &row)| at == row) {
            return column;
        }
        let mut back = vec![0; self.order.len()];
        for (at, &row) in self.order.iter().enumerate() {
            back[row] = at;
        }
        column.select(&back)
    }

    /// The units of which nothing is `absent` in any of `periods` periods; the others are refused or counted.
    pub fn complete(
        &self,
        field: &str,
        periods: usize,
        absent: impl Fn(usize, usize) -> bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<usize>, Error> {
        let ids = self.ids();
        if self.missing != Missing::Drop && periods > 1 {
            let labels = self.periods();
            let cells = labels.iter().enumerate().flat_map(|(period, label)| {
                let absent = &absent;
                let gaps = (0..ids.len()).filter(move |&unit| absent(period, unit));
                gaps.map(move |unit| format!("{} {label}", ids[unit]))
            });
            let units: Named = cells.collect();
            if units.count > 0 {
                let (file, field) = (self.file.clone(), field.to_owned());
                return Err(Error::Missing { file, field, units });
            }
            return Ok((0..ids.len()).collect());
        }
        let (left, kept): (Vec<usize>, Vec<usize>) =
            (0..ids.len()).partition(|&unit| (0..periods).any(|period| absent(period, unit)));
        let left = left.into_iter().map(|unit| ids[unit].clone());
        report_gaps(&self.file, field, left, self.missing, warnings)?;
        Ok(kept)
    }

    fn column(&self, field: &str) -> Result<&Column, Error> {
        let layer =
            self.layer.as_ref().ok_or_else(|| Error::NoGeometry { file: self.file.clone() })?;
        layer.column(field).map_err(Error::data(&self.file))
    }

    /// Names the unit instead of the row of the layer.
    fn at_unit(&self, error: durbin_core::Error) -> durbin_core::Error {
        let durbin_core::Error::NotNumeric { field, row, value } = error else {
            return error;
        };
        match self.order.iter().position(|&known| known == row) {
            Some(unit) => {
                let cell = self.ids()[unit].clone();
                durbin_core::Error::NotNumericCell { field, cell, value }
            }
            None => durbin_core::Error::NotNumeric { field, row, value },
        }
    }
}
