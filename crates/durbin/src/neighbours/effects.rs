//! What a change does once it has gone round the neighbours: effects of a dynamic panel model by GMM.

use durbin_core::{Conventions, Warning};
use durbin_gmm::{Factor, Fit, Term};
use durbin_sdm::{Equation, EquationEffects, Error, Place, Prepared, Regressor};
use durbin_weights::Weights;

use super::{LAGGED, is_lagged, unlagged};

/// Average direct, indirect and total effects of a model with neighbours, from its coefficients and their reported covariance.
///
/// # Errors
/// A log-determinant that cannot be set up.
pub(crate) fn effects(fit: &Fit, w: &Weights) -> Result<EquationEffects, Error> {
    let equation = match equation(fit) {
        Ok(equation) => equation,
        Err(reason) => {
            let warnings = vec![Warning::Other(format!("no effects: {reason}"))];
            return Ok(EquationEffects { warnings, ..EquationEffects::default() });
        }
    };
    let mut found = equation.effects(&Prepared::new(w))?;
    for impacts in found.impacts.iter_mut().chain(&mut found.long_run) {
        impacts.conventions = said(fit, std::mem::take(&mut impacts.conventions));
    }
    Ok(found)
}

/// The coefficients of a fit by what they are of, or why no effects follow from them.
fn equation(fit: &Fit) -> Result<Equation<'_>, String> {
    let y = &fit.spec.y;
    let own = fit.lags().into_iter().zip(1..).map(|(at, lag)| Place { lag, at });
    let mut response: Vec<Place> = own.collect();
    let mut neighbours = Vec::new();
    let mut regressors: Vec<Regressor> = Vec::new();
    for (at, term) in fit.terms().iter().enumerate() {
        let Some(term) = term else { continue };
        let (name, place) = match term.factors.as_slice() {
            [Factor { name, lag }] => (name.clone(), Place { lag: *lag, at }),
            factors if factors.iter().any(|factor| unlagged(&factor.name) == y) => {
                return Err(format!(
                    "`{term}` multiplies the response: what a change does differs from place to place"
                ));
            }
            // A product is a variable of its own, as it stands.
            _ => (term.to_string(), Place { lag: 0, at }),
        };
        let lagged = !term.is_interaction() && is_lagged(&name);
        let of = if lagged { &name[LAGGED.len()..] } else { name.as_str() };
        if lagged && is_lagged(of) {
            return Err(format!(
                "`{term}` is a spatial lag of a spatial lag, which they leave out"
            ));
        }
        if of == y {
            if lagged { &mut neighbours } else { &mut response }.push(place);
            continue;
        }
        let known = regressors.iter().position(|known| known.variable == of);
        let position = known.unwrap_or_else(|| {
            let (beta, theta) = (Vec::new(), Vec::new());
            regressors.push(Regressor { variable: of.to_owned(), beta, theta });
            regressors.len() - 1
        });
        let regressor = &mut regressors[position];
        if lagged { &mut regressor.theta } else { &mut regressor.beta }.push(place);
    }
    let (parameters, covariance) = (&fit.estimates, &fit.covariance);
    Ok(Equation { parameters, covariance, response, neighbours, regressors })
}

/// The choices behind the effects, with those of the fit that they rest on.
fn said(fit: &Fit, mut all: Conventions) -> Conventions {
    if let Some((_, words)) = fit.conventions.iter().find(|(name, _)| *name == "std_errors") {
        all = all.with("covariance", words);
    }
    if fit.terms().iter().flatten().any(Term::is_interaction) {
        let at = if fit.spec.center { "at their grand means" } else { "zero" };
        let words = format!(
            "a product of regressors is a variable of its own; effects of its factors are those where the others in it are {at}"
        );
        all = all.with("interactions", words);
    }
    all
}
