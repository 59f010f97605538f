//! Marginal effects of one factor along another where they interact.
//!
//! Brambor, Clark & Golder (2006), *Political Analysis* 14, 63–82.

use durbin_core::Estimate;
use ndarray::Array1;

use crate::{Error, Fit, Term};

/// What is known of a factor: its mean and span over all observations, before centring.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Range {
    pub name: String,
    pub mean: f64,
    pub least: f64,
    pub most: f64,
}

/// The marginal effect `∂y/∂of` over values of another factor, the others at their grand means.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// The factor whose effect it is.
    pub of: String,
    /// The factor it changes along.
    pub along: String,
    /// Values of that factor, in its own unit, and the effect there.
    pub points: Vec<(f64, Estimate)>,
    /// Factors held at their grand means.
    pub held: Vec<(String, f64)>,
}

impl Fit {
    /// The effect of `of` at `points` even steps over the span of `along`.
    ///
    /// With `yₜ = … + Σ_S β_S·Π_{f∈S} f`, the effect is `Σ_{S∋of} β_S·Π_{f∈S∖of} f`, its variance `g'Vg` with
    /// the products as gradient `g`.
    ///
    /// # Errors
    /// A factor that is no regressor, or the two do not interact.
    pub fn margin(&self, of: &str, along: &str, points: usize) -> Result<Margin, Error> {
        let terms: Vec<(usize, &Term)> = self
            .terms
            .iter()
            .enumerate()
            .filter_map(|(j, term)| Some((j, term.as_ref()?)))
            .filter(|(_, term)| term.factors.iter().any(|factor| factor.to_string() == of))
            .collect();
        let range = |name: &str| self.ranges.iter().find(|range| range.name == name);
        let known = self.ranges.iter().map(|range| range.name.clone()).collect();
        let (Some(_), Some(span)) = (range(of), range(along)) else {
            let factor = if range(of).is_some() { along } else { of };
            return Err(Error::NotARegressor {
                term: format!("{of}:{along}"),
                factor: factor.to_owned(),
                x: known,
            });
        };
        let has = |term: &Term, name: &str| term.factors.iter().any(|f| f.to_string() == name);
        if of == along || !terms.iter().any(|(_, term)| has(term, along)) {
            return Err(Error::Contradiction(format!(
                "no interaction of `{of}` and `{along}` is in the model: name it with --interactions {of}*{along}"
            )));
        }
        let value = |name: &str, at: f64| -> f64 {
            let off = self
                .centered
                .iter()
                .find(|(known, _)| known == name)
                .map_or(0.0, |(_, mean)| *mean);
            let raw = if name == along { at } else { range(name).map_or(0.0, |range| range.mean) };
            raw - off
        };
        let steps = points.max(2) - 1;
        let points = (0..=steps)
            .map(|step| {
                let at = span.least + (span.most - span.least) * step as f64 / steps as f64;
                let mut gradient = Array1::zeros(self.names.len());
                for (j, term) in &terms {
                    let others = term.factors.iter().map(ToString::to_string).filter(|f| f != of);
                    gradient[*j] = others.map(|name| value(&name, at)).product::<f64>();
                }
                let estimate = gradient.iter().zip(&self.estimates).map(|(g, b)| g * b).sum();
                let std_error = gradient.dot(&self.covariance.dot(&gradient)).sqrt();
                (at, Estimate { estimate, std_error })
            })
            .collect();
        let mut held: Vec<(String, f64)> = Vec::new();
        for factor in terms.iter().flat_map(|(_, term)| &term.factors) {
            let name = factor.to_string();
            if name != of && name != along && !held.iter().any(|(known, _)| *known == name) {
                let mean = range(&name).map_or(0.0, |range| range.mean);
                held.push((name, mean));
            }
        }
        Ok(Margin { of: of.to_owned(), along: along.to_owned(), points, held })
    }
}
