//! The log-determinant `ln|I − ρW|` and its derivatives.

mod eigen;
mod panel;
mod rough;
mod stochastic;

use std::sync::Arc;

use durbin_core::linalg::sparse::SparseMatrix;
use durbin_weights::Weights;
use ndarray::Array2;

use crate::{
    Error, LogDeterminant,
    multiplier::{Multiplier, UnitSums},
    structure::Structure,
};
use eigen::Eigen;
use panel::Panels;
use rough::Rough;
use stochastic::Stochastic;
pub(crate) use stochastic::signs;

/// Most units for which the eigenvalues of a symmetrisable W are computed: 288 MB a matrix.
const MAX_EIGEN_SYMMETRISABLE: usize = 6_000;

/// Most units for which the eigenvalues of any other W are computed: about a minute.
const MAX_EIGEN_ASYMMETRIC: usize = 2_000;

/// Units up to which eigenvalues are not slower than factorisations by more than a few hundredths of a second.
const EIGEN: usize = 300;

/// A function of one parameter with two derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taylor {
    pub value: f64,
    pub slope: f64,
    pub curvature: f64,
}

impl Taylor {
    /// Where the function is not defined.
    const OUTSIDE: Self = Self { value: f64::NEG_INFINITY, slope: f64::NAN, curvature: f64::NAN };
}

/// `ln|I − ρW|` of one W, ready for any ρ. What it has found for one fit serves the next.
///
/// ```text
/// eigenvalues   Σ ln|1 − ρω_i|, exact (Ord 1975)
/// sparse        factorisations of I − ρW at Chebyshev nodes, between them their interpolant (Pace & Barry 1997 for
///               the factorisation); error below 1e-10 of the value
/// lanczos       stochastic quadrature (Ubaru, Chen & Saad 2017), of an asymmetric W moments (Barry & Pace 1999)
/// ```
#[derive(Debug)]
pub(crate) struct LogDet {
    structure: Arc<Structure>,
    kind: Kind,
    bounds: (f64, f64),
    /// How it is found.
    pub method: &'static str,
}

#[derive(Debug)]
enum Kind {
    Eigen(Eigen),
    Sparse(Panels),
    Stochastic(Stochastic),
}

impl LogDet {
    /// By the method that suits W.
    #[cfg(test)]
    pub(crate) fn new(w: &Weights) -> Result<Self, Error> {
        Self::by(w, LogDeterminant::Auto)
    }

    /// By a given method.
    ///
    /// # Errors
    /// [`Error::TooManyUnits`] for eigenvalues; eigenvalues that do not converge.
    pub(crate) fn by(w: &Weights, choice: LogDeterminant) -> Result<Self, Error> {
        let structure = Arc::new(Structure::new(w));
        let choice = match choice {
            LogDeterminant::Auto => automatic(&structure)?,
            chosen => chosen,
        };
        match choice {
            LogDeterminant::Auto | LogDeterminant::Eigen => Self::eigen(structure),
            LogDeterminant::Sparse => Self::sparse(structure),
            LogDeterminant::Lanczos => Self::lanczos(structure),
        }
    }

    fn eigen(structure: Arc<Structure>) -> Result<Self, Error> {
        let n = structure.n();
        let (limit, kind, method) = if structure.similar.is_some() {
            (
                MAX_EIGEN_SYMMETRISABLE,
                "symmetrisable",
                "eigenvalues of the similar symmetric matrix",
            )
        } else {
            (MAX_EIGEN_ASYMMETRIC, "asymmetric", "eigenvalues of the general matrix")
        };
        if n > limit {
            return Err(Error::TooManyUnits { n, limit, kind });
        }
        let eigen = match &structure.similar {
            Some(similar) => Eigen::symmetric(&dense_of(&similar.matrix))?,
            None => Eigen::general(&dense_of(&structure.w))?,
        };
        Ok(Self { bounds: eigen.bounds(), kind: Kind::Eigen(eigen), method, structure })
    }

    fn sparse(structure: Arc<Structure>) -> Result<Self, Error> {
        let bounds = structure.bounds()?;
        let rough = Rough::new(&structure)?;
        let panels = Panels::new(structure.analysis()?, rough, bounds, structure.similar.is_some());
        let method = if structure.similar.is_some() {
            "sparse Cholesky decomposition, interpolated between Chebyshev nodes"
        } else {
            "sparse LU decomposition, interpolated between Chebyshev nodes"
        };
        Ok(Self { kind: Kind::Sparse(panels), bounds, method, structure })
    }

    fn lanczos(structure: Arc<Structure>) -> Result<Self, Error> {
        let bounds = structure.bounds()?;
        let method = if structure.similar.is_some() {
            "stochastic Lanczos quadrature"
        } else {
            "stochastic moments"
        };
        let kind = Kind::Stochastic(Stochastic::new(&structure)?);
        Ok(Self { structure, kind, bounds, method })
    }

    /// The interval around zero on which `I − ρW` has a positive determinant: the inverses of the
    /// extreme real eigenvalues. Where W has no negative (or no positive) real eigenvalue, nothing
    /// bounds ρ on that side, and the interval ends at the inverse of the spectral radius. So it does on
    /// both sides for an asymmetric W too large for its eigenvalues, with the radius taken from the row
    /// (or column) sums.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        self.bounds
    }

    /// Value, `−tr G` and `−tr GG` with `G = W(I − ρW)⁻¹`; minus infinity where there is no log-determinant.
    pub(crate) fn at(&self, rho: f64) -> Taylor {
        match &self.kind {
            Kind::Eigen(eigen) => eigen.at(rho),
            Kind::Sparse(panels) => panels.at(rho),
            Kind::Stochastic(stochastic) => stochastic.at(rho),
        }
    }

    /// The same, good enough to see where a maximum is.
    pub(crate) fn rough(&self, rho: f64) -> Taylor {
        match &self.kind {
            Kind::Sparse(panels) => panels.rough(rho),
            _ => self.at(rho),
        }
    }

    /// Whether [`rough`](Self::rough) differs from [`at`](Self::at).
    pub(crate) fn is_costly(&self) -> bool {
        matches!(self.kind, Kind::Sparse(..))
    }

    /// W as the computations see it.
    pub(crate) fn structure(&self) -> &Arc<Structure> {
        &self.structure
    }

    /// Whether entries of the inverse are out of reach.
    pub(crate) fn is_stochastic(&self) -> bool {
        matches!(self.kind, Kind::Stochastic(_))
    }

    /// A bound of the error of the value at ρ: of the interpolation, or two standard errors of a stochastic
    /// method; none of eigenvalues.
    pub(crate) fn error(&self, rho: f64) -> Option<f64> {
        match &self.kind {
            Kind::Eigen(_) => None,
            Kind::Sparse(panels) => Some(panels.error(rho)),
            Kind::Stochastic(stochastic) => Some(stochastic.error(rho)),
        }
    }

    /// `(I − ρW)⁻¹` at ρ.
    ///
    /// # Errors
    /// `I − ρW` is singular.
    pub(crate) fn multiplier(&self, rho: f64) -> Result<Multiplier, Error> {
        match &self.kind {
            Kind::Eigen(_) => Multiplier::dense(&self.structure, rho),
            Kind::Sparse(panels) => {
                let Taylor { slope, curvature, .. } = panels.at(rho);
                if slope.is_nan() {
                    return Err(durbin_core::Error::Singular { what: "I − ρW" }.into());
                }
                Multiplier::sparse(&self.structure, rho, [-slope, -curvature])
            }
            Kind::Stochastic(_) => Multiplier::iterative(&self.structure, rho),
        }
    }

    /// What effects unit by unit are made from.
    ///
    /// # Errors
    /// [`Error::NoUnitEffects`] of a stochastic method; `I − ρW` is singular.
    pub(crate) fn unit_sums(&self, rho: f64) -> Result<UnitSums, Error> {
        match &self.kind {
            Kind::Eigen(_) => UnitSums::dense(&self.structure, rho),
            Kind::Sparse(..) => UnitSums::sparse(&self.structure, rho),
            Kind::Stochastic(_) => Err(Error::NoUnitEffects),
        }
    }
}

/// Eigenvalues where they are cheaper than a handful of factorisations, stochastic methods where a factor would not
/// fit.
fn automatic(structure: &Structure) -> Result<LogDeterminant, Error> {
    let n = structure.n();
    let (eigen, most) = match structure.similar {
        Some(_) => (10.0, MAX_EIGEN_SYMMETRISABLE),
        None => (30.0, MAX_EIGEN_ASYMMETRIC),
    };
    if n <= EIGEN {
        return Ok(LogDeterminant::Eigen);
    }
    if n <= most && structure.density() > DENSE {
        return Ok(LogDeterminant::Eigen);
    }
    let analysis = structure.analysis()?;
    let multiplier = structure.cost_of_asymmetry();
    if n <= most && 60.0 * multiplier * analysis.operations() > eigen * (n as f64).powi(3) {
        return Ok(LogDeterminant::Eigen);
    }
    let fits = multiplier * analysis.n_entries() as f64 <= MOST_ENTRIES
        && multiplier * analysis.operations() <= MOST_OPERATIONS;
    Ok(if fits { LogDeterminant::Sparse } else { LogDeterminant::Lanczos })
}

/// Share of links from which a factor is full.
const DENSE: f64 = 0.2;

/// Entries of a factor that are kept: with derivatives 2.4 GB.
const MOST_ENTRIES: f64 = 1e8;

/// Multiplications of one factorisation: about half a minute.
const MOST_OPERATIONS: f64 = 3e11;

/// W as a dense `n × n` matrix.
#[cfg(test)]
pub(crate) fn dense(w: &Weights) -> Array2<f64> {
    dense_of(&crate::similar::sparse(w, |_, _, w| w))
}

/// A sparse matrix as a dense one.
pub(crate) fn dense_of(matrix: &SparseMatrix) -> Array2<f64> {
    let n = matrix.n();
    let mut dense = Array2::zeros((n, n));
    for i in 0..n {
        let (columns, values) = matrix.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            dense[[i, j as usize]] = value;
        }
    }
    dense
}

#[cfg(test)]
mod tests;
