//! The log-determinant `ln|I − ρW|` and its derivatives.

use durbin_core::linalg::{eigenvalues, symmetric_eigenvalues};
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{Error, similar::symmetric};

/// Most units for which the eigenvalues of a symmetrisable W are computed: 288 MB a matrix.
pub const MAX_UNITS_SYMMETRISABLE: usize = 6_000;

/// Most units for which the eigenvalues of any other W are computed: about a minute.
pub const MAX_UNITS_ASYMMETRIC: usize = 2_000;

/// Imaginary parts below this share of the spectral radius are rounding.
const REAL: f64 = 1e-9;

/// A function of one parameter with two derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taylor {
    pub value: f64,
    pub slope: f64,
    pub curvature: f64,
}

/// `ln|I − ρW| = Σ ln|1 − ρω_i|` over the eigenvalues `ω` of W (Ord 1975).
#[derive(Debug)]
pub(crate) struct LogDet {
    /// Real and imaginary parts.
    eigenvalues: Vec<(f64, f64)>,
    /// How they were found.
    pub method: &'static str,
}

impl LogDet {
    pub(crate) fn new(w: &Weights) -> Result<Self, Error> {
        let n = w.n_units();
        let refuse = |limit, kind| Err(Error::TooManyUnits { n, limit, kind });
        if n > MAX_UNITS_SYMMETRISABLE {
            return refuse(MAX_UNITS_SYMMETRISABLE, "symmetrisable");
        }
        if let Some(similar) = symmetric(w) {
            let real = symmetric_eigenvalues(&similar)?;
            return Ok(Self {
                eigenvalues: real.into_iter().map(|re| (re, 0.0)).collect(),
                method: "eigenvalues of the similar symmetric matrix",
            });
        }
        if n > MAX_UNITS_ASYMMETRIC {
            return refuse(MAX_UNITS_ASYMMETRIC, "asymmetric");
        }
        Ok(Self {
            eigenvalues: eigenvalues(&dense(w))?,
            method: "eigenvalues of the general matrix",
        })
    }

    /// The interval around zero on which `I − ρW` has a positive determinant: the inverses of the
    /// extreme real eigenvalues. Where W has no negative (or no positive) real eigenvalue, nothing
    /// bounds ρ on that side, and the interval ends at the inverse of the spectral radius.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        let radius = self.eigenvalues.iter().map(|(re, im)| re.hypot(*im)).fold(0.0, f64::max);
        let real = || {
            let is_real = |(_, im): &&(f64, f64)| im.abs() <= REAL * radius;
            self.eigenvalues.iter().filter(is_real).map(|(re, _)| *re)
        };
        let (smallest, largest) = (real().fold(0.0, f64::min), real().fold(0.0, f64::max));
        let lower = if smallest < 0.0 { 1.0 / smallest } else { -1.0 / radius };
        let upper = if largest > 0.0 { 1.0 / largest } else { 1.0 / radius };
        (lower, upper)
    }

    /// Value, `−Σ Re(ω/(1 − ρω))` and `−Σ Re(ω²/(1 − ρω)²)`.
    pub(crate) fn at(&self, rho: f64) -> Taylor {
        let mut sum = Taylor { value: 0.0, slope: 0.0, curvature: 0.0 };
        for &(re, im) in &self.eigenvalues {
            let (a, b) = (1.0 - rho * re, -rho * im);
            let squared = a * a + b * b;
            // ω / (1 − ρω) = (re + i·im)(a − i·b) / (a² + b²)
            let (ratio_re, ratio_im) = ((re * a + im * b) / squared, (im * a - re * b) / squared);
            sum.value += 0.5 * squared.ln();
            sum.slope -= ratio_re;
            sum.curvature -= ratio_re * ratio_re - ratio_im * ratio_im;
        }
        sum
    }
}

/// W as a dense `n × n` matrix.
pub(crate) fn dense(w: &Weights) -> Array2<f64> {
    let n = w.n_units();
    let mut dense = Array2::zeros((n, n));
    for i in 0..n {
        let (columns, values) = w.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            dense[[i, j as usize]] = value;
        }
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_weights::Transform;

    fn ring(one_way: bool) -> Weights {
        let rows = (0..5_u32).map(|i| {
            let next = ((i + 1) % 5, 1.0);
            if one_way { vec![next] } else { vec![next, ((i + 4) % 5, 1.0)] }
        });
        let ids = (0..5).map(|i| i.to_string()).collect();
        Weights::from_rows(ids, rows.collect(), "ring").transform(Transform::Row).unwrap()
    }

    #[test]
    fn a_one_way_ring_has_the_determinant_one_minus_rho_to_the_fifth() {
        let logdet = LogDet::new(&ring(true)).unwrap();
        assert_eq!(logdet.method, "eigenvalues of the general matrix");
        for rho in [-0.9_f64, -0.3, 0.0, 0.5, 0.95] {
            let taylor = logdet.at(rho);
            let left = 1.0 - rho.powi(5);
            assert!((taylor.value - left.ln()).abs() < 1e-13);
            assert!((taylor.slope + 5.0 * rho.powi(4) / left).abs() < 1e-12);
            let curvature = -20.0 * rho.powi(3) / left - (5.0 * rho.powi(4) / left).powi(2);
            assert!((taylor.curvature - curvature).abs() < 1e-10 * curvature.abs().max(1.0));
        }
    }

    #[test]
    fn bounds_are_inverse_extreme_real_eigenvalues() {
        let both_ways = LogDet::new(&ring(false)).unwrap();
        assert_eq!(both_ways.method, "eigenvalues of the similar symmetric matrix");
        let (lower, upper) = both_ways.bounds();
        let smallest = (4.0 * std::f64::consts::PI / 5.0).cos();
        assert!((lower - 1.0 / smallest).abs() < 1e-13 && (upper - 1.0).abs() < 1e-13);
    }

    #[test]
    fn without_a_negative_real_eigenvalue_the_spectral_radius_bounds_below() {
        let (lower, upper) = LogDet::new(&ring(true)).unwrap().bounds();
        assert!((lower + 1.0).abs() < 1e-12 && (upper - 1.0).abs() < 1e-12);
    }

    #[test]
    fn symmetric_and_general_eigenvalues_give_the_same_log_determinant() {
        let w = ring(false);
        let general = LogDet { eigenvalues: eigenvalues(&dense(&w)).unwrap(), method: "" };
        let symmetric = LogDet::new(&w).unwrap();
        for rho in [-1.0, -0.2, 0.4, 0.9] {
            let (a, b) = (general.at(rho), symmetric.at(rho));
            assert!((a.value - b.value).abs() < 1e-13 && (a.slope - b.slope).abs() < 1e-11);
        }
    }
}
