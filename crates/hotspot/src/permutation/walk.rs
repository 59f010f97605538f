//! Simulated sums of one unit after the other: from unit to unit only a few draws change.

use super::draws::Drawn;

/// Sums of the first `k` draws of every permutation, for units in ascending order.
///
/// A ball counts as the unit of its number for units after it and as the next one for units up to it, so
/// the sum of a permutation changes at its `k` balls and nowhere else. All `k + 1` sums of every
/// permutation are made beforehand, each from its own terms: no rounding piles up on the way.
pub struct Sums {
    k: usize,
    permutations: usize,
    /// `k + 1` sums per permutation, by the number of its balls before the unit.
    steps: Vec<f64>,
}

impl Sums {
    /// `drawn` are the first `k` balls of every permutation, ascending.
    pub fn new(
        drawn: &[Drawn],
        k: usize,
        permutations: usize,
        value: impl Fn(usize) -> f64,
    ) -> Self {
        let mut steps = vec![0.0; permutations * (k + 1)];
        let mut part = vec![(0.0, 0); permutations];
        for drawn in drawn {
            let (before, balls) = &mut part[drawn.permutation as usize];
            *before += value(drawn.ball as usize);
            *balls += 1;
            steps[drawn.permutation as usize * (k + 1) + *balls] = *before;
        }
        part.fill((0.0, k));
        for drawn in drawn.iter().rev() {
            let (after, balls) = &mut part[drawn.permutation as usize];
            *after += value(drawn.ball as usize + 1);
            *balls -= 1;
            steps[drawn.permutation as usize * (k + 1) + *balls] += *after;
        }
        Self { k, permutations, steps }
    }

    /// The sums that the first unit sees.
    pub fn start(&self) -> Vec<f64> {
        self.steps.iter().step_by(self.k + 1).copied().collect()
    }

    /// The sum of a permutation with `balls` of its balls before the unit.
    pub fn at(&self, permutation: usize, balls: usize) -> f64 {
        self.steps[permutation * (self.k + 1) + balls]
    }

    /// A counter of balls before the unit for every permutation.
    pub fn counters(&self) -> Vec<usize> {
        vec![0; self.permutations]
    }
}

/// The balls in ascending order, handed out as the units go by.
pub struct Passing<'a> {
    drawn: &'a [Drawn],
}

impl<'a> Passing<'a> {
    pub fn new(drawn: &'a [Drawn]) -> Self {
        Self { drawn }
    }

    /// The balls that lie before `unit` and did not lie before the last one.
    pub fn up_to(&mut self, unit: u32) -> &'a [Drawn] {
        let count = self.drawn.iter().take_while(|drawn| drawn.ball < unit).count();
        let (passed, rest) = self.drawn.split_at(count);
        self.drawn = rest;
        passed
    }
}
