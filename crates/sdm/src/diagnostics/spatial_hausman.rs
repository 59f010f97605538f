//! Least squares against the spatial error model.

use durbin_core::{Distribution, Panel, TestStat, linalg::inverse};
use ndarray::{Array1, Array2, Axis};

use super::Linear;
use crate::{
    Dynamic, Effects, Error, Fit, Model, Prepared, design::Design, information,
    likelihood::ErrorProfile, model::Process, within::demean,
};

const NAME: &str = "Spatial Hausman";
const NULL: &str = "least squares and the spatial error model estimate the same coefficients";

/// `H = (b_o − b_e)'(V_o − V_e)⁻¹(b_o − b_e)`, χ² with k degrees of freedom (Pace & LeSage 2008): under the error model
/// both are consistent, with `B = I − λM`
///
/// ```text
/// V_o = σ²(Z'Z)⁻¹ Z'(B'B)⁻¹Z (Z'Z)⁻¹      V_e = σ²(Z'B'BZ)⁻¹
/// ```
///
/// A lagged response, or regressors that belong in the model and hang together with those that are there, move the two
/// apart. Of `sem` and `sdem` with fixed or no effects; of others there is no such test.
pub(crate) fn test(fit: &Fit, panel: &Panel, w: &Prepared, m: &Prepared) -> Option<TestStat> {
    let spec = &fit.spec;
    let applies = spec.model.process() == Process::Error
        && spec.dynamic == Dynamic::None
        && spec.effects != Effects::Random;
    if !applies {
        return None;
    }
    let distribution = Distribution::ChiSquared(fit.positions.k as f64);
    Some(match statistic(fit, panel, w, m) {
        Ok(value) if value < 0.0 => TestStat::new(NAME, NULL, value, distribution).without_p_value(
            "negative: the difference of the two covariances is not positive definite in this sample, so the \
             statistic has no χ² distribution",
        ),
        Ok(value) => TestStat::new(NAME, NULL, value, distribution),
        Err(error) => TestStat::invalid(NAME, NULL, distribution, error.to_string()),
    })
}

fn statistic(fit: &Fit, panel: &Panel, w: &Prepared, m: &Prepared) -> Result<f64, Error> {
    let spec = &fit.spec;
    let point = fit.point();
    let lambda = point.lambda.unwrap_or_default();
    let without = if spec.model.has_durbin_terms() { Model::Slx } else { Model::Ols };
    let ols = Linear::new(spec, without, spec.effects, panel, w.weights())?;
    let design = Design::new(spec, panel, w.weights(), m.weights())?;
    let Some(lags) = &design.error else {
        return Err(Error::NoErrorWeights { model: spec.model });
    };
    let filtered = ErrorProfile::new(&design, lags, 0.0).filtered(lambda);
    let of_error = information::inverse(&filtered.t().dot(&filtered))?;

    let multiplier = m.logdet()?.multiplier(lambda)?;
    let spread = |column: &Array1<f64>| -> Array1<f64> {
        let column = design.by_period(column);
        let mut spread = &column + &(multiplier.lagged_back(&column) * lambda);
        if spec.effects.of_periods() {
            spread = demean(&spread, Effects::Time);
        }
        spread.iter().copied().collect()
    };
    let mut z = Array2::zeros(design.z.raw_dim());
    for (mut to, column) in z.columns_mut().into_iter().zip(design.z.columns()) {
        to.assign(&spread(&column.to_owned()));
    }
    let bread = ols.regression.gram_inverse();
    let of_least_squares = bread.dot(&z.t().dot(&z)).dot(&bread);

    let difference = &ols.coefficients - &point.coefficients;
    // Scaled to a unit diagonal of the first, since regressors may differ by orders of magnitude.
    let scale = of_least_squares.diag().mapv(|v| 1.0 / (v * fit.sigma2).sqrt());
    let covariance = (of_least_squares - of_error) * fit.sigma2;
    let scaled = covariance * &scale * scale.view().insert_axis(Axis(1));
    let standard = difference * &scale;
    let inverse =
        inverse(&scaled, "the difference of the covariances of least squares and errors")?;
    Ok(standard.dot(&inverse.dot(&standard)))
}
