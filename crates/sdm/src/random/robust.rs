//! The variance of the score beside random effects, without a lag of the error, where errors are independent between
//! units alone.

use crate::{
    Error,
    design::Design,
    goodness::residuals,
    multiplier::Multiplier,
    parameters::{Point, Positions},
    sample::Sample,
    scores::{Estimated, Scores},
    within::unit_means,
};

/// As [`Scores::clustered`] in the quasi-demeaned data: its errors `e` are independent between units whatever their
/// variances and their dependence within one, effects included. The score of φ has for each unit `1/φ − t·ē_i²/(φσ²)`.
/// `design` is as it was before quasi-demeaning, `of_lag` the multiplier of ρ where there is one.
///
/// # Errors
/// Random vectors that say nothing.
pub(crate) fn clustered(
    design: &Design,
    sample: Sample,
    point: &Point,
    phi: f64,
    of_lag: Option<&Multiplier>,
) -> Result<Estimated, Error> {
    let starred = design.quasi_demeaned(phi);
    let t = design.t as f64;
    let means = unit_means(&residuals(&starred, point), design.n);
    let of_phi = means.mapv(|mean| (1.0 - t * mean * mean / point.sigma2) / phi);
    let also = Positions::of(point).phi.map(|at| (at, &of_phi));
    Scores::new(&starred, sample, point, of_lag, None).clustered(also)
}
