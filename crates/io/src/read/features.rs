//! Reading a layer feature by feature, as every driver can.

use gdal::{Dataset, vector::LayerAccess};

use super::{AnyError, Features, gather::Gather};
use crate::{fields::FieldReader, geometry_type, raw};

/// Features whose geometry is looked at together.
const BATCH: usize = 32_768;

/// Reads every feature of a layer.
pub(super) fn read(
    dataset: &Dataset,
    at: usize,
    with_geometry: bool,
) -> Result<Features, AnyError> {
    let mut layer = dataset.layer(at)?;
    let mut readers = FieldReader::all(layer.defn())?;
    let mut gather = Gather::new(&geometry_type::name(layer.defn().geometry_type()));
    let (mut fids, mut geometry) = (Vec::new(), Vec::new());
    for feature in layer.features() {
        for reader in &mut readers {
            reader.read(&feature)?;
        }
        let present = with_geometry && raw::has_geometry(&feature);
        let found = if present { feature.geometry() } else { None };
        fids.push(raw::fid(&feature));
        geometry.push(found.map(gdal::vector::Geometry::iso_wkb).transpose()?);
        if fids.len() == BATCH {
            gather.extend(&fids, |row| geometry[row].as_deref())?;
            fids.clear();
            geometry.clear();
        }
    }
    gather.extend(&fids, |row| geometry[row].as_deref())?;
    Ok((readers, gather))
}
