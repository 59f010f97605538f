//! The variance of the score beside random effects, without a lag of the error, where errors are independent between
//! units alone.

use durbin_core::random::{Purpose, Stream};
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use crate::{
    Error,
    design::Design,
    goodness::residuals,
    logdet::{LogDet, signs},
    multiplier::Multiplier,
    parameters::{Point, Positions},
    within::unit_means,
};

/// Units up to which pairs are summed one by one; beyond, by random vectors.
const PAIRS: usize = 3_000;

/// Random vectors.
const PROBES: u32 = 256;

/// Units whose rows of G are found together.
const TOGETHER: usize = 8;

/// Seed of the signs of periods.
const SEED: u64 = 54_321;

/// `n/(n − 1)·[Σ_i c_ic_i' + Σ_{i<j} q_ij²]`, the second for ρ alone: the errors `e` quasi-demeaned are independent
/// between units whatever their variances and their dependence within one, effects included, and
///
/// ```text
/// c_i:  γ: Σ_t z_it·e_it/σ²     ρ: Σ_t (GZγ)_it·e_it/σ² + G_ii(Σ_t e_it²/σ² − t)
///       φ: 1/φ − t·ē_i²/(φσ²)   σ²: (Σ_t e_it²/σ² − t)/(2σ²)
/// q_ij = (G_ij + G_ji)·Σ_t e_it·e_jt/σ²
/// ```
///
/// with Z quasi-demeaned. `design` is as it was before that; `lag` has the log-determinant and the multiplier of ρ.
///
/// # Errors
/// [`Error::NoUnitEffects`] where the log-determinant is stochastic: there is no diagonal of G.
pub(crate) fn clustered(
    design: &Design,
    point: &Point,
    phi: f64,
    lag: Option<(&LogDet, &Multiplier)>,
) -> Result<Array2<f64>, Error> {
    let at = Positions::of(point);
    let starred = design.quasi_demeaned(phi);
    let (n, t, sigma2) = (design.n, design.t as f64, point.sigma2);
    let e = residuals(&starred, point);
    let by_period = starred.by_period(&e);
    let squares = by_period.mapv(|e| e * e).sum_axis(Axis(0)) / sigma2;
    let sums =
        |column: &Array1<f64>| -> Array1<f64> { unit_means(&(column * &e), n) * (t / sigma2) };
    let mut units = Array2::zeros((n, at.len()));
    for (j, column) in starred.z.columns().into_iter().enumerate() {
        units.column_mut(j).assign(&sums(&column.to_owned()));
    }
    if let Some(f) = at.phi {
        let means = unit_means(&e, n);
        units.column_mut(f).assign(&means.mapv(|mean| (1.0 - t * mean * mean / sigma2) / phi));
    }
    units.column_mut(at.sigma2).assign(&squares.mapv(|s| (s - t) / (2.0 * sigma2)));
    let mut pairs = 0.0;
    if let (Some(r), Some(rho), Some((logdet, multiplier))) = (at.rho, point.rho, lag) {
        let moved: Array1<f64> =
            multiplier.lagged(&starred.fitted(point)).iter().copied().collect();
        let diagonal = &logdet.unit_sums(rho)?.diagonal.g;
        units.column_mut(r).assign(&(sums(&moved) + &(diagonal * &squares.mapv(|s| s - t))));
        pairs = of_pairs(multiplier, &by_period, diagonal) / (sigma2 * sigma2);
    }
    let mut variance = units.t().dot(&units);
    if let Some(r) = at.rho {
        variance[[r, r]] += pairs;
    }
    Ok(variance * (n as f64 / (n as f64 - 1.0)))
}

/// `Σ_{i<j} (G_ij + G_ji)²·(Σ_t e_it·e_jt)²` of errors `t × n`.
fn of_pairs(multiplier: &Multiplier, errors: &Array2<f64>, diagonal: &Array1<f64>) -> f64 {
    if errors.ncols() <= PAIRS {
        one_by_one(multiplier, errors)
    } else {
        by_signs(multiplier, errors, diagonal)
    }
}

/// `(G + G')·v` for each row of `v`.
fn both(multiplier: &Multiplier, v: &Array2<f64>) -> Array2<f64> {
    multiplier.lagged(v) + multiplier.lagged_back(v)
}

pub(super) fn one_by_one(multiplier: &Multiplier, errors: &Array2<f64>) -> f64 {
    let n = errors.ncols();
    let numbers: Vec<usize> = (0..n).collect();
    let sums: Vec<f64> = numbers
        .par_chunks(TOGETHER)
        .map(|chunk| {
            let mut basis = Array2::zeros((chunk.len(), n));
            for (row, &i) in chunk.iter().enumerate() {
                basis[[row, i]] = 1.0;
            }
            let s = both(multiplier, &basis);
            let row = |(row, &i): (usize, &usize)| -> f64 {
                let products = errors.t().dot(&errors.column(i));
                (0..i).map(|j| (s[[row, j]] * products[j]).powi(2)).sum()
            };
            chunk.iter().enumerate().map(row).sum()
        })
        .collect();
    sums.iter().sum()
}

/// With signs ζ and ξ of periods, `u = Σ ζ_te_t` and v alike: `Σ_ij s_ij²(e_i'e_j)² = E tr(SDSD)`, `D = diag(u∘v)`.
pub(super) fn by_signs(
    multiplier: &Multiplier,
    errors: &Array2<f64>,
    diagonal: &Array1<f64>,
) -> f64 {
    let n = errors.ncols();
    let own: f64 =
        (0..n).map(|i| (2.0 * diagonal[i] * errors.column(i).dot(&errors.column(i))).powi(2)).sum();
    let probe = |number: u32| {
        let mut stream = Stream::new(SEED, Purpose::Probes, number);
        let mut summed = || {
            let zeta: Array1<f64> = (0..errors.nrows())
                .map(|_| if stream.uniform() < 0.5 { -1.0 } else { 1.0 })
                .collect();
            zeta.dot(errors)
        };
        let d = summed() * summed();
        let z = Array1::from(signs(n, number));
        let through =
            |v: &Array1<f64>| both(multiplier, &v.clone().insert_axis(Axis(0))).row(0).to_owned();
        (&d * &through(&z)).dot(&through(&(&d * &z)))
    };
    let probes: Vec<f64> = (0..PROBES).into_par_iter().map(probe).collect();
    0.5 * (probes.iter().sum::<f64>() / f64::from(PROBES) - own)
}
