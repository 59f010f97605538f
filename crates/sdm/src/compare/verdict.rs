//! Elhorst's path from the tests to a model.

use durbin_core::{Panel, TestStat};
use serde::Serialize;

use super::Compared;
use crate::{Error, Model, Prepared, SdmSpec, diagnostics};

/// Significance at which a null is given up.
const LEVEL: f64 = 0.05;

/// A model, the sentence that leads to it, and the rule behind the sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The model the tests lead to; none where a test they need could not be computed.
    pub model: Option<Model>,
    /// Why, with the numbers.
    pub sentence: String,
    /// The rule.
    pub rule: &'static str,
    /// The tests used.
    pub tests: Vec<TestStat>,
}

const RULE: &str = "Elhorst (2010, 2014), at 5 %: if neither LM test rejects the non-spatial regression, test theta = 0 in SLX: \
kept, it is OLS; rejected, SDM, or SLX if rho = 0 is kept there. If an LM test rejects, estimate SDM: theta = 0 kept and \
robust LM pointing to the lag, SAR; theta + rho beta = 0 kept and robust LM pointing to the error, SEM; otherwise SDM. Under fixed \
effects the LM tests are those on transformed data, which keep their size.";

impl Verdict {
    /// Applies the rule under the effects of `spec`, a spatial Durbin model.
    pub(super) fn of(
        spec: &SdmSpec,
        models: &[Compared],
        panel: &Panel,
        w: &Prepared,
    ) -> Result<Self, Error> {
        let lm = diagnostics::lm_tests(spec, panel, w.weights())?;
        let sdm = models.iter().find(|one| one.fit.spec.model == Model::Sdm);
        let nested = sdm.map(|sdm| diagnostics::nested_tests(&sdm.fit, panel, w));
        let wanted = ["LM lag", "LM error", "Robust LM lag", "Robust LM error"];
        let used = wanted.into_iter().filter_map(|name| {
            let transformed = format!("{name}, transformed");
            let named = |name: &str| lm.iter().find(|test| test.name == name);
            named(&transformed).or_else(|| named(name)).cloned()
        });
        let mut tests: Vec<TestStat> = used.collect();
        tests.extend(nested.into_iter().flatten().filter(|test| test.name.starts_with("LR")));
        tests.extend(slx_against_ols(models));
        let (model, sentence) = decide(&tests);
        Ok(Self { model, sentence, rule: RULE, tests })
    }
}

fn slx_against_ols(models: &[Compared]) -> Option<TestStat> {
    let of = |model| models.iter().find(|one| one.fit.spec.model == model).map(|one| &one.fit);
    let (ols, slx) = (of(Model::Ols)?, of(Model::Slx)?);
    let df = slx.names.len() - ols.names.len();
    let ratio = 2.0 * (slx.log_likelihood - ols.log_likelihood);
    let distribution = durbin_core::Distribution::ChiSquared(df as f64);
    let null = "theta = 0: no regressor has a spatial lag";
    (df > 0).then(|| TestStat::new("LR SLX vs OLS", null, ratio, distribution))
}

fn decide(tests: &[TestStat]) -> (Option<Model>, String) {
    let of = |name: &str| {
        let is = |test: &&TestStat| {
            test.name.strip_suffix(", transformed").unwrap_or(&test.name) == name
        };
        tests.iter().find(is)
    };
    let p = |name: &str| of(name).and_then(TestStat::p_value);
    let said = |name: &str| match of(name)
        .and_then(|test| Some((&test.name, test.statistic?, test.p_value()?)))
    {
        Some((name, statistic, p)) => {
            format!("{name} {statistic:.2}, {}", durbin_core::p_value_words(p))
        }
        None => format!("{name} not available"),
    };
    let missing = |name: &str| {
        (None, format!("No verdict: the rule needs {name}, which could not be computed."))
    };
    let (Some(lag), Some(error)) = (p("LM lag"), p("LM error")) else {
        return missing("LM lag and LM error");
    };
    let first = format!("({}; {})", said("LM lag"), said("LM error"));
    if lag >= LEVEL && error >= LEVEL {
        let start = format!("The LM tests keep the non-spatial regression {first}");
        let Some(slx) = p("LR SLX vs OLS") else { return missing("LR SLX vs OLS") };
        let slx_said = said("LR SLX vs OLS");
        if slx >= LEVEL {
            return (
                Some(Model::Ols),
                format!("{start}, and theta = 0 is kept ({slx_said}): OLS."),
            );
        }
        let Some(rho) = p("LR SDM vs SLX") else { return missing("LR SDM vs SLX") };
        let (model, word) =
            if rho >= LEVEL { (Model::Slx, "kept") } else { (Model::Sdm, "rejected") };
        let last = format!("rho = 0 is {word} in the Durbin model ({})", said("LR SDM vs SLX"));
        let name = model.name().to_uppercase();
        return (
            Some(model),
            format!("{start}, but theta = 0 is rejected ({slx_said}); {last}: {name}."),
        );
    }
    let start = format!("The LM tests reject the non-spatial regression {first}");
    let (Some(no_theta), Some(common)) = (p("LR SDM vs SAR"), p("LR SDM vs SEM")) else {
        return missing("LR SDM vs SAR and LR SDM vs SEM");
    };
    let (Some(robust_lag), Some(robust_error)) = (p("Robust LM lag"), p("Robust LM error")) else {
        return missing("the robust LM tests");
    };
    let nested = format!("({}; {})", said("LR SDM vs SAR"), said("LR SDM vs SEM"));
    let robust = format!("({}; {})", said("Robust LM lag"), said("Robust LM error"));
    if no_theta < LEVEL && common < LEVEL {
        let why = format!("the Durbin model simplifies neither to SAR nor to SEM {nested}");
        return (Some(Model::Sdm), format!("{start}, and {why}: SDM."));
    }
    let points_to_lag = robust_lag < robust_error;
    let pointed = if points_to_lag { "the lag" } else { "the error" };
    if no_theta >= LEVEL && points_to_lag {
        let why =
            format!("theta = 0 is kept {nested} and the robust LM tests point to the lag {robust}");
        return (Some(Model::Sar), format!("{start}; {why}: SAR."));
    }
    if common >= LEVEL && !points_to_lag {
        let why = format!(
            "theta + rho beta = 0 is kept {nested} and the robust LM tests point to the error {robust}"
        );
        return (Some(Model::Sem), format!("{start}; {why}: SEM."));
    }
    let why = format!(
        "the LR tests {nested} and the robust LM tests, which point to {pointed} {robust}, disagree, so the model that \
         holds both stays"
    );
    (Some(Model::Sdm), format!("{start}; {why}: SDM."))
}

#[cfg(test)]
mod tests {
    use durbin_core::Distribution;

    use super::*;

    fn verdict(statistics: [f64; 8]) -> Option<Model> {
        let names = [
            "LM lag",
            "LM error",
            "Robust LM lag",
            "Robust LM error",
            "LR SDM vs SAR",
            "LR SDM vs SEM",
            "LR SDM vs SLX",
            "LR SLX vs OLS",
        ];
        let tests: Vec<TestStat> = names
            .iter()
            .zip(statistics)
            .map(|(name, value)| TestStat::new(*name, "", value, Distribution::ChiSquared(1.0)))
            .collect();
        let (model, sentence) = decide(&tests);
        assert!(sentence.ends_with('.'));
        model
    }

    #[test]
    fn every_branch_of_the_path_leads_to_its_model() {
        // Statistics below 3.84 keep their null.
        assert_eq!(verdict([1.0, 1.0, 0.0, 0.0, 9.0, 9.0, 9.0, 1.0]), Some(Model::Ols));
        assert_eq!(verdict([1.0, 1.0, 0.0, 0.0, 9.0, 9.0, 1.0, 9.0]), Some(Model::Slx));
        assert_eq!(verdict([1.0, 1.0, 0.0, 0.0, 9.0, 9.0, 9.0, 9.0]), Some(Model::Sdm));
        assert_eq!(verdict([9.0, 1.0, 8.0, 0.0, 1.0, 9.0, 9.0, 9.0]), Some(Model::Sar));
        assert_eq!(verdict([9.0, 9.0, 0.0, 8.0, 9.0, 1.0, 9.0, 9.0]), Some(Model::Sem));
        assert_eq!(verdict([9.0, 9.0, 0.0, 8.0, 1.0, 9.0, 9.0, 9.0]), Some(Model::Sdm));
        assert_eq!(verdict([9.0, 9.0, 8.0, 8.5, 9.0, 9.0, 9.0, 9.0]), Some(Model::Sdm));
    }

    #[test]
    fn without_a_test_it_needs_there_is_no_verdict() {
        let (model, sentence) = decide(&[]);
        assert!(model.is_none() && sentence.contains("LM lag"));
    }
}
