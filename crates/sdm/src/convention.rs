//! The choices behind an estimate, in words.

use durbin_core::Conventions;
use durbin_weights::Weights;

use crate::{BiasCorrection, Convergence, Dynamic, Effects, Model, SdmSpec, Vcov, model::Process};

/// Everything on which programs differ.
pub(crate) fn of_fit(
    spec: &SdmSpec,
    w: &Weights,
    m: &Weights,
    convergence: &Convergence,
) -> Conventions {
    let mut list = Conventions::new().with("model", equation(spec.model));
    if let Some(lags) = dynamic(spec.dynamic) {
        list = list.with("dynamic", lags);
    }
    list = list
        .with("effects", effects(spec.effects))
        .with("bias_correction", correction(spec))
        .with("weights", format!("{}, {}", w.kind, w.transform.words()));
    if !std::ptr::eq(w, m) {
        list = list.with("error_weights", format!("{}, {}", m.kind, m.transform.words()));
    }
    if let Some(method) = convergence.log_determinant {
        let estimated = method.starts_with("stochastic");
        let words = if estimated { "estimated" } else { "exact" };
        list = list.with("log_determinant", format!("{words}, {method}"));
    }
    list.with("log_likelihood", log_likelihood(spec))
        .with("covariance", with_error(covariance(spec), convergence))
        .with("sigma2", sigma2(spec))
        .with("r_squared", "1 - e'e / sum of squares of y about its mean; fixed effects explain")
        .with("r_squared_within", within(spec.model))
        .with("aic", "counts beta, theta, constant, rho, lambda and sigma2, not the fixed effects")
        .with("p_value", "two-sided normal")
}

fn equation(model: Model) -> &'static str {
    match model {
        Model::Ols => "y = X beta + e",
        Model::Slx => "y = X beta + WX theta + e",
        Model::Sar => "y = rho Wy + X beta + e",
        Model::Sem => "y = X beta + u, u = lambda Wu + e",
        Model::Sdm => "y = rho Wy + X beta + WX theta + e",
        Model::Sdem => "y = X beta + WX theta + u, u = lambda Wu + e",
        Model::Sac => "y = rho Wy + X beta + u, u = lambda Mu + e",
        Model::Gns => "y = rho Wy + X beta + WX theta + u, u = lambda Mu + e",
    }
}

fn dynamic(dynamic: Dynamic) -> Option<&'static str> {
    match dynamic {
        Dynamic::None => None,
        Dynamic::Time => Some("tau y(t-1), named L.y; the first period serves as a lag alone"),
        Dynamic::Space => Some("eta W y(t-1), named L.W*y; the first period serves as a lag alone"),
        Dynamic::Both => Some(
            "tau y(t-1) + eta W y(t-1), named L.y and L.W*y; the first period serves as a lag alone",
        ),
    }
}

fn effects(effects: Effects) -> &'static str {
    match effects {
        Effects::None => "none: one constant",
        Effects::Unit => "unit, by demeaning y, Wy, X and WX (QWy)",
        Effects::Time => "time, by demeaning y, Wy, X and WX (QWy, not WQy)",
        Effects::Random => {
            "random per unit, one constant; phi^2 = sigma2 / (t sigma2_unit + sigma2)"
        }
        Effects::TwoWays => "two-way, by demeaning y, Wy, X and WX (QWy, not WQy)",
    }
}

fn correction(spec: &SdmSpec) -> &'static str {
    if spec.dynamic_within() {
        return match (spec.bias_correction, spec.effects) {
            (BiasCorrection::None, Effects::TwoWays) => {
                "none: likelihood without period effects by orthonormal transformation, demeaned by unit"
            }
            (BiasCorrection::None, _) => "none: maximum likelihood on demeaned data",
            (_, Effects::TwoWays) => {
                "Lee & Yu (2010, Econometric Theory 26): period effects out by orthonormal transformation, all parameters corrected"
            }
            _ => "Yu, de Jong & Lee (2008): all parameters corrected",
        };
    }
    match (spec.bias_correction, spec.effects) {
        (_, Effects::None) => "none: no effects to correct for",
        (_, Effects::Random) => "none: random effects leave no bias of their own",
        (BiasCorrection::None, _) => "none: maximum likelihood on demeaned data",
        (BiasCorrection::LeeYu, Effects::Unit) => "Lee & Yu (2010): sigma2 times t/(t-1)",
        (BiasCorrection::LeeYu, Effects::Time) => {
            "Lee & Yu (2010) as in Elhorst (2014): sigma2 times n/(n-1)"
        }
        (BiasCorrection::LeeYu, Effects::TwoWays) => {
            "Lee & Yu (2010) as in Elhorst (2014): all parameters by the inverse information, then sigma2 times t/(t-1)"
        }
        (BiasCorrection::Transform, _) => {
            "Lee & Yu (2010): maximum likelihood of orthonormally transformed data"
        }
    }
}

fn log_likelihood(spec: &SdmSpec) -> &'static str {
    if spec.dynamic_within() && spec.effects.of_periods() {
        return "full Gaussian of the data without period effects, at the uncorrected optimum";
    }
    if spec.effects == Effects::Random {
        return "full Gaussian with the random effects integrated out, t ln|I - rho W| included";
    }
    match (spec.bias_correction, spec.effects) {
        (BiasCorrection::Transform, Effects::Unit | Effects::Time | Effects::TwoWays) => {
            "full Gaussian of the transformed data, at its optimum"
        }
        _ => "full Gaussian with t ln|I - rho W|, at the uncorrected optimum",
    }
}

fn covariance(spec: &SdmSpec) -> &'static str {
    match (spec.vcov, spec.model.process()) {
        (Vcov::Qml, _) => {
            "sandwich of quasi-maximum likelihood with third and fourth moments of the errors (Lee & Yu 2010)"
        }
        (Vcov::Cluster, _) => {
            "sandwich clustered by unit, times n/(n-1): errors independent between units alone"
        }
        (Vcov::Information, Process::Linear) if spec.effects != Effects::Random => {
            "classical: e'e / (nt - coefficients - fixed effects) times inverse Z'Z"
        }
        (Vcov::Information, _) => "inverse of the expected information matrix",
    }
}

/// What is said of a covariance whose traces are not exact.
fn with_error(covariance: &str, convergence: &Convergence) -> String {
    match convergence.covariance_error {
        None => covariance.to_owned(),
        Some(error) => format!(
            "{covariance}; traces from random vectors, which may move a standard error by {:.2} %",
            100.0 * error
        ),
    }
}

fn sigma2(spec: &SdmSpec) -> &'static str {
    if spec.dynamic_within() {
        return match (spec.bias_correction, spec.effects) {
            (BiasCorrection::None, Effects::TwoWays) => "e'e / ((n-1) t)",
            (BiasCorrection::None, _) => "e'e / (nt)",
            (_, Effects::TwoWays) => "e'e / ((n-1) t), bias-corrected",
            _ => "e'e / (nt), bias-corrected",
        };
    }
    match (spec.bias_correction, spec.effects) {
        (BiasCorrection::Transform, Effects::Unit) => "e'e / (n (t-1))",
        (BiasCorrection::Transform, Effects::Time) => "e'e / ((n-1) t)",
        (BiasCorrection::Transform, Effects::TwoWays) => "e'e / ((n-1) (t-1))",
        (BiasCorrection::LeeYu, Effects::Unit | Effects::Time | Effects::TwoWays) => {
            "e'e / (nt), bias-corrected"
        }
        _ => "e'e / (nt)",
    }
}

fn within(model: Model) -> &'static str {
    match model.process() {
        Process::Lag | Process::Both => {
            "squared correlation of demeaned y with inverse(I - rho W) Z gamma"
        }
        Process::Linear | Process::Error => "squared correlation of demeaned y with Z gamma",
    }
}

/// How effects and their errors are computed.
pub(crate) fn of_effects(spec: &SdmSpec) -> Conventions {
    let feeds_back = matches!(spec.model.process(), Process::Lag | Process::Both);
    of_short_run(feeds_back)
}

/// The same of effects within the period, with or without a lag of the response.
pub(crate) fn of_short_run(feeds_back: bool) -> Conventions {
    of_matrix(if feeds_back {
        "inverse(I - rho W) (I beta + W theta), exact"
    } else {
        "I beta + W theta; zero beyond the unit without theta"
    })
}

/// How long-run effects and their errors are computed.
pub(crate) fn of_long_run() -> Conventions {
    of_matrix("inverse((1 - tau) I - (rho + eta) W) (I beta + W theta), exact")
}

fn of_matrix(matrix: &str) -> Conventions {
    Conventions::new()
        .with("effects_matrix", matrix)
        .with("std_error", "delta method, analytic derivatives")
        .with("p_value", "two-sided normal")
}

/// The same with errors from draws.
pub(crate) fn of_draws(delta: &Conventions, draws: usize) -> Conventions {
    let others = delta.iter().filter(|(name, _)| *name != "std_error");
    others.fold(Conventions::new(), |list, (name, choice)| list.with(name, choice)).with(
        "std_error",
        format!(
            "standard deviation over {draws} draws of the parameters from their normal distribution"
        ),
    )
}
