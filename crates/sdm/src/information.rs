//! Information matrices of the parameters, and their inverses.

use durbin_core::linalg::{LeastSquares, inverse_spd};
use ndarray::{Array1, Array2, s};

use crate::{
    Effects, Error,
    design::Design,
    likelihood::ErrorProfile,
    multiplier::{Multiplier, Traces},
    parameters::{Point, Positions},
    sample::Sample,
    within::demean,
};

/// Expected information of `(γ, ρ, φ, σ²)` for `y = ρWy + Zγ + ε` (Elhorst 2014; Anselin
/// 1988), `T` and `m` the sample's periods and observations, `G = W(I − ρW)⁻¹`:
///
/// ```text
/// γγ: Z'Z/σ²     γρ: Z'(I⊗G)Zγ/σ²                          γσ²: 0
///                ρρ: T·tr(GG + G'G) + |(I⊗G)Zγ|²/σ²        ρσ²: T·tr(G)/σ²
///                                                          σ²σ²: m/(2σ⁴)
/// ```
///
/// With maximum likelihood on demeaned data `(I⊗G)Zγ` is taken as it stands; the transformed likelihood
/// sees its part within periods. With a random effect the design is quasi-demeaned, and φ adds
/// `φφ: 2n/φ²`, `ρφ: −2·tr(G)/φ`, `φσ²: −n/(φσ²)`, from the variance of its score
/// `n/φ − e'J̄e/(φσ²)`.
pub(crate) fn of_lag(
    design: &Design,
    sample: Sample,
    point: &Point,
    multiplier: &Multiplier,
    lagged: &Array2<f64>,
) -> Array2<f64> {
    let at = Positions::of(point);
    let lagged: Array1<f64> = if sample.without_unit_root {
        demean(lagged, Effects::Time).iter().copied().collect()
    } else {
        lagged.iter().copied().collect()
    };
    let traces = multiplier.traces(sample.without_unit_root);
    let mut information = of_coefficients(design.gram(), sample, point);
    if let Some(r) = at.rho {
        let cross = design.z.t().dot(&lagged) / point.sigma2;
        information.slice_mut(s![..at.k, r]).assign(&cross);
        information.slice_mut(s![r, ..at.k]).assign(&cross);
        spatial_block(&mut information, r, at.sigma2, traces, sample, point.sigma2);
        information[[r, r]] += lagged.dot(&lagged) / point.sigma2;
        if let (Some(f), Some(phi)) = (at.phi, point.phi) {
            information[[r, f]] = -2.0 * traces.g / phi;
            information[[f, r]] = information[[r, f]];
        }
    }
    information
}

/// Expected information of `(γ, λ, σ²)` for `y = Zγ + u`, `u = λMu + ε` (Elhorst 2014): block
/// diagonal, `Z*'Z*/σ²` with `Z* = Z − λMZ`, and the block of [`of_lag`] without its term in `Zγ`.
pub(crate) fn of_error(
    profile: &ErrorProfile,
    sample: Sample,
    point: &Point,
    lambda: f64,
    multiplier: &Multiplier,
) -> Array2<f64> {
    let at = Positions::of(point);
    let traces = multiplier.traces(sample.without_unit_root);
    let z = profile.filtered(lambda);
    let mut information = of_coefficients(z.t().dot(&z), sample, point);
    if let Some(l) = at.lambda {
        spatial_block(&mut information, l, at.sigma2, traces, sample, point.sigma2);
    }
    information
}

/// Expected information of `(γ, φ, σ²)` for `y = Zγ + ε`, from `Z'Z`; of the other parameters zero.
pub(crate) fn of_coefficients(gram: Array2<f64>, sample: Sample, point: &Point) -> Array2<f64> {
    let at = Positions::of(point);
    let mut information = Array2::zeros((at.len(), at.len()));
    information.slice_mut(s![..at.k, ..at.k]).assign(&(gram / point.sigma2));
    information[[at.sigma2, at.sigma2]] = sample.observations / (2.0 * point.sigma2 * point.sigma2);
    if let (Some(f), Some(phi)) = (at.phi, point.phi) {
        let n = sample.observations / sample.periods;
        information[[f, f]] = 2.0 * n / (phi * phi);
        information[[f, at.sigma2]] = -n / (phi * point.sigma2);
        information[[at.sigma2, f]] = information[[f, at.sigma2]];
    }
    information
}

/// Adds the entries of a spatial parameter at `at` with itself and with σ².
fn spatial_block(
    information: &mut Array2<f64>,
    at: usize,
    sigma: usize,
    traces: Traces,
    sample: Sample,
    sigma2: f64,
) {
    information[[at, at]] += sample.periods * traces.squares;
    information[[at, sigma]] = sample.periods * traces.g / sigma2;
    information[[sigma, at]] = information[[at, sigma]];
}

/// Covariance of `(γ, σ²)` of least squares: `s²(Z'Z)⁻¹` with the unbiased `s²`, so that intervals are
/// those of the classical regression, and `2σ⁴/m`.
pub(crate) fn covariance_of_least_squares(
    design: &Design,
    sample: Sample,
    unbiased_variance: f64,
    sigma2: f64,
) -> Result<Array2<f64>, Error> {
    let k = design.names.len();
    let mut covariance = Array2::zeros((k + 1, k + 1));
    let gram = LeastSquares::new(&design.compact().z)?.gram_inverse();
    covariance.slice_mut(s![..k, ..k]).assign(&(gram * unbiased_variance));
    covariance[[k, k]] = 2.0 * sigma2 * sigma2 / sample.observations;
    Ok(covariance)
}

/// The inverse, taken after scaling the diagonal to one: parameters may differ by many orders of
/// magnitude.
///
/// # Errors
/// The information matrix is singular.
pub(crate) fn inverse(information: &Array2<f64>) -> Result<Array2<f64>, Error> {
    let scale = information.diag().mapv(|v| 1.0 / v.sqrt());
    let rescale = |m: Array2<f64>| m * &scale * scale.view().insert_axis(ndarray::Axis(1));
    let scaled = rescale(information.clone());
    Ok(rescale(inverse_spd(&scaled, "the information matrix")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn an_ill_scaled_matrix_is_inverted_to_full_precision() {
        let information = array![[4e12, 2.0], [2.0, 3e-12]];
        let product = information.dot(&inverse(&information).unwrap());
        assert!((product[[0, 0]] - 1.0).abs() < 1e-14 && (product[[1, 1]] - 1.0).abs() < 1e-14);
    }
}
