//! What a study reads, and its words for variables.

use std::path::Path;

use durbin_io::Source;
use durbin_weights::Spec;

use super::Study;
use crate::{Error, WeightsChoice};

impl Study {
    /// A path of the study file, seen from where the command runs.
    pub(crate) fn resolve(&self, file: &str) -> String {
        // A connection such as `PG:dbname=x` is no path; a drive letter is.
        let connection = file.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1);
        if connection || Path::new(file).is_absolute() {
            return file.to_owned();
        }
        match self.path.parent() {
            Some(folder) => folder.join(file).display().to_string(),
            None => file.to_owned(),
        }
    }

    /// Everything the study reads, itself and a weights file included.
    pub(super) fn sources(&self) -> Vec<Source> {
        let weights = match self.weights_choice().map(|choice| choice.spec) {
            Ok(Spec::File(path)) => Some(Source::new(path.display().to_string())),
            _ => None,
        };
        [
            Source::new(self.path.display().to_string()),
            self.boundaries_source(),
            self.panel_source(),
        ]
        .into_iter()
        .chain(weights)
        .collect()
    }

    pub(crate) fn boundaries_source(&self) -> Source {
        let source = Source::new(self.resolve(&self.boundaries.file)).id(&self.boundaries.id);
        match &self.boundaries.layer {
            Some(layer) => source.layer(layer),
            None => source,
        }
    }

    pub(crate) fn panel_source(&self) -> Source {
        let source = Source::new(self.resolve(&self.panel.file));
        match &self.panel.layer {
            Some(layer) => source.layer(layer),
            None => source,
        }
    }

    pub(crate) fn weights_choice(&self) -> Result<WeightsChoice, Error> {
        let spec = match self.weights.kind.parse::<Spec>()? {
            Spec::File(path) => Spec::File(self.resolve(&path.display().to_string()).into()),
            contiguity @ Spec::Contiguity(_) => contiguity,
        };
        Ok(WeightsChoice { spec, transform: None, islands: self.weights.islands })
    }

    /// The words for a variable: its label, or its name; `W*x` and `W × label` likewise.
    pub(crate) fn label(&self, name: &str) -> String {
        if let Some(lagged) = name.strip_prefix("W*") {
            return format!("W × {}", self.label(lagged));
        }
        let spatial = match name {
            "rho" => "ρ (spatial lag)",
            "lambda" => "λ (spatial error)",
            "_cons" => "Constant",
            _ => name,
        };
        self.labels.get(name).cloned().unwrap_or_else(|| spatial.to_owned())
    }
}
