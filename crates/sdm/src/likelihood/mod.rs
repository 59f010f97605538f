//! Gaussian likelihoods concentrated on the spatial parameter.

mod error;
mod lag;

pub(crate) use error::ErrorProfile;
pub(crate) use lag::LagProfile;

use ndarray::Array1;

use crate::{
    Error,
    logdet::{LogDet, Taylor},
    sample::Sample,
};

/// The sum of squared residuals as a function of the spatial parameter alone, the coefficients
/// having been put at their best for it.
pub(crate) trait Profile {
    /// `e'e` with two derivatives.
    fn sum_of_squares(&self, spatial: f64) -> Result<Taylor, Error>;
    /// The best coefficients, length `k`.
    fn coefficients(&self, spatial: f64) -> Result<Array1<f64>, Error>;
}

/// `ℓ = −m/2·(ln(2π) + ln(e'e/m) + 1)`, the Gaussian log-likelihood of `m` observations at its best
/// variance `e'e/m`.
pub(crate) fn gaussian(sum_of_squares: f64, observations: f64) -> f64 {
    let variance = sum_of_squares / observations;
    -0.5 * observations * ((2.0 * std::f64::consts::PI * variance).ln() + 1.0)
}

/// `ℓ(ρ) = T·ln|I − ρW| − m/2·(ln(2π) + ln(e'e(ρ)/m) + 1)` with two derivatives (Elhorst 2014,
/// Ord 1975). `T` and `m` are the sample's periods and observations.
pub(crate) fn concentrated(
    profile: &impl Profile,
    logdet: &LogDet,
    sample: Sample,
    spatial: f64,
) -> Result<Taylor, Error> {
    with_jacobian(profile, jacobian(logdet.at(spatial), sample, spatial), sample, spatial)
}

/// The same by the rough log-determinant.
pub(crate) fn roughly_concentrated(
    profile: &impl Profile,
    logdet: &LogDet,
    sample: Sample,
    spatial: f64,
) -> Result<Taylor, Error> {
    with_jacobian(profile, jacobian(logdet.rough(spatial), sample, spatial), sample, spatial)
}

/// The same with a Jacobian of its own.
pub(crate) fn with_jacobian(
    profile: &(impl Profile + ?Sized),
    jacobian: Taylor,
    sample: Sample,
    spatial: f64,
) -> Result<Taylor, Error> {
    let squares = profile.sum_of_squares(spatial)?;
    let (m, growth) = (sample.observations, squares.slope / squares.value);
    Ok(Taylor {
        value: jacobian.value + gaussian(squares.value, m),
        slope: jacobian.slope - 0.5 * m * growth,
        curvature: jacobian.curvature
            - 0.5 * m * (squares.curvature / squares.value - growth * growth),
    })
}

/// `T·ln|I − ρW|`, less `T·ln(1 − ρ)` where the unit root of W has been transformed away
/// (Lee & Yu 2010).
pub(crate) fn jacobian(mut taylor: Taylor, sample: Sample, spatial: f64) -> Taylor {
    if sample.without_unit_root {
        let left = 1.0 - spatial;
        taylor.value -= left.ln();
        taylor.slope += 1.0 / left;
        taylor.curvature += 1.0 / (left * left);
    }
    Taylor {
        value: sample.periods * taylor.value,
        slope: sample.periods * taylor.slope,
        curvature: sample.periods * taylor.curvature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BiasCorrection, Effects, Model, Prepared, SdmSpec, design::Design, maximum};
    use durbin_core::{Column, Panel, PanelKeys, Table};
    use durbin_weights::{Transform, Weights};
    use ndarray::Array2;

    /// Four units over three periods, with made-up numbers.
    fn data() -> (Panel, Weights) {
        let columns = vec![
            Column::text("id", (0..12).map(|row| ["a", "b", "c", "d"][row % 4])),
            Column::int("time", (0..12).map(|row| row / 4)),
        ];
        let table = Table { name: String::new(), title: String::new(), columns };
        let mut panel = PanelKeys::new(&table, "id", "time").unwrap().panel();
        let wave = |a: f64| {
            Array2::from_shape_fn((3, 4), |(s, i)| ((s * 4 + i) as f64 * a).sin() + i as f64)
        };
        panel.insert("x", wave(1.7));
        panel.insert("y", wave(0.9) + panel.get("x").unwrap());
        let rows = vec![
            vec![(1, 1.0), (3, 1.0)],
            vec![(0, 1.0), (2, 1.0)],
            vec![(1, 1.0)],
            vec![(0, 1.0)],
        ];
        let w =
            Weights::from_rows(panel.ids.clone(), rows, "path").transform(Transform::Row).unwrap();
        (panel, w)
    }

    fn both(check: impl Fn(&dyn Fn(f64) -> Taylor, &SdmSpec)) {
        let (panel, w) = data();
        let logdet = LogDet::new(&w).unwrap();
        for effects in [Effects::None, Effects::Unit, Effects::Time] {
            for correction in [BiasCorrection::None, BiasCorrection::Transform] {
                let spec = |model| {
                    SdmSpec::new("y", ["x"])
                        .model(model)
                        .effects(effects)
                        .bias_correction(correction)
                };
                let sample = Sample::new(&spec(Model::Sdm), 4, 3);
                let design = Design::new(&spec(Model::Sdm), &panel, &w, &w).unwrap();
                let profile = LagProfile::new(&design).unwrap();
                let lag = |rho| concentrated(&profile, &logdet, sample, rho).unwrap();
                check(&lag, &spec(Model::Slx));
                let design = Design::new(&spec(Model::Sdem), &panel, &w, &w).unwrap();
                let profile = ErrorProfile::new(&design, design.error.as_ref().unwrap(), 0.0);
                let error = |lambda| concentrated(&profile, &logdet, sample, lambda).unwrap();
                check(&error, &spec(Model::Slx));
            }
        }
    }

    #[test]
    fn slope_and_curvature_are_the_derivatives_of_the_value() {
        both(|f, _| {
            for at in [-0.6, -0.1, 0.3, 0.7] {
                let step = 1e-5;
                let (down, here, up) = (f(at - step), f(at), f(at + step));
                let slope = (up.value - down.value) / (2.0 * step);
                assert!((slope - here.slope).abs() < 1e-6 * here.slope.abs().max(1.0));
                let curvature = (up.slope - down.slope) / (2.0 * step);
                assert!((curvature - here.curvature).abs() < 1e-6 * here.curvature.abs().max(1.0));
            }
        });
    }

    #[test]
    fn at_zero_lag_and_error_models_are_the_model_without_either() {
        let (panel, w) = data();
        both(|f, slx| {
            let design = Design::new(slx, &panel, &w, &w).unwrap();
            let sample = Sample::new(slx, 4, 3);
            let prepared = Prepared::new(&w);
            let slx = maximum::find(slx, &design, sample, &prepared, &prepared).unwrap();
            assert!((f(0.0).value - slx.log_likelihood).abs() < 1e-11);
        });
    }
}
