//! The study file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use durbin_core::Missing;
use durbin_hotspot::Correction;
use durbin_weights::{Islands, Transform};
use serde::{Deserialize, Serialize};

use super::{
    captions::TableHead, check, figures::Figure, indices::IndexChosen, prepare::Prepare,
    robustness::Robustness,
};
use crate::{Error, jobs::Balance};

mod models;

pub use models::{Gmm, Lagged, LaggedWord, Sdm};

/// A study as its file states it; paths are relative to the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Title, abstract, source of the data.
    pub study: About,
    /// The polygons of the units.
    pub boundaries: Boundaries,
    /// The long table of observations.
    pub panel: PanelFile,
    /// Variables by formula, such as `log_price = "log(price / cpi)"`; each may use others.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Words for variables in tables and maps.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What is done to the columns of the panel before anything else, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prepare: Vec<Prepare>,
    /// Composite indices; each is a variable, and so are its dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index: Vec<IndexChosen>,
    /// Who is whose neighbour.
    pub weights: WeightsChosen,
    /// Hot spots, one layer each.
    #[serde(default)]
    pub hotspot: Vec<Hotspot>,
    /// Spatial models, each with one or more bias corrections side by side.
    #[serde(default)]
    pub sdm: Vec<Sdm>,
    /// Other choices for one of the spatial models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
    /// Dynamic panel models.
    #[serde(default)]
    pub gmm: Vec<Gmm>,
    /// Sheets of several maps with one legend.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figure: Vec<Figure>,
    /// Titles and numbers of tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<TableHead>,
    #[serde(skip)]
    pub(crate) path: PathBuf,
}

/// What the study is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Title of study and report.
    pub title: String,
    /// A paragraph for the report.
    #[serde(default, rename = "abstract")]
    pub summary: String,
    /// Where the data come from.
    #[serde(default)]
    pub source: String,
    /// Whether the data are simulated: every product then says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
    /// Seed of every random draw.
    #[serde(default = "default_seed")]
    pub seed: u64,
}

/// The polygons of the units.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boundaries {
    /// Anything GDAL opens.
    pub file: String,
    /// Layer, where the file has several.
    #[serde(default)]
    pub layer: Option<String>,
    /// Key field.
    pub id: String,
    /// What to do with invalid rings in what is written; weights always use the rings as they came.
    #[serde(default)]
    pub invalid: Invalid,
}

/// What to do with invalid rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Invalid {
    /// Repair what is written, and say so.
    Repair,
    /// Pass on as they came, and say so.
    #[default]
    Keep,
    /// Refuse.
    Error,
}

/// The long table of observations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelFile {
    /// Anything GDAL opens.
    pub file: String,
    /// Layer or sheet, where the file has several.
    #[serde(default)]
    pub layer: Option<String>,
    /// Unit field, matched to the boundaries' key.
    pub id: String,
    /// Time field.
    pub time: String,
    /// What to do about missing values.
    #[serde(default)]
    pub missing: Missing,
    /// What becomes of a panel without a row for every unit and period; dynamic panel models take it as it came.
    #[serde(default, skip_serializing_if = "is_refused")]
    pub balance: Balance,
    /// First period that is analysed; formulas see the earlier ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Label>,
    /// Last period that is analysed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Label>,
    /// One row per unit, columns `NAME_PERIOD`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wide: bool,
    /// Keys of units that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// A table of keys that changed, with the fields `from` and `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
}

/// Who is whose neighbour.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsChosen {
    /// A kind such as `queen`, or a file; as `--weights` of the single commands.
    pub kind: String,
    /// What to do with units without neighbours; the default of hot spots is `keep`, of models `error`.
    #[serde(default)]
    pub islands: Option<Islands>,
    /// How rows are scaled; the default of hot spots is `B`, of models `R`.
    #[serde(default)]
    pub transform: Option<Transform>,
    /// Borders this close touch, such as `10m`.
    #[serde(default)]
    pub snap: Option<String>,
}

/// One hot spot analysis.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hotspot {
    /// Name of the layer it makes.
    #[serde(default = "default_hotspot_layer")]
    pub layer: String,
    /// The variable.
    pub field: String,
    /// Its change between two periods, or
    #[serde(default)]
    pub change: Option<ChangeOver>,
    /// its level in one.
    #[serde(default)]
    pub period: Option<Label>,
    /// Whether the unit itself counts: Gi* (true) or Gi (false).
    #[serde(default = "yes", rename = "self")]
    pub self_included: bool,
    /// Correction of the bins for many tests.
    #[serde(default)]
    pub correction: Correction,
    /// Conditional permutations; 0 for the analytic test alone.
    #[serde(default)]
    pub permutations: usize,
}

/// A change between two periods.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOver {
    /// First period.
    pub from: Label,
    /// Second period.
    pub to: Label,
    /// `growth`, `difference` or `log-difference`.
    #[serde(default)]
    pub measure: durbin_hotspot::Change,
}

/// A period as a number or text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Label {
    /// Such as `1963`.
    Number(i64),
    /// Such as `"2012-Q1"`.
    Text(String),
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_refused(balance: &Balance) -> bool {
    *balance == Balance::Error
}
fn default_seed() -> u64 {
    12345
}
fn default_hotspot_layer() -> String {
    "hotspot".to_owned()
}
pub(super) fn yes() -> bool {
    true
}

impl Study {
    /// Reads a study file.
    ///
    /// # Errors
    /// A file that cannot be read; a key that is unknown, missing or of the wrong kind, with its line; two
    /// layers of one name; a section that is not available yet.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        Self::parse(&text, path)
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let file = path.display().to_string();
        let wrong =
            |error: toml::de::Error| Error::Study { file: file.clone(), reason: error.to_string() };
        let sections: toml::Table = text.parse().map_err(wrong)?;
        check::later(&sections, &file)?;
        let mut study: Self = toml::from_str(text).map_err(wrong)?;
        path.clone_into(&mut study.path);
        if study.study.simulated {
            study.study.title.push_str(" (simulated data)");
        }
        check::consistent(&study)?;
        Ok(study)
    }

    /// An error of this file.
    pub(super) fn wrong(&self, reason: impl Into<String>) -> Error {
        Error::Study { file: self.path.display().to_string(), reason: reason.into() }
    }

    /// The study file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name without folder and extension; names the default output folder.
    pub fn stem(&self) -> String {
        self.path
            .file_stem()
            .map_or_else(|| "study".to_owned(), |s| s.to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"
        [study]
        title = "A study"
        [boundaries]
        file = "units.gpkg"
        id = "name"
        [panel]
        file = "panel.csv"
        id = "name"
        time = "year"
        [weights]
        kind = "queen"
        [[sdm]]
        y = "y"
        x = ["a", "b"]
    "#;

    fn parse(text: &str) -> Result<Study, Error> {
        Study::parse(text, Path::new("some/folder/study.toml"))
    }

    #[test]
    fn paths_are_relative_to_the_study_file() {
        let study = parse(STUDY).unwrap();
        assert_eq!(study.resolve("units.gpkg"), "some/folder/units.gpkg");
        assert_eq!(study.resolve("/vsizip/a.zip"), "/vsizip/a.zip");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = parse(&STUDY.replace("kind =", "kid =")).unwrap_err().to_string();
        assert!(error.contains("kid") && error.contains("line 12"), "{error}");
    }
}
