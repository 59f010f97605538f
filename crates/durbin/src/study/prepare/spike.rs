//! Single wrong figures in the series of a unit: mistyped, in another unit of measure, of another place.

use durbin_core::Panel;
use ndarray::{Array2, ArrayView1, s};

/// The standard deviation of a normal variable for a median absolute deviation of one, 1 / Φ⁻¹(3/4).
const NORMAL: f64 = 1.482_602_218_505_602;

/// The values, `t × n`, with spikes replaced by the line between the values before and after.
///
/// d is how far a value lies from that line. It is a spike where |d| > `threshold` × 1.4826 × median |d|, the median over all values or
/// over the others of the unit, whichever is larger (a Hampel identifier), and where it stands alone: a single wrong value puts the one
/// before and the one after off by about −d/2, a lasting change of level does not. The first and last value of a unit have no such line
/// and stay, and so does a variable most of whose values lie on it exactly, which has no scale.
pub(super) fn removed(values: &Array2<f64>, threshold: f64, panel: &Panel) -> Array2<f64> {
    let line = between_neighbours(values, panel);
    let off = values - &line;
    let pooled = NORMAL * median_size(off.iter().copied());
    let mut after = values.clone();
    for ((s, unit), d) in off.indexed_iter() {
        let far = |scale: f64| scale > 0.0 && d.abs() > threshold * scale;
        let series = off.column(unit);
        if far(pooled) && stands_alone(&series, s) {
            let own = NORMAL * median_size(beyond(&series, s));
            if far(pooled.max(own)) {
                after[[s, unit]] = line[[s, unit]];
            }
        }
    }
    after
}

/// At every value that has others of its unit before and after it: the line between those; elsewhere missing.
fn between_neighbours(values: &Array2<f64>, panel: &Panel) -> Array2<f64> {
    let mut line = Array2::from_elem(values.dim(), f64::NAN);
    for parity in [0, 1] {
        let judged = s![parity..;2, ..];
        let mut others = values.clone();
        others.slice_mut(judged).fill(f64::NAN);
        panel.interpolate(&mut others);
        line.slice_mut(judged).assign(&others.slice(judged));
    }
    line
}

fn stands_alone(off: &ArrayView1<f64>, s: usize) -> bool {
    let beside = [s.checked_sub(1), Some(s + 1)];
    let known = beside.into_iter().flatten().filter_map(|at| off.get(at)).filter(|d| !d.is_nan());
    known.copied().all(|d| (d + off[s] / 2.0).abs() < off[s].abs() / 4.0)
}

/// The series without what one value has a part in: itself and those beside it.
fn beyond(off: &ArrayView1<f64>, s: usize) -> impl Iterator<Item = f64> {
    off.iter().enumerate().filter(move |(at, _)| at.abs_diff(s) > 1).map(|(_, d)| *d)
}

/// The median of |d| over those that are known, zero where none is.
fn median_size(off: impl Iterator<Item = f64>) -> f64 {
    let mut sizes: Vec<f64> = off.filter(|d| !d.is_nan()).map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    match sizes.len() {
        0 => 0.0,
        count => f64::midpoint(sizes[(count - 1) / 2], sizes[count / 2]),
    }
}
