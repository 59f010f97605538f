//! The variable in deviations from its mean, and the row of weights that a statistic uses.

use durbin_weights::Weights;

use crate::Error;

/// `n` deviations `d_j = x_j − x̄` and their sum of squares: every z is invariant to a shift of x, and
/// sums of deviations keep the digits that sums of x lose.
pub struct Deviations {
    pub d: Vec<f64>,
    pub sum_of_squares: f64,
}

/// Relative spread below which a variable counts as constant.
const CONSTANT: f64 = 1e-12;

impl Deviations {
    pub fn new(x: &[f64], ids: &[String]) -> Result<Self, Error> {
        if x.len() != ids.len() {
            return Err(Error::Length { values: x.len(), units: ids.len() });
        }
        if let Some(at) = x.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { id: ids[at].clone(), value: x[at] });
        }
        if is_constant(x.iter().copied()) {
            return Err(Error::Constant { value: x.first().copied().unwrap_or(f64::NAN) });
        }
        let d = centred(x);
        let sum_of_squares: f64 = d.iter().map(|d| d * d).sum();
        if !sum_of_squares.is_finite() {
            return Err(Error::TooLarge);
        }
        Ok(Self { d, sum_of_squares })
    }

    /// Mean and variance (divisor `n − 1`, the number of values) of the deviations of all units but `i`.
    pub fn without(&self, i: usize) -> (f64, f64) {
        let others = (self.d.len() - 1) as f64;
        let mean = -self.d[i] / others;
        let variance = (self.sum_of_squares - self.d[i] * self.d[i]) / others - mean * mean;
        // Where unit i carries nearly all the variance the difference has no digits left.
        if variance * others > 1e-3 * self.sum_of_squares {
            return (mean, variance);
        }
        let rest: Vec<f64> = [&self.d[..i], &self.d[i + 1..]].concat();
        if is_constant(rest.iter().copied()) {
            return (mean, 0.0);
        }
        let squares: f64 = centred(&rest).iter().map(|d| d * d).sum();
        (mean, squares / others)
    }
}

/// Deviations from the mean; centred twice, as the first mean of large values is not exact.
fn centred(x: &[f64]) -> Vec<f64> {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let first = mean(x);
    let mut d: Vec<f64> = x.iter().map(|x| x - first).collect();
    let second = mean(&d);
    for d in &mut d {
        *d -= second;
    }
    d
}

fn is_constant(x: impl Iterator<Item = f64> + Clone) -> bool {
    let low = x.clone().fold(f64::INFINITY, f64::min);
    let high = x.fold(f64::NEG_INFINITY, f64::max);
    high - low <= CONSTANT * high.abs().max(low.abs())
}

/// Row `i` of the weights as the statistic uses it.
pub struct Neighbourhood<'a> {
    i: usize,
    columns: &'a [u32],
    values: &'a [f64],
    /// Weight of the unit itself, zero when it is left out.
    pub own: f64,
}

impl<'a> Neighbourhood<'a> {
    /// With `self_included`, the unit's own weight is that of its self link or else the largest weight
    /// of its row, and one where the row has no positive weight.
    pub fn new(weights: &'a Weights, i: usize, self_included: bool) -> Self {
        let (columns, values) = weights.row(i);
        let mut row = Self { i, columns, values, own: 0.0 };
        if self_included {
            let stored = columns.iter().position(|&j| j as usize == i).map(|at| values[at]);
            let largest = row.others().map(|(_, w)| w).fold(0.0, f64::max);
            row.own = stored.unwrap_or(if largest > 0.0 { largest } else { 1.0 });
        }
        row
    }

    /// The unit whose row this is.
    pub fn unit(&self) -> usize {
        self.i
    }

    /// The neighbours other than the unit itself.
    pub fn others(&self) -> impl Iterator<Item = (usize, f64)> + Clone + use<'a> {
        let i = self.i;
        let links = self.columns.iter().zip(self.values);
        links.map(|(&j, &w)| (j as usize, w)).filter(move |&(j, _)| j != i)
    }

    /// Whether the neighbours share one positive weight.
    pub fn is_equal(&self) -> bool {
        let mut weights = self.others().map(|(_, w)| w);
        weights
            .next()
            .is_some_and(|first| first > 0.0 && weights.all(|w| w.to_bits() == first.to_bits()))
    }

    /// `Σ_j w_ij`.
    pub fn sum(&self) -> f64 {
        self.own + self.others().map(|(_, w)| w).sum::<f64>()
    }

    /// `Σ_j w_ij²`.
    pub fn sum_of_squares(&self) -> f64 {
        self.own * self.own + self.others().map(|(_, w)| w * w).sum::<f64>()
    }

    /// `Σ_j w_ij d_j`.
    pub fn lag(&self, d: &[f64]) -> f64 {
        self.own * d[self.i] + self.others().map(|(j, w)| w * d[j]).sum::<f64>()
    }
}

/// Mean and variance of `Σ_{j≠i} w_ij u_j` when the neighbours draw their values without replacement
/// from the other `n − 1` units, whose mean and variance (divisor `n − 1`) are given:
/// `W_i ū` and `s² ((n − 1) S1_i − W_i²) / (n − 2)`. `NaN` where there is no variance.
pub fn conditional(row: &Neighbourhood, n: usize, mean: f64, variance: f64) -> (f64, f64) {
    let others = (n - 1) as f64;
    let variance = if variance > 0.0 { variance } else { f64::NAN };
    (row.sum() * mean, variance * spread(row, others) / (others - 1.0))
}

/// `m S1 − W²`, `NaN` where it is zero but for rounding: the weights of all `m` units are equal, or
/// there is no weight at all.
pub fn spread(row: &Neighbourhood, m: f64) -> f64 {
    let (sum, squares) = (row.sum(), row.sum_of_squares());
    let spread = m * squares - sum * sum;
    // One neighbour fewer than all leaves a share 1/m; weights that differ by rounding alone leave none.
    if spread > 4.0 * f64::EPSILON * m * (m * squares) { spread } else { f64::NAN }
}

/// The sum of `terms`, zero where it is no larger than what rounding leaves of them: a variance that is zero
/// on paper, as that of Moran's I where every two units have weights of the same sum, is zero here.
pub fn beyond_rounding(terms: &[f64]) -> f64 {
    let sum: f64 = terms.iter().sum();
    let size: f64 = terms.iter().map(|term| term.abs()).sum();
    if sum.abs() > 64.0 * f64::EPSILON * size { sum } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_carries_all_the_variance_leaves_none_behind() {
        let ids: Vec<String> = (0..4).map(|i| i.to_string()).collect();
        let x = Deviations::new(&[1e9, 0.0, 0.0, 0.0], &ids).unwrap();
        assert_eq!(x.without(0).1.to_bits(), 0);
        let x = Deviations::new(&[1e9, 1.0, 2.0, 3.0], &ids).unwrap();
        assert!((x.without(0).1 - 2.0 / 3.0).abs() < 1e-6);
    }

    #[allow(clippy::float_cmp, reason = "weights are taken over, not computed")]
    #[test]
    fn the_own_weight_is_the_stored_one_or_the_largest_of_the_row() {
        let ids = ["a", "b", "c"].map(String::from).to_vec();
        let rows = vec![vec![(1, 0.2), (2, 0.5)], vec![(0, 0.4), (1, 0.1)], vec![]];
        let w = Weights::from_rows(ids, rows, "test");
        let own = |i| Neighbourhood::new(&w, i, true).own;
        assert_eq!((own(0), own(1), own(2)), (0.5, 0.1, 1.0));
        let without = Neighbourhood::new(&w, 1, false);
        assert_eq!((without.own, without.sum()), (0.0, 0.4));
    }
}
