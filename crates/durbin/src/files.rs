//! Outputs that appear whole or not at all, and never over their own input.

use std::{io::Write, path::Path};

use durbin_io::{Existing, Source, same_file};

use crate::Error;

/// Writes `bytes` beside `path` and renames: the file appears whole or not at all.
pub(crate) fn write_whole(path: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = Path::new(path);
    let failed = Error::file(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file =
        tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(&failed)?;
    file.write_all(bytes).map_err(&failed)?;
    file.as_file().sync_all().map_err(&failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

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
