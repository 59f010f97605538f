//! `durbin weights`: builds W, writes it, sums it up.

use std::path::Path;

use durbin_core::Warning;
use durbin_io::{Existing, Source, write_whole};
use durbin_weights::{
    Format, Islands, Spec, SpecError, Summary, Transform, Weights, files, files::Origin,
};
use serde::Serialize;

use crate::{
    Error, WeightsChoice,
    inputs::{WeightsDefaults, read_checked},
};

/// What `durbin weights` is asked to do.
#[derive(Debug, Clone)]
pub struct WeightsJob {
    /// The layer.
    pub input: Source,
    /// The weights file; its extension decides the format.
    pub output: String,
    /// Replace an existing file.
    pub overwrite: bool,
    /// Which weights.
    pub weights: WeightsChoice,
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
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl WeightsJob {
    /// Builds and writes the weights.
    ///
    /// # Errors
    /// Input that cannot be read, weights that cannot be built, an output that exists.
    pub fn run(&self) -> Result<WeightsResult, Error> {
        let output = Path::new(&self.output);
        let Some(format) = Format::of(output) else {
            // A format that later versions write says so.
            if let Err(later @ SpecError::NotYet { .. }) = self.output.parse::<Spec>() {
                return Err(later.into());
            }
            return Err(durbin_weights::Error::UnknownFormat { path: output.to_owned() }.into());
        };
        crate::files::refuse_existing(&self.output, self.overwrite)?;
        crate::files::refuse_input(&self.output, &self.input)?;
        self.weights.refuse_output(&self.output)?;
        let mut warnings = Vec::new();
        let units = read_checked(&self.input, &mut warnings)?;
        let defaults = WeightsDefaults {
            transform: Transform::Binary,
            islands: Islands::Keep,
            kept_islands: Some("kept with an empty row"),
        };
        let weights = self.weights.build(
            &units.ids,
            Some(&units),
            &self.input.to_string(),
            defaults,
            &mut warnings,
        )?;
        let mut text = Vec::new();
        let id_field = units.id_field.as_deref().unwrap_or("fid");
        let origin = Origin { layer: &units.layer.name, id_field };
        files::write(&weights, format, &origin, &mut text)?;
        let existing = if self.overwrite { Existing::Overwrite } else { Existing::Refuse };
        write_whole(output, &text, existing)?;
        Ok(WeightsResult { summary: Summary::of(&weights), weights, warnings })
    }
}
