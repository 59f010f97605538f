//! The JSON of a fitted model.

use durbin_core::{Conventions, Estimate, Warning};
use durbin_sdm::Influence;
use serde::Serialize;

use super::SdmResult;

#[derive(Serialize)]
struct NamedEstimate<'a> {
    name: &'a str,
    #[serde(flatten)]
    estimate: Estimate,
}

/// The most influential units, with all that each of them changes.
#[derive(Serialize)]
struct Influential<'a> {
    units: Vec<InfluentialUnit<'a>>,
    conventions: &'a Conventions,
}

#[derive(Serialize)]
struct InfluentialUnit<'a> {
    unit: &'a str,
    cook: f64,
    changes: Vec<UnitChange<'a>>,
}

#[derive(Serialize)]
struct UnitChange<'a> {
    name: &'a str,
    change: f64,
    in_se: f64,
}

impl<'a> Influential<'a> {
    fn of(influence: &'a Influence, count: usize) -> Self {
        let unit = |at: usize| InfluentialUnit {
            unit: &influence.ids[at],
            cook: influence.cook[at],
            changes: influence
                .parameters
                .iter()
                .chain(&influence.effects)
                .map(|change| UnitChange {
                    name: &change.name,
                    change: change.changes[at],
                    in_se: change.in_errors(at),
                })
                .collect(),
        };
        Self {
            units: influence.most(count).into_iter().map(unit).collect(),
            conventions: &influence.conventions,
        }
    }
}

impl Serialize for SdmResult {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let fit = &self.fit;
        let coefficients = fit.coefficients();
        let coefficients: Vec<NamedEstimate> = coefficients
            .iter()
            .map(|(name, estimate)| NamedEstimate { name, estimate: *estimate })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &fit.spec.model)?;
        map.serialize_entry("effects", &fit.spec.effects)?;
        map.serialize_entry("dynamic", &fit.spec.dynamic)?;
        map.serialize_entry("bias_correction", &fit.spec.bias_correction)?;
        map.serialize_entry("y", &fit.spec.y)?;
        map.serialize_entry("log", &self.log)?;
        map.serialize_entry("n_units", &fit.n_units)?;
        map.serialize_entry("n_periods", &fit.n_periods)?;
        let dropped: usize = self.warnings.iter().map(Warning::dropped).sum();
        let filled: usize = self.warnings.iter().map(Warning::filled).sum();
        map.serialize_entry("dropped", &dropped)?;
        map.serialize_entry("filled", &filled)?;
        map.serialize_entry("weights", &self.weights)?;
        map.serialize_entry("coefficients", &coefficients)?;
        map.serialize_entry("rho", &fit.rho())?;
        map.serialize_entry("lambda", &fit.lambda())?;
        map.serialize_entry("phi", &fit.phi())?;
        map.serialize_entry("sigma2_unit", &fit.sigma2_unit())?;
        map.serialize_entry("sigma2", &fit.sigma2)?;
        map.serialize_entry("vcov", &fit.spec.vcov)?;
        map.serialize_entry("log_likelihood", &fit.log_likelihood)?;
        map.serialize_entry("aic", &fit.aic)?;
        map.serialize_entry("bic", &fit.bic)?;
        map.serialize_entry("r_squared", &fit.r_squared)?;
        map.serialize_entry("r_squared_within", &fit.r_squared_within)?;
        map.serialize_entry("se", &self.standard_errors)?;
        map.serialize_entry("impacts", &self.impacts.rows)?;
        let long_run = self.long_run.as_ref().map(|impacts| &impacts.rows);
        map.serialize_entry("impacts_long_run", &long_run)?;
        map.serialize_entry("stability", &fit.stability)?;
        map.serialize_entry("tests", &self.tests)?;
        if let Some(comparison) = &self.comparison {
            map.serialize_entry("comparison", comparison)?;
        }
        if let Some((influence, count)) = &self.influence {
            map.serialize_entry("influence", &Influential::of(influence, *count))?;
        }
        map.serialize_entry("convergence", &fit.convergence)?;
        map.serialize_entry("conventions", &fit.conventions)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
