//! Least squares with unit effects, the bias of the lagged response taken off (LSDVC).
//!
//! Kiviet (1995) *J. Econometrics* 68, 53–78; Bruno (2005) *Stata Journal* 5, 473–500.

use durbin_core::{
    Conventions, Panel, Warning,
    linalg::{LeastSquares, rank_deficient},
};
use ndarray::{Array1, Axis};

use crate::{
    Error, GmmSpec, LeastSquaresFit, Steps, Term, Transform, UnitEffects, bias,
    bootstrap::{self, Simulated},
    dependence::dependence,
    model::{Kind, default_iv},
    stacked::Stacked,
    words::words,
};

words! {
    /// The consistent estimator at which the bias is evaluated.
    Initial, "initial", "one of anderson-hsiao, difference, system":
    /// First differences, the level two periods back as the one instrument (Anderson & Hsiao 1982).
    AndersonHsiao = "anderson-hsiao",
    /// One-step difference GMM with all lags from the second (Arellano & Bond 1991).
    Difference = "difference",
    /// One-step system GMM with the same (Blundell & Bond 1998).
    System = "system",
}

/// How the bias is corrected, and how standard errors are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiasCorrection {
    /// Where the bias is evaluated.
    pub initial: Initial,
    /// Terms of the bias: 1 up to order T⁻¹, 2 up to N⁻¹T⁻¹, 3 up to N⁻¹T⁻².
    pub order: usize,
    /// Panels of the parametric bootstrap.
    pub replications: u32,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// What a correction did.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// How it was asked for.
    pub how: BiasCorrection,
    /// Coefficients before the correction.
    pub uncorrected: Vec<f64>,
    /// Those of the initial estimator.
    pub initial: Vec<f64>,
    /// The bias that was taken off.
    pub bias: Vec<f64>,
    /// Bootstrap panels that could be estimated.
    pub replications: usize,
}

impl Correction {
    /// What must be said of it.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut said = Vec::new();
        let asked = self.how.replications as usize;
        if self.replications < asked {
            said.push(format!(
                "{} of {asked} bootstrap panels could not be estimated and are left out of the standard errors",
                asked - self.replications
            ));
        }
        let initial = self.initial[0];
        if initial.abs() >= 1.0 {
            let other = match self.how.initial {
                Initial::AndersonHsiao => "difference or system",
                Initial::Difference => "system",
                Initial::System => "difference",
            };
            said.push(format!(
                "the initial coefficient of the lagged response ({}) is {initial:.4}: the bias is approximated for stationary \
                 panels, |γ| < 1, and what was taken off here means little; try --initial {other}",
                self.how.initial
            ));
        }
        said.into_iter().map(Warning::Other).collect()
    }
}

/// Corrected coefficients.
pub(crate) struct Point {
    pub names: Vec<String>,
    pub estimates: Array1<f64>,
    uncorrected: Array1<f64>,
    initial: Array1<f64>,
    bias: Array1<f64>,
    sigma2: f64,
    dropped: Vec<String>,
    /// Residuals less their unit's means.
    residuals: Array1<f64>,
    stacked: Stacked,
    /// The regressors among the columns of `stacked.x`.
    columns: Vec<usize>,
    positions: usize,
}

impl GmmSpec {
    /// The same equation by least squares with fixed unit effects, less an approximation of its bias; the errors are
    /// those of a parametric bootstrap with normal errors, given first observations and regressors.
    ///
    /// # Errors
    /// Other than one lag of the response, a regressor made of it, no complete rows, an initial estimator that cannot be had.
    pub fn bias_corrected(
        &self,
        panel: &Panel,
        how: &BiasCorrection,
    ) -> Result<LeastSquaresFit, Error> {
        self.can_be_corrected(panel, how)?;
        let point = Point::new(self, panel, how)?;
        let effects = point.effects();
        let x = point.stacked.x.select(Axis(1), &point.columns);
        let truth = Simulated {
            stacked: &point.stacked,
            x: &x,
            coefficients: &point.estimates,
            effects: &effects,
            sigma: point.sigma2.sqrt(),
        };
        let (covariance, replications) = bootstrap::covariance(self, panel, how, &truth)?;
        Ok(LeastSquaresFit {
            effects: UnitEffects::Fixed,
            estimates: point.estimates.to_vec(),
            covariance,
            sigma2: point.sigma2,
            sigma2_effects: None,
            n_obs: point.stacked.y.len(),
            n_groups: point.stacked.units(),
            cd: dependence(&point.stacked.series(&point.residuals, point.positions)),
            conventions: conventions(how, replications),
            dropped: point.dropped,
            correction: Some(Correction {
                how: how.clone(),
                uncorrected: point.uncorrected.to_vec(),
                initial: point.initial.to_vec(),
                bias: point.bias.to_vec(),
                replications,
            }),
            names: point.names,
        })
    }

    fn can_be_corrected(&self, panel: &Panel, how: &BiasCorrection) -> Result<(), Error> {
        if self.lags != 1 {
            return Err(Error::Contradiction(format!(
                "bias-corrected least squares is for one lag of the response; the model has {}",
                self.lags
            )));
        }
        if !(1..=3).contains(&how.order) || how.replications < 2 {
            return Err(Error::Contradiction(
                "the bias has an order of 1, 2 or 3, and the bootstrap at least two panels"
                    .to_owned(),
            ));
        }
        let has = |name: &str| panel.names().iter().any(|known| known == name);
        for name in self.x.iter().filter(|name| !has(name)) {
            let terms = Term::read(name, has)?;
            if terms.iter().flat_map(|term| &term.factors).any(|factor| factor.name == self.y) {
                return Err(Error::Contradiction(format!(
                    "`{name}` is made of the response: bias-corrected least squares takes all regressors but its first lag as strictly exogenous"
                )));
            }
        }
        Ok(())
    }
}

impl Point {
    pub fn new(spec: &GmmSpec, panel: &Panel, how: &BiasCorrection) -> Result<Self, Error> {
        let (model, stacked) = spec.stacked(panel)?;
        let name = |j: &usize| model.regressors[*j].name.clone();
        let slopes: Vec<usize> = (0..model.regressors.len())
            .filter(|&j| model.regressors[j].kind != Kind::Constant)
            .collect();
        let (w, y) = stacked.shifted(&slopes, &|_| 1.0);
        let dependent = rank_deficient(&w, 1e-10);
        let kept: Vec<usize> = (0..slopes.len()).filter(|at| !dependent.contains(at)).collect();
        if kept.first() != Some(&0) {
            return Err(Error::NothingVaries { columns: slopes.iter().map(name).collect() });
        }
        let columns: Vec<usize> = kept.iter().map(|&at| slopes[at]).collect();
        let w = w.select(Axis(1), &kept);
        let df = stacked.y.len() as f64 - stacked.units() as f64 - columns.len() as f64;
        if df <= 0.0 {
            return Err(Error::Contradiction(format!(
                "{} rows leave no degrees of freedom for {} unit effects and {} coefficients",
                stacked.y.len(),
                stacked.units(),
                columns.len()
            )));
        }
        let solved = LeastSquares::new(&w)?;
        let uncorrected = solved.coefficients(&y);
        let names: Vec<String> = columns.iter().map(name).collect();
        let initial = initial(spec, panel, how.initial, default_iv(&model.regressors), &names)?;
        let variance = |b: &Array1<f64>| {
            let e = &y - &w.dot(b);
            (e.dot(&e) / df, e)
        };
        let terms = bias::terms(
            &stacked.at,
            &stacked.bounds,
            &w,
            &solved.gram_inverse(),
            initial[0],
            variance(&initial).0,
        );
        let mut bias = Array1::zeros(names.len());
        for term in terms.iter().take(how.order) {
            bias += term;
        }
        let estimates = &uncorrected - &bias;
        let (sigma2, residuals) = variance(&estimates);
        let dropped = dependent.iter().map(|&at| name(&slopes[at])).collect();
        let positions = model.sample.calendar.positions();
        Ok(Self {
            names,
            estimates,
            uncorrected,
            initial,
            bias,
            sigma2,
            dropped,
            residuals,
            stacked,
            columns,
            positions,
        })
    }

    /// The unit effects `ȳᵢ − w̄ᵢ'δ`.
    fn effects(&self) -> Array1<f64> {
        let (x, y) = self.stacked.means(&self.columns);
        y - x.dot(&self.estimates)
    }
}

/// Coefficients of the initial estimator, by the names of the others.
fn initial(
    spec: &GmmSpec,
    panel: &Panel,
    kind: Initial,
    exogenous: Vec<crate::IvStyle>,
    names: &[String],
) -> Result<Array1<f64>, Error> {
    let mut gmm = spec.clone();
    gmm.estimator = match kind {
        Initial::System => crate::Estimator::System,
        Initial::Difference | Initial::AndersonHsiao => crate::Estimator::Difference,
    };
    (gmm.steps, gmm.transform) = (Steps::One, Transform::FirstDifferences);
    let to = (kind == Initial::AndersonHsiao).then_some(2);
    gmm.collapse |= kind == Initial::AndersonHsiao;
    gmm.gmm_style = vec![crate::GmmStyle {
        variable: spec.y.clone(),
        from: 2,
        to,
        equation: crate::Equation::Both,
    }];
    gmm.iv_style = exogenous;
    let fit = gmm.fit(panel)?;
    names
        .iter()
        .map(|name| {
            let at = fit.names.iter().position(|known| known == name);
            at.map(|at| fit.estimates[at]).ok_or_else(|| {
                Error::Contradiction(format!(
                    "the initial estimator ({kind}) cannot tell `{name}` apart"
                ))
            })
        })
        .collect()
}

fn conventions(how: &BiasCorrection, replications: usize) -> Conventions {
    let initial = match how.initial {
        Initial::AndersonHsiao => "Anderson–Hsiao (differences, the level two periods back)",
        Initial::Difference => "one-step difference GMM, all lags from the second",
        Initial::System => "one-step system GMM, all lags from the second",
    };
    let order = ["T⁻¹", "N⁻¹T⁻¹", "N⁻¹T⁻²"][how.order.clamp(1, 3) - 1];
    Conventions::new()
        .with("unit_effects", "fixed: deviations from the unit's means")
        .with(
            "bias_correction",
            format!("LSDVC: Kiviet (1995), Bun & Kiviet (2003), unbalanced Bruno (2005), to order {order}; regressors strictly exogenous"),
        )
        .with("initial", format!("{initial}; σ² of its residuals within units, n − N − k"))
        .with(
            "std_errors",
            format!("parametric bootstrap, normal errors, {replications} panels, seed {}", how.seed),
        )
        .with("cd", "Pesaran (2004), correlations about the pair's means over common periods")
}
