//! The strongest effects from unit to unit.

use durbin_core::Estimate;
use durbin_weights::Weights;
use serde::Serialize;

use crate::{
    Error, Fit,
    delta::{Effect, Functional},
    feedback::{self, Feedback},
};

/// What a unit change of a regressor in one unit does to the response of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    /// The regressor.
    pub variable: String,
    /// Key of the unit that changes.
    pub from: String,
    /// Key of the unit that responds.
    pub to: String,
    /// 1 for the strongest of its regressor.
    pub rank: usize,
    /// `(E_k)_ij` with its delta-method error, from unit `j` to unit `i`.
    pub effect: Estimate,
}

impl Fit {
    /// The `count` entries of `E_k = (I − ρW)⁻¹(Iβ_k + Wθ_k)` off the diagonal that are largest in
    /// size, for every regressor; equal ones in the order of keys. Zero effects are no flows.
    ///
    /// # Errors
    /// Too many units for a dense inverse.
    pub fn flows(&self, w: &Weights, count: usize) -> Result<Vec<Flow>, Error> {
        let n = self.n_units;
        feedback::allowed("the search for the strongest effects between units", n)?;
        let rho = self.rho().map_or(0.0, |rho| rho.estimate);
        let Feedback { inverse: s, lagged: g } = Feedback::new(w, rho)?;
        let mut flows = Vec::new();
        for term in &self.terms {
            let beta = self.parameters[term.beta];
            let theta = term.theta.map_or(0.0, |at| self.parameters[at]);
            // Without a lag the inverse is the identity: what is off its diagonal is nothing.
            let size = |i: usize, j: usize| (beta * s[[i, j]] + theta * g[[i, j]]).abs();
            let mut pairs: Vec<(usize, usize)> = (0..n)
                .flat_map(|i| (0..n).map(move |j| (i, j)))
                .filter(|&(i, j)| i != j && size(i, j) > 0.0)
                .collect();
            let order = |&(i, j): &(usize, usize), &(k, l): &(usize, usize)| {
                size(k, l).total_cmp(&size(i, j)).then((j, i).cmp(&(l, k)))
            };
            if count < pairs.len() {
                pairs.select_nth_unstable_by(count, order);
                pairs.truncate(count);
            }
            pairs.sort_unstable_by(order);
            let effect = Effect::new(self, term);
            flows.extend(pairs.into_iter().enumerate().map(|(at, (i, j))| Flow {
                variable: term.variable.clone(),
                from: self.ids[j].clone(),
                to: self.ids[i].clone(),
                rank: at + 1,
                effect: effect.estimate(Functional {
                    s: s[[i, j]],
                    g: g[[i, j]],
                    ds: g.row(i).dot(&s.column(j)),
                    dg: g.row(i).dot(&g.column(j)),
                }),
            }));
        }
        Ok(flows)
    }
}
