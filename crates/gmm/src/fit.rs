//! A fitted model.

use durbin_core::{Conventions, Distribution, Estimate, TestStat, Warning, linalg::inverse_spd};
use ndarray::{Array1, Array2};

use crate::{
    Bounds, Error, Errors, GmmSpec, GroupTest, Steps, Term, Vif, advice, convention,
    dependence::dependence,
    diagnostics::Levels,
    estimate::{Solved, part},
    model::{Kind, Model},
    moments::{Columns, Counts, Moments},
    overid,
    passes::Clusters,
    rows::Rows,
    serial::Fitted,
};

/// Tests of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Tests {
    /// Serial correlation of the differenced errors, order 1 first.
    pub ar: Vec<TestStat>,
    /// Sargan's test with the first step's weights.
    pub sargan: TestStat,
    /// Hansen's J with weights from residuals.
    pub hansen: TestStat,
    /// Group by group.
    pub difference_in_hansen: Vec<GroupTest>,
    /// All coefficients but the constant and time effects are zero.
    pub wald: TestStat,
    /// The time effects are zero.
    pub wald_time: Option<TestStat>,
    /// Pesaran's test for dependence between units, of the residuals in levels.
    pub cd: TestStat,
}

/// A dynamic panel model, estimated.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// What was asked for.
    pub spec: GmmSpec,
    /// Names of the coefficients, `k` of them.
    pub names: Vec<String>,
    /// The coefficients.
    pub estimates: Vec<f64>,
    /// Their covariance, `k × k`.
    pub covariance: Array2<f64>,
    /// Variance of the errors in levels.
    pub sigma2: f64,
    /// Observations of the main equation: level in system GMM, transformed in difference GMM.
    pub n_obs: usize,
    /// Rows of the transformed equation.
    pub n_transformed: usize,
    /// Units with an observation.
    pub n_groups: usize,
    /// Clusters, where there are others than the units.
    pub n_clusters: Option<usize>,
    /// Fewest and most observations of a unit.
    pub obs_per_group: (usize, usize),
    /// Independent instruments.
    pub n_instruments: usize,
    /// Instruments that depend on others and count for nothing.
    pub redundant_instruments: usize,
    /// Weighting matrices estimated from residuals.
    pub iterations: usize,
    /// Tests.
    pub tests: Tests,
    /// Variance inflation in levels.
    pub vif: Vec<Vif>,
    /// Bounds on the first lag's coefficient.
    pub bounds: Option<Bounds>,
    /// Grand means that were taken off, by variable.
    pub centered: Vec<(String, f64)>,
    /// Instruments in use, as options would write them: GMM style, IV style.
    pub instruments: (Vec<String>, Vec<String>),
    /// Choices behind the numbers.
    pub conventions: Conventions,
    /// What must be said.
    pub warnings: Vec<Warning>,
    kinds: Vec<Kind>,
    /// What each coefficient is of, where it is a regressor asked for.
    pub(crate) terms: Vec<Option<Term>>,
    pub(crate) ranges: Vec<crate::margin::Range>,
}

/// What a fit is put together from.
pub(crate) struct Parts<'a> {
    pub spec: &'a GmmSpec,
    pub model: Model<'a>,
    pub clusters: Clusters,
    pub counts: Counts,
    pub columns: Columns,
    pub moments: Moments,
    pub solved: Solved,
    pub levels: Levels,
}

impl Fit {
    pub(crate) fn new(parts: &Parts) -> Result<Self, Error> {
        let Parts { spec, model, clusters, counts, columns, solved, levels, .. } = parts;
        let names: Vec<String> =
            columns.kept.iter().map(|&j| model.regressors[j].name.clone()).collect();
        let kinds: Vec<Kind> = columns.kept.iter().map(|&j| model.regressors[j].kind).collect();
        let instruments = solved.independent.iter().filter(|kept| **kept).count();
        let tests = tests(parts, &kinds, instruments)?;
        let first_lag = (kinds.first() == Some(&Kind::Lag)).then(|| solved.step.b[0]);
        let bounds = first_lag.and_then(|estimate| levels.bounds(model, estimate));
        let n_obs = if model.system { counts.level } else { counts.transformed };
        let mut fit = Self {
            spec: (*spec).clone(),
            names,
            estimates: solved.step.b.to_vec(),
            covariance: solved.covariance.clone(),
            sigma2: solved.sigma2,
            n_obs,
            n_transformed: counts.transformed,
            n_groups: counts.units,
            n_clusters: (clusters.len() != model.sample.n).then(|| clusters.len()),
            obs_per_group: (counts.fewest, counts.most),
            n_instruments: instruments,
            redundant_instruments: columns.l - instruments,
            iterations: solved.iterations,
            tests,
            vif: levels.vif(model),
            bounds,
            centered: if spec.center { model.centered() } else { Vec::new() },
            instruments: (
                model.gmm_styles.iter().map(ToString::to_string).collect(),
                model.iv_styles.iter().map(ToString::to_string).collect(),
            ),
            conventions: Conventions::new(),
            warnings: Vec::new(),
            kinds,
            terms: columns.kept.iter().map(|&j| model.regressors[j].term.clone()).collect(),
            ranges: model.ranges(),
        };
        fit.conventions = convention::of(&fit, model);
        fit.warnings = advice::of(&fit, model, columns, solved);
        Ok(fit)
    }

    /// Coefficients by name.
    pub fn coefficients(&self) -> Vec<(String, Estimate)> {
        let errors = self.covariance.diag().mapv(f64::sqrt);
        let estimates = self.estimates.iter().zip(&errors);
        let estimates = estimates.map(|(&estimate, &std_error)| Estimate { estimate, std_error });
        self.names.iter().cloned().zip(estimates).collect()
    }

    /// Long-run coefficients `β/(1 − Σα)` of the regressors that are neither lags nor effects, with errors by
    /// the delta method; none without a lag of the response.
    pub fn long_run(&self) -> Vec<(String, Estimate)> {
        let lags: Vec<usize> = self.of_kind(Kind::Lag);
        if lags.is_empty() {
            return Vec::new();
        }
        let stays = 1.0 - lags.iter().map(|&j| self.estimates[j]).sum::<f64>();
        self.of_kind(Kind::X)
            .into_iter()
            .map(|j| {
                let estimate = self.estimates[j] / stays;
                let mut gradient = Array1::zeros(self.names.len());
                gradient[j] = 1.0 / stays;
                for &lag in &lags {
                    gradient[lag] = estimate / stays;
                }
                let std_error = gradient.dot(&self.covariance.dot(&gradient)).sqrt();
                (self.names[j].clone(), Estimate { estimate, std_error })
            })
            .collect()
    }

    /// Wald's test that the coefficients `which` names are zero together, with the reported covariance.
    pub fn wald(&self, name: &str, null: &str, which: impl Fn(&str) -> bool) -> TestStat {
        let at: Vec<usize> = (0..self.names.len()).filter(|&j| which(&self.names[j])).collect();
        wald(name, null, (&self.estimates, &self.covariance), &at)
    }

    /// What each coefficient is of, where it is a regressor that was asked for; none for the response's own lags, the
    /// constant and time effects.
    pub fn terms(&self) -> &[Option<Term>] {
        &self.terms
    }

    /// Where the coefficients of the response's lags are, the first lag first.
    pub fn lags(&self) -> Vec<usize> {
        self.of_kind(Kind::Lag)
    }

    fn of_kind(&self, kind: Kind) -> Vec<usize> {
        (0..self.kinds.len()).filter(|&j| self.kinds[j] == kind).collect()
    }
}

fn tests(parts: &Parts, kinds: &[Kind], instruments: usize) -> Result<Tests, Error> {
    let Parts { spec, model, columns, moments, solved, .. } = parts;
    let df = instruments - kinds.len();
    let fitted = Fitted {
        reported: &solved.covariance,
        projection: &solved.step.projection,
        sigma2: (spec.steps == Steps::One && spec.errors == Errors::Classical)
            .then_some(solved.sigma2),
    };
    let ar = solved.serial.iter().map(|sums| sums.test(&fitted)).collect();
    let null = "the instruments are exogenous";
    let mut groups = Vec::new();
    let named = (0..model.groups.len()).map(|g| (model.groups[g].clone(), model.columns_of(g)));
    let levels =
        model.system.then(|| ("GMM instruments for levels".to_owned(), model.level_columns()));
    for (name, raw) in levels.into_iter().chain(named) {
        let group: Vec<usize> =
            raw.iter().map(|&raw| columns.instrument[raw]).filter(|at| *at != usize::MAX).collect();
        groups.extend(overid::leave_out(
            &name,
            &group,
            moments,
            &solved.outer,
            &solved.independent,
            solved.hansen,
        )?);
    }
    let of = |wanted: &[Kind]| -> Vec<usize> {
        (0..kinds.len()).filter(|&j| wanted.contains(&kinds[j])).collect()
    };
    let time = of(&[Kind::Time]);
    let b = solved.step.b.to_vec();
    let estimated = (b.as_slice(), &solved.covariance);
    Ok(Tests {
        ar,
        sargan: overid::test("Sargan", null, solved.sargan, df),
        hansen: overid::test("Hansen", null, solved.hansen, df),
        difference_in_hansen: groups,
        wald: wald(
            "Wald",
            "all coefficients but constant and time effects are zero",
            estimated,
            &of(&[Kind::Lag, Kind::X]),
        ),
        wald_time: (!time.is_empty())
            .then(|| wald("Wald, time effects", "the time effects are zero", estimated, &time)),
        cd: dependence(&residuals(model, &columns.kept, &solved.step.b)),
    })
}

/// `y − x'b` of every unit with complete rows, on the grid, with the unit effect in it; `NaN` where there is no row.
fn residuals(model: &Model, kept: &[usize], b: &Array1<f64>) -> Vec<Vec<f64>> {
    let mut rows = Rows::new(model);
    let mut all = Vec::new();
    // Effects that stand untransformed in the differenced equation add up in levels.
    let step = |j: usize| model.raw_time && model.regressors[j].kind == Kind::Time;
    for unit in 0..model.sample.n {
        rows.levels(model, unit);
        if !rows.observed.contains(&true) {
            continue;
        }
        let mut raised = 0.0;
        let residual = |t: usize| {
            let mut fitted = 0.0;
            for (&j, b) in kept.iter().zip(b) {
                let part = rows.level(t)[j] * b;
                if step(j) { raised += part } else { fitted += part }
            }
            if rows.observed[t] { rows.y0[t] - fitted - raised } else { f64::NAN }
        };
        all.push((0..rows.observed.len()).map(residual).collect());
    }
    all
}

fn wald(
    name: &str,
    null: &str,
    (estimates, covariance): (&[f64], &Array2<f64>),
    at: &[usize],
) -> TestStat {
    let distribution = Distribution::ChiSquared(at.len() as f64);
    let b: Array1<f64> = at.iter().map(|&j| estimates[j]).collect();
    match inverse_spd(&part(covariance, at), "V") {
        Ok(inverse) if !at.is_empty() => {
            TestStat::new(name, null, b.dot(&inverse.dot(&b)), distribution)
        }
        _ => TestStat::invalid(name, null, distribution, "the covariance is singular"),
    }
}
