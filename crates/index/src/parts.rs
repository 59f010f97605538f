//! What each indicator contributes to a score and what it withholds.

use ndarray::Array2;

use crate::Index;

impl Index {
    /// The share of each indicator in the additive score, `k` of `t × n`: wⱼ zᵢⱼ / Σₖ wₖ zᵢₖ; not a number where the
    /// score is zero.
    pub fn contributions(&self) -> Vec<Array2<f64>> {
        self.shares(|z| z)
    }

    /// The obstacle degree of each indicator, `k` of `t × n`: wⱼ (1 − zᵢⱼ) / Σₖ wₖ (1 − zᵢₖ), its share in what the unit
    /// lacks to the best of all indicators; not a number where nothing is lacking.
    pub fn obstacles(&self) -> Vec<Array2<f64>> {
        self.shares(|z| 1.0 - z)
    }

    fn shares(&self, of: impl Fn(f64) -> f64) -> Vec<Array2<f64>> {
        let part = |j: usize, at: [usize; 2]| self.applied[at[0]][j] * of(self.scaled[j][at]);
        let total = Array2::from_shape_fn(self.scores.dim(), |(period, unit)| {
            (0..self.scaled.len()).map(|j| part(j, [period, unit])).sum::<f64>()
        });
        (0..self.scaled.len())
            .map(|j| {
                Array2::from_shape_fn(self.scores.dim(), |(period, unit)| {
                    let at = [period, unit];
                    if total[at] > 0.0 { part(j, at) / total[at] } else { f64::NAN }
                })
            })
            .collect()
    }
}
