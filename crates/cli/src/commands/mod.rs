//! Each command: arguments to a job, the job's result to standard output.

mod doctor;
mod gmm;
mod hotspot;
mod index;
mod lisa;
mod map;
mod moran;
mod run;
mod sdm;
mod shell;
mod simulate;
mod style;
mod weights;

use std::{collections::HashSet, io::Write};

use durbin::{Error, core::Warning, io::Source};
use serde::Serialize;

use crate::{args::Common, progress::Bars};

pub use doctor::doctor;
pub use gmm::gmm;
pub use hotspot::hotspot;
pub use index::index;
pub use lisa::lisa;
pub use map::map;
pub use moran::moran;
pub use run::run;
pub use sdm::sdm;
pub use shell::{completions, man, usage_as_json};
pub use simulate::simulate;
pub use style::style;
pub use weights::weights;

/// What every command needs to know.
pub struct Context {
    pub json: bool,
    pub quiet: bool,
    pub seed: Option<u64>,
    pub progress: Bars,
    /// The command as typed.
    pub command_line: String,
}

impl Context {
    pub fn new(common: &Common, command_line: String) -> Self {
        Self {
            json: common.json,
            quiet: common.quiet,
            seed: common.seed,
            progress: Bars::new(common.progress, common.quiet),
            command_line,
        }
    }

    /// Warnings go to standard error, one a line. What holds for several fields is said once.
    #[expect(clippy::print_stderr, reason = "warnings go to standard error")]
    pub fn warn<'a>(&self, warnings: impl IntoIterator<Item = &'a Warning>) {
        if !self.quiet {
            let mut said = HashSet::new();
            for warning in warnings.into_iter().map(Warning::to_string) {
                if !said.contains(&warning) {
                    eprintln!("durbin: warning: {warning}");
                    said.insert(warning);
                }
            }
        }
    }

    /// The results of several fields: those of a single one stand by themselves.
    pub fn print_each<T: Serialize>(
        &self,
        results: &[T],
        text: impl Fn(&T) -> String,
    ) -> Result<(), Error> {
        let text = || results.iter().map(&text).collect::<Vec<_>>().join("\n");
        match results {
            [one] => self.print(one, text),
            several => self.print(&serde_json::json!({ "results": several }), text),
        }
    }

    /// Refuses two results for one standard output; whether the layer goes there.
    pub fn layer_to_stdout(&self, output: &str) -> Result<bool, Error> {
        if output == "-" && self.json {
            return Err(Error::Usage(
                "--json and OUTPUT - both want standard output: write the layer to a file"
                    .to_owned(),
            ));
        }
        Ok(output == "-")
    }

    /// The result: one JSON object, or text for people.
    pub fn print(
        &self,
        result: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        let text = if self.json {
            let json = serde_json::to_string_pretty(result);
            json.map_err(|error| Error::Usage(format!("the result is no JSON: {error}")))?
        } else {
            text()
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", text.trim_end())
            .map_err(|source| Error::File { path: "standard output".to_owned(), source })
    }
}

/// An input with its layer and key.
pub fn source(input: &str, layer: Option<&String>, id: Option<&String>) -> Source {
    let mut source = Source::new(input);
    if let Some(layer) = layer {
        source = source.layer(layer);
    }
    if let Some(id) = id {
        source = source.id(id);
    }
    source
}
