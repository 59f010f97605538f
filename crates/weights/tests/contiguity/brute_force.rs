//! Contact by its definition: every edge of one unit against every edge of the other.

use durbin_weights::Contiguity;
use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo_types::{Coord, Line, LineString, MultiPolygon};

pub fn in_contact(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>, kind: Contiguity) -> bool {
    let (a, b) = (edges(a), edges(b));
    a.iter().any(|e| {
        b.iter().any(|f| match kind {
            Contiguity::Queen => on(e.start, f) || on(f.start, e),
            Contiguity::Rook => share_a_piece(e, f),
        })
    })
}

fn edges(unit: &MultiPolygon<f64>) -> Vec<Line<f64>> {
    let rings =
        unit.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.flat_map(LineString::lines).filter(|edge| edge.start != edge.end).collect()
}

fn on(point: Coord<f64>, edge: &Line<f64>) -> bool {
    let within = |p: f64, a: f64, b: f64| a.min(b) <= p && p <= a.max(b);
    within(point.x, edge.start.x, edge.end.x)
        && within(point.y, edge.start.y, edge.end.y)
        && on_one_line(edge, point)
}

fn share_a_piece(e: &Line<f64>, f: &Line<f64>) -> bool {
    let overlap = |a: f64, b: f64, c: f64, d: f64| a.min(b).max(c.min(d)) < a.max(b).min(c.max(d));
    let some = if e.dx() == 0.0 {
        overlap(e.start.y, e.end.y, f.start.y, f.end.y)
    } else {
        overlap(e.start.x, e.end.x, f.start.x, f.end.x)
    };
    some && on_one_line(e, f.start) && on_one_line(e, f.end)
}

fn on_one_line(edge: &Line<f64>, point: Coord<f64>) -> bool {
    RobustKernel::orient2d(edge.start, edge.end, point) == Orientation::Collinear
}
