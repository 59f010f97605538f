//! Units whose geometry breaks the simple-features rules.

use durbin_core::Units;
use geo_types::Coord;

/// A unit with an invalid geometry.
#[derive(Debug, Clone, PartialEq)]
pub struct Invalid {
    /// Row of the unit.
    pub unit: usize,
    /// What is wrong, as it was found on reading.
    pub reason: String,
    /// Where, if the reason says so.
    pub place: Option<Coord<f64>>,
}

/// The invalid units in the order in which they were found.
pub fn invalid(units: &Units) -> Vec<Invalid> {
    let positions = units.positions();
    let found = units.invalid.iter().filter_map(|bad| {
        let unit = *positions.get(bad.id.as_str())?;
        Some(Invalid { unit, reason: bad.reason.clone(), place: place(&bad.reason) })
    });
    found.collect()
}

/// The place in `… at or near point x y`, or in `…[x y]`.
fn place(reason: &str) -> Option<Coord<f64>> {
    let after = ["point ", "["].into_iter().find_map(|mark| Some(reason.rsplit_once(mark)?.1))?;
    let mut numbers = after.split_whitespace().map(|word| {
        word.trim_end_matches([']', '.', ',', ')']).parse::<f64>().ok().filter(|v| v.is_finite())
    });
    Some(Coord { x: numbers.next()??, y: numbers.next()?? })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_reason_that_names_a_place_tells_it() {
        let at = |reason| place(reason).map(|c| (c.x, c.y));
        let said = "Ring Self-intersection at or near point -111.5 45.04";
        assert_eq!(at(said), Some((-111.5, 45.04)));
        assert_eq!(at("Self-intersection[1e-3 2]"), Some((0.001, 2.0)));
        assert_eq!(at("Too few points in geometry component"), None);
        assert_eq!(at("at or near point nan nan"), None);
    }
}
