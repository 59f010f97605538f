//! What to estimate, as a plain value.

use durbin_core::Panel;
use serde::{Deserialize, Serialize};

use crate::{Error, Fit, GmmStyle, Interactions, IvStyle, Term, estimate, words::words};

words! {
    /// Which moments are used.
    Estimator, "estimator", "one of difference, system":
    /// Those of the transformed equation (Arellano & Bond 1991).
    Difference = "difference",
    /// Those of the level equation too (Arellano & Bover 1995; Blundell & Bond 1998).
    System = "system",
}

words! {
    /// How unit effects are removed.
    Transform, "transform", "one of fd (first differences), fod (forward orthogonal deviations)":
    /// First differences.
    FirstDifferences = "fd",
    /// Forward orthogonal deviations (Arellano & Bover 1995), stored one period late.
    Orthogonal = "fod",
}

words! {
    /// How often the weighting matrix is re-estimated.
    Steps, "steps", "one of 1, 2, iterated":
    /// Never.
    One = "1",
    /// Once.
    Two = "2",
    /// Until the coefficients stay.
    Iterated = "iterated",
}

words! {
    /// Covariance of the errors that the first step assumes, up to its scale.
    H, "h", "one of 1, 2, 3 (as in xtabond2), dpd":
    /// The identity.
    Identity = "1",
    /// That of transformed homoskedastic errors; the identity for levels, nothing between the equations.
    Block = "2",
    /// That of transformed and level errors together.
    Full = "3",
    /// Half of `2`, and difference GMM's time effects untransformed (DPD for Ox).
    Dpd = "dpd",
}

words! {
    /// What standard errors allow for.
    Errors, "errors", "one of robust, classical, jackknife":
    /// Any covariance within a unit; with two steps Windmeijer's correction.
    Robust = "robust",
    /// One step: the covariance that H assumes. Two steps: no correction.
    Classical = "classical",
    /// Any covariance within a unit, by estimating again without each.
    Jackknife = "jackknife",
}

/// A dynamic panel model.
///
/// ```
/// use durbin_gmm::{GmmSpec, Interactions};
///
/// let spec = GmmSpec::system("V", ["P", "C", "I", "T"])
///     .interactions(Interactions::All)
///     .gmm_style("V:2-4".parse()?)
///     .iv_style("P,C,I,T".parse()?);
/// assert_eq!(spec.x.len(), 4);
/// # Ok::<(), durbin_gmm::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
pub struct GmmSpec {
    /// The response.
    pub y: String,
    /// Its lags among the regressors.
    #[serde(default = "one")]
    pub lags: usize,
    /// The other regressors, without a constant: `P`, `L.P`, `L(0/2).P`.
    pub x: Vec<String>,
    /// Their products.
    #[serde(default)]
    pub interactions: Interactions,
    /// Whether the grand mean of each variable of `x` is taken off first.
    #[serde(default)]
    pub center: bool,
    /// Instruments in GMM style. Where both lists are empty: `y:2-`, and all regressors in IV style.
    #[serde(default)]
    pub gmm_style: Vec<GmmStyle>,
    /// Instruments in IV style.
    #[serde(default)]
    pub iv_style: Vec<IvStyle>,
    /// Which moments.
    #[serde(default = "system")]
    pub estimator: Estimator,
    /// One step, two, or iterated.
    #[serde(default = "two")]
    pub steps: Steps,
    /// One GMM-style column per lag instead of one per period and lag.
    #[serde(default)]
    pub collapse: bool,
    /// How unit effects are removed.
    #[serde(default = "first_differences")]
    pub transform: Transform,
    /// The first step's H.
    #[serde(default = "full")]
    pub h: H,
    /// Whether system GMM has a constant.
    #[serde(default = "yes")]
    pub constant: bool,
    /// Whether there is a dummy per period but the first.
    #[serde(default)]
    pub time_effects: bool,
    /// Whether robust two-step errors are corrected (Windmeijer 2005).
    #[serde(default = "yes")]
    pub windmeijer: bool,
    /// What standard errors allow for.
    #[serde(default = "robust")]
    pub errors: Errors,
    /// Highest order of the test for serial correlation.
    #[serde(default = "two_orders")]
    pub ar_orders: usize,
}

fn one() -> usize {
    1
}
fn two_orders() -> usize {
    2
}
fn system() -> Estimator {
    Estimator::System
}
fn two() -> Steps {
    Steps::Two
}
fn first_differences() -> Transform {
    Transform::FirstDifferences
}
fn full() -> H {
    H::Full
}
fn yes() -> bool {
    true
}
fn robust() -> Errors {
    Errors::Robust
}

impl GmmSpec {
    /// System GMM of `y` on its first lag and `x`: two steps, Windmeijer's errors.
    pub fn system<S: Into<String>>(y: impl Into<String>, x: impl IntoIterator<Item = S>) -> Self {
        Self {
            y: y.into(),
            lags: 1,
            x: x.into_iter().map(Into::into).collect(),
            interactions: Interactions::None,
            center: false,
            gmm_style: Vec::new(),
            iv_style: Vec::new(),
            estimator: Estimator::System,
            steps: Steps::Two,
            collapse: false,
            transform: Transform::FirstDifferences,
            h: H::Full,
            constant: true,
            time_effects: false,
            windmeijer: true,
            errors: Errors::Robust,
            ar_orders: 2,
        }
    }

    /// Difference GMM of `y` on its first lag and `x`: two steps, Windmeijer's errors.
    pub fn difference<S: Into<String>>(
        y: impl Into<String>,
        x: impl IntoIterator<Item = S>,
    ) -> Self {
        Self { estimator: Estimator::Difference, ..Self::system(y, x) }
    }

    /// The same with products of the regressors.
    #[must_use]
    pub fn interactions(mut self, interactions: Interactions) -> Self {
        self.interactions = interactions;
        self
    }

    /// The same with one more group of GMM-style instruments.
    #[must_use]
    pub fn gmm_style(mut self, style: GmmStyle) -> Self {
        self.gmm_style.push(style);
        self
    }

    /// The same with one more group of IV-style instruments.
    #[must_use]
    pub fn iv_style(mut self, style: IvStyle) -> Self {
        self.iv_style.push(style);
        self
    }

    /// The variables of a panel that the model names; `has` says which names are variables as they stand,
    /// where a name such as `L.P` or `y` could also be read otherwise.
    ///
    /// # Errors
    /// [`Error::Syntax`] for a name that cannot be read.
    pub fn variables(&self, has: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
        let interactions = match &self.interactions {
            Interactions::Only(names) => names.clone(),
            _ => Vec::new(),
        };
        let iv =
            self.iv_style.iter().flat_map(|style| style.variables.iter().map(|(name, _)| name));
        let gmm = self.gmm_style.iter().map(|style| &style.variable);
        let mut all = vec![self.y.clone()];
        for name in self.x.iter().chain(&interactions).chain(iv).chain(gmm) {
            if name == "y" && !has("y") {
                continue;
            }
            let terms = Term::read(name, &has)?;
            all.extend(terms.into_iter().flat_map(|term| term.factors).map(|factor| factor.name));
        }
        let mut distinct: Vec<String> = Vec::new();
        for name in all {
            if !distinct.contains(&name) {
                distinct.push(name);
            }
        }
        Ok(distinct)
    }

    /// Estimates the model; every unit is a cluster of its own.
    ///
    /// A cell of the panel (`n` units, `t` periods) that is `NaN` is a gap: nothing is lagged or
    /// transformed across it. Memory grows with `n·t`, not with the number of instruments.
    ///
    /// # Errors
    /// Everything [`Error`] lists.
    pub fn fit(&self, panel: &Panel) -> Result<Fit, Error> {
        estimate::estimate(self, panel, None)
    }

    /// Estimates the model with errors and weighting matrix that allow for any covariance within a cluster
    /// of units; `cluster` holds a number for each of the `n` units.
    ///
    /// # Errors
    /// As [`GmmSpec::fit`].
    pub fn fit_clustered(&self, panel: &Panel, cluster: &[usize]) -> Result<Fit, Error> {
        estimate::estimate(self, panel, Some(cluster))
    }
}
