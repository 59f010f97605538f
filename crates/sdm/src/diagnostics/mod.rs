//! Specification and residual tests of a fitted model: one file per family.

mod dependence;
mod effects;
mod hausman;
mod linear;
mod lm;
mod moran;
mod nested;
mod residuals;
mod serial;
mod shape;
mod spatial_hausman;
mod stability;
mod traces;

use durbin_core::{Conventions, Panel, TestStat};
use residuals::residuals;
use serde::Serialize;

use crate::{Effects, Error, Fit, Prepared};

pub(crate) use linear::Linear;
pub(crate) use lm::tests as lm_tests;
pub(crate) use nested::tests as nested_tests;

/// The specification table of a fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnostics {
    /// The tests: first those that choose a model, then those of the residuals.
    pub tests: Vec<TestStat>,
    /// What must be known to read them.
    pub conventions: Conventions,
}

impl Fit {
    /// Every test that the data allow, each with its null, its distribution, or the reason why it has none.
    ///
    /// - Lagrange multiplier tests of a spatial lag and a spatial error in the regression of y on X, classical and
    ///   robust to the other (Anselin 1988; Anselin, Bera, Florax & Yoon 1996), on panels under every choice
    ///   of effects (Elhorst 2014), and on transformed data (Debarsy & Ertur 2010).
    /// - Likelihood ratio and Wald tests of the spatial Durbin model against its special cases.
    /// - Pace & LeSage's test of least squares against a spatial error model.
    /// - Likelihood ratio and F tests of unit and period effects; Hausman's test of fixed against random effects.
    /// - Of the residuals: Moran's I pooled and by period, normality, heteroskedasticity, serial correlation, and
    ///   dependence between all units and between neighbours. Those of random effects are the residuals within units.
    /// - The stability condition of a dynamic model.
    ///
    /// `panel` and `w` are those of the fit.
    ///
    /// # Errors
    /// [`Error::UnitsDiffer`] and variables that are not there. A test that cannot be computed says so itself.
    pub fn tests(&self, panel: &Panel, w: &Prepared) -> Result<Diagnostics, Error> {
        self.tested(panel, w, None)
    }

    /// The same where the error has weights `m` of its own.
    ///
    /// # Errors
    /// As [`tests`](Self::tests).
    pub fn tests_with(
        &self,
        panel: &Panel,
        w: &Prepared,
        m: &Prepared,
    ) -> Result<Diagnostics, Error> {
        self.tested(panel, w, Some(m))
    }

    fn tested(
        &self,
        panel: &Panel,
        w: &Prepared,
        m: Option<&Prepared>,
    ) -> Result<Diagnostics, Error> {
        let mut tests = lm::tests(&self.spec, panel, w.weights())?;
        tests.extend(nested::tests(self, panel, w));
        if panel.n_periods() > 1 {
            tests.extend(effects::tests(&self.spec, panel, w.weights()));
            tests.push(hausman::test(&self.spec, panel, w.weights()));
        }
        tests.extend(spatial_hausman::test(self, panel, w, m.unwrap_or(w)));
        tests.extend(stability::test(self, w.weights()));
        let residuals = residuals(self, panel, w.weights(), m.unwrap_or(w).weights())?;
        tests.extend(moran::tests(self, &residuals, panel, w, m)?);
        tests.push(shape::normality(&residuals));
        tests.extend(shape::heteroskedasticity(self, &residuals, panel, w.weights())?);
        if panel.n_periods() > 1 {
            tests.push(serial::test(self, &residuals));
            tests.extend(dependence::tests(self, &residuals, w.weights()));
        }
        Ok(Diagnostics { tests, conventions: conventions() })
    }
}

/// Effects as a null says them.
fn words(effects: Effects) -> &'static str {
    match effects {
        Effects::Unit => "unit effects",
        Effects::Time => "period effects",
        Effects::TwoWays => "two-way effects",
        Effects::None => "no effects",
        Effects::Random => "random effects",
    }
}

fn conventions() -> Conventions {
    Conventions::new()
        .with("lm", "residuals of y on X without spatial terms; sigma2 = e'e / (nt), as in Elhorst (2014)")
        .with(
            "lm_transformed",
            "the same on Lee-Yu transformed data: sigma2, traces and the score's mean without what effects absorb (Debarsy & Ertur 2010)",
        )
        .with("lr_effects", "non-spatial regressions; degrees of freedom n and t as in Elhorst (2014), though n-1 and t-1 effects are free")
        .with("wald", "of the fitted spatial Durbin model with its covariance; delta method for theta + rho beta = 0")
        .with("hausman", "non-spatial, Swamy-Arora, each covariance with its own variance, as in plm")
        .with("moran_of_residuals", "least squares: exact mean and variance (Cliff & Ord); spatial models: corrected for the estimated parameters (Anselin 1988)")
        .with("residuals", "of random effects those within units; of a dynamic model those of its equation, from the second period on")
        .with("stability", "tau + rho + eta against 1 with their covariance (Elhorst 2014)")
        .with("spatial_hausman", "least squares against the fitted error model, both covariances at its lambda and sigma2 (Pace & LeSage 2008), as in spatialreg")
        .with("serial", "regression of e on its lag, errors clustered by unit; null -1/(t-1) with unit effects (Wooldridge 2010); F with n-1")
        .with("p_value", "two-sided for normal and t, upper tail for chi2 and F")
}
