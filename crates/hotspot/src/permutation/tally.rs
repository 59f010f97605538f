//! Where an observed value stands among simulated ones.

use crate::Alternative;

/// One observed value among its simulations, of which only counts and moments are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tally {
    observed: f64,
    /// Values nearer to the observed one than this are equal to it.
    tolerance: f64,
    simulations: u32,
    at_least: u32,
    at_most: u32,
    moments: Moments,
}

/// Mean of some values and the sum of their squared deviations from it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    mean: f64,
    squares: f64,
}

impl Moments {
    /// In two passes: the mean may be large beside the deviations.
    pub fn of(values: &[f64]) -> Self {
        let mean = sum(values, |value| value) / values.len().max(1) as f64;
        // The second sum of deviations takes out what rounding left in the mean.
        let rest = sum(values, |value| value - mean);
        let squares = sum(values, |value| (value - mean) * (value - mean));
        let n = values.len().max(1) as f64;
        Self { mean: mean + rest / n, squares: (squares - rest * rest / n).max(0.0) }
    }

    /// Of `n` values and `m` others together (Chan, Golub & LeVeque 1983, *The American Statistician* 37).
    fn joined(self, n: f64, other: Self, m: f64) -> Self {
        let step = other.mean - self.mean;
        Self {
            mean: self.mean + step * m / (n + m),
            squares: self.squares + other.squares + step * step * n * m / (n + m),
        }
    }
}

/// A sum in four lanes: always the same four, so always the same bits.
fn sum(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 4];
    let chunks = values.chunks_exact(4);
    let rest: f64 = chunks.remainder().iter().map(|&value| term(value)).sum();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += term(value);
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

impl Tally {
    pub fn new(observed: f64, tolerance: f64) -> Self {
        let moments = Moments::default();
        Self { observed, tolerance, simulations: 0, at_least: 0, at_most: 0, moments }
    }

    /// Counts more simulations, whose moments the caller may know already.
    pub fn add(&mut self, simulated: &[f64], moments: Moments) {
        let (low, high) = (self.observed - self.tolerance, self.observed + self.tolerance);
        let (mut at_least, mut at_most) = (0_u64, 0_u64);
        for &value in simulated {
            at_least += u64::from(value >= low);
            at_most += u64::from(value <= high);
        }
        let before = f64::from(self.simulations);
        self.moments = self.moments.joined(before, moments, simulated.len() as f64);
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        self.simulations += count(simulated.len() as u64);
        self.at_least += count(at_least);
        self.at_most += count(at_most);
    }

    /// The tally of the values with the opposite sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            observed: -self.observed,
            at_least: self.at_most,
            at_most: self.at_least,
            moments: Moments { mean: -self.moments.mean, ..self.moments },
            ..self
        }
    }

    /// The pseudo p-value; a large value is what [`Alternative::Positive`] looks for.
    pub fn p_sim(&self, alternative: Alternative) -> f64 {
        let n = f64::from(self.simulations);
        let share = |count: u32| (f64::from(count) + 1.0) / (n + 1.0);
        match alternative {
            Alternative::TwoSided => (2.0 * share(self.at_least.min(self.at_most))).min(1.0),
            Alternative::Nearer => share(self.at_least.min(self.simulations - self.at_least)),
            Alternative::Positive => share(self.at_least),
        }
    }

    /// The observed value less the mean of the simulations, over their standard deviation (divisor
    /// N − 1); `NaN` where they do not vary.
    pub fn z_sim(&self) -> f64 {
        let deviation = (self.moments.squares / (f64::from(self.simulations) - 1.0)).sqrt();
        if deviation > self.tolerance {
            (self.observed - self.moments.mean) / deviation
        } else {
            f64::NAN
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_moments_are_those_of_all_simulations_whatever_their_batches() {
        let simulated: Vec<f64> = (0..23).map(|i| 1e6 + f64::from(i * i % 17)).collect();
        let mut whole = Tally::new(1e6 + 9.0, 1e-9);
        whole.add(&simulated, Moments::of(&simulated));
        let mut parts = Tally::new(1e6 + 9.0, 1e-9);
        for batch in simulated.chunks(5) {
            parts.add(batch, Moments::of(batch));
        }
        let counted = |tally: &Tally| (tally.simulations, tally.at_least, tally.at_most);
        assert_eq!(counted(&whole), counted(&parts));
        let at_least = simulated.iter().filter(|&&value| value >= 1e6 + 9.0).count();
        assert_eq!(whole.at_least as usize, at_least);
        // A mean of 10⁶ has 10 digits behind the point.
        assert!((whole.z_sim() - parts.z_sim()).abs() < 1e-9);
        let mean = simulated.iter().sum::<f64>() / 23.0;
        let sd = (simulated.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 22.0).sqrt();
        assert!((whole.z_sim() - (1e6 + 9.0 - mean) / sd).abs() < 1e-9);
    }

    #[test]
    fn each_alternative_counts_its_tail() {
        let mut tally = Tally::new(2.0, 0.0);
        let simulated = [0.0, 1.0, 2.0, 2.0, 3.0, 0.5, 0.6, 0.7, 0.8];
        tally.add(&simulated, Moments::of(&simulated));
        // R≥ = 3, R≤ = 8, N = 9.
        assert!((tally.p_sim(Alternative::TwoSided) - 0.8).abs() < 1e-15);
        assert!((tally.p_sim(Alternative::Nearer) - 0.4).abs() < 1e-15);
        assert!((tally.p_sim(Alternative::Positive) - 0.4).abs() < 1e-15);
        assert!((tally.negated().p_sim(Alternative::Positive) - 0.9).abs() < 1e-15);
        assert!((tally.negated().z_sim() + tally.z_sim()).abs() < 1e-15);
    }
}
