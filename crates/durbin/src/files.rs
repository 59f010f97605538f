//! Outputs that are refused before any work: those that exist, and the input itself.

use std::path::Path;

use durbin_io::{Existing, Projects, Source, check_output, is_database, same_database, same_file};

use crate::Error;

/// Refuses an output file that exists, unless it may be replaced.
pub(crate) fn refuse_existing(path: &str, overwrite: bool) -> Result<(), Error> {
    if Path::new(path).exists() && !overwrite {
        return Err(Error::OutputExists { path: path.to_owned() });
    }
    Ok(())
}

/// Refuses an output that is the input.
pub(crate) fn refuse_input(path: &str, input: &Source) -> Result<(), Error> {
    if same_file(path, input.path()) {
        return Err(Error::OutputIsInput { path: path.to_owned() });
    }
    Ok(())
}

/// Refuses, before any work, an output layer that could not be written afterwards.
///
/// A database is there anyway: of it the layer is the output, named `layer` or else as the input's.
pub(crate) fn refuse_layer(
    path: &str,
    layer: Option<&str>,
    existing: Existing,
    inputs: &[Option<&Source>],
) -> Result<(), Error> {
    if is_database(path) {
        if existing == Existing::Overwrite {
            inputs.iter().flatten().try_for_each(|input| refuse_table(path, layer, input))?;
        }
        return Ok(check_output(path)?);
    }
    if existing == Existing::Refuse {
        refuse_existing(path, false)?;
    }
    inputs.iter().flatten().try_for_each(|input| refuse_input(path, input))
}

/// Whether an output holds several layers.
pub(crate) fn holds_layers(path: &str) -> bool {
    let extension = Path::new(path).extension();
    is_database(path) || extension.is_some_and(|extension| extension.eq_ignore_ascii_case("gpkg"))
}

/// Refuses a project where it has no layers to show.
pub(crate) fn check_projects(path: &str, projects: &Projects) -> Result<(), Error> {
    if projects.any() && (is_database(path) || !holds_layers(path)) {
        return Err(Error::Usage(format!(
            "--project and --embed-project go with a GeoPackage, OUTPUT.gpkg, not `{}`",
            durbin_io::without_passwords(path)
        )));
    }
    Ok(())
}

/// Refuses to replace a table that is read.
fn refuse_table(path: &str, layer: Option<&str>, input: &Source) -> Result<(), Error> {
    // Without a name it may be any of the tables that are read.
    let apart = layer.zip(input.layer_name()).is_some_and(|(to, from)| to != from);
    if same_database(path, input.path()) && !apart {
        return Err(Error::OutputMayBeInput { path: input.to_string() });
    }
    Ok(())
}
