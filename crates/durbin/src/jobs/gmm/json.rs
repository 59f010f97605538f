//! The result as JSON.

use durbin_core::{Estimate, TestStat};
use durbin_gmm::{GroupTest, Margin};
use durbin_sdm::{EquationEffects, Impacts};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::GmmResult;

#[derive(Serialize)]
pub(super) struct Named<'a> {
    name: &'a str,
    #[serde(flatten)]
    estimate: Estimate,
}

pub(super) fn named(all: &[(String, Estimate)]) -> Vec<Named<'_>> {
    all.iter().map(|(name, estimate)| Named { name, estimate: *estimate }).collect()
}

/// The difference test of a group, with the test of the others beside it.
#[derive(Serialize)]
struct OfGroup<'a> {
    group: &'a str,
    instruments: usize,
    #[serde(flatten)]
    difference: &'a TestStat,
    hansen_without: &'a TestStat,
}

#[derive(Serialize)]
struct Point {
    at: f64,
    #[serde(flatten)]
    estimate: Estimate,
    low: f64,
    high: f64,
}

/// Two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

#[derive(Serialize)]
struct Band<'a> {
    of: &'a str,
    along: &'a str,
    held: &'a [(String, f64)],
    points: Vec<Point>,
}

fn along(margin: &Margin) -> Band<'_> {
    let point = |(at, estimate): &(f64, Estimate)| Point {
        at: *at,
        estimate: *estimate,
        low: estimate.estimate - Z95 * estimate.std_error,
        high: estimate.estimate + Z95 * estimate.std_error,
    };
    Band {
        of: &margin.of,
        along: &margin.along,
        held: &margin.held,
        points: margin.points.iter().map(point).collect(),
    }
}

/// All tests under their names.
struct Tests<'a>(&'a durbin_gmm::Fit);

impl Serialize for Tests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tests = &self.0.tests;
        let mut map = serializer.serialize_map(None)?;
        for (at, test) in tests.ar.iter().enumerate() {
            map.serialize_entry(&format!("ar{}", at + 1), test)?;
        }
        map.serialize_entry("sargan", &tests.sargan)?;
        map.serialize_entry("hansen", &tests.hansen)?;
        let group = |test: &'_ GroupTest| -> serde_json::Value {
            serde_json::to_value(OfGroup {
                group: &test.group,
                instruments: test.instruments,
                difference: &test.difference,
                hansen_without: &test.without,
            })
            .unwrap_or_default()
        };
        let groups: Vec<serde_json::Value> = tests.difference_in_hansen.iter().map(group).collect();
        map.serialize_entry("difference_in_hansen", &groups)?;
        map.serialize_entry("wald", &tests.wald)?;
        if let Some(test) = crate::neighbours::wald(self.0) {
            map.serialize_entry("wald_neighbours", &test)?;
        }
        map.serialize_entry("wald_time", &tests.wald_time)?;
        map.serialize_entry("cd", &tests.cd)?;
        map.end()
    }
}

impl Serialize for GmmResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fit = &self.fit;
        let spec = &fit.spec;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("y", &spec.y)?;
        map.serialize_entry("estimator", &spec.estimator)?;
        map.serialize_entry("steps", &spec.steps)?;
        map.serialize_entry("transform", &spec.transform)?;
        map.serialize_entry("h", &spec.h)?;
        map.serialize_entry("collapse", &spec.collapse)?;
        map.serialize_entry("errors", &spec.errors)?;
        map.serialize_entry("windmeijer", &spec.windmeijer)?;
        map.serialize_entry("gmm_style", &fit.instruments.0)?;
        map.serialize_entry("iv_style", &fit.instruments.1)?;
        map.serialize_entry("coefficients", &named(&fit.coefficients()))?;
        map.serialize_entry("long_run", &named(&fit.long_run()))?;
        map.serialize_entry("weights", &self.weights)?;
        let impacts = |which: fn(&EquationEffects) -> Option<&Impacts>| {
            self.effects.as_ref().and_then(which).map(|impacts| &impacts.rows)
        };
        map.serialize_entry("impacts", &impacts(|found| found.impacts.as_ref()))?;
        map.serialize_entry("impacts_long_run", &impacts(|found| found.long_run.as_ref()))?;
        let stability = self.effects.as_ref().and_then(|found| found.stability);
        map.serialize_entry("stability", &stability)?;
        map.serialize_entry("n_obs", &fit.n_obs)?;
        map.serialize_entry("n_groups", &fit.n_groups)?;
        map.serialize_entry("n_clusters", &fit.n_clusters)?;
        map.serialize_entry(
            "obs_per_group",
            &serde_json::json!({
                "min": fit.obs_per_group.0,
                "mean": fit.n_obs as f64 / fit.n_groups as f64,
                "max": fit.obs_per_group.1,
            }),
        )?;
        map.serialize_entry("n_instruments", &fit.n_instruments)?;
        map.serialize_entry("sigma2", &fit.sigma2)?;
        map.serialize_entry("iterations", &fit.iterations)?;
        map.serialize_entry("tests", &Tests(fit))?;
        map.serialize_entry("bounds", &fit.bounds)?;
        map.serialize_entry("vif", &fit.vif)?;
        let centered: Vec<serde_json::Value> = fit
            .centered
            .iter()
            .map(|(name, mean)| serde_json::json!({ "name": name, "mean": mean }))
            .collect();
        map.serialize_entry("centered", &centered)?;
        let margins: Vec<Band<'_>> = self.margins.iter().map(along).collect();
        map.serialize_entry("marginal_effects", &margins)?;
        map.serialize_entry("unit_root", &self.unit_roots)?;
        let dropped: usize = self.warnings.iter().map(durbin_core::Warning::dropped).sum();
        let filled: usize = self.warnings.iter().map(durbin_core::Warning::filled).sum();
        map.serialize_entry("dropped", &dropped)?;
        map.serialize_entry("filled", &filled)?;
        map.serialize_entry("conventions", &fit.conventions)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
