//! Hausman's test of random against fixed unit effects.

use durbin_core::{
    Distribution, Panel, TestStat,
    linalg::{LeastSquares, inverse},
};
use durbin_weights::Weights;
use ndarray::{Array1, Array2, Axis, s};

use super::Linear;
use crate::{Effects, Error, Model, SdmSpec, within::demean};

const NAME: &str = "Hausman";
const NULL: &str =
    "unit effects are uncorrelated with the regressors: random effects are consistent";

/// `H = (b_f − b_r)'(V_f − V_r)⁻¹(b_f − b_r)`, χ² with k degrees of freedom, of the regression without spatial terms
/// (Hausman 1978). Random effects by Swamy & Arora (1972): `θ = 1 − √(σ²/σ₁²)` with `σ²` from within and
/// `σ₁²` from between units. With period effects in the model, both regressions have them.
///
/// Each covariance has the variance of its own residuals, as in plm, so the difference need not be positive definite
/// and H may be negative: then it has no p-value.
pub(crate) fn test(spec: &SdmSpec, panel: &Panel, w: &Weights) -> TestStat {
    let k = spec.x.len();
    let distribution = Distribution::ChiSquared(k as f64);
    match statistic(spec, panel, w) {
        Ok(value) if value < 0.0 => TestStat::new(NAME, NULL, value, distribution).without_p_value(
            "negative: the difference of the two covariances is not positive definite in this sample, so the \
             statistic has no χ² distribution; it is no evidence for random effects",
        ),
        Ok(value) => TestStat::new(NAME, NULL, value, distribution),
        Err(error) => TestStat::invalid(NAME, NULL, distribution, error.to_string()),
    }
}

fn statistic(spec: &SdmSpec, panel: &Panel, w: &Weights) -> Result<f64, Error> {
    let (n, t, k) = (panel.n_units(), panel.n_periods(), spec.x.len());
    let periods = spec.effects.of_periods();
    let fixed_effects = if periods { Effects::TwoWays } else { Effects::Unit };
    let time = if periods { Effects::Time } else { Effects::None };
    let absorbed_time = if periods { t - 1 } else { 0 };
    if n < k + 2 || n * t <= n + absorbed_time + k {
        return Err(Error::TooFewObservations {
            observations: n,
            parameters: k + 1,
            absorbed: absorbed_time,
        });
    }
    let fixed = Linear::new(spec, Model::Ols, fixed_effects, panel, w)?;
    let variance = fixed.squares / (n * t - n - absorbed_time - k) as f64;

    let demeaned = |name: &str| Ok::<_, Error>(demean(panel.get(name)?, time));
    let y = demeaned(&spec.y)?;
    let x: Vec<Array2<f64>> = spec.x.iter().map(|name| demeaned(name)).collect::<Result<_, _>>()?;
    let mean = |v: &Array2<f64>| v.sum_axis(Axis(0)) / t as f64;
    let constant = !periods;
    let between = regress(&mean(&y), &x.iter().map(mean).collect::<Vec<_>>(), true)?;
    let between_variance = t as f64 * between.squares / (n - k - 1) as f64;
    // Between units there may be less variance than within: then none is left for the effects.
    let theta = (1.0 - (variance / between_variance).sqrt()).max(0.0);
    let quasi = |v: &Array2<f64>| -> Array1<f64> {
        (v - &(v.sum_axis(Axis(0)) * (theta / t as f64))).iter().copied().collect()
    };
    let random = regress(&quasi(&y), &x.iter().map(quasi).collect::<Vec<_>>(), constant)?;
    let random_variance = random.squares / (n * t - 1 - absorbed_time - k) as f64;

    let first = usize::from(constant);
    let random_covariance = random.gram_inverse.slice(s![first.., first..]).to_owned();
    let difference = &fixed.coefficients - &random.coefficients.slice(s![first..]);
    let covariance =
        fixed.regression.gram_inverse() * variance - random_covariance * random_variance;
    // Scaled to a unit diagonal of the fixed effects, since regressors may differ by orders of magnitude.
    let scale = fixed.regression.gram_inverse().diag().mapv(|v| 1.0 / (v * variance).sqrt());
    let scaled = covariance * &scale * scale.view().insert_axis(Axis(1));
    let standard = difference * &scale;
    let inverse =
        inverse(&scaled, "the difference of the covariances of fixed and random effects")?;
    Ok(standard.dot(&inverse.dot(&standard)))
}

struct Regressed {
    coefficients: Array1<f64>,
    squares: f64,
    gram_inverse: Array2<f64>,
}

fn regress(y: &Array1<f64>, x: &[Array1<f64>], constant: bool) -> Result<Regressed, Error> {
    let first = usize::from(constant);
    let z = Array2::from_shape_fn((y.len(), x.len() + first), |(i, j)| {
        if j < first { 1.0 } else { x[j - first][i] }
    });
    let regression = LeastSquares::new(&z)?;
    let residuals = regression.residuals(y);
    Ok(Regressed {
        coefficients: regression.coefficients(y),
        squares: residuals.dot(&residuals),
        gram_inverse: regression.gram_inverse(),
    })
}
