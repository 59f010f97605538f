//! Least squares beside GMM: pooled, within (fixed effects), random effects; dependence between units.
//!
//! Baltagi (2021) *Econometric Analysis of Panel Data*, chapters 2 and 9; Swamy & Arora (1972) *Econometrica* 40,
//! 261–275; Pesaran (2004), CESifo working paper 1229.

use durbin_core::{
    Conventions, Estimate, Panel, TestStat,
    linalg::{LeastSquares, rank_deficient},
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::{
    Correction, Error, Errors, GmmSpec,
    dependence::dependence,
    model::{Kind, Model},
    stacked::Stacked,
};

/// How unit effects enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum UnitEffects {
    /// Not at all: one constant.
    Pooled,
    /// As parameters, taken out by the unit's means.
    Fixed,
    /// As draws, uncorrelated with the regressors (Swamy & Arora 1972).
    Random,
}

/// A panel regression by least squares.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquaresFit {
    /// How unit effects enter.
    pub effects: UnitEffects,
    /// Names of the coefficients.
    pub names: Vec<String>,
    /// The coefficients.
    pub estimates: Vec<f64>,
    /// Their covariance.
    pub covariance: Array2<f64>,
    /// Variance of the idiosyncratic error, and of the unit effects where they are random.
    pub sigma2: f64,
    /// The same for the effects.
    pub sigma2_effects: Option<f64>,
    /// Observations and units.
    pub n_obs: usize,
    /// Units.
    pub n_groups: usize,
    /// Pesaran's test for dependence between units.
    pub cd: TestStat,
    /// Choices behind the numbers.
    pub conventions: Conventions,
    /// Regressors that were dropped.
    pub dropped: Vec<String>,
    /// How the bias of the lagged response was corrected, if it was.
    pub correction: Option<Correction>,
}

impl GmmSpec {
    /// The same equation by least squares: lags, regressors, interactions, centring and time effects are those of
    /// this specification, the instruments are not used.
    ///
    /// # Errors
    /// No complete rows, nothing that varies, or jackknife errors.
    pub fn least_squares(
        &self,
        panel: &Panel,
        effects: UnitEffects,
    ) -> Result<LeastSquaresFit, Error> {
        if self.errors == Errors::Jackknife {
            let said = "errors `jackknife` are of GMM; least squares has robust and classical ones";
            return Err(Error::Contradiction(said.to_owned()));
        }
        let (model, stacked) = self.stacked(panel)?;
        stacked.fit(&model, effects, self.errors)
    }
}

impl Stacked {
    fn fit(
        &self,
        model: &Model,
        effects: UnitEffects,
        errors: Errors,
    ) -> Result<LeastSquaresFit, Error> {
        let k = model.regressors.len();
        let of = |j: &usize| {
            effects != UnitEffects::Fixed || model.regressors[*j].kind != Kind::Constant
        };
        let mut columns: Vec<usize> = (0..k).filter(of).collect();
        columns.sort_by_key(|&j| (model.regressors[j].kind != Kind::Constant, j));
        let slopes: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|&j| model.regressors[j].kind != Kind::Constant)
            .collect();
        let (n, units) = (self.y.len() as f64, self.units() as f64);
        let (within_x, within_y) = self.shifted(&slopes, &|_| 1.0);
        let varying: Vec<usize> = {
            let dependent = rank_deficient(&within_x, 1e-10);
            (0..slopes.len()).filter(|at| !dependent.contains(at)).collect()
        };
        let within = LeastSquares::new(&within_x.select(ndarray::Axis(1), &varying)).ok();
        let within_sigma2 = within.as_ref().map(|within| {
            let e = within.residuals(&within_y);
            e.dot(&e) / (n - units - varying.len() as f64)
        });
        let mut sigma2_effects = None;
        let share: Box<dyn Fn(usize) -> f64> = match (effects, within_sigma2) {
            (UnitEffects::Fixed, _) => Box::new(|_| 1.0),
            (UnitEffects::Random, Some(sigma2)) => {
                let (x, y) = self.means(&columns);
                let dependent = rank_deficient(&x, 1e-10);
                let kept: Vec<usize> =
                    (0..columns.len()).filter(|at| !dependent.contains(at)).collect();
                let e = LeastSquares::new(&x.select(ndarray::Axis(1), &kept))?.residuals(&y);
                let between = e.dot(&e) / (units - kept.len() as f64);
                let harmonic =
                    units / self.bounds.windows(2).map(|b| 1.0 / (b[1] - b[0]) as f64).sum::<f64>();
                let of_effects = (between - sigma2 / harmonic).max(0.0);
                sigma2_effects = Some(of_effects);
                Box::new(move |t| 1.0 - (sigma2 / (sigma2 + t as f64 * of_effects)).sqrt())
            }
            _ => Box::new(|_| 0.0),
        };
        let (x, y) = self.shifted(&columns, &share);
        let dependent = rank_deficient(&x, 1e-10);
        let names = |keep: bool| {
            (0..columns.len())
                .filter(|at| dependent.contains(at) != keep)
                .map(|at| columns[at])
                .collect::<Vec<usize>>()
        };
        let kept: Vec<usize> = (0..columns.len()).filter(|at| !dependent.contains(at)).collect();
        if kept.is_empty() {
            let columns = columns.iter().map(|&j| model.regressors[j].name.clone()).collect();
            return Err(Error::NothingVaries { columns });
        }
        let x = x.select(ndarray::Axis(1), &kept);
        let solved = LeastSquares::new(&x)?;
        let b = solved.coefficients(&y);
        let e = solved.residuals(&y);
        let absorbed = if effects == UnitEffects::Fixed { units } else { 0.0 };
        let sigma2 = e.dot(&e) / (n - absorbed - kept.len() as f64);
        let bread = solved.gram_inverse();
        let covariance = match errors {
            Errors::Classical => sigma2 * &bread,
            Errors::Robust | Errors::Jackknife => {
                let mut meat = Array2::zeros((kept.len(), kept.len()));
                for ends in self.bounds.windows(2) {
                    let rows = ndarray::s![ends[0]..ends[1], ..];
                    let score = x.slice(rows).t().dot(&e.slice(ndarray::s![ends[0]..ends[1]]));
                    for i in 0..kept.len() {
                        meat.row_mut(i).scaled_add(score[i], &score);
                    }
                }
                bread.dot(&meat).dot(&bread)
            }
        };
        let name = |j: &usize| model.regressors[*j].name.clone();
        Ok(LeastSquaresFit {
            effects,
            names: names(true).iter().map(name).collect(),
            estimates: b.to_vec(),
            covariance,
            sigma2: within_sigma2.filter(|_| effects == UnitEffects::Random).unwrap_or(sigma2),
            sigma2_effects,
            n_obs: self.y.len(),
            n_groups: self.units(),
            cd: dependence(&self.series(&e, model.sample.calendar.positions())),
            conventions: conventions(effects, errors),
            dropped: names(false).iter().map(name).collect(),
            correction: None,
        })
    }
}

fn conventions(effects: UnitEffects, errors: Errors) -> Conventions {
    let words = match effects {
        UnitEffects::Pooled => "none: one constant",
        UnitEffects::Fixed => "fixed: deviations from the unit's means",
        UnitEffects::Random => {
            "random: Swamy–Arora, between variance with the harmonic mean of periods (as xtreg, re)"
        }
    };
    let errors = match errors {
        Errors::Robust | Errors::Jackknife => {
            "robust to any covariance within units (Arellano 1987), no small-sample factor"
        }
        Errors::Classical => "classical: σ² = e'e/(n − parameters − absorbed effects)",
    };
    Conventions::new()
        .with("unit_effects", words)
        .with("std_errors", errors)
        .with("cd", "Pesaran (2004), correlations about the pair's means over common periods")
}

impl LeastSquaresFit {
    /// Coefficients by name.
    pub fn coefficients(&self) -> Vec<(String, Estimate)> {
        let errors = self.covariance.diag().mapv(f64::sqrt);
        let estimates = self.estimates.iter().zip(&errors);
        let estimates = estimates.map(|(&estimate, &std_error)| Estimate { estimate, std_error });
        self.names.iter().cloned().zip(estimates).collect()
    }
}
