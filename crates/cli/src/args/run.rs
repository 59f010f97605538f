use std::path::PathBuf;

use clap::Args;

/// Run a whole study.
///
/// Writes DIR/study.gpkg, DIR/report.html, DIR/tables, DIR/maps and DIR/manifest.json.
#[derive(Args)]
pub struct RunArgs {
    /// The study file
    #[arg(value_name = "STUDY.toml")]
    pub study: PathBuf,
    /// Folder for the results [default: out/STUDY]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results of an earlier run
    #[arg(long)]
    pub overwrite: bool,
    /// Store the QGIS project in study.gpkg too; it opens from there as long as the file keeps its name
    #[arg(long)]
    pub embed_project: bool,
    /// Fit this specification of the study's robustness grid alone, print it, and write nothing
    #[arg(long, value_name = "N", conflicts_with_all = ["out", "overwrite", "embed_project"])]
    pub specification: Option<usize>,
}
