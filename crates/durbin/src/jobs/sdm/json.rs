//! The JSON of a fitted model.

use durbin_core::{Estimate, Warning};
use serde::Serialize;

use super::SdmResult;

#[derive(Serialize)]
struct NamedEstimate<'a> {
    name: &'a str,
    #[serde(flatten)]
    estimate: Estimate,
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
        map.serialize_entry("convergence", &fit.convergence)?;
        map.serialize_entry("conventions", &fit.conventions)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}
