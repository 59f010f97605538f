//! Rows whose neighbours all have the same weight: sums of draws that units with as many neighbours share.

use durbin_core::Progress;
use rayon::prelude::*;

use super::draws::{Drawn, Draws};
use super::walk::{Passing, Sums};
use super::{CHUNK, Moments, Statistic, Subject};

/// Tallies the simulations of units with `k` neighbours each, in ascending order.
pub fn run(
    subjects: &mut [Subject],
    k: usize,
    draws: &Draws,
    z: &[f64],
    statistic: Statistic,
    progress: &dyn Progress,
) {
    let drawn = draws.first(k);
    let permutations = draws.permutations;
    let sums = Sums::new(&drawn, k, permutations, |unit| z[unit]);
    let squares = (statistic == Statistic::SquaredDifferences)
        .then(|| Sums::new(&drawn, k, permutations, |unit| z[unit] * z[unit]));
    // Reaching the first unit of a chunk passes the balls before it: chunks must outweigh that.
    subjects.par_chunks_mut(CHUNK.max(drawn.len() / 4)).for_each(|chunk| {
        match &squares {
            None => lags(chunk, &drawn, &sums),
            Some(squares) => differences(chunk, &drawn, &sums, squares, k as f64, z),
        }
        progress.advance(chunk.len() as u64);
    });
}

fn lags(chunk: &mut [Subject], drawn: &[Drawn], sums: &Sums) {
    let (mut passing, mut balls) = (Passing::new(drawn), sums.counters());
    let mut simulated = sums.start();
    let mut moments = Moments::of(&simulated);
    for Subject { unit, tally } in chunk {
        let passed = passing.up_to(*unit);
        for drawn in passed {
            let at = drawn.permutation as usize;
            balls[at] += 1;
            simulated[at] = sums.at(at, balls[at]);
        }
        if !passed.is_empty() {
            moments = Moments::of(&simulated);
        }
        tally.add(&simulated, moments);
    }
}

/// `Σ_j (z_i − z_j)² = k z_i² − 2 z_i Σ_j z_j + Σ_j z_j²`.
fn differences(
    chunk: &mut [Subject],
    drawn: &[Drawn],
    sums: &Sums,
    squares: &Sums,
    k: f64,
    z: &[f64],
) {
    let (mut passing, mut balls) = (Passing::new(drawn), sums.counters());
    let mut parts: Vec<(f64, f64)> = sums.start().into_iter().zip(squares.start()).collect();
    let mut simulated = Vec::with_capacity(parts.len());
    for Subject { unit, tally } in chunk {
        for drawn in passing.up_to(*unit) {
            let at = drawn.permutation as usize;
            balls[at] += 1;
            parts[at] = (sums.at(at, balls[at]), squares.at(at, balls[at]));
        }
        let own = z[*unit as usize];
        let value = |&(sum, square): &(f64, f64)| k * own * own - 2.0 * own * sum + square;
        simulated.clear();
        simulated.extend(parts.iter().map(value));
        tally.add(&simulated, Moments::of(&simulated));
    }
}
