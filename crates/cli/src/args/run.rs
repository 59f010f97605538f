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
    /// Fit this specification of the study's robustness grid alone, print it, and write nothing
    #[arg(long, value_name = "N", conflicts_with_all = ["out", "overwrite"])]
    pub specification: Option<usize>,
}
