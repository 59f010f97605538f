//! The spatial Durbin model against the models inside it.

use durbin_core::{Distribution, Panel, TestStat, linalg::inverse};
use ndarray::{Array1, Array2};

use crate::{
    Durbin, Error, Fit, Model, Prepared, SdmSpec, design::Design, maximum, sample::Sample,
};

/// Likelihood ratio and Wald tests of SDM → SAR, SDM → SEM and SDM → SLX under the effects and the bias correction
/// of `fit`. The Durbin model is fitted if `fit` is another one.
pub(crate) fn tests(fit: &Fit, panel: &Panel, w: &Prepared) -> Vec<TestStat> {
    match durbin_model(fit, panel, w) {
        Ok(sdm) => nested(&sdm, panel, w),
        Err(error) => {
            let reason = format!("the spatial Durbin model cannot be fitted: {error}");
            ["SAR", "SEM", "SLX"]
                .iter()
                .flat_map(|to| ["LR", "Wald"].map(|kind| invalid(kind, to, 1.0, &reason)))
                .collect()
        }
    }
}

/// The spatial Durbin model behind `fit`.
fn durbin_model(fit: &Fit, panel: &Panel, w: &Prepared) -> Result<Fit, Error> {
    if fit.spec.model == Model::Sdm {
        return Ok(fit.clone());
    }
    let mut spec = fit.spec.clone().model(Model::Sdm);
    if !fit.spec.model.has_durbin_terms() {
        spec = spec.durbin(Durbin::All);
    }
    spec.fit_prepared(panel, w)
}

fn null(to: &str) -> &'static str {
    match to {
        "SAR" => "theta = 0: the Durbin model is a spatial lag model",
        "SEM" => "theta + rho beta = 0: the Durbin model is a spatial error model",
        _ => "rho = 0: the Durbin model has no lag of the response",
    }
}

fn invalid(kind: &str, to: &str, df: f64, reason: &str) -> TestStat {
    let name = format!("{kind} SDM vs {to}");
    TestStat::invalid(name, null(to), Distribution::ChiSquared(df), reason)
}

fn nested(sdm: &Fit, panel: &Panel, w: &Prepared) -> Vec<TestStat> {
    let lagged = sdm.terms.iter().filter(|term| term.theta.is_some()).count();
    let mut tests = Vec::new();
    for (to, model) in [("SAR", Model::Sar), ("SEM", Model::Sem), ("SLX", Model::Slx)] {
        let df = if to == "SLX" { 1.0 } else { lagged as f64 };
        let reason = match to {
            "SAR" if lagged == 0 => Some("no regressor is lagged: the models are the same"),
            "SEM" if lagged < sdm.terms.len() => {
                Some("a spatial error model is a special case only where every regressor is lagged")
            }
            _ => None,
        };
        if let Some(reason) = reason {
            tests.extend(["LR", "Wald"].map(|kind| invalid(kind, to, df.max(1.0), reason)));
            continue;
        }
        tests.push(match log_likelihood(&sdm.spec, model, panel, w) {
            Ok(inside) => {
                let ratio = 2.0 * (sdm.log_likelihood - inside);
                let name = format!("LR SDM vs {to}");
                TestStat::new(name, null(to), ratio, Distribution::ChiSquared(df))
            }
            Err(error) => invalid("LR", to, df, &error.to_string()),
        });
        tests.push(wald(sdm, to, df));
    }
    tests
}

/// The highest log-likelihood of a model inside the Durbin model.
fn log_likelihood(sdm: &SdmSpec, model: Model, panel: &Panel, w: &Prepared) -> Result<f64, Error> {
    let mut spec = sdm.clone().model(model);
    if !model.has_durbin_terms() {
        spec = spec.durbin(Durbin::All);
    }
    let design = Design::new(&spec, panel, w.weights(), w.weights())?;
    let sample = Sample::new(&spec, design.n, design.t);
    Ok(maximum::find(&spec, &design, sample, w, w)?.log_likelihood)
}

/// `g'(DVD')⁻¹g` for `g = θ`, `θ + ρβ` or `ρ`, `D` its derivative.
fn wald(sdm: &Fit, to: &str, df: f64) -> TestStat {
    let Some(rho_at) = sdm.names.iter().position(|name| name == "rho") else {
        return invalid("Wald", to, df, "the model has no rho");
    };
    let rho = sdm.parameters[rho_at];
    let lagged: Vec<(usize, usize)> =
        sdm.terms.iter().filter_map(|term| Some((term.beta, term.theta?))).collect();
    let rows = if to == "SLX" { 1 } else { lagged.len() };
    let mut g = Array1::zeros(rows);
    let mut derivative = Array2::zeros((rows, sdm.parameters.len()));
    match to {
        "SLX" => {
            g[0] = rho;
            derivative[[0, rho_at]] = 1.0;
        }
        _ => {
            for (row, &(beta, theta)) in lagged.iter().enumerate() {
                g[row] = sdm.parameters[theta];
                derivative[[row, theta]] = 1.0;
                if to == "SEM" {
                    g[row] += rho * sdm.parameters[beta];
                    derivative[[row, beta]] = rho;
                    derivative[[row, rho_at]] = sdm.parameters[beta];
                }
            }
        }
    }
    let variance = derivative.dot(&sdm.covariance).dot(&derivative.t());
    match inverse(&variance, "the covariance of the restrictions") {
        Ok(inverse) => {
            let statistic = g.dot(&inverse.dot(&g));
            let name = format!("Wald SDM vs {to}");
            TestStat::new(name, null(to), statistic, Distribution::ChiSquared(df))
        }
        Err(error) => invalid("Wald", to, df, &error.to_string()),
    }
}
