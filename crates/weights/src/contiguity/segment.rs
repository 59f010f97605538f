//! Exact tests on segments.

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::boundary::{Edge, Point};

/// Whether `point` lies on the closed segment of `edge`.
pub fn on_segment(point: Point, edge: &Edge) -> bool {
    edge.extent().contains(point) && collinear(edge.start, edge.end, point)
}

/// Whether two edges lie on one line and overlap in more than a point.
pub fn share_a_piece(e: &Edge, f: &Edge) -> bool {
    // On one line both axes order the points alike; the axis along which `e` moves orders them all.
    let k = usize::from(e.extent().min[0] >= e.extent().max[0]);
    let (e_box, f_box) = (e.extent(), f.extent());
    e_box.min[k].max(f_box.min[k]) < e_box.max[k].min(f_box.max[k])
        && collinear(e.start, e.end, f.start)
        && collinear(e.start, e.end, f.end)
}

fn collinear(a: Point, b: Point, c: Point) -> bool {
    RobustKernel::orient2d(a.into(), b.into(), c.into()) == Orientation::Collinear
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(start: Point, end: Point) -> Edge {
        Edge { start, end }
    }

    #[test]
    fn a_point_one_ulp_beside_an_edge_is_not_on_it() {
        let edge = edge([0.0, 0.0], [3.0, 3.0]);
        assert!(on_segment([0.1, 0.1], &edge));
        assert!(!on_segment([0.1, 0.1_f64.next_up()], &edge));
        assert!(!on_segment([4.0, 4.0], &edge));
    }

    #[test]
    fn edges_that_meet_end_to_end_or_lie_side_by_side_share_no_piece() {
        let first = edge([0.0, 0.0], [2.0, 2.0]);
        assert!(share_a_piece(&first, &edge([3.0, 3.0], [1.0, 1.0])));
        assert!(!share_a_piece(&first, &edge([2.0, 2.0], [3.0, 3.0])));
        assert!(!share_a_piece(&first, &edge([0.0, 1.0], [2.0, 3.0])));
        assert!(share_a_piece(&edge([1.0, 0.0], [1.0, 5.0]), &edge([1.0, 4.0], [1.0, 9.0])));
    }
}
