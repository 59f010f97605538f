//! Rows whose neighbours differ in weight: every draw meets a weight of its own.

use durbin_core::Progress;
use rayon::prelude::*;

use super::draws::{Drawn, Draws};
use super::walk::Passing;
use super::{CHUNK, Moments, Statistic, Subject};
use crate::moments::Neighbourhood;

/// Tallies the simulations of units with any weights, in ascending order.
pub fn run(
    subjects: &mut [Subject],
    rows: &[Neighbourhood],
    draws: &Draws,
    z: &[f64],
    statistic: Statistic,
    progress: &dyn Progress,
) {
    let row = |subject: &Subject| &rows[subject.unit as usize];
    let longest = subjects.iter().map(|subject| row(subject).others().count()).max().unwrap_or(0);
    let drawn = draws.first(longest);
    subjects.par_chunks_mut(CHUNK).for_each(|chunk| {
        let mut values = Values::new(&drawn, longest, draws.permutations, z);
        let mut simulated = vec![0.0; draws.permutations];
        for subject in chunk.iter_mut() {
            values.move_to(subject.unit, z);
            simulated.fill(0.0);
            let own = z[subject.unit as usize];
            for (place, (_, w)) in row(subject).others().enumerate() {
                let pairs = simulated.iter_mut().zip(values.of(place));
                match statistic {
                    Statistic::Lag => pairs.for_each(|(sum, z)| *sum += w * z),
                    Statistic::SquaredDifferences => {
                        pairs.for_each(|(sum, z)| *sum += w * ((own - z) * (own - z)));
                    }
                }
            }
            subject.tally.add(&simulated, Moments::of(&simulated));
        }
        progress.advance(chunk.len() as u64);
    });
}

/// The values drawn, as the unit that has been reached sees them.
struct Values<'a> {
    passing: Passing<'a>,
    permutations: usize,
    /// One run of permutations per place in the sample.
    runs: Vec<f64>,
}

impl<'a> Values<'a> {
    fn new(drawn: &'a [Drawn], places: usize, permutations: usize, z: &[f64]) -> Self {
        let mut all = Self {
            passing: Passing::new(drawn),
            permutations,
            runs: vec![0.0; places * permutations],
        };
        for drawn in drawn {
            all.set(drawn, z[drawn.ball as usize + 1]);
        }
        all
    }

    fn set(&mut self, drawn: &Drawn, value: f64) {
        let start = drawn.place as usize * self.permutations;
        self.runs[start + drawn.permutation as usize] = value;
    }

    fn move_to(&mut self, unit: u32, z: &[f64]) {
        for drawn in self.passing.up_to(unit) {
            self.set(drawn, z[drawn.ball as usize]);
        }
    }

    fn of(&self, place: usize) -> &[f64] {
        &self.runs[place * self.permutations..][..self.permutations]
    }
}
