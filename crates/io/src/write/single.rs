//! Formats that hold one layer.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use durbin_core::{Crs, Warning};
use gdal::{
    errors::GdalError,
    spatial_ref::{CoordTransform, SpatialRef},
    vsi::get_vsi_mem_file_bytes_owned,
};

use super::{
    Existing, Sheet,
    features::{self, Geometries, Reals},
    format::Format,
    format::SEQUENCE,
    in_words,
    stage::Stage,
    warnings,
};
use crate::{Error, crs, messages, raw::MemoryFolder, swap::refuse_existing};

/// Writes a file that appears whole or not at all.
pub(super) fn to_file(
    sheet: &Sheet,
    path: &Path,
    format: &Format,
    existing: Existing,
) -> Result<Vec<Warning>, Error> {
    let shown = path.display().to_string();
    if existing == Existing::Append && path.exists() {
        return Err(Error::SingleLayer { path: shown, format: format.driver.to_owned() });
    }
    let siblings: Vec<PathBuf> =
        format.siblings.iter().map(|extension| path.with_extension(extension)).collect();
    if existing != Existing::Overwrite {
        refuse_existing(&[&[path.to_owned()], &siblings[..]].concat())?;
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
    stage.publish(&siblings, existing)?;
    let mut warnings = warnings(path, said);
    if sheet.is_spatial() && format.geometries == Geometries::LeftOut {
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
    let (bytes, said) = sequence(sheet)
        .map_err(|reason| Error::Write { path: path.display().to_string(), reason })?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(Error::file(path))?;
    Ok(warnings(path, said))
}

/// The sequence of features, and what GDAL said.
pub(super) fn sequence(sheet: &Sheet) -> Result<(Vec<u8>, Vec<String>), String> {
    in_memory(sheet, Path::new("stdout.geojsonl"), &SEQUENCE)
}

/// The bytes of a file named `name`, and what GDAL said.
fn in_memory(
    sheet: &Sheet,
    name: &Path,
    format: &Format,
) -> Result<(Vec<u8>, Vec<String>), String> {
    let folder = MemoryFolder::new().map_err(|error| error.to_string())?;
    let file = folder.file(name);
    let said = write(sheet, &file, format)?;
    let bytes = get_vsi_mem_file_bytes_owned(&file).map_err(|error| error.to_string())?;
    Ok((bytes, said))
}

fn write(sheet: &Sheet, file: &Path, format: &Format) -> Result<Vec<String>, String> {
    let sequence = sheet.crs.filter(|_| format.driver == SEQUENCE.driver && sheet.is_spatial());
    let (moved, local) = match sequence {
        Some(crs) if !reaches_wgs84(crs) => (None, Some(crs)),
        crs => (crs.filter(|crs| !is_wgs84(crs)), None),
    };
    let spatial = sheet.is_spatial();
    let named = if local.is_some() { None } else { sheet.crs };
    let sheet = &Sheet { crs: named, undefined_crs: None, ..*sheet };
    let work = || -> Result<(), GdalError> {
        let mut dataset = format.driver()?.create_vector_only(file)?;
        let layer = features::create(
            &mut dataset,
            sheet,
            format.options,
            format.geometries,
            Reals::AsTheyAre,
        )?;
        features::fill(&layer, sheet, format.geometries, Reals::AsTheyAre)?;
        dataset.close()
    };
    let ((), mut said) = messages::checked(|| work().map_err(in_words))?;
    // A table needs no reference system.
    said.retain(|text| spatial || !text.starts_with("No SRS set on layer"));
    said.extend(moved.map(|crs| {
        let name = crs::label(Some(crs));
        format!(
            "GeoJSONSeq is in WGS 84 by definition: coordinates are transformed from {name}, and borders that met along a line may \
             no longer do so exactly"
        )
    }));
    said.extend(local.map(|local| {
        let name = crs::label(Some(local));
        format!(
            "no transformation leads from {name} to WGS 84, coordinates are written as they are"
        )
    }));
    Ok(said)
}

/// Longitude and latitude as a sequence has them.
fn is_wgs84(crs: &Crs) -> bool {
    let named = crs.authority.as_ref().map(|(who, code)| (who.as_str(), code.as_str()));
    matches!(named, Some(("EPSG", "4326") | ("OGC", "CRS84")))
}

/// A local system stands in no known relation to the Earth.
fn reaches_wgs84(crs: &Crs) -> bool {
    let transform = || CoordTransform::new(&crs::to_gdal(crs)?, &SpatialRef::from_epsg(4326)?);
    messages::checked(transform).is_ok()
}
