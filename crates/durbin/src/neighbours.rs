//! The neighbours in the equation of a dynamic panel model: spatial lags are further columns of the panel.
//!
//! ```text
//! yᵢₜ = Σₗ αₗyᵢ,ₜ₋ₗ + ρΣⱼwᵢⱼyⱼₜ + xᵢₜ'β + Σⱼwᵢⱼxⱼₜ'θ + μᵢ + λₜ + εᵢₜ
//! ```
//!
//! `W*V` is the spatial lag of `V`, `W*W*V` that of `W*V`, and `L.W*V` the period before. The contemporaneous `W*y` is
//! endogenous; its instruments are lags of it and of `y` (Kukenova & Monteiro 2009; Cizek, Jacobs, Ligthart & Vrijburg
//! 2011) and the spatial lags `WX`, `W²X` of exogenous regressors (Kelejian & Prucha 1998; Elhorst 2014, chapter 4).

mod columns;
mod effects;

use durbin_core::{TestStat, Warning};
use durbin_gmm::{Equation, Error, Fit, GmmSpec, GmmStyle, Interactions, IvStyle, Term};
use durbin_sdm::{Durbin, Model};
use serde::Serialize;

pub(crate) use columns::{insert, name_weights};
pub(crate) use effects::effects;

/// What a spatial lag's name begins with.
const LAGGED: &str = "W*";

/// Farthest lag of the response and its spatial lag as instruments by default: more of them make an estimate lean towards
/// least squares, which takes ρ too high.
const FARTHEST: usize = 4;

/// Which neighbours' terms enter beside those that the model names itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Neighbours {
    /// `sar` (`W*y`), `slx` (`W*x`) or `sdm` (both).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// The regressors of which `W*x` enters under `slx` and `sdm`.
    #[serde(skip_serializing_if = "is_all")]
    pub durbin: Durbin,
}

fn is_all(durbin: &Durbin) -> bool {
    *durbin == Durbin::All
}

/// A model with its spatial lags by name.
#[derive(Debug)]
pub(crate) struct Spatial {
    /// The model, spatial lags among its regressors and instruments.
    pub spec: GmmSpec,
    /// The variables that are read.
    pub variables: Vec<String>,
    /// The spatial lags that are computed from them.
    pub lagged: Vec<String>,
}

/// Whether a name is that of a spatial lag.
fn is_lagged(name: &str) -> bool {
    name.strip_prefix(LAGGED).is_some_and(|of| !of.is_empty())
}

/// The variable under all spatial lags.
fn unlagged(name: &str) -> &str {
    name.strip_prefix(LAGGED).map_or(name, unlagged)
}

/// `W*P` for `P`, `L.W*P` for `L.P`.
fn lag(term: &Term) -> Result<Term, Error> {
    match term.factors.as_slice() {
        [one] => Ok(Term::lagged(format!("{LAGGED}{}", one.name), one.lag)),
        _ => Err(Error::Contradiction(format!(
            "`{term}` is a product: its spatial lag is that of a variable computed beforehand"
        ))),
    }
}

impl Neighbours {
    /// Whether neighbours enter: by `model`, or since the model names spatial lags. Where the panel `has` a variable `W` of
    /// its own, `W*P` is a product.
    pub(crate) fn enter(&self, spec: &GmmSpec, has: &dyn Fn(&str) -> bool) -> bool {
        let named = || {
            let instruments = spec.gmm_style.iter().map(|style| style.variable.as_str()).chain(
                spec.iv_style
                    .iter()
                    .flat_map(|style| &style.variables)
                    .map(|(name, _)| name.as_str()),
            );
            let mut names = spec.x.iter().map(String::as_str).chain(instruments);
            let lagged = |term: &Term| term.factors.iter().any(|factor| is_lagged(&factor.name));
            names
                .any(|name| Term::read(name, is_lagged).is_ok_and(|terms| terms.iter().any(lagged)))
        };
        self.model.is_some() || (!has("W") && named())
    }

    /// The model with its spatial lags; `has` tells which names are variables of the panel.
    ///
    /// # Errors
    /// A model that GMM does not have, a spatial lag of what is no regressor, a variable named `W`.
    pub(crate) fn spatial(
        &self,
        spec: &GmmSpec,
        has: &dyn Fn(&str) -> bool,
    ) -> Result<Spatial, Error> {
        if has("W") {
            return Err(Error::Contradiction(
                "the panel has a variable `W`, and `W*…` stands for the spatial lag: rename the variable".to_owned(),
            ));
        }
        let known = |name: &str| has(name) || is_lagged(name);
        let mut terms = Vec::new();
        for name in &spec.x {
            terms.extend(Term::read(name, known)?);
        }
        let spatial = |term: &&Term| term.factors.iter().any(|factor| is_lagged(&factor.name));
        let own: Vec<Term> = terms.iter().filter(|term| !spatial(term)).cloned().collect();
        for term in self.terms(spec, &own)? {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        let mut full = spec.clone();
        full.x = terms.iter().map(ToString::to_string).collect();
        let products = spec.interactions.terms(&own)?;
        // `all` means products of what a unit has itself.
        full.interactions = match products.as_slice() {
            [] => Interactions::None,
            products => Interactions::Only(products.iter().map(ToString::to_string).collect()),
        };
        for style in &mut full.gmm_style {
            if unlagged(&style.variable) == "y" && style.variable != "y" && !has("y") {
                style.variable =
                    style.variable.replace(&format!("{LAGGED}y"), &response(spec).to_string());
            }
        }
        let unnamed = spec.gmm_style.is_empty() && spec.iv_style.is_empty();
        let of_y = response(spec).to_string();
        let lagged_y = |term: &Term| term.factors.iter().any(|factor| factor.name == of_y);
        if unnamed && terms.iter().any(lagged_y) {
            (full.gmm_style, full.iv_style) = instruments(spec, &own, &terms, &products)?;
        }
        let (lagged, mut variables): (Vec<String>, Vec<String>) =
            full.variables(known)?.into_iter().partition(|name| is_lagged(name));
        for name in lagged.iter().map(|name| unlagged(name)) {
            if !variables.iter().any(|known| known == name) {
                variables.push(name.to_owned());
            }
        }
        Ok(Spatial { spec: full, variables, lagged })
    }

    /// The terms that `model` brings.
    fn terms(&self, spec: &GmmSpec, own: &[Term]) -> Result<Vec<Term>, Error> {
        let (of_x, of_y) = match self.model {
            None if self.durbin != Durbin::All => {
                return Err(Error::Contradiction(
                    "durbin says which regressors enter with their spatial lag: it needs the model slx or sdm".to_owned(),
                ));
            }
            None => return Ok(Vec::new()),
            Some(Model::Slx) => (true, false),
            Some(Model::Sar) => (false, true),
            Some(Model::Sdm) => (true, true),
            Some(other) => {
                return Err(Error::Contradiction(format!(
                    "the model {other} is not estimated by GMM: neighbours enter as sar, slx or sdm"
                )));
            }
        };
        if !of_x && self.durbin != Durbin::All && self.durbin != Durbin::None {
            return Err(Error::Contradiction(
                "durbin: the model sar has no lagged regressors; sdm has".to_owned(),
            ));
        }
        let chosen: Vec<&Term> = match &self.durbin {
            _ if !of_x => Vec::new(),
            Durbin::None => Vec::new(),
            Durbin::All => own.iter().collect(),
            Durbin::Only(names) => {
                let of = |name: &String| own.iter().find(|term| term.to_string() == *name);
                if let Some(stranger) = names.iter().find(|name| of(name).is_none()) {
                    let x: Vec<String> = own.iter().map(ToString::to_string).collect();
                    return Err(Error::Contradiction(format!(
                        "durbin: `{stranger}` is none of the regressors {}",
                        x.join(", ")
                    )));
                }
                names.iter().filter_map(of).collect()
            }
        };
        chosen.into_iter().map(lag).chain(of_y.then(|| Ok(response(spec)))).collect()
    }
}

/// Whether the coefficient `name` is that of a spatial lag: `W*P`, `L.W*V`.
pub(crate) fn is_of_neighbours(name: &str) -> bool {
    let now = name.split_once('.').map_or(name, |(_, rest)| rest);
    is_lagged(name) || is_lagged(now)
}

/// W in words, where neighbours are in the equation of a fit.
pub(crate) fn weights_of(fit: &Fit) -> Option<&str> {
    fit.conventions.iter().find(|(name, _)| *name == columns::WEIGHTS).map(|(_, words)| words)
}

/// Whether neighbours are in the equation of a fit.
pub(crate) fn are_in(fit: &Fit) -> bool {
    weights_of(fit).is_some()
}

/// Wald's test that neighbours do not matter, where they are in the equation.
pub(crate) fn wald(fit: &Fit) -> Option<TestStat> {
    are_in(fit).then(|| {
        fit.wald("Wald, neighbours", "the spatial lags have no coefficients", is_of_neighbours)
    })
}

/// Lags of `W*y` that the errors reach.
pub(crate) fn too_near(spec: &GmmSpec) -> Vec<Warning> {
    let own = response(spec).to_string();
    let near = |style: &&GmmStyle| {
        let nearest = if style.equation == Equation::Level { 1 } else { 2 };
        style.variable == own && style.from < nearest
    };
    let said = |style: &GmmStyle| {
        Warning::Other(format!(
            "--gmm-style {style}: as of the response itself, lag {} of its spatial lag is correlated with the errors it should instrument",
            style.from
        ))
    };
    spec.gmm_style.iter().filter(near).map(said).collect()
}

/// `W*y`.
fn response(spec: &GmmSpec) -> Term {
    Term::lagged(format!("{LAGGED}{}", spec.y), 0)
}

/// What instruments the equation `terms` where nothing is named: lags 2 to 4 of `y` and `W*y`, and for the transformed
/// equation the exogenous regressors with those of X, WX and W²X that are not among them. In the level equation of a
/// system their moments would carry the variance of the unit effects, and drown what the transformed equation knows.
fn instruments(
    spec: &GmmSpec,
    own: &[Term],
    terms: &[Term],
    products: &[Term],
) -> Result<(Vec<GmmStyle>, Vec<IvStyle>), Error> {
    let lags = |variable: String| GmmStyle {
        variable,
        from: spec.lags.max(1) + 1,
        to: Some(spec.lags.max(1) + FARTHEST - 1),
        equation: Equation::Both,
    };
    let of_response =
        |term: &Term| term.factors.iter().any(|factor| unlagged(&factor.name) == spec.y);
    let mut within: Vec<Term> = terms.iter().chain(products).cloned().collect();
    within.retain(|term| !of_response(term));
    let mut beyond = Vec::new();
    for term in own.iter().filter(|term| !term.is_interaction() && !of_response(term)) {
        let once = lag(term)?;
        let twice = lag(&once)?;
        beyond.extend([once, twice].into_iter().filter(|term| !within.contains(term)));
    }
    let iv = |terms: Vec<Term>| IvStyle {
        variables: terms.iter().map(|term| (term.to_string(), Equation::Diff)).collect(),
    };
    let iv = [within, beyond].into_iter().filter(|terms| !terms.is_empty()).map(iv).collect();
    Ok((vec![lags(spec.y.clone()), lags(response(spec).to_string())], iv))
}
