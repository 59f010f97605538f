//! What single units do to the estimates.

mod columns;
mod deletion;
mod shares;
mod style;
#[cfg(test)]
mod tests;

use durbin_core::{Conventions, Named, Panel, Warning, linalg::LeastSquares};
use ndarray::{Array1, s};
use rayon::prelude::*;

use crate::{
    Effects, Error, Fit, Prepared,
    design::Design,
    information,
    likelihood::{ErrorProfile, LagProfile, Profile, jacobian, with_jacobian},
    logdet::{LogDet, Taylor},
    maximum,
    model::Process,
    optimise::Search,
    sample::Sample,
};
use deletion::Deletion;
use shares::Shares;

/// How often the interval of ρ is widened before a unit beyond it has no value.
const ROUNDS: usize = 5;

/// What leaving out each unit changes in one quantity: the estimate without the unit less the estimate with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The quantity: a parameter by its name, or an effect such as `P_direct`.
    pub name: String,
    /// The same in words.
    pub words: String,
    /// Standard error of the estimate from all units.
    pub std_error: f64,
    /// One change per unit, `n`; NaN where the others do not identify the model.
    pub changes: Vec<f64>,
}

impl Change {
    /// The change that unit `i` makes, in standard errors of the estimate.
    pub fn in_errors(&self, i: usize) -> f64 {
        self.changes[i] / self.std_error
    }
}

/// The influence of every unit on the estimates of a fit, by leaving it out.
///
/// The Gaussian log-likelihood is a sum over units, `ℓ = Σ_i ℓ_i`, with
///
/// ```text
/// ℓ_i(ρ, γ, σ²) = T·[ln(I − ρW)]_ii − m/(2n)·ln(2πσ²) − Σ_t ε_it²/(2σ²)
/// ```
///
/// (`T` periods and `m` observations of the likelihood, `m = nT` except where data are transformed) because `ln|I − ρW| = tr ln(I − ρW)`; `d[ln(I − ρW)]_ii/dρ = −(W(I − ρW)⁻¹)_ii`, so that each unit's score has mean zero by
/// itself. Leaving out unit `i` is to maximise `ℓ − ℓ_i` anew in all parameters: its equation no longer counts, while
/// its values stay in the spatial lags of its neighbours, and W is what it was. With effects of periods these are
/// estimated anew too. The same holds for λ of a spatial error, and without spatial parameter it is the deletion of a
/// unit from least squares (Cook 1977; Belsley, Kuh & Welsch 1980).
///
/// Changes are those of the maximum of the likelihood, before any bias correction, which hardly depends on one unit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Influence {
    /// Unit keys, `n`.
    pub ids: Vec<String>,
    /// Changes of the coefficients and of ρ or λ, in the order of the fit; not of σ².
    pub parameters: Vec<Change>,
    /// Changes of the average direct, indirect and total effects of each regressor, in the order of the specification.
    pub effects: Vec<Change>,
    /// `D_i = Δ_i'V⁻¹Δ_i/p`, with `Δ_i` the changes of the `p` parameters and `V` their covariance (Cook 1977, of whose
    /// distance it is the form for a likelihood; Cook & Weisberg 1982).
    pub cook: Vec<f64>,
    /// How they were computed.
    pub conventions: Conventions,
    /// Units without which the model is not identified.
    pub warnings: Vec<Warning>,
}

impl Fit {
    /// The influence of every unit, by leaving it out of the likelihood: exact, by updating; no model is fitted again. `panel`, `w` and
    /// `m` (weights of the error, where they differ) are those of the fit.
    ///
    /// # Errors
    /// [`Error::NoInfluence`] of random effects, of models with two spatial lags, and where the log-determinant is stochastic;
    /// what keeps the model from being estimated.
    pub fn influence(
        &self,
        panel: &Panel,
        w: &Prepared,
        m: Option<&Prepared>,
    ) -> Result<Influence, Error> {
        let deleted = Leaving::new(self, panel, w, m.unwrap_or(w))?.every_unit(1.0)?;
        self.changes(&deleted)
    }

    /// From the maxima with all units and without each of them.
    fn changes(&self, Left { whole, without, effects }: &Left) -> Result<Influence, Error> {
        let n = self.n_units;
        let missing = |i: &usize| without[*i].is_none();
        let lost: Vec<String> = (0..n).filter(missing).map(|i| self.ids[i].clone()).collect();
        let p = whole.len();
        let change = |at: usize| -> Vec<f64> {
            let of = |one: &Option<Array1<f64>>| {
                one.as_ref().map_or(f64::NAN, |one| one[at] - whole[at])
            };
            without.iter().map(of).collect()
        };
        let parameters: Vec<Change> = (0..p)
            .map(|at| Change {
                name: self.names[at].clone(),
                words: self.names[at].clone(),
                std_error: self.covariance[[at, at]].sqrt(),
                changes: change(at),
            })
            .collect();
        let inverse = information::inverse(&self.covariance.slice(s![..p, ..p]).to_owned())?;
        let distance = |one: &Option<Array1<f64>>| {
            one.as_ref().map_or(f64::NAN, |one| {
                let moved = one - whole;
                moved.dot(&inverse.dot(&moved)) / p as f64
            })
        };
        let impacts = self.impacts()?;
        let mut of_effects = Vec::new();
        for (k, row) in impacts.rows.iter().enumerate() {
            let kinds = [("direct", row.direct), ("indirect", row.indirect), ("total", row.total)];
            for (kind, (word, estimate)) in kinds.into_iter().enumerate() {
                let at = 3 * k + kind;
                of_effects.push(Change {
                    name: format!("{}_{word}", row.variable),
                    words: format!("{}: {word} effect", row.variable),
                    std_error: estimate.std_error,
                    changes: effects
                        .iter()
                        .map(|of| of.as_ref().map_or(f64::NAN, |of| of[at]))
                        .collect(),
                });
            }
        }
        // What a model does not estimate, such as the spill-over without a spatial lag, is moved by no unit.
        of_effects.retain(|change| change.std_error > 0.0);
        let units: Named = lost.into_iter().collect();
        let warning = (units.count > 0).then(|| {
            Warning::Other(format!(
                "influence: without {units} the other units do not identify the model, or put its spatial parameter out of reach; there is no value for such a unit"
            ))
        });
        Ok(Influence {
            ids: self.ids.clone(),
            parameters,
            effects: of_effects,
            cook: without.iter().map(distance).collect(),
            conventions: conventions(),
            warnings: warning.into_iter().collect(),
        })
    }
}

/// Maxima with all units and with all but one.
struct Left {
    /// Coefficients and the spatial parameter.
    whole: Array1<f64>,
    without: Vec<Option<Array1<f64>>>,
    /// Changes of direct, indirect and total effects, regressor by regressor.
    effects: Vec<Option<Vec<f64>>>,
}

/// A fit whose units are left out one by one.
struct Leaving<'a> {
    fit: &'a Fit,
    design: Design,
    sample: Sample,
    /// Of the spatial parameter, where there is one.
    logdet: Option<&'a LogDet>,
    /// The maximum.
    coefficients: Array1<f64>,
    spatial: Option<f64>,
}

impl<'a> Leaving<'a> {
    fn new(fit: &'a Fit, panel: &Panel, w: &'a Prepared, m: &'a Prepared) -> Result<Self, Error> {
        let spec = &fit.spec;
        let refuse = |why| Err(Error::NoInfluence { why });
        if spec.effects == Effects::Random {
            return refuse(
                "random effects tie the periods of a unit to a variance that all units share; use fixed effects",
            );
        }
        let logdet = match spec.model.process() {
            Process::Both => {
                return refuse(
                    "models with a lag of the response and of the error have two log-determinants to divide; use sdm or sdem",
                );
            }
            Process::Linear => None,
            Process::Lag => Some(&**w.logdet()?),
            Process::Error => Some(&**m.logdet()?),
        };
        if logdet.is_some_and(LogDet::is_stochastic) {
            return refuse(
                "the log-determinant of these weights is stochastic and cannot be divided among units; use sparser weights",
            );
        }
        let design = Design::new(spec, panel, w.weights(), m.weights())?;
        let sample = Sample::new(spec, design.n, design.t);
        let point = maximum::find(spec, &design, sample, w, m)?.point;
        let spatial = point.rho.or(point.lambda);
        Ok(Self { fit, design, sample, logdet, coefficients: point.coefficients, spatial })
    }

    /// The maxima without the share `weight` of each unit.
    fn every_unit(&self, weight: f64) -> Result<Left, Error> {
        self.every_unit_within(weight, ROUNDS)
    }

    /// The same, the interval of ρ being widened so many times.
    fn every_unit_within(&self, weight: f64, rounds: usize) -> Result<Left, Error> {
        let deletion = Deletion::new(&self.design, self.fit.spec.effects);
        let Some((logdet, spatial)) = self.logdet.zip(self.spatial) else {
            let of = |unit| regress(&deletion.without(unit, weight)?).ok();
            let without: Vec<_> = (0..self.design.n).into_par_iter().map(of).collect();
            return Ok(self.left(without, |_| [f64::NAN; 2]));
        };
        let centred = self.sample.without_unit_root;
        let mut shares = Shares::at(logdet, spatial, centred)?;
        let at = (logdet, spatial);
        let mut found = self.maxima(at, &deletion, &shares, weight);
        let mut known = (spatial, spatial);
        for _ in 0..rounds {
            let values = found.iter().flatten().map(|(_, at)| *at);
            let (low, high) = values.fold((spatial, spatial), |(l, h), v| (l.min(v), h.max(v)));
            known = widened((low, high), logdet.bounds());
            shares = Shares::between(logdet, known, centred)?;
            found = self.maxima(at, &deletion, &shares, weight);
            if found.iter().flatten().all(|(_, at)| inside(known, *at)) {
                break;
            }
        }
        // Beyond what is known of the shares there are none to rely on.
        let found = found.into_iter().map(|one| one.filter(|(_, at)| inside(known, *at)));
        let joined = |(coefficients, at): (Array1<f64>, f64)| -> Array1<f64> {
            coefficients.into_iter().chain([at]).collect()
        };
        let without = found.map(|one| one.map(joined)).collect();
        let n = self.design.n as f64;
        Ok(self.left(without, |rho| [-logdet.at(rho).slope / n, shares.total(rho)]))
    }

    /// Coefficients and the spatial parameter without each unit.
    fn maxima(
        &self,
        at: (&LogDet, f64),
        deletion: &Deletion,
        shares: &Shares,
        weight: f64,
    ) -> Vec<Option<(Array1<f64>, f64)>> {
        let without = |unit| {
            let design = deletion.without(unit, weight)?;
            self.maximum(at, &design, unit, shares, weight).ok()
        };
        (0..self.design.n).into_par_iter().map(without).collect()
    }

    /// From the maximum `near` with all units.
    fn maximum(
        &self,
        (logdet, near): (&LogDet, f64),
        design: &Design,
        unit: usize,
        shares: &Shares,
        weight: f64,
    ) -> Result<(Array1<f64>, f64), Error> {
        let profile: Box<dyn Profile + '_> = match &design.error {
            Some(lags) => Box::new(ErrorProfile::new(design, lags, 0.0)),
            None => Box::new(LagProfile::new(design)?),
        };
        let periods = self.sample.periods * weight;
        let observations = self.sample.observations * (1.0 - weight / self.design.n as f64);
        let sample = Sample { observations, ..self.sample };
        // The share itself is a constant of the search: only its derivatives are needed.
        let jacobian = |at: f64| {
            let Taylor { value, slope, curvature } = jacobian(logdet.at(at), sample, at);
            let (g, dg) = shares.of(unit, at);
            Taylor { value, slope: slope + periods * g, curvature: curvature + periods * dg }
        };
        let search = Search {
            parameter: "rho",
            log_determinant: logdet.method,
            bounds: logdet.bounds(),
            observations: sample.observations,
        };
        let at = search.polish(|at| with_jacobian(&*profile, jacobian(at), sample, at), near)?;
        Ok((profile.coefficients(at)?, at))
    }

    /// With the changes of effects; `reach` gives `tr G/n` and `1'G1/n` at ρ.
    fn left(&self, without: Vec<Option<Array1<f64>>>, reach: impl Fn(f64) -> [f64; 2]) -> Left {
        let whole: Array1<f64> = self.coefficients.iter().copied().chain(self.spatial).collect();
        let lagged = self.fit.spec.model.process() == Process::Lag;
        let effects_at = |parameters: &Array1<f64>| -> Vec<f64> {
            let means = &self.fit.reach.means;
            let (rho, [own, all]) = if lagged {
                let rho = parameters[parameters.len() - 1];
                (rho, reach(rho))
            } else {
                (0.0, [means.direct.g, means.total.g])
            };
            let terms = self.design.terms.iter().flat_map(|term| {
                let beta = parameters[term.beta];
                let theta = term.theta.map_or(0.0, |at| parameters[at]);
                let direct = beta * (1.0 + rho * own) + theta * own;
                let total = beta * (1.0 + rho * all) + theta * all;
                [direct, total - direct, total]
            });
            terms.collect()
        };
        let before = effects_at(&whole);
        let change = |one: &Option<Array1<f64>>| {
            let after = effects_at(one.as_ref()?);
            Some(after.iter().zip(&before).map(|(after, before)| after - before).collect())
        };
        Left { effects: without.iter().map(change).collect(), whole, without }
    }
}

fn regress(design: &Design) -> Result<Array1<f64>, Error> {
    Ok(LeastSquares::new(&design.z)?.coefficients(&design.y))
}

fn inside((low, high): (f64, f64), at: f64) -> bool {
    at >= low && at <= high
}

/// The interval with a quarter of its length at each end, inside `bounds`.
fn widened((low, high): (f64, f64), (lower, upper): (f64, f64)) -> (f64, f64) {
    let more = 0.25 * (high - low) + 1e-6 * (upper - lower);
    ((low - more).max(f64::midpoint(lower, low)), (high + more).min(f64::midpoint(high, upper)))
}

fn conventions() -> Conventions {
    Conventions::new()
        .with("left_out", "the unit's part of the log-likelihood in all periods, its diagonal entry of ln(I - rho W) included; its values stay in the lags of its neighbours, W is unchanged")
        .with("change", "estimate without the unit less estimate with it, both at the maximum of the likelihood before bias correction")
        .with("in_se", "divided by the standard error of the estimate from all units")
        .with("effects_averaged", "over all units at either estimate")
        .with("cook", "change of coefficients and spatial parameter in the metric of their covariance, divided by their number")
}
