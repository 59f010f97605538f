//! What non-normal errors and effects add to the variance of the score beside random effects, without a lag of the
//! error.

use ndarray::{Array1, Array2};

use crate::{
    Error,
    design::Design,
    goodness::residuals,
    multiplier::Multiplier,
    parameters::{Point, Positions},
    within::unit_means,
};

/// Third and fourth cumulants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cumulants {
    pub third: f64,
    pub fourth: f64,
}

/// `Σ κ₃(l_ad_b + d_al_b) + κ₄d_ad_b` over the independent parts of the data, the errors ε_it and the effects μ_i, each of
/// one distribution (Lee 2004 for errors alone): every score is linear in a part x, `l·x + d·x² + …`, and from the
/// quasi-demeaned `e_it = ε_it − (1 − φ)ε̄_i + φμ_i`, with Z and GZγ quasi-demeaned,
///
/// ```text
///         l of ε_it                        l of μ_i          d of ε_it                   d of μ_i
/// γ, ρ:   (z_it − (1 − φ)z̄_i)/σ²           φ·t·z̄_i/σ²        ρ: G_ii(1 − (1 − φ²)/t)/σ²  ρ: G_ii·t·φ²/σ²
/// φ:                                                         −φ/(tσ²)                    −tφ/σ²
/// σ²:                                                        (1 − (1 − φ²)/t)/(2σ⁴)      tφ²/(2σ⁴)
/// ```
///
/// `design` is as it was before that, `of_lag` the multiplier of ρ where there is one.
///
/// # Errors
/// [`Error::NoUnitEffects`] where the log-determinant is stochastic: there is no diagonal of G.
pub(crate) fn beyond_normal(
    design: &Design,
    point: &Point,
    phi: f64,
    of_lag: Option<&Multiplier>,
) -> Result<Array2<f64>, Error> {
    let at = Positions::of(point);
    let starred = design.quasi_demeaned(phi);
    let (n, t, sigma2) = (design.n, design.t as f64, point.sigma2);
    let mut linear: Vec<Array1<f64>> =
        starred.z.columns().into_iter().map(|column| column.to_owned()).collect();
    let mut own = Array2::zeros((n, at.len()));
    if let (Some(r), Some(g)) = (at.rho, of_lag) {
        linear.push(g.lagged(&starred.fitted(point)).iter().copied().collect());
        own.column_mut(r).assign(&(g.diagonal().ok_or(Error::NoUnitEffects)? / sigma2));
    }
    own.column_mut(at.sigma2).fill(0.5 / (sigma2 * sigma2));
    let share = 1.0 - (1.0 - phi * phi) / t;
    let (mut of_errors, mut of_effects) = (&own * share, &own * (t * phi * phi));
    if let Some(f) = at.phi {
        of_errors.column_mut(f).fill(-phi / (t * sigma2));
        of_effects.column_mut(f).fill(-t * phi / sigma2);
    }
    // Over its periods the linear parts of a unit sum to φ times their sum; the quadratic ones are alike.
    let mut of_unit = Array2::zeros((n, at.len()));
    for (a, column) in linear.iter().enumerate() {
        of_unit.column_mut(a).assign(&(unit_means(column, n) * (t * phi / sigma2)));
    }
    let [errors, effects] = cumulants(design, point);
    let cross = of_unit.t().dot(&of_errors);
    let through = of_unit.t().dot(&of_effects);
    Ok((&cross + &cross.t()) * errors.third
        + of_errors.t().dot(&of_errors) * (t * errors.fourth)
        + (&through + &through.t()) * effects.third
        + of_effects.t().dot(&of_effects) * effects.fourth)
}

/// Of ε from the residuals less their means over time, and of μ from those means, `μ_i + ε̄_i`.
pub(super) fn cumulants(design: &Design, point: &Point) -> [Cumulants; 2] {
    let (n, t) = (design.n, design.t as f64);
    let residuals = residuals(design, point);
    let means = unit_means(&residuals, n);
    let power = |v: &mut dyn Iterator<Item = f64>, count: f64, p: i32| {
        v.map(|e| e.powi(p)).sum::<f64>() / count
    };
    let moment = |p| {
        let mut deviations = residuals.iter().enumerate().map(|(at, e)| e - means[at % n]);
        power(&mut deviations, n as f64 * t, p)
    };
    // Sums of powers over a row of the matrix that takes out the mean of t values.
    let row = |p: i32| (1.0 - 1.0 / t).powi(p) + (t - 1.0) * (-1.0 / t).powi(p);
    let normal = point.sigma2 * row(2);
    let third = moment(3) / row(3);
    let errors = Cumulants {
        // With two periods deviations are symmetric whatever the errors: no third moment is seen.
        third: if third.is_finite() { third } else { 0.0 },
        fourth: (moment(4) - 3.0 * normal * normal) / row(4),
    };
    let centre = means.sum() / n as f64;
    let of_means = |p| power(&mut means.iter().map(|mean| mean - centre), n as f64, p);
    let effects = Cumulants {
        third: of_means(3) - errors.third / (t * t),
        fourth: of_means(4) - 3.0 * of_means(2).powi(2) - errors.fourth / (t * t * t),
    };
    [errors, effects]
}
