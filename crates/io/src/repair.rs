//! Making invalid geometries valid.

use durbin_core::{Named, Units};
use gdal::{cpl::CslStringList, vector::Geometry};

use crate::{
    Error, geometry,
    geometry_type::{self, Family},
    messages,
};

/// Repairs every geometry that `units.invalid` names, by GEOS's MakeValid, in place: WKB and shape.
///
/// A unit that was an area stays one: lines and points that MakeValid splits off are left out. Where
/// an area falls into several parts, the layer's type becomes its multi-part type. Returns `key: reason`
/// of each repaired unit; `units.invalid` is empty afterwards.
///
/// # Errors
/// [`Error::Repair`] when GEOS fails or nothing of the unit's own kind is left.
pub fn repair(units: &mut Units) -> Result<Named, Error> {
    let rows: Vec<usize> = {
        let positions = units.positions();
        let row = |bad: &durbin_core::InvalidGeometry| positions.get(bad.id.as_str()).copied();
        units.invalid.iter().filter_map(row).collect()
    };
    let invalid = std::mem::take(&mut units.invalid);
    let repaired = invalid.iter().map(|bad| format!("{}: {}", bad.id, bad.reason)).collect();
    for (row, bad) in rows.into_iter().zip(invalid) {
        let Some(wkb) = &units.layer.geometry[row] else {
            continue;
        };
        let failed = |reason: String| Error::Repair { id: bad.id, invalid: bad.reason, reason };
        let (wkb, shape, name) = match valid(wkb) {
            Ok(valid) => valid,
            Err(reason) => return Err(failed(reason)),
        };
        let declared = &mut units.layer.geometry_type;
        if let Some(multi) = geometry_type::multi(declared).filter(|multi| *multi == name) {
            *declared = multi;
        }
        units.layer.geometry[row] = Some(wkb);
        units.shapes[row] = shape;
    }
    Ok(repaired)
}

type Valid = (Vec<u8>, Option<geo_types::Geometry<f64>>, String);

fn valid(wkb: &[u8]) -> Result<Valid, String> {
    let work = || -> gdal::errors::Result<Geometry> {
        let broken = Geometry::from_wkb(wkb)?;
        let whole = broken.make_valid(&CslStringList::new())?;
        let area = geometry_type::family(&geometry_type::name(broken.geometry_type()))
            == Some(Family::Area);
        if area { areas(&whole) } else { Ok(whole) }
    };
    let (valid, _) = messages::checked(work)?;
    if valid.is_empty() {
        return Err("no area is left".to_owned());
    }
    let wkb = valid.iso_wkb().map_err(|error| error.to_string())?;
    let shape = geometry::shape(&valid, &wkb)?;
    Ok((wkb, shape, geometry_type::name(valid.geometry_type())))
}

/// The polygons of a geometry: itself, or what a collection holds of them.
fn areas(geometry: &Geometry) -> gdal::errors::Result<Geometry> {
    let name = geometry_type::name(geometry.geometry_type());
    if geometry_type::family(&name) == Some(Family::Area) {
        return Ok(geometry.clone());
    }
    let kind = name.replace(name.split(' ').next().unwrap_or_default(), "MULTIPOLYGON");
    let mut kept = Geometry::empty(geometry_type::code(&kind))?;
    collect(geometry, &mut kept)?;
    if kept.geometry_count() == 1 {
        Geometry::from_wkb(&kept.get_geometry(0).iso_wkb()?)
    } else {
        Ok(kept)
    }
}

fn collect(geometry: &Geometry, kept: &mut Geometry) -> gdal::errors::Result<()> {
    for at in 0..geometry.geometry_count() {
        let part = geometry.get_geometry(at);
        let name = geometry_type::name(part.geometry_type());
        match name.split(' ').next() {
            Some("POLYGON") => kept.add_geometry(Geometry::from_wkb(&part.iso_wkb()?)?)?,
            Some("MULTIPOLYGON" | "GEOMETRYCOLLECTION") => collect(&part, kept)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::layer_of;

    fn units(wkt: &str) -> Units {
        let layer = layer_of("POLYGON", &[Some(wkt)]);
        let mut units = Units::new(layer, vec![None], None).unwrap();
        let geometry = Geometry::from_wkt(wkt).unwrap();
        units.invalid = geometry::invalidity(&geometry)
            .map(|reason| durbin_core::InvalidGeometry { id: units.ids[0].clone(), reason })
            .into_iter()
            .collect();
        units
    }

    fn wkt(units: &Units) -> String {
        Geometry::from_wkb(units.layer.geometry[0].as_ref().unwrap()).unwrap().iso_wkt().unwrap()
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles_in_a_multi_part_layer() {
        let mut units = units("POLYGON ((0 0,2 2,2 0,0 2,0 0))");
        let repaired = repair(&mut units).unwrap();
        assert_eq!(repaired.count, 1);
        assert!(repaired.first[0].starts_with("1: Self-intersection"), "{repaired}");
        assert_eq!(units.layer.geometry_type, "MULTIPOLYGON");
        assert!(wkt(&units).starts_with("MULTIPOLYGON"));
        assert!(
            matches!(&units.shapes[0], Some(geo_types::Geometry::MultiPolygon(m)) if m.0.len() == 2)
        );
        assert!(units.invalid.is_empty());
    }

    #[test]
    fn a_spike_is_left_out_and_the_area_stays() {
        let mut units = units("POLYGON ((0 0,1 0,1 1,1 3,1 1,0 1,0 0))");
        assert_eq!(units.invalid.len(), 1);
        repair(&mut units).unwrap();
        assert_eq!(units.layer.geometry_type, "POLYGON");
        assert!(wkt(&units).starts_with("POLYGON"), "{}", wkt(&units));
    }

    #[test]
    fn an_area_without_extent_cannot_be_repaired() {
        let mut units = units("POLYGON ((0 0,1 1,0 0,0 0))");
        assert!(matches!(repair(&mut units), Err(Error::Repair { .. })));
    }
}
