//! Sums of the weights that the moments of global statistics need.

use durbin_weights::Weights;
use rayon::prelude::*;

use crate::Error;
use crate::moments::Neighbourhood;

/// A weights matrix without its diagonal, with its sums.
pub struct Links<'a> {
    rows: Vec<Neighbourhood<'a>>,
    /// `Σ_i Σ_j w_ij`.
    pub s0: f64,
    /// `½ Σ_i Σ_j (w_ij + w_ji)²`.
    pub s1: f64,
    /// `Σ_i (Σ_j w_ij + Σ_j w_ji)²`.
    pub s2: f64,
    /// Row sums.
    pub out: Vec<f64>,
    /// Column sums.
    pub into: Vec<f64>,
    /// Units without a neighbour.
    pub islands: Vec<usize>,
    /// Units linked to themselves, whose self link is left out.
    pub self_linked: Vec<usize>,
    /// `Σ_i Σ_j |w_ij|`.
    pub total: f64,
    /// Number of links.
    pub count: usize,
}

impl<'a> Links<'a> {
    /// # Errors
    /// [`Error::NoLinks`] where `S0` is zero.
    pub fn new(weights: &'a Weights) -> Result<Self, Error> {
        let n = weights.n_units();
        let rows: Vec<_> = (0..n).map(|i| Neighbourhood::new(weights, i, false)).collect();
        let mut into = vec![0.0; n];
        for (j, w) in rows.iter().flat_map(Neighbourhood::others) {
            into[j] += w;
        }
        let out: Vec<f64> = rows.iter().map(Neighbourhood::sum).collect();
        let squares = |row: &Neighbourhood| -> f64 {
            row.others().map(|(j, w)| w * (w + weights.get(j, row.unit()))).sum()
        };
        let s1: Vec<f64> = rows.par_iter().map(squares).collect();
        let total = rows.iter().flat_map(Neighbourhood::others).map(|(_, w)| w.abs()).sum();
        let s0: f64 = out.iter().sum();
        // Positive and negative weights may cancel but for rounding.
        if s0.abs() <= 1e-12 * total || s0.is_nan() || total == 0.0 {
            return Err(Error::NoLinks);
        }
        Ok(Self {
            s0,
            s1: s1.iter().sum(),
            s2: out.iter().zip(&into).map(|(out, into)| (out + into) * (out + into)).sum(),
            islands: weights.islands(),
            self_linked: (0..n)
                .filter(|&i| weights.row(i).0.iter().any(|&j| j as usize == i))
                .collect(),
            total,
            count: rows.iter().map(|row| row.others().count()).sum(),
            rows,
            out,
            into,
        })
    }

    /// `Σ_i Σ_j w_ij f(i, j)`, row by row.
    pub fn sum(&self, term: impl Fn(usize, usize) -> f64 + Sync) -> f64 {
        let row = |row: &Neighbourhood| -> f64 {
            let i = row.unit();
            row.others().map(|(j, w)| w * term(i, j)).sum()
        };
        // Added in row order whoever made them.
        if self.count < 100_000 {
            self.rows.iter().map(row).sum()
        } else {
            self.rows.par_iter().map(row).collect::<Vec<f64>>().iter().sum()
        }
    }

    /// The links of every row, for sums within one thread.
    pub fn rows(&self) -> &[Neighbourhood<'a>] {
        &self.rows
    }

    /// `Σ_i Σ_j w_ij f(i, j)` by one thread.
    pub fn sum_alone(&self, term: impl Fn(usize, usize) -> f64) -> f64 {
        let row = |row: &Neighbourhood| -> f64 {
            row.others().map(|(j, w)| w * term(row.unit(), j)).sum()
        };
        self.rows.iter().map(row).sum()
    }
}
