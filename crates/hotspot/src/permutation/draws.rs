//! The random samples that all units share.

use std::ops::Range;

use rayon::prelude::*;

use durbin_core::random::{Purpose, Stream};

/// For every permutation an ordered sample without replacement from the `n − 1` others of a unit.
///
/// The others are numbered without regard to who the unit is: ball `b` stands for unit `b` where the
/// unit itself comes after it, and for unit `b + 1` where the unit comes before. A unit with `k`
/// neighbours takes the first `k` balls.
pub struct Draws {
    /// Permutations.
    pub permutations: usize,
    /// All balls of all permutations, ascending.
    balls: Vec<Drawn>,
}

/// A ball, its place in the sample and the permutation.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    pub ball: u32,
    pub place: u32,
    pub permutation: u32,
}

impl Draws {
    /// Samples of `k` balls for some permutations around the units of a set of `n`.
    pub fn new(n: usize, k: usize, permutations: Range<u32>, seed: u64) -> Self {
        let numbers: Vec<u32> = permutations.collect();
        let first = numbers.first().copied().unwrap_or(0);
        let part = numbers.len().div_ceil(16).max(1);
        let parts = numbers.par_chunks(part).flat_map_iter(|numbers| {
            let mut urn = Urn::new(n.saturating_sub(1));
            numbers.iter().flat_map(move |&number| {
                let mut stream = Stream::new(seed, Purpose::Conditional, number);
                let sample = urn.draw(k, &mut stream).collect::<Vec<u32>>();
                (0..).zip(sample).map(move |(place, ball)| Drawn {
                    ball,
                    place,
                    permutation: number - first,
                })
            })
        });
        let mut balls: Vec<Drawn> = parts.collect();
        balls.par_sort_unstable_by_key(|drawn| (drawn.ball, drawn.permutation));
        Self { permutations: numbers.len(), balls }
    }

    /// The first `k` balls of every permutation, ascending.
    pub fn first(&self, k: usize) -> Vec<Drawn> {
        self.balls.iter().filter(|drawn| (drawn.place as usize) < k).copied().collect()
    }
}

/// Balls numbered from 0, to be drawn without replacement.
struct Urn {
    balls: Vec<u32>,
    swaps: Vec<u32>,
}

#[allow(clippy::cast_possible_truncation, reason = "weights have fewer than 2³² rows")]
impl Urn {
    fn new(balls: usize) -> Self {
        Self { balls: (0..balls as u32).collect(), swaps: Vec::new() }
    }

    /// `k` balls in random order: the first steps of a Fisher–Yates shuffle, undone afterwards so that
    /// the next draw starts from the same urn.
    fn draw(&mut self, k: usize, stream: &mut Stream) -> impl Iterator<Item = u32> {
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
        self.balls[..k].iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(number: u32) -> Stream {
        Stream::new(3, Purpose::Conditional, number)
    }

    #[test]
    fn every_ordered_sample_is_drawn_equally_often() {
        let mut urn = Urn::new(5);
        let mut counts = std::collections::BTreeMap::new();
        for number in 0..24_000 {
            let sample: Vec<u32> = urn.draw(2, &mut stream(number)).collect();
            *counts.entry(sample).or_insert(0u32) += 1;
        }
        assert_eq!(counts.len(), 20);
        // Binomial with sd 34 around 1200.
        assert!(counts.values().all(|&count| count.abs_diff(1200) < 5 * 34), "{counts:?}");
    }

    #[test]
    fn the_whole_urn_is_a_permutation() {
        let mut drawn: Vec<u32> = Urn::new(9).draw(9, &mut stream(4)).collect();
        drawn.sort_unstable();
        assert_eq!(drawn, (0..9).collect::<Vec<_>>());
    }

    #[test]
    fn a_smaller_sample_is_the_beginning_of_a_larger_and_batches_change_nothing() {
        let key = |drawn: &Drawn, first| (drawn.permutation + first, drawn.place, drawn.ball);
        let of = |k, range: Range<u32>| -> Vec<_> {
            let first = range.start;
            let mut all: Vec<_> =
                Draws::new(30, 8, range, 1).first(k).iter().map(|d| key(d, first)).collect();
            all.sort_unstable();
            all
        };
        let all = of(3, 0..40);
        assert_eq!(all.len(), 120);
        assert_eq!([of(3, 0..17), of(3, 17..40)].concat(), all);
        let longer: Vec<_> = of(5, 0..40).into_iter().filter(|key| key.1 < 3).collect();
        assert_eq!(longer, all);
    }
}
