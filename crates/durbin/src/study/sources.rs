//! What a study reads, and its words for variables.

use std::path::{Path, PathBuf};

use durbin_io::Source;
use durbin_weights::Spec;

use super::Study;
use crate::{
    Error, WeightsChoice,
    provenance::{Input, inputs_of},
};

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

    /// Everything the study reads, itself and weights files included, each with its role.
    pub(super) fn sources(&self) -> Vec<(&'static str, Source)> {
        let kinds = self.robustness.iter().flat_map(|grid| &grid.weights);
        let mut files: Vec<String> = Vec::new();
        for kind in std::iter::once(&self.weights.kind).chain(kinds) {
            let choice = self.weights_choice_of(kind);
            files.extend(
                choice
                    .iter()
                    .flat_map(|choice| choice.spec.files())
                    .map(|path| path.display().to_string()),
            );
        }
        files.sort_unstable();
        files.dedup();
        let weights = files.into_iter().map(|path| ("weights", Source::new(path)));
        let codes = self.panel.codes.iter().map(|file| ("codes", Source::new(self.resolve(file))));
        [
            ("study", Source::new(self.path.display().to_string())),
            ("boundaries", self.boundaries_source()),
            ("panel", self.panel_source()),
        ]
        .into_iter()
        .chain(codes)
        .chain(weights)
        .collect()
    }

    /// The same with their hashes.
    pub(super) fn inputs(&self) -> Result<Vec<Input>, Error> {
        let sources = self.sources();
        let all = sources.iter().map(|(role, source)| inputs_of(role, source));
        Ok(all.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// The command that computes the study.
    pub(super) fn command(&self) -> String {
        format!("durbin run {}", self.path.file_name().unwrap_or_default().to_string_lossy())
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
        let choice = self.weights_choice_of(&self.weights.kind)?;
        choice.check()?;
        Ok(choice)
    }

    /// Weights of another kind, scaled as the study's.
    pub(super) fn weights_choice_of(&self, kind: &str) -> Result<WeightsChoice, Error> {
        let beside = |path: PathBuf| self.resolve(&path.display().to_string()).into();
        Ok(WeightsChoice {
            spec: kind.parse::<Spec>()?.with_files(&beside),
            transform: self.weights.transform,
            islands: self.weights.islands,
            snap: self.weights.snap.as_deref().map(str::parse).transpose()?,
        })
    }

    /// The words for a variable: its label, or its name; `W*x` and `W × label` likewise.
    pub(crate) fn label(&self, name: &str) -> String {
        if let Some(lagged) = name.strip_prefix("W*") {
            return format!("W × {}", self.label(lagged));
        }
        // `L.V` and `L2.V`, as dynamic panels name what was before.
        let past = name.strip_prefix('L').and_then(|rest| rest.split_once('.'));
        let lag = past.and_then(|(lag, of)| {
            Some((if lag.is_empty() { 1 } else { lag.parse::<u32>().ok()? }, of))
        });
        if let Some((lag, of)) =
            lag.filter(|(_, of)| self.labels.contains_key(*of) || of.starts_with("W*"))
        {
            return format!("{} (t − {lag})", self.label(of));
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
