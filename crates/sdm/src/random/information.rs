//! The expected information beside random effects and a lag of the error.

use durbin_core::linalg::sparse::{Direction, Factor};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, s};

use super::{
    probes::{Inverses, Mean, OfLag},
    square::Square,
};
use crate::{
    Error, Prepared,
    design::{Design, lag},
    multiplier::Multiplier,
    parameters::{Point, Positions},
    scores::Estimated,
    within::unit_means,
};

/// Expected information of `(γ, ρ, λ, φ, σ²)`: `∂m/∂a'Ω⁻¹∂m/∂b + ½·tr(Ω⁻¹Ω_aΩ⁻¹Ω_b)` with m the mean of y and Ω_a the
/// derivative of its covariance. In the means, whitened by `K^-½B`, and in the `t − 1` sets of deviations, whitened
/// by B, for which K stands for I,
///
/// ```text
/// Ω_ρ: QK + KQ',  Q = BGB⁻¹     Ω_λ: H + H',  H = MB⁻¹     Ω_φ: −2φ⁻³BB' (means alone)     Ω_σ²: K/σ²
/// ```
///
/// Of K⁻¹ the pattern of BB' suffices for φ with λ, φ and σ²; the rest are [`Products`](super::probes::Products).
/// `multiplier` is that of ρ, and `same` says whether lag and error have the same weights.
///
/// # Errors
/// A singular `I − λM`.
pub(crate) fn information(
    design: &Design,
    point: &Point,
    (lambda, phi): (f64, f64),
    (w, multiplier): (&Prepared, Option<&Multiplier>),
    m: &Prepared,
) -> Result<Estimated, Error> {
    let at = Positions::of(point);
    let (n, t, sigma2) = (design.n as f64, design.t as f64, point.sigma2);
    let c = phi.powi(-2) - 1.0;
    let square = Square::new(m.weights())?;
    let squared = square.at(lambda);
    let factor = Factor::new(&squared, -c, &[Direction::Matrix])?;
    let of_error = m.logdet()?.multiplier(lambda)?;
    // tr(K⁻¹X), tr(K⁻¹X_λ), tr(K⁻¹XK⁻¹X), tr(K⁻¹XK⁻¹X_λ) for X = BB'.
    let traces = factor.traces_with(&[&squared, &square.slope(lambda)]);
    let [[x, slope], [xx, x_slope]] = [[traces[0][0], traces[0][1]], [traces[1][0], traces[1][1]]];
    let h = of_error.traces(false);
    let lag = match (multiplier, point.rho) {
        (Some(multiplier), Some(rho)) => {
            let taylor = w.logdet()?.at(rho);
            Some((multiplier, -taylor.slope, -taylor.curvature))
        }
        _ => None,
    };
    let inverses = Inverses {
        square: &square,
        lambda,
        c,
        k: &factor,
        error: &of_error,
        lag: lag.map(|(g, ..)| (g, std::ptr::eq(w.weights(), m.weights()))),
        known: [n - c * x, h.squares, lag.map_or(0.0, |(_, trace, _)| trace)],
    };
    let products = inverses.products();
    let of_mean = linear(design, point, lambda, &factor, multiplier, m.weights());
    let mut information = Estimated::exact(of_mean);
    let mut add = |a: Option<usize>, b: Option<usize>, value: f64, means: &[(f64, Mean)]| {
        let (Some(a), Some(b)) = (a, b) else { return };
        let sum: f64 = means.iter().map(|(factor, mean)| factor * mean.value).sum();
        let error: f64 = means.iter().map(|(factor, mean)| factor.abs() * mean.error).sum();
        for place in if a == b { vec![[a, b]] } else { vec![[a, b], [b, a]] } {
            information.value[place] += value + sum;
            information.error[place] += error;
        }
    };
    let sigma = Some(at.sigma2);
    let cubed = phi.powi(-3);
    add(at.lambda, at.lambda, (t - 1.0) * h.squares, &[(1.0, products.error)]);
    add(at.lambda, at.phi, cubed * (slope - c * x_slope), &[]);
    add(at.lambda, sigma, (t * h.g + 0.5 * c * slope) / sigma2, &[]);
    add(at.phi, at.phi, 2.0 * cubed * cubed * xx, &[]);
    add(at.phi, sigma, -cubed * x / sigma2, &[]);
    add(sigma, sigma, n * t / (2.0 * sigma2 * sigma2), &[]);
    if let (Some((_, trace, twice)), Some(OfLag { squares, cross, filtered })) = (lag, products.lag)
    {
        add(at.rho, at.rho, t * twice, &[(1.0, squares[1]), (t - 1.0, squares[0])]);
        add(at.rho, at.lambda, 0.0, &[(1.0, cross[1]), (t - 1.0, cross[0])]);
        add(at.rho, at.phi, -2.0 * cubed * trace / c, &[(2.0 * cubed / c, filtered)]);
        add(at.rho, sigma, t * trace / sigma2, &[]);
    }
    Ok(information)
}

/// The part of the mean: `V'Ω⁻¹V` with V the regressors and, for ρ, `(I⊗G)Zγ`.
fn linear(
    design: &Design,
    point: &Point,
    lambda: f64,
    factor: &Factor,
    multiplier: Option<&Multiplier>,
    m: &Weights,
) -> Array2<f64> {
    let at = Positions::of(point);
    let (n, t) = (design.n, design.t as f64);
    let mut columns: Vec<Array1<f64>> = match &design.error {
        Some(lags) => {
            (&design.z - &(&lags.z * lambda)).columns().into_iter().map(|c| c.to_owned()).collect()
        }
        None => Vec::new(),
    };
    if let Some(multiplier) = multiplier {
        let moved = multiplier.lagged(&design.fitted(point));
        let filtered = &moved - &(lag(m, &moved) * lambda);
        columns.push(filtered.iter().copied().collect());
    }
    let means: Vec<Array1<f64>> = columns.iter().map(|column| unit_means(column, n)).collect();
    for (column, means) in columns.iter_mut().zip(&means) {
        for (row, value) in column.iter_mut().enumerate() {
            *value -= means[row % n];
        }
    }
    let flat: Vec<Vec<f64>> = means.iter().map(|column| column.to_vec()).collect();
    let solved: Vec<Array1<f64>> = factor.solve_all(&flat).into_iter().map(Array1::from).collect();
    let p = columns.len();
    let products = Array2::from_shape_fn((p, p), |(a, b)| {
        (columns[a].dot(&columns[b]) + t * means[a].dot(&solved[b])) / point.sigma2
    });
    let mut information = Array2::zeros((at.len(), at.len()));
    information.slice_mut(s![..p, ..p]).assign(&products);
    information
}
