//! Information matrices of the parameters, and their inverses.

use durbin_core::linalg::{LeastSquares, inverse_spd};
use ndarray::{Array1, Array2, s};

use crate::{
    Effects, Error,
    design::Design,
    likelihood::ErrorProfile,
    multiplier::{Multiplier, Traces},
    sample::Sample,
    within::demean,
};

/// A point of the parameter space.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// γ: the constant, β and θ.
    pub coefficients: Array1<f64>,
    /// ρ or λ.
    pub spatial: Option<f64>,
    /// σ².
    pub sigma2: f64,
}

/// Expected information of `(γ, ρ, σ²)` for `y = ρWy + Zγ + ε` (Elhorst 2014; Anselin
/// 1988), `T` and `m` the sample's periods and observations, `G = W(I − ρW)⁻¹`:
///
/// ```text
/// γγ: Z'Z/σ²     γρ: Z'(I⊗G)Zγ/σ²                          γσ²: 0
///                ρρ: T·tr(GG + G'G) + |(I⊗G)Zγ|²/σ²        ρσ²: T·tr(G)/σ²
///                                                          σ²σ²: m/(2σ⁴)
/// ```
///
/// With maximum likelihood on demeaned data `(I⊗G)Zγ` is taken as it stands; the transformed likelihood
/// sees its part within periods.
pub(crate) fn of_lag(
    design: &Design,
    sample: Sample,
    point: &Point,
    rho: f64,
    multiplier: &Multiplier,
) -> Array2<f64> {
    let k = design.names.len();
    let mut lagged = multiplier.lagged(&by_period(design, &point.coefficients));
    if sample.without_unit_root {
        lagged = demean(&lagged, Effects::Time);
    }
    let lagged: Array1<f64> = lagged.iter().copied().collect();
    let traces = multiplier.traces(rho, sample.without_unit_root);
    let cross = design.z.t().dot(&lagged) / point.sigma2;

    let mut information = spatial_block(k, traces, sample, point.sigma2);
    information.slice_mut(s![..k, ..k]).assign(&(design.z.t().dot(&design.z) / point.sigma2));
    information.slice_mut(s![..k, k]).assign(&cross);
    information.slice_mut(s![k, ..k]).assign(&cross);
    information[[k, k]] += lagged.dot(&lagged) / point.sigma2;
    information
}

/// Expected information of `(γ, λ, σ²)` for `y = Zγ + u`, `u = λWu + ε` (Elhorst 2014): block
/// diagonal, `Z*'Z*/σ²` with `Z* = Z − λWZ`, and the block of [`of_lag`] without its term in `Zγ`.
pub(crate) fn of_error(
    profile: &ErrorProfile,
    sample: Sample,
    point: &Point,
    lambda: f64,
    multiplier: &Multiplier,
) -> Array2<f64> {
    let k = point.coefficients.len();
    let traces = multiplier.traces(lambda, sample.without_unit_root);
    let mut information = spatial_block(k, traces, sample, point.sigma2);
    let z = profile.filtered(lambda);
    information.slice_mut(s![..k, ..k]).assign(&(z.t().dot(&z) / point.sigma2));
    information
}

/// Expected information of `(γ, σ²)` for `y = Zγ + ε`.
pub(crate) fn of_least_squares(design: &Design, sample: Sample, point: &Point) -> Array2<f64> {
    let k = design.names.len();
    let mut information = Array2::zeros((k + 1, k + 1));
    information.slice_mut(s![..k, ..k]).assign(&(design.z.t().dot(&design.z) / point.sigma2));
    information[[k, k]] = sample.observations / (2.0 * point.sigma2 * point.sigma2);
    information
}

/// The lower right `2 × 2` of a `(k + 2) × (k + 2)` matrix.
fn spatial_block(k: usize, traces: Traces, sample: Sample, sigma2: f64) -> Array2<f64> {
    let mut block = Array2::zeros((k + 2, k + 2));
    block[[k, k]] = sample.periods * traces.squares;
    block[[k, k + 1]] = sample.periods * traces.g / sigma2;
    block[[k + 1, k]] = block[[k, k + 1]];
    block[[k + 1, k + 1]] = sample.observations / (2.0 * sigma2 * sigma2);
    block
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
    let gram = LeastSquares::new(&design.z)?.gram_inverse();
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

/// `Zγ` as `t × n`.
pub(crate) fn by_period(design: &Design, coefficients: &Array1<f64>) -> Array2<f64> {
    let fitted = design.z.dot(coefficients);
    Array2::from_shape_fn((design.t, design.n), |(period, unit)| fitted[period * design.n + unit])
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
