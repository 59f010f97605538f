//! Geometry types by the names OGC gives them, such as `MULTIPOLYGON Z`.

use gdal::vector::{
    OGRwkbGeometryType, geometry_type_flatten, geometry_type_has_m, geometry_type_has_z,
    geometry_type_set_modifier,
};

type Code = OGRwkbGeometryType::Type;

/// The name of a layer without geometry.
pub(crate) const NONE: &str = "NONE";

const NAMES: [(Code, &str); 17] = [
    (OGRwkbGeometryType::wkbUnknown, "GEOMETRY"),
    (OGRwkbGeometryType::wkbPoint, "POINT"),
    (OGRwkbGeometryType::wkbLineString, "LINESTRING"),
    (OGRwkbGeometryType::wkbPolygon, "POLYGON"),
    (OGRwkbGeometryType::wkbMultiPoint, "MULTIPOINT"),
    (OGRwkbGeometryType::wkbMultiLineString, "MULTILINESTRING"),
    (OGRwkbGeometryType::wkbMultiPolygon, "MULTIPOLYGON"),
    (OGRwkbGeometryType::wkbGeometryCollection, "GEOMETRYCOLLECTION"),
    (OGRwkbGeometryType::wkbCircularString, "CIRCULARSTRING"),
    (OGRwkbGeometryType::wkbCompoundCurve, "COMPOUNDCURVE"),
    (OGRwkbGeometryType::wkbCurvePolygon, "CURVEPOLYGON"),
    (OGRwkbGeometryType::wkbMultiCurve, "MULTICURVE"),
    (OGRwkbGeometryType::wkbMultiSurface, "MULTISURFACE"),
    (OGRwkbGeometryType::wkbPolyhedralSurface, "POLYHEDRALSURFACE"),
    (OGRwkbGeometryType::wkbTIN, "TIN"),
    (OGRwkbGeometryType::wkbTriangle, "TRIANGLE"),
    (OGRwkbGeometryType::wkbNone, NONE),
];

/// What a feature is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Point,
    Line,
    Area,
}

/// The name of a type as GDAL numbers it.
pub(crate) fn name(code: Code) -> String {
    let flat = geometry_type_flatten(code);
    let name = NAMES.iter().find(|known| known.0 == flat).map_or("GEOMETRY", |known| known.1);
    match (geometry_type_has_z(code), geometry_type_has_m(code)) {
        (false, false) => name.to_owned(),
        (true, false) => format!("{name} Z"),
        (false, true) => format!("{name} M"),
        (true, true) => format!("{name} ZM"),
    }
}

/// The number of a type by its name; an unknown name is any geometry.
pub(crate) fn code(name: &str) -> Code {
    let (base, dimensions) = split(name);
    let flat = NAMES
        .iter()
        .find(|known| known.1 == base)
        .map_or(OGRwkbGeometryType::wkbUnknown, |known| known.0);
    if flat == OGRwkbGeometryType::wkbNone {
        return flat;
    }
    geometry_type_set_modifier(flat, dimensions.contains('Z'), dimensions.contains('M'))
}

/// Whether a layer of this type has geometry at all.
pub(crate) fn is_spatial(name: &str) -> bool {
    name != NONE
}

/// The multi-part type of a single-part one, `None` for the others.
pub(crate) fn multi(name: &str) -> Option<String> {
    let (base, dimensions) = split(name);
    let multi = match base {
        "POINT" => "MULTIPOINT",
        "LINESTRING" => "MULTILINESTRING",
        "POLYGON" => "MULTIPOLYGON",
        _ => return None,
    };
    Some(format!("{multi} {dimensions}").trim_end().to_owned())
}

/// What features of this type are drawn as; `None` when the name does not say.
pub(crate) fn family(name: &str) -> Option<Family> {
    Some(match split(name).0 {
        "POINT" | "MULTIPOINT" => Family::Point,
        "LINESTRING" | "MULTILINESTRING" | "CIRCULARSTRING" | "COMPOUNDCURVE" | "MULTICURVE" => {
            Family::Line
        }
        "POLYGON" | "MULTIPOLYGON" | "CURVEPOLYGON" | "MULTISURFACE" | "POLYHEDRALSURFACE"
        | "TIN" | "TRIANGLE" => Family::Area,
        _ => return None,
    })
}

/// Base name and dimensions.
fn split(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_inverse_in_every_dimension() {
        for base in NAMES.iter().filter(|known| known.1 != NONE) {
            for dimensions in ["", " Z", " M", " ZM"] {
                let full = format!("{}{dimensions}", base.1);
                assert_eq!(name(code(&full)), full);
            }
        }
        assert_eq!(name(code(NONE)), NONE);
    }

    #[test]
    fn a_single_type_knows_its_multi_type() {
        assert_eq!(multi("POLYGON Z").as_deref(), Some("MULTIPOLYGON Z"));
        assert_eq!(multi("MULTIPOLYGON"), None);
    }
}
