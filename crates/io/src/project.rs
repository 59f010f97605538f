//! A projection for drawing a layer.

use std::borrow::Cow;

use durbin_core::Crs;
use geo_types::Geometry;
use proj::{Proj, Transform};

use crate::{Error, coords::each_coord, crs, messages};

/// Wider than this, no azimuthal or conic projection shows a layer well.
const WORLD_WIDTH: f64 = 150.0;
const WORLD_HEIGHT: f64 = 120.0;

/// Extent in degrees; `west` to `east` runs eastwards and may cross the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Extent {
    west: f64,
    width: f64,
    south: f64,
    north: f64,
}

/// One shape per feature, `None` for a feature without geometry.
pub type Shapes = Vec<Option<Geometry<f64>>>;

/// Shapes as a map should show them, and in words which projection that is and why.
///
/// A geographic layer is drawn in an equal-area projection of its own: Albers' conic with standard
/// parallels a sixth of the height inside the extent (Deetz & Adams 1934, *Elements of Map
/// Projection*) when it is wide and in middle latitudes; Lambert's azimuthal centred on it otherwise;
/// Equal Earth for the world. So is one in a Mercator projection or on a grid of degrees, whose areas and
/// lengths mislead. Any other projected layer, or one without a reference system, stays as it is.
///
/// # Errors
/// [`Error::Projection`] when PROJ does not know the system or cannot project a coordinate.
pub fn project_for_map(
    shapes: &[Option<Geometry<f64>>],
    crs: Option<&Crs>,
) -> Result<(Shapes, String), Error> {
    let Some(from) = crs else {
        return Ok((
            shapes.to_vec(),
            "as it is: the layer has no coordinate reference system".to_owned(),
        ));
    };
    if !from.geographic && !grows_with_latitude(from) {
        return Ok((shapes.to_vec(), format!("{}, as the layer has it", crs::label(crs))));
    }
    // PROJ complains on standard error about a system it does not know, GDAL does not.
    let failed = |reason: String| Error::Projection { crs: crs::label(crs), reason };
    messages::checked(|| crs::to_gdal(from)).map_err(failed)?;
    let degrees = if from.geographic {
        Cow::Borrowed(shapes)
    } else {
        Cow::Owned(projected(shapes, from, "EPSG:4326")?)
    };
    let Some(extent) = extent(&degrees) else {
        return Ok((shapes.to_vec(), "as it is: the layer is empty".to_owned()));
    };
    let (definition, words) = choose(extent);
    let instead =
        if from.geographic { String::new() } else { format!(", instead of {}", crs::label(crs)) };
    Ok((projected(shapes, from, &definition)?, words + &instead))
}

/// Whether a projected system enlarges areas towards the poles until they mislead: Mercator's, of web maps, and
/// the plain grid of degrees.
fn grows_with_latitude(crs: &Crs) -> bool {
    let method = crs.wkt.split("METHOD[\"").nth(1).and_then(|rest| rest.split('"').next());
    let method = method.unwrap_or_default();
    let mercator = method.contains("Mercator")
        && !["Transverse", "Oblique", "Hotine"].iter().any(|kind| method.contains(kind));
    mercator || method.contains("Equidistant Cylindrical")
}

/// `shapes` in the system `to`.
fn projected(shapes: &[Option<Geometry<f64>>], from: &Crs, to: &str) -> Result<Shapes, Error> {
    let failed = |reason: String| Error::Projection { crs: crs::label(Some(from)), reason };
    let name = match &from.authority {
        Some((authority, code)) => format!("{authority}:{code}"),
        None => from.wkt.clone(),
    };
    let proj = Proj::new_known_crs(&name, to, None).map_err(|error| failed(error.to_string()))?;
    let projected = |shape: &Option<Geometry<f64>>| {
        shape.as_ref().map(|shape| shape.transformed(&proj)).transpose()
    };
    let projected: Vec<_> = shapes
        .iter()
        .map(projected)
        .collect::<Result<_, _>>()
        .map_err(|error| failed(error.to_string()))?;
    let mut finite = true;
    each_coord(&projected, &mut |c| {
        finite &= c.x.is_finite() && c.y.is_finite();
    });
    if finite { Ok(projected) } else { Err(failed("a coordinate has no image".to_owned())) }
}

/// PROJ definition and words.
fn choose(extent: Extent) -> (String, String) {
    let Extent { west, width, south, north } = extent;
    let height = north - south;
    let lon = (west + width / 2.0 + 540.0).rem_euclid(360.0) - 180.0;
    let lat = f64::midpoint(south, north);
    if width > WORLD_WIDTH || height > WORLD_HEIGHT {
        let definition = format!("+proj=eqearth +lon_0={lon} +datum=WGS84 +units=m +type=crs");
        return (
            definition,
            format!(
                "Equal Earth centred on {lon:.2}° (equal area, for a layer as wide as the world)"
            ),
        );
    }
    let middle = (20.0..=60.0).contains(&lat.abs()) && south * north > 0.0;
    if width > 20.0 && width > height && middle {
        let (first, second) = (south + height / 6.0, north - height / 6.0);
        let definition = format!(
            "+proj=aea +lat_0={lat} +lon_0={lon} +lat_1={first} +lat_2={second} +datum=WGS84 +units=m +type=crs"
        );
        let words = format!(
            "Albers equal-area conic centred on {lat:.2}°, {lon:.2}° with standard parallels {first:.2}° and {second:.2}° \
             (equal area, for a wide layer in middle latitudes)"
        );
        return (definition, words);
    }
    let definition =
        format!("+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m +type=crs");
    (
        definition,
        format!("Lambert azimuthal equal-area centred on {lat:.2}°, {lon:.2}° (equal area)"),
    )
}

/// Latitudes from lowest to highest, longitudes over the shortest arc that holds them all.
fn extent(shapes: &[Option<Geometry<f64>>]) -> Option<Extent> {
    let mut longitudes = Vec::new();
    let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
    each_coord(shapes, &mut |c| {
        longitudes.push(c.x.rem_euclid(360.0));
        (south, north) = (south.min(c.y), north.max(c.y));
    });
    longitudes.sort_by(f64::total_cmp);
    let (first, last) = (*longitudes.first()?, *longitudes.last()?);
    // The widest gap between neighbours on the circle is what the layer leaves out.
    let around = (first + 360.0 - last, first);
    let gap = longitudes
        .windows(2)
        .map(|pair| (pair[1] - pair[0], pair[1]))
        .fold(around, |widest, gap| if gap.0 > widest.0 { gap } else { widest });
    Some(Extent { west: gap.1, width: 360.0 - gap.0, south, north })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::crs;
    use geo_types::{Coord, Point, Rect};

    fn square(x: f64, y: f64, size: f64) -> Geometry<f64> {
        let rect = Rect::new(Coord { x, y }, Coord { x: x + size, y: y + size });
        Geometry::Polygon(rect.to_polygon())
    }

    fn area(shape: &Geometry<f64>) -> f64 {
        let Geometry::Polygon(polygon) = shape else { panic!("a polygon") };
        let lines = polygon.exterior().lines();
        lines.map(|l| l.start.x * l.end.y - l.end.x * l.start.y).sum::<f64>().abs() / 2.0
    }

    #[test]
    fn equal_cells_of_a_parallel_keep_equal_areas_in_a_wide_layer() {
        let cells: Vec<_> = [-120.0, -100.0, -75.0].map(|x| Some(square(x, 40.0, 1.0))).to_vec();
        let (projected, words) = project_for_map(&cells, Some(&crs(4326))).unwrap();
        assert!(words.starts_with("Albers"), "{words}");
        let areas: Vec<f64> = projected.iter().flatten().map(area).collect();
        assert!(areas.iter().all(|a| (a / areas[0] - 1.0).abs() < 1e-9), "{areas:?}");
    }

    #[test]
    fn the_middle_of_a_small_layer_is_the_origin() {
        let (projected, words) = project_for_map(
            &[Some(square(110.0, 27.0, 2.0)), Some(Point::new(111.0, 28.0).into())],
            Some(&crs(4326)),
        )
        .unwrap();
        assert!(words.starts_with("Lambert azimuthal"), "{words}");
        let Some(Geometry::Point(middle)) = &projected[1] else { panic!("a point") };
        assert!(middle.x().abs() < 1e-6 && middle.y().abs() < 1e-6);
    }

    #[test]
    fn a_layer_across_the_antimeridian_is_centred_on_it() {
        let extent =
            extent(&[Some(square(178.0, 0.0, 1.0)), Some(square(-179.0, 0.0, 1.0))]).unwrap();
        assert_eq!((extent.west, extent.width), (178.0, 4.0));
    }

    #[test]
    fn projected_layers_stay_as_they_are() {
        let shapes = [Some(square(5e5, 4e6, 1e3)), None];
        let (same, words) = project_for_map(&shapes, Some(&crs(32650))).unwrap();
        assert_eq!(same, shapes);
        assert!(words.contains("EPSG:32650"));
    }

    #[test]
    fn a_web_map_is_drawn_with_equal_areas() {
        // Cells of one degree at 0° and 60° N in Web Mercator: the true areas differ by a factor of two.
        let degrees = [Some(square(10.0, 0.0, 1.0)), Some(square(10.0, 59.5, 1.0))];
        let web = projected(&degrees, &crs(4326), "EPSG:3857").unwrap();
        let (drawn, words) = project_for_map(&web, Some(&crs(3857))).unwrap();
        assert!(words.contains("equal area") && words.contains("EPSG:3857"), "{words}");
        let ratio = area(drawn[1].as_ref().unwrap()) / area(drawn[0].as_ref().unwrap());
        assert!((ratio - 0.5).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn an_unknown_reference_system_is_an_error() {
        let unknown = Crs { wkt: "rubbish".to_owned(), authority: None, ..crs(4326) };
        let error = project_for_map(&[Some(square(0.0, 0.0, 1.0))], Some(&unknown)).unwrap_err();
        assert!(matches!(error, Error::Projection { .. }), "{error}");
    }
}
