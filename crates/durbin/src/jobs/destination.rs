//! Where a layer of results goes.

use durbin_core::{Column, Conventions, Layer, Metadata, Style, Warning};
use durbin_io::{Existing, Projects, keeps_fids, write_layers};

use super::source::{FieldSource, Sample};
use crate::{Error, WeightsChoice};

/// The layer to write.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The file, `-` for GeoJSONSeq on standard output.
    pub output: String,
    /// Name of the layer; without it the input's.
    pub layer: Option<String>,
    /// What to do when the output exists.
    pub existing: Existing,
    /// QGIS projects to write with it.
    pub projects: Projects,
    /// The command line, for the layer's history.
    pub command: String,
}

/// What a statistic of one field adds to a layer.
pub(crate) struct Added {
    /// The field, or what was made of it.
    pub field: String,
    /// In key order.
    pub columns: Vec<Column>,
    pub style: Style,
    pub conventions: Conventions,
}

impl Destination {
    /// Refuses what cannot be written to, before any work.
    pub(crate) fn check(&self, source: &FieldSource, weights: &WeightsChoice) -> Result<(), Error> {
        let layer = self.layer.as_deref();
        crate::files::check_projects(&self.output, &self.projects)?;
        crate::files::refuse_layer(&self.output, layer, self.existing, &source.inputs())?;
        weights.refuse_output(&self.output)
    }

    /// Writes the layer of the sample with what was added, drawn by the first field.
    pub(crate) fn write(
        &self,
        sample: Sample,
        added: Vec<Added>,
        title: String,
        description: &str,
    ) -> Result<Vec<Warning>, Error> {
        let by_fid = sample.is_by_fid();
        let layer = self.assemble(sample, added, title, description)?;
        let mut warnings = self.put(std::slice::from_ref(&layer))?;
        if by_fid && !keeps_fids(&self.output, &layer.fids) {
            warnings.push(Warning::Other(format!(
                "{}: this format numbers features anew; join by a key of your own (--id FIELD), not by feature id",
                self.output
            )));
        }
        Ok(warnings)
    }

    /// Writes finished layers, all or none.
    pub(crate) fn put(&self, layers: &[Layer]) -> Result<Vec<Warning>, Error> {
        Ok(write_layers(&self.output, layers, self.existing, &self.projects)?)
    }

    /// The layer to write.
    pub(crate) fn assemble(
        &self,
        mut sample: Sample,
        added: Vec<Added>,
        title: String,
        description: &str,
    ) -> Result<Layer, Error> {
        let layer = sample.layer.take();
        let layer = layer.ok_or_else(|| Error::NoGeometry { file: sample.file.clone() })?;
        let said = |added: &Added| {
            let field = format!("field: {}", added.field);
            let choices = added.conventions.iter();
            let choices = choices.map(|(name, choice)| format!("{name}: {choice}"));
            std::iter::once(field).chain(choices).collect::<Vec<_>>()
        };
        let inputs = std::mem::take(&mut sample.inputs);
        let origin = std::iter::once(self.command.clone()).chain(inputs);
        let history = origin.chain(added.iter().flat_map(said));
        let history = history.collect();
        let style = added.first().map(|first| first.style.clone());
        let columns = added.into_iter().flat_map(|added| added.columns);
        let columns = columns.map(|column| sample.in_file_order(column)).collect();
        Ok(Layer {
            name: self.layer.clone().unwrap_or_else(|| layer.name.clone()),
            style,
            metadata: Metadata { title, description: description.to_owned(), history },
            ..with_columns(layer, columns, &sample.file)?
        })
    }
}

/// The layer with result columns behind its own.
pub(crate) fn with_columns(
    mut layer: Layer,
    added: Vec<Column>,
    file: &str,
) -> Result<Layer, Error> {
    for column in added {
        if layer.columns.iter().any(|known| known.name.eq_ignore_ascii_case(&column.name)) {
            return Err(Error::ColumnExists { file: file.to_owned(), field: column.name });
        }
        layer.columns.push(column);
    }
    Ok(layer)
}

/// What stands before the columns of a field: its name where there are several.
pub(crate) fn prefix(source: &FieldSource, field: &str) -> String {
    if source.fields.len() > 1 { format!("{field}_") } else { String::new() }
}
