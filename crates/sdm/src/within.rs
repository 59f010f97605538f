//! The within transformation: fixed effects out by demeaning.

use ndarray::{Array1, Array2, Axis};

use crate::Effects;

/// `Q·v` for a variable of shape `t × n`, where `Q` takes out unit means, period means or both:
/// two-way `v_it − v̄_i· − v̄_·t + v̄` (Baltagi 2013).
///
/// Every variable of an equation goes through this after any spatial lag (`Q·W·y`, not `W·Q·y`): the
/// two differ as soon as period effects meet a W whose columns do not all sum to the same.
pub(crate) fn demean(values: &Array2<f64>, effects: Effects) -> Array2<f64> {
    let mut within = values.clone();
    // In a balanced panel the second pass finds the period means of what the first left.
    if effects.of_units() {
        let means = within.sum_axis(Axis(0)) / within.nrows() as f64;
        within -= &means;
    }
    if effects.of_periods() {
        let means = within.sum_axis(Axis(1)) / within.ncols() as f64;
        within -= &means.insert_axis(Axis(1));
    }
    within
}

/// `v_it − (1 − φ)·v̄_i·` for observations ordered by period, `n` units each (Baltagi 2013): with
/// `φ² = σ²/(t·σ_μ² + σ²)` the sum of a random unit effect and an error becomes white.
pub(crate) fn quasi_demean(v: &Array1<f64>, n: usize, phi: f64) -> Array1<f64> {
    let means = unit_means(v, n);
    v.iter().enumerate().map(|(at, value)| value - (1.0 - phi) * means[at % n]).collect()
}

/// The mean over periods of each of `n` units, from observations ordered by period.
pub(crate) fn unit_means(v: &Array1<f64>, n: usize) -> Array1<f64> {
    let mut means = Array1::zeros(n);
    for (at, value) in v.iter().enumerate() {
        means[at % n] += value;
    }
    means / (v.len() / n) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn values() -> Array2<f64> {
        array![[1.0, 2.0, 4.0], [8.0, 16.0, 33.0]]
    }

    #[test]
    fn two_way_demeaning_leaves_neither_unit_nor_period_means() {
        let within = demean(&values(), Effects::TwoWays);
        for axis in [Axis(0), Axis(1)] {
            assert!(within.sum_axis(axis).iter().all(|sum| sum.abs() < 1e-13));
        }
    }

    #[test]
    fn one_way_demeaning_takes_out_its_own_means_alone() {
        let unit = demean(&values(), Effects::Unit);
        assert_eq!(unit.row(0).to_vec(), [-3.5, -7.0, -14.5]);
        let time = demean(&values(), Effects::Time);
        assert_eq!(time.row(1).to_vec(), [-11.0, -3.0, 14.0]);
        assert_eq!(demean(&values(), Effects::None), values());
    }

    #[test]
    fn quasi_demeaning_runs_from_the_within_values_to_the_raw_ones() {
        let raw: Array1<f64> = values().iter().copied().collect();
        let within: Array1<f64> = demean(&values(), Effects::Unit).iter().copied().collect();
        assert_eq!(quasi_demean(&raw, 3, 0.0), within);
        assert_eq!(quasi_demean(&raw, 3, 1.0), raw);
    }
}
