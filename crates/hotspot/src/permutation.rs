//! Conditional permutation inference.

#![allow(clippy::cast_possible_truncation, reason = "weights have fewer than 2³² rows")]

use durbin_core::Progress;
use rayon::prelude::*;

use crate::moments::Neighbourhood;
use crate::philox::Stream;

/// `p_sim` and `z_sim` of every unit by `permutations` conditional permutations.
///
/// The unit keeps its value; its `k` neighbours draw theirs from the other `n − 1` units without
/// replacement, in random order, so that each meets a weight of the row. With `R≥` and `R≤` the numbers of
/// permuted sums at least and at most the observed one,
/// `p_sim = min(1, 2·(min(R≥, R≤) + 1)/(N + 1))`. The draws of a unit and permutation are a function of
/// seed, row number and permutation alone. `NaN` where `sampled` says no and where there is nothing to
/// permute. Time is proportional to `k`; each worker holds one list of `n` row numbers.
pub fn simulate(
    rows: &[Neighbourhood],
    d: &[f64],
    sampled: impl Fn(usize) -> bool + Sync,
    permutations: u32,
    seed: u64,
    progress: &dyn Progress,
) -> (Vec<f64>, Vec<f64>) {
    progress.begin("permutations", rows.len() as u64);
    let units: Vec<u32> = (0..rows.len() as u32).collect();
    let largest = d.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    let chunks = units.par_chunks(rows.len().div_ceil(64).max(1));
    let simulated: Vec<(f64, f64)> = chunks
        .flat_map_iter(|chunk| {
            let mut urn = Urn::new(d.len());
            let sampled = &sampled;
            chunk.iter().map(move |&unit| {
                let i = unit as usize;
                let row: Vec<(usize, f64)> =
                    if sampled(i) { rows[i].others().collect() } else { Vec::new() };
                let streams = (0..permutations).map(|number| Stream::new(seed, unit, number));
                let outcome = one_unit(i, &row, d, largest, streams, &mut urn);
                progress.advance(1);
                outcome
            })
        })
        .collect();
    progress.end();
    simulated.into_iter().unzip()
}

fn one_unit(
    i: usize,
    row: &[(usize, f64)],
    d: &[f64],
    largest: f64,
    streams: impl ExactSizeIterator<Item = Stream>,
    urn: &mut Urn,
) -> (f64, f64) {
    if row.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    let observed: f64 = row.iter().map(|&(j, w)| w * d[j]).sum();
    // Equal sums in another order differ by at most k roundings each of the largest partial sum.
    let total: f64 = row.iter().map(|(_, w)| w.abs()).sum();
    let tolerance = 2.0 * (row.len() + 1) as f64 * f64::EPSILON * total * largest;
    let n = streams.len() as f64;
    let (mut at_least, mut at_most) = (0u32, 0u32);
    let (mut mean, mut squares) = (0.0, 0.0);
    for (count, mut stream) in (1u32..).zip(streams) {
        let drawn = urn.draw(row.len(), &mut stream);
        // The urn holds n − 1 balls; those from i on stand for the units after i.
        let value = |ball: usize| d[ball + usize::from(ball >= i)];
        let sum: f64 = row.iter().zip(drawn).map(|(&(_, w), ball)| w * value(ball)).sum();
        at_least += u32::from(sum >= observed - tolerance);
        at_most += u32::from(sum <= observed + tolerance);
        let step = sum - observed - mean;
        mean += step / f64::from(count);
        squares += step * (sum - observed - mean);
    }
    let p_sim = (2.0 * (f64::from(at_least.min(at_most)) + 1.0) / (n + 1.0)).min(1.0);
    let sd = (squares / (n - 1.0)).sqrt();
    let z_sim = if sd > tolerance { -mean / sd } else { f64::NAN };
    (p_sim, z_sim)
}

/// The row numbers of the other units, to be drawn without replacement.
struct Urn {
    balls: Vec<u32>,
    swaps: Vec<u32>,
}

impl Urn {
    fn new(units: usize) -> Self {
        Self { balls: (0..units.saturating_sub(1) as u32).collect(), swaps: Vec::new() }
    }

    /// `k` balls in random order: the first steps of a Fisher–Yates shuffle, undone afterwards so that
    /// the next draw starts from the same urn.
    fn draw(&mut self, k: usize, stream: &mut Stream) -> impl Iterator<Item = usize> {
        for (at, &swap) in self.swaps.iter().enumerate().rev() {
            self.balls.swap(at, swap as usize);
        }
        self.swaps.clear();
        let n = self.balls.len() as u32;
        for at in 0..k as u32 {
            let swap = at + stream.below(n - at);
            self.balls.swap(at as usize, swap as usize);
            self.swaps.push(swap);
        }
        self.balls[..k].iter().map(|&ball| ball as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ordered_sample_is_drawn_equally_often() {
        let mut urn = Urn::new(5);
        let mut counts = std::collections::BTreeMap::new();
        let draws = 24_000;
        for number in 0..draws {
            let sample: Vec<usize> = urn.draw(2, &mut Stream::new(3, 0, number)).collect();
            *counts.entry(sample).or_insert(0u32) += 1;
        }
        assert_eq!(counts.len(), 12);
        // Binomial with sd 43 around 2000.
        assert!(counts.values().all(|&count| count.abs_diff(2000) < 5 * 43), "{counts:?}");
    }

    #[test]
    fn the_whole_urn_is_a_permutation() {
        let mut drawn: Vec<usize> = Urn::new(9).draw(8, &mut Stream::new(1, 2, 3)).collect();
        drawn.sort_unstable();
        assert_eq!(drawn, (0..8).collect::<Vec<_>>());
    }
}
