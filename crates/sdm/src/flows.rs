//! The strongest effects from unit to unit.

use std::collections::HashMap;

use durbin_core::Estimate;
use durbin_weights::Weights;
use ndarray::{Array1, Array2};
use rayon::prelude::*;
use serde::Serialize;

use crate::{
    Error, Fit,
    delta::{Effect, Functional},
    multiplier::Multiplier,
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

/// Columns of G that are solved for at once.
const BLOCK: usize = 64;

/// Most units: as many solutions of as large a system, which take minutes there.
const MAX_UNITS: usize = 30_000;

/// An entry of G off its diagonal: what unit `from` does to unit `to`, up to a factor that a regressor has for all pairs.
#[derive(Debug, Clone, Copy)]
struct Entry {
    to: usize,
    from: usize,
    value: f64,
}

impl Fit {
    /// The `count` entries of `E_k = (I − ρW)⁻¹(Iβ_k + Wθ_k)` off the diagonal that are largest in
    /// size, for every regressor; equal ones in the order of keys. Zero effects are no flows.
    ///
    /// With `S = I + ρG` an entry off the diagonal is `(ρβ_k + θ_k)·g_ij`: all regressors have the same pairs. A column of
    /// G is the solution of one system.
    ///
    /// # Errors
    /// Too many units; [`Error::NoUnitEffects`] where the log-determinant is stochastic.
    pub fn flows(&self, w: &Weights, count: usize) -> Result<Vec<Flow>, Error> {
        let n = self.n_units;
        if n > MAX_UNITS {
            return Err(Error::TooManyForPairs { n, limit: MAX_UNITS });
        }
        let (strongest, derivatives) = match self.reach.multiplier()? {
            None => {
                let links = (0..n).flat_map(|to| {
                    let (columns, values) = w.row(to);
                    let entry = move |(&from, &value)| Entry { to, from: from as usize, value };
                    columns.iter().zip(values).map(entry)
                });
                let strongest = first(links.collect(), count);
                let nothing = vec![0.0; strongest.len()];
                (strongest, nothing)
            }
            Some(multiplier) => {
                let strongest = strongest(&multiplier, n, count);
                let derivatives = derivatives(&multiplier, n, &strongest);
                (strongest, derivatives)
            }
        };
        let rho = self.rho().map_or(0.0, |rho| rho.estimate);
        let flows = self.terms.iter().flat_map(|term| {
            let theta = term.theta.map_or(0.0, |at| self.parameters[at]);
            let flows = rho * self.parameters[term.beta] + theta != 0.0;
            let pairs = if flows { strongest.as_slice() } else { &[] };
            let effect = Effect::new(self, term);
            let flow = move |(at, (entry, dg)): (usize, (&Entry, &f64))| Flow {
                variable: term.variable.clone(),
                from: self.ids[entry.from].clone(),
                to: self.ids[entry.to].clone(),
                rank: at + 1,
                effect: effect.estimate(Functional::beside(rho, entry.value, *dg)),
            };
            pairs.iter().zip(&derivatives).enumerate().map(flow)
        });
        Ok(flows.collect())
    }
}

/// The first `count` in order of size, then of keys.
fn first(mut entries: Vec<Entry>, count: usize) -> Vec<Entry> {
    entries.retain(|entry| entry.to != entry.from && entry.value != 0.0);
    let order = |a: &Entry, b: &Entry| {
        let size = b.value.abs().total_cmp(&a.value.abs());
        size.then((a.from, a.to).cmp(&(b.from, b.to)))
    };
    if count < entries.len() {
        entries.select_nth_unstable_by(count, order);
        entries.truncate(count);
    }
    entries.sort_unstable_by(order);
    entries
}

/// Blocks of columns in parallel, each reduced to its own strongest before the next.
fn strongest(multiplier: &Multiplier, n: usize, count: usize) -> Vec<Entry> {
    let starts: Vec<usize> = (0..n).step_by(BLOCK).collect();
    let of_block = |&start: &usize| {
        let units: Vec<usize> = (start..(start + BLOCK).min(n)).collect();
        let columns = columns(multiplier, n, &units);
        let entries = columns.indexed_iter().map(|((at, to), &value)| {
            let from = units[at];
            Entry { to, from, value }
        });
        first(entries.collect(), count)
    };
    let both = |mut a: Vec<Entry>, b: Vec<Entry>| {
        a.extend(b);
        first(a, count)
    };
    starts.par_iter().map(of_block).reduce(Vec::new, both)
}

/// `(GG)_ij` of some entries.
fn derivatives(multiplier: &Multiplier, n: usize, entries: &[Entry]) -> Vec<f64> {
    let mut units: Vec<usize> = entries.iter().map(|entry| entry.from).collect();
    units.sort_unstable();
    units.dedup();
    let found: HashMap<usize, Array1<f64>> = units
        .par_chunks(BLOCK)
        .flat_map_iter(|units| {
            let twice = multiplier.lagged(&columns(multiplier, n, units));
            let rows: Vec<_> = twice.rows().into_iter().map(|row| row.to_owned()).collect();
            units.iter().copied().zip(rows)
        })
        .collect();
    entries.iter().map(|entry| found[&entry.from][entry.to]).collect()
}

/// Columns of G as rows.
fn columns(multiplier: &Multiplier, n: usize, units: &[usize]) -> Array2<f64> {
    let mut ones = Array2::zeros((units.len(), n));
    for (mut row, &unit) in ones.rows_mut().into_iter().zip(units) {
        row[unit] = 1.0;
    }
    multiplier.lagged(&ones)
}
