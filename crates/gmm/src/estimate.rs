//! One step, two steps, iterated.
//!
//! Arellano & Bond (1991); Blundell & Bond (1998), *J. Econometrics* 87, 115–143; Windmeijer (2005),
//! *J. Econometrics* 126, 25–51; the conventions are those of Roodman (2009), *Stata Journal* 9, 86–136.

use durbin_core::{
    Panel,
    linalg::{generalized_inverse, inverse},
};
use ndarray::{Array1, Array2, Axis};

use crate::{
    Error, Errors, Fit, GmmSpec, H, Steps,
    fit::Parts,
    jackknife::Jackknife,
    last::{Last, Wanted},
    model::{Kind, Model},
    moments::{Columns, Counts, Moments, Squares, count, moments, scores},
    passes::Clusters,
    rows::Rows,
    serial::Sums,
    steps::{DEPENDENT, Step, Weighted, solve, weighted},
    weighting::Weighting,
};

/// Relative pivot below which a regressor counts as dependent on those before it.
const COLLINEAR: f64 = 1e-11;
/// `m'Am`.
pub(crate) fn quadratic(m: &Array1<f64>, a: &Array2<f64>) -> f64 {
    m.dot(&a.dot(m))
}

pub(crate) fn estimate(
    spec: &GmmSpec,
    panel: &Panel,
    cluster: Option<&[usize]>,
) -> Result<Fit, Error> {
    if let Some(cluster) = cluster
        && cluster.len() != panel.n_units()
    {
        return Err(Error::Contradiction(format!(
            "{} clusters were given for {} units",
            cluster.len(),
            panel.n_units()
        )));
    }
    let mut model = Model::new(spec, panel)?;
    // Only time effects ask which periods have rows.
    let observed = if spec.time_effects { observed(&model) } else { Vec::new() };
    model.finish(spec, &observed);
    let clusters = Clusters::new(panel.n_units(), cluster);
    let counts = count(&model, &clusters);
    if counts.units == 0 || counts.transformed == 0 {
        return Err(Error::NoObservations {
            needed: spec.lags + 2,
            spacing: format!(" ({})", model.sample.calendar.rule),
            units: panel.n_units(),
            periods: panel.n_periods(),
        });
    }
    let columns = columns(&model, &counts)?;
    let weighting = Weighting::new(spec.h, model.sample.calendar.positions(), model.orthogonal);
    let (moments, levels) = moments(&model, &clusters, &columns, &counts, &weighting);
    let solved = Solved::new(spec, &model, &clusters, &counts, &columns, &moments, &weighting)?;
    Fit::new(&Parts { spec, model, clusters, counts, columns, moments, solved, levels })
}

/// Periods of the grid in which some unit has response and regressors.
pub(crate) fn observed(model: &Model) -> Vec<bool> {
    let mut rows = Rows::new(model);
    let mut observed = vec![false; model.sample.calendar.positions()];
    for unit in 0..model.sample.n {
        rows.levels(model, unit);
        observed.iter_mut().zip(&rows.observed).for_each(|(all, one)| *all |= one);
    }
    observed
}

/// Drops regressors that depend on others and instruments that are zero throughout.
fn columns(model: &Model, counts: &Counts) -> Result<Columns, Error> {
    let k = model.regressors.len();
    // The constant first: it is the time effects that depend on it, not the other way round.
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by_key(|&j| (model.regressors[j].kind != Kind::Constant, j));
    let xx = Array2::from_shape_fn((k, k), |(i, j)| counts.xx[[order[i], order[j]]]);
    let dependent = generalized_inverse(&xx, COLLINEAR, "X'X")?.dependent;
    let dropped: Vec<usize> = dependent.iter().map(|&at| order[at]).collect();
    let kept: Vec<usize> = (0..k).filter(|j| !dropped.contains(j)).collect();
    if kept.is_empty() {
        let columns = model.regressors.iter().map(|r| r.name.clone()).collect();
        return Err(Error::NothingVaries { columns });
    }
    let mut l = 0;
    let instrument = counts
        .used
        .iter()
        .map(|used| {
            if !used {
                return usize::MAX;
            }
            l += 1;
            l - 1
        })
        .collect();
    Ok(Columns { kept, instrument, l })
}

/// Everything the estimator computes of coefficients and weights.
#[derive(Debug)]
pub(crate) struct Solved {
    /// The coefficients reported, with the weighting matrix behind them.
    pub step: Step,
    /// Covariance reported and the one without corrections.
    pub covariance: Array2<f64>,
    /// Variance of the errors in levels.
    pub sigma2: f64,
    pub sargan: f64,
    pub hansen: f64,
    /// Serial correlation of the differenced residuals, order 1 first.
    pub serial: Vec<Sums>,
    /// `Σ gg'` behind Hansen's J.
    pub outer: Array2<f64>,
    /// Which instruments are independent.
    pub independent: Vec<bool>,
    /// Whether `Σ gg'` has a rank below the instruments'.
    pub singular: bool,
    /// Weighting matrices computed after the first.
    pub iterations: usize,
}

impl Solved {
    fn new(
        spec: &GmmSpec,
        model: &Model,
        clusters: &Clusters,
        counts: &Counts,
        columns: &Columns,
        moments: &Moments,
        weighting: &Weighting,
    ) -> Result<Self, Error> {
        let Moments { zx, zy, zhz } = moments;
        let k = columns.kept.len();
        let first = generalized_inverse(zhz, DEPENDENT, "Z'HZ")?;
        let independent: Vec<bool> =
            (0..columns.l).map(|column| !first.dependent.contains(&column)).collect();
        let instruments = columns.l - first.dependent.len();
        if instruments < k {
            return Err(Error::Underidentified {
                instruments,
                coefficients: k,
                uninstrumented: model.uninstrumented(),
            });
        }
        let one = solve(zx, zy, &first.inverse)?;
        let (outer, squares_one) = scores(model, clusters, columns, &one.b);
        let sigma2_one = sigma2(spec, model, counts, k, squares_one);
        let sargan = quadratic(&(zy - &zx.dot(&one.b)), &first.inverse) / sigma2_one;
        let robust_one = one.projection.dot(&outer).dot(&one.projection.t());

        let at = |b: &Array1<f64>| scores(model, clusters, columns, b).0;
        let Weighted { step: two, before, a: second, outer, dependent, iterations } =
            weighted(spec.steps, (zx, zy), (&one.b, outer), at)?;
        let singular = dependent > first.dependent.len();
        let left = zy - &zx.dot(&two.b);
        let hansen = quadratic(&left, &second);

        let robust = spec.errors != Errors::Classical;
        let one_step = spec.steps == Steps::One;
        let a = second.dot(&left);
        let correction = !one_step && robust && spec.windmeijer;
        let wanted = Wanted {
            b: if one_step { &one.b } else { &two.b },
            correction: correction.then_some((&before, &a)),
            orders: spec.ar_orders,
            homoskedastic: (one_step && !robust).then_some(spec.h),
        };
        let last = Last::new(model, clusters, columns, &wanted);
        let (step, covariance, sigma2) = if one_step {
            let covariance = if robust { robust_one } else { sigma2_one * &one.v };
            (one, covariance, sigma2_one)
        } else {
            let sigma2 = sigma2(spec, model, counts, k, last.squares);
            let covariance = if correction {
                let d = two.projection.dot(&last.derivative);
                corrected(spec.steps, &two.v, &d, &robust_one)?
            } else {
                two.v.clone()
            };
            (two, covariance, sigma2)
        };
        let covariance = if spec.errors == Errors::Jackknife {
            let steps = spec.steps;
            Jackknife { model, clusters, columns, weighting, moments, steps }.covariance(&step.b)?
        } else {
            0.5 * (&covariance + &covariance.t())
        };
        Ok(Self {
            serial: last.serial,
            step,
            covariance,
            sigma2,
            sargan,
            hansen,
            outer,
            independent,
            singular,
            iterations: if one_step { 0 } else { iterations },
        })
    }
}

/// Windmeijer's correction. Two steps: `V + DV + VD' + D·V₁·D'` with the robust V₁ of the first step. Iterated:
/// the coefficients are their own first step, `b = a + D·b`, hence `(I − D)⁻¹V(I − D')⁻¹`.
fn corrected(
    steps: Steps,
    v: &Array2<f64>,
    d: &Array2<f64>,
    first: &Array2<f64>,
) -> Result<Array2<f64>, Error> {
    if steps == Steps::Iterated {
        let spread = inverse(&(Array2::eye(v.nrows()) - d), "I − D")?;
        return Ok(spread.dot(v).dot(&spread.t()));
    }
    let dv = d.dot(v);
    Ok(v + &dv + dv.t() + d.dot(first).dot(&d.t()))
}

/// Variance of the errors in levels: residuals of the transformed equation, halved where they are differences;
/// of the level equation under `h = 1`; divided by their number, under DPD's H less the coefficients'.
fn sigma2(spec: &GmmSpec, model: &Model, counts: &Counts, k: usize, squares: Squares) -> f64 {
    let halved = if model.orthogonal || spec.h == H::Identity { 1.0 } else { 2.0 };
    if spec.h == H::Dpd {
        let (sum, n) = if model.system {
            (squares.level, counts.level)
        } else {
            (squares.transformed, counts.transformed)
        };
        return sum / (n as f64 - k as f64);
    }
    if model.system && spec.h == H::Identity {
        return squares.level / counts.level as f64;
    }
    squares.transformed / halved / counts.transformed as f64
}

/// Rows and columns `kept` of a square matrix.
pub(crate) fn part(a: &Array2<f64>, kept: &[usize]) -> Array2<f64> {
    a.select(Axis(0), kept).select(Axis(1), kept)
}
