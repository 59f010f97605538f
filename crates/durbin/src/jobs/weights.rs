//! `durbin weights`: builds W, writes it, sums it up, and shows where the map is wrong.

use std::path::Path;

use durbin_core::{Units, Warning};
use durbin_io::{
    Existing, Projects, Source, check_output, is_database, same_file, write_layers, write_whole,
};
use durbin_weights::{Format, Islands, Length, Summary, Transform, Weights, files, files::Origin};
use serde::Serialize;

use super::audit::{self, AuditSummary};
use crate::{
    Error, WeightsChoice,
    choice::{Site, WeightsDefaults},
    inputs::read_checked,
    provenance,
};

/// What `durbin weights` is asked to do.
#[derive(Debug, Clone)]
pub struct WeightsJob {
    /// The layer.
    pub input: Source,
    /// The weights file; its extension decides the format.
    pub output: String,
    /// Write a `.csv` as a full matrix.
    pub wide: bool,
    /// Replace existing files.
    pub overwrite: bool,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Where to show what is wrong with the map, if at all.
    pub audit: Option<AuditChoice>,
    /// The command line, for the history of the layers.
    pub command: String,
}

/// An audit to write.
#[derive(Debug, Clone)]
pub struct AuditChoice {
    /// The GeoPackage.
    pub output: String,
    /// How close a near miss is; without it a thousandth of the side of the median unit.
    pub tolerance: Option<Length>,
}

/// The weights built, their summary and what was noticed.
#[derive(Debug, Serialize)]
pub struct WeightsResult {
    /// The matrix.
    #[serde(skip)]
    pub weights: Weights,
    /// n, links, cardinalities, islands, components, symmetry.
    #[serde(flatten)]
    pub summary: Summary,
    /// What the audit found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditSummary>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Binary,
    islands: Islands::Keep,
    kept_islands: Some("kept with an empty row"),
    self_links: true,
};

impl WeightsJob {
    /// Builds and writes the weights, and the audit if one is asked for.
    ///
    /// # Errors
    /// Input that cannot be read, weights that cannot be built or that the format cannot hold, an output
    /// that exists.
    pub fn run(&self) -> Result<WeightsResult, Error> {
        let format = self.format()?;
        self.weights.check()?;
        let audit_output = self.audit.as_ref().map(|audit| &audit.output);
        if audit_output.is_some_and(|audit| same_file(audit, &self.output)) {
            return Err(Error::Usage("--audit and OUTPUT are the same file".to_owned()));
        }
        if let Some(audit) = audit_output.filter(|audit| is_database(audit)) {
            check_output(audit)?;
        }
        for output in std::iter::once(&self.output).chain(audit_output) {
            crate::files::refuse_existing(output, self.overwrite)?;
            crate::files::refuse_input(output, &self.input)?;
            self.weights.refuse_output(output)?;
        }
        let mut warnings = Vec::new();
        let units = read_checked(&self.input, &mut warnings)?;
        let file = self.input.to_string();
        let site = Site { ids: &units.ids, units: Some(&units), panel: None, file: &file };
        let weights = self.weights.build(site, DEFAULTS, &mut warnings)?;
        let mut text = Vec::new();
        let id_field = units.id_field.as_deref().unwrap_or("fid");
        let origin = Origin { layer: &units.layer.name, id_field };
        files::write(&weights, format, &origin, &mut text)?;
        let audit = match &self.audit {
            Some(audit) => Some(self.audited(audit, &units, &weights, &mut warnings)?),
            None => None,
        };
        write_whole(Path::new(&self.output), &text, self.existing())?;
        Ok(WeightsResult { summary: Summary::of(&weights), weights, audit, warnings })
    }

    fn format(&self) -> Result<Format, Error> {
        let path = Path::new(&self.output);
        match Format::of(path) {
            Some(Format::Csv) if self.wide => Ok(Format::WideCsv),
            Some(_) if self.wide => {
                Err(Error::Usage(format!("--wide writes a .csv, and {} is none", self.output)))
            }
            Some(format) => Ok(format),
            None => Err(durbin_weights::Error::UnknownFormat { path: path.to_owned() }.into()),
        }
    }

    fn audited(
        &self,
        audit: &AuditChoice,
        units: &Units,
        weights: &Weights,
        warnings: &mut Vec<Warning>,
    ) -> Result<AuditSummary, Error> {
        let inputs = provenance::history(&[Some(&self.input)], &[&self.weights])?;
        let history: Vec<String> = std::iter::once(self.command.clone()).chain(inputs).collect();
        let audited = audit::layers(units, weights, audit.tolerance, &history)?;
        warnings.extend(audited.warnings);
        let written =
            write_layers(&audit.output, &audited.layers, self.existing(), &Projects::default())?;
        warnings.extend(written);
        Ok(audited.summary)
    }

    fn existing(&self) -> Existing {
        if self.overwrite { Existing::Overwrite } else { Existing::Refuse }
    }
}
