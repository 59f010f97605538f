//! By a sparse factorisation.

use std::sync::Arc;

use durbin_core::linalg::sparse::{Direction, Factor, Selected};
use ndarray::{Array1, Array2};

use super::{Sums, UnitSums, by_period};
use crate::{Error, structure::Structure};

/// Below this ρ the trace of `G'G` is that of its first terms.
const TINY: f64 = 1e-6;

/// `I − ρV` factorised, with V similar to W (or W itself), and the entries of its inverse that are summed.
///
/// With `W = D^-½ V D^½` and `Z = (I − ρV)⁻¹`, `S = D^-½ Z D^½`: diagonals of functions of W are those of V, and
///
/// ```text
/// tr G'G = Σ_i [(V·ZDZ)_ii / d_i − (VZ)_ii] / ρ        (of an asymmetric W: Σ_i [(W·SS')_ii − (WS)_ii] / ρ)
/// ```
///
/// since `ZV = (Z − I)/ρ`.
#[derive(Debug)]
pub(super) struct Sparse {
    structure: Arc<Structure>,
    factor: Factor,
    /// Of `S` and `ZVZ`.
    inverse: Selected,
    derivative: Selected,
    /// `tr G'G`.
    length: f64,
}

impl Sparse {
    pub(super) fn new(structure: &Arc<Structure>, rho: f64) -> Result<Self, Error> {
        let analysis = structure.analysis()?;
        let ones = vec![1.0; structure.n()];
        let scale = structure.similar.as_ref().map_or(&ones, |similar| &similar.scale);
        let symmetric = structure.is_symmetric();
        let directions: &[Direction] = if symmetric || rho.abs() < TINY {
            &[Direction::Matrix]
        } else {
            &[Direction::Matrix, Direction::Diagonal(scale)]
        };
        let mut factor = Factor::new(&analysis, rho, directions)?;
        let mut selected = factor.selected().into_iter();
        factor.forget_directions();
        let (Some(inverse), Some(derivative)) = (selected.next(), selected.next()) else {
            return Err(durbin_core::Error::Singular { what: "I − ρW" }.into());
        };
        let length = match selected.next() {
            Some(weighted) => {
                let both = weighted.lagged.iter().zip(&inverse.lagged).zip(scale);
                both.map(|((y, g), d)| y / d - g).sum::<f64>() / rho
            }
            None if symmetric => derivative.lagged.iter().sum(),
            None => structure.length_near_zero(rho),
        };
        Ok(Self { structure: Arc::clone(structure), factor, inverse, derivative, length })
    }

    /// `tr G`, `tr GG` and `tr G'G`.
    pub(super) fn traces(&self) -> [f64; 3] {
        [self.inverse.lagged.iter().sum(), self.derivative.lagged.iter().sum(), self.length]
    }

    pub(super) fn column_sums(&self) -> Array1<f64> {
        let ones = vec![1.0; self.structure.n()];
        self.structure.transposed().multiply(&self.back(&ones)).into()
    }

    /// `S·x`.
    fn solve(&self, x: &[f64]) -> Vec<f64> {
        self.structure.scaled(x, |x| self.factor.solve(x))
    }

    /// `S'·x`.
    fn back(&self, x: &[f64]) -> Vec<f64> {
        self.structure.scaled_back(x, |x| self.factor.solve_transposed(x))
    }

    pub(super) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.structure.w.multiply(&self.solve(v)))
    }

    pub(super) fn response(&self, v: &Array2<f64>) -> Array2<f64> {
        by_period(v, |v| self.solve(v))
    }

    pub(super) fn sums(&self) -> UnitSums {
        let (w, transposed) = (&self.structure.w, self.structure.transposed());
        UnitSums {
            diagonal: Sums {
                s: self.inverse.diagonal.clone().into(),
                g: self.inverse.lagged.clone().into(),
                ds: self.derivative.diagonal.clone().into(),
                dg: self.derivative.lagged.clone().into(),
            },
            rows: Sums::along(self.structure.n(), |x| self.solve(x), |x| w.multiply(x)),
            columns: Sums::along(self.structure.n(), |x| self.back(x), |x| transposed.multiply(x)),
            exact: true,
        }
    }
}
