//! By a sparse factorisation.

use std::sync::Arc;

use durbin_core::linalg::sparse::{Direction, Factor, Selected, SparseMatrix};
use ndarray::{Array1, Array2, ArrayView1};

use super::{Sums, UnitSums};
use crate::{Error, structure::Structure};

/// Below this ρ the trace of `G'G` is that of its first terms.
const TINY: f64 = 1e-6;

/// `I − ρV` factorised, with V similar to W (or W itself).
#[derive(Debug)]
pub(super) struct Sparse {
    structure: Arc<Structure>,
    factor: Factor,
}

impl Sparse {
    /// With `tr G'G`, `tr GG` being given. Where `W = D^-½ V D^½` and `Z = (I − ρV)⁻¹`, `S = D^-½ Z D^½`: diagonals
    /// of functions of W are those of V, and since `ZV = (Z − I)/ρ`
    ///
    /// ```text
    /// tr G'G = Σ_i [(V·ZDZ)_ii / d_i − (VZ)_ii] / ρ        (of an asymmetric W: Σ_i [(W·SS')_ii − (WS)_ii] / ρ)
    /// ```
    pub(super) fn new(
        structure: &Arc<Structure>,
        rho: f64,
        square: f64,
    ) -> Result<(Self, f64), Error> {
        let analysis = structure.analysis()?;
        let of = |factor| Self { structure: Arc::clone(structure), factor };
        if structure.is_symmetric() || rho.abs() < TINY {
            let length =
                if structure.is_symmetric() { square } else { structure.length_near_zero(rho) };
            return Ok((of(Factor::new(&analysis, rho, &[])?), length));
        }
        let ones = vec![1.0; structure.n()];
        let scale = structure.similar.as_ref().map_or(&ones, |similar| &similar.scale);
        let mut factor = Factor::new(&analysis, rho, &[Direction::Diagonal(scale)])?;
        let [inverse, weighted] = pair(factor.selected())?;
        factor.forget_directions();
        let both = weighted.lagged.iter().zip(&inverse.lagged).zip(scale);
        Ok((of(factor), both.map(|((y, g), d)| y / d - g).sum::<f64>() / rho))
    }

    /// `tr((W + W')G)` with `tr G` given.
    pub(super) fn mixed(&self, rho: f64, g: f64) -> f64 {
        let [own, square] = self.structure.traces();
        if rho.abs() < TINY {
            // tr W'W + ρ·tr W'WW, and likewise tr WW, of which the term in ρ is below rounding of what this is for.
            return square + self.structure.length_near_zero(0.5 * rho);
        }
        let ones = vec![1.0; self.structure.n()];
        let scale = self.structure.similar.as_ref().map_or(&ones, |similar| &similar.scale);
        (g - own) / rho + (self.factor.crossed(scale) - own) / rho
    }

    /// The diagonal of G.
    pub(super) fn diagonal(&self) -> Option<Array1<f64>> {
        self.factor.selected().into_iter().next().map(|inverse| inverse.lagged.into())
    }

    /// `G'·v` for each period of `v`, `t × n`: `W'·D^½Z'D^-½·v`.
    pub(super) fn lagged_back(&self, v: &Array2<f64>) -> Array2<f64> {
        let root: Vec<f64> = self.structure.root().iter().map(|root| root.recip()).collect();
        between(
            v,
            &root,
            |inner| self.factor.solve_transposed_all(inner),
            self.structure.transposed(),
        )
    }

    /// `G·v` for each period of `v`, `t × n`: `W·D^-½ZD^½·v`.
    pub(super) fn lagged(&self, v: &Array2<f64>) -> Array2<f64> {
        let root = self.structure.root();
        between(v, &root, |inner| self.factor.solve_all(inner), &self.structure.w)
    }
}

/// `A·R⁻¹·f(R·v)` for each row of `v`, R the diagonal matrix `root`.
fn between(
    v: &Array2<f64>,
    root: &[f64],
    f: impl Fn(&[Vec<f64>]) -> Vec<Vec<f64>>,
    a: &SparseMatrix,
) -> Array2<f64> {
    let scaled = |row: ArrayView1<f64>| row.iter().zip(root).map(|(v, root)| v * root).collect();
    let inner: Vec<Vec<f64>> = v.rows().into_iter().map(scaled).collect();
    let mut found = Array2::zeros(v.raw_dim());
    for (x, mut to) in f(&inner).into_iter().zip(found.rows_mut()) {
        let x: Vec<f64> = x.iter().zip(root).map(|(x, root)| x / root).collect();
        to.assign(&Array1::from(a.multiply(&x)));
    }
    found
}

/// Diagonals from the inverse and its derivative `ZVZ`, sums from solutions.
pub(super) fn sums(structure: &Structure, rho: f64) -> Result<UnitSums, Error> {
    let mut factor = Factor::new(&structure.analysis()?, rho, &[Direction::Matrix])?;
    let [inverse, derivative] = pair(factor.selected())?;
    factor.forget_directions();
    let (n, w, transposed) = (structure.n(), &structure.w, structure.transposed());
    let lagged = |x: &[f64]| w.multiply(&structure.scaled(x, |x| factor.solve(x)));
    let back =
        |x: &[f64]| transposed.multiply(&structure.scaled_back(x, |x| factor.solve_transposed(x)));
    Ok(UnitSums {
        rho,
        diagonal: Sums { g: inverse.lagged.into(), dg: derivative.lagged.into() },
        rows: Sums::along(n, lagged),
        columns: Sums::along(n, back),
    })
}

fn pair(selected: Vec<Selected>) -> Result<[Selected; 2], Error> {
    let singular = |_| durbin_core::Error::Singular { what: "I − ρW" }.into();
    selected.try_into().map_err(singular)
}
