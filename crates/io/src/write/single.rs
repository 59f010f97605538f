//! Formats that hold one layer.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use durbin_core::Warning;
use gdal::{errors::GdalError, vsi::get_vsi_mem_file_bytes_owned};

use super::{Existing, Sheet, features, format::Format, format::SEQUENCE, stage::Stage, warnings};
use crate::{Error, messages};

/// Writes a file that appears whole or not at all.
pub(super) fn to_file(
    sheet: &Sheet,
    path: &Path,
    format: &Format,
    existing: Existing,
) -> Result<Vec<Warning>, Error> {
    let shown = path.display().to_string();
    if path.exists() {
        match existing {
            Existing::Refuse => return Err(Error::Exists { path: shown }),
            Existing::Append => {
                let format = format.driver.to_owned();
                return Err(Error::SingleLayer { path: shown, format });
            }
            Existing::Overwrite => {}
        }
    }
    let stage = Stage::new(path)?;
    let failed = |reason| Error::Write { path: shown.clone(), reason };
    let file = stage.file();
    let said = if format.through_memory {
        let name = Path::new(file.file_name().unwrap_or_default());
        let (bytes, said) = in_memory(sheet, name, format).map_err(failed)?;
        fs::write(&file, bytes).map_err(Error::file(path))?;
        said
    } else {
        write(sheet, &file, format).map_err(failed)?
    };
    stage.publish(format.siblings)?;
    let mut warnings = warnings(path, said);
    if sheet.is_spatial() && !format.holds_geometry {
        let text =
            format!("{shown}: {} holds attributes only, the geometry is left out", format.driver);
        warnings.push(Warning::Other(text));
    }
    let named = sheet.crs.is_none_or(|crs| crs.authority.is_some());
    if format.driver == "GeoJSON" && !named {
        let text =
            format!("{shown}: GeoJSON cannot name the coordinate reference system, it is left out");
        warnings.push(Warning::Other(text));
    }
    Ok(warnings)
}

/// Writes a sequence of features to standard output.
pub(super) fn to_stdout(sheet: &Sheet) -> Result<Vec<Warning>, Error> {
    let path = Path::new("standard output");
    let (bytes, said) = in_memory(sheet, Path::new("stdout.geojsonl"), &SEQUENCE)
        .map_err(|reason| Error::Write { path: path.display().to_string(), reason })?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(Error::file(path))?;
    Ok(warnings(path, said))
}

/// The bytes of a file named `name`, and what GDAL said.
fn in_memory(
    sheet: &Sheet,
    name: &Path,
    format: &Format,
) -> Result<(Vec<u8>, Vec<String>), String> {
    /// Threads of one process share GDAL's memory files.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let folder = format!("/vsimem/durbin-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let file = Path::new(&folder).join(name);
    let written = write(sheet, &file, format);
    let bytes = get_vsi_mem_file_bytes_owned(&file).map_err(|error| error.to_string());
    let said = written?;
    Ok((bytes?, said))
}

fn write(sheet: &Sheet, file: &Path, format: &Format) -> Result<Vec<String>, String> {
    let work = || -> Result<(), GdalError> {
        let mut dataset = format.driver()?.create_vector_only(file)?;
        features::write(&mut dataset, sheet, format.options, format.holds_geometry)?;
        dataset.close()
    };
    messages::checked(work).map(|((), said)| said)
}
