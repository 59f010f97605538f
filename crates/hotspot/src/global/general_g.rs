//! General G.

use durbin_core::{Progress, Warning};
use durbin_weights::Weights;

use super::moran;
use super::sums::Links;
use super::test::{Assumption, Computed, GlobalOptions, GlobalTest, enough};
use crate::Error;
use crate::moments::Deviations;

/// General G of Getis & Ord (1992), *Geographical Analysis* 24, of `n` values of which none is negative,
///
/// `G = Σ_i Σ_j w_ij x_i x_j / Σ_i Σ_{j≠i} x_i x_j`, `E[G] = S0 / (n (n − 1))`.
///
/// A large G tells that high values lie beside each other, a small one that low values do. The variance is
/// the exact one of all permutations of the values. The weights should not depend on where the
/// values are: binary ones are usual. Where islands are to be dropped their values are, too. There is no variance under normality: where it is asked for,
/// the one of randomisation is given and said to be.
///
/// # Errors
/// [`Error::Negative`], and those of [`moran`](crate::moran).
pub fn general_g(
    values: &[f64],
    weights: &Weights,
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<GlobalTest, Error> {
    let islands = weights.islands();
    if options.drop_islands && !islands.is_empty() {
        return without_islands(values, weights, &islands, options, progress);
    }
    let x = Deviations::new(values, weights.ids())?;
    if let Some(at) = values.iter().position(|&value| value < 0.0) {
        return Err(Error::Negative { id: weights.ids()[at].clone(), value: values[at] });
    }
    let links = Links::new(weights)?;
    let n = enough("General G", weights, &links, options)?;
    let pairs = pairs(values);
    if pairs <= 0.0 {
        return Err(Error::NoPairs);
    }
    let largest = values.iter().fold(0.0, |largest: f64, &x| largest.max(x));
    let computed = Computed {
        name: "g",
        formula: "Σ_i Σ_j w_ij x_i x_j / Σ_i Σ_{j≠i} x_i x_j",
        value: links.sum(|i, j| values[i] * values[j]) / pairs,
        expected: links.s0 / (n * (n - 1.0)),
        variance: variance(values, n, &links, &x) / (pairs * pairs),
        assumption: Assumption::Randomization,
        direction: 1.0,
        tolerance: 4.0 * f64::EPSILON * (links.count as f64).sqrt() * links.total / pairs
            * largest
            * largest,
    };
    let mut test = computed.test(weights, &links, options, progress, values, |x| {
        links.sum_alone(|i, j| x[i] * x[j]) / pairs
    })?;
    if options.assumption == Assumption::Normality {
        test.warnings.push(Warning::Other(
            "General G has no variance under normality: randomization is used".to_owned(),
        ));
    }
    Ok(test)
}

/// The statistic of the other units alone: here spdep drops the islands' values too.
fn without_islands(
    values: &[f64],
    weights: &Weights,
    islands: &[usize],
    options: &GlobalOptions,
    progress: &dyn Progress,
) -> Result<GlobalTest, Error> {
    if values.len() != weights.n_units() {
        return Err(Error::Length { values: values.len(), units: weights.n_units() });
    }
    let kept: Vec<usize> =
        (0..values.len()).filter(|i| islands.binary_search(i).is_err()).collect();
    let rest: Vec<f64> = kept.iter().map(|&i| values[i]).collect();
    let counted = GlobalOptions { drop_islands: false, ..*options };
    let mut test = general_g(&rest, &weights.select(&kept), &counted, progress)?;
    let units = islands.iter().map(|&i| weights.ids()[i].clone()).collect();
    let treatment = "left out with their values, as in spdep";
    test.warnings.insert(0, Warning::Islands { units, treatment });
    test.islands = islands.len();
    Ok(test)
}

/// `Σ_i Σ_{j≠i} x_i x_j`, whose terms are all positive.
fn pairs(x: &[f64]) -> f64 {
    let sum: f64 = x.iter().sum();
    x.iter().map(|x| x * (sum - x)).sum()
}

/// The variance of `Σ_i Σ_j w_ij x_i x_j` over all permutations.
///
/// With `x = m + d` it is that of `m L + Q`, `L = Σ_i (w_i· + w_·i) d_i` and `Q = Σ_i Σ_j w_ij d_i d_j`. Raw
/// moments of x would lose every digit where x varies little about its mean.
fn variance(values: &[f64], n: f64, links: &Links, x: &Deviations) -> f64 {
    let mean = values.iter().sum::<f64>() / n;
    let (s0, s2) = (links.s0 * links.s0, links.s2);
    let sums = links.out.iter().zip(&links.into).map(|(out, into)| out + into);
    let average = 2.0 * links.s0 / n;
    let spread: f64 = sums.map(|sum| (sum - average) * (sum - average)).sum();
    let linear = spread * x.sum_of_squares / (n - 1.0);
    let to_moran = links.s0 * x.sum_of_squares / n;
    let quadratic = moran::variance(Assumption::Randomization, n, links, x) * to_moran * to_moran;
    let cubes: f64 = x.d.iter().map(|d| d * d * d).sum();
    let distinct = (4.0 * s0 - 2.0 * s2) / (n * (n - 1.0) * (n - 2.0));
    let covariance = cubes * (distinct - s2 / (n * (n - 1.0)));
    mean * mean * linear + 2.0 * mean * covariance + quadratic
}
