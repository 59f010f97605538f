//! Outputs that are refused before any work: those that exist, and the input itself.

use std::path::Path;

use durbin_io::{Existing, Source, same_file};

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
pub(crate) fn refuse_layer(
    path: &str,
    existing: Existing,
    inputs: &[Option<&Source>],
) -> Result<(), Error> {
    if existing == Existing::Refuse {
        refuse_existing(path, false)?;
    }
    inputs.iter().flatten().try_for_each(|input| refuse_input(path, input))
}
