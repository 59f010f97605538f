//! Counter-based random numbers: any draw can be computed without those before it, so results do not
//! depend on who computes what.
//!
//! Philox4x32-10 of Salmon, Moraes, Dror & Shaw (2011), *Parallel random numbers: as easy as 1, 2, 3*,
//! SC'11, section 4.3.

#![allow(clippy::cast_possible_truncation, reason = "words are cut from products on purpose")]

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What random numbers are drawn for; the numbers of one purpose are independent of those of another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Neighbours of a unit that keeps its own value.
    Conditional,
    /// All values dealt anew to all units.
    Shuffle,
    /// Parameters from the distribution of their estimates.
    Parameters,
    /// Data from a known model.
    Simulation,
    /// Probes of a stochastic trace.
    Probes,
}

/// The random numbers of one replication: a permutation, a draw of the parameters, a simulated panel.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    block: [u32; 4],
    used: usize,
}

impl Stream {
    /// The numbers of `replication` for a purpose under a seed.
    pub fn new(seed: u64, purpose: Purpose, replication: u32) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
            counter: [0, replication, purpose as u32, 0],
            block: [0; 4],
            used: 4,
        }
    }

    fn next(&mut self) -> u32 {
        if self.used == self.block.len() {
            self.block = philox(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// A uniform draw from the open interval (0, 1), on a grid of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        let bits = u64::from(self.next()) << 32 | u64::from(self.next());
        ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal draw (Box & Muller 1958), by `libm`, whose digits are the same on every machine.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// A uniform draw from `0..bound`, without the bias of a remainder (Lemire 2019, *ACM TOMACS* 29).
    pub fn below(&mut self, bound: u32) -> u32 {
        loop {
            let product = u64::from(self.next()) * u64::from(bound);
            let low = product as u32;
            // The threshold is below the bound, so its division is seldom needed.
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return (product >> 32) as u32;
            }
        }
    }
}

fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let product = |multiplier: u32, word: u32| {
            let product = u64::from(multiplier) * u64::from(word);
            ((product >> 32) as u32, product as u32)
        };
        let (high0, low0) = product(MULTIPLIERS[0], counter[0]);
        let (high1, low1) = product(MULTIPLIERS[1], counter[2]);
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_random123_come_out() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn draws_below_a_bound_hit_every_value_equally_often() {
        let mut stream = Stream::new(7, Purpose::Shuffle, 0);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[stream.below(6) as usize] += 1;
        }
        // Binomial with sd 91 around 10 000.
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 5 * 91), "{counts:?}");
    }

    #[test]
    fn normal_draws_have_the_moments_and_tails_of_the_normal_distribution() {
        let mut stream = Stream::new(1, Purpose::Simulation, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let moment = |k| draws.iter().map(|z| z.powi(k)).sum::<f64>() / draws.len() as f64;
        // Five standard errors of each moment: 1, 2, 15 and 96 are the variances of z, z², z³ and z⁴.
        for (k, expected, variance) in
            [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0_f64)]
        {
            assert!((moment(k) - expected).abs() < 5.0 * (variance / 1e5).sqrt(), "moment {k}");
        }
        let beyond = draws.iter().filter(|z| z.abs() > 1.959_963_984_540_054).count();
        assert!(beyond.abs_diff(5_000) < 345, "{beyond}");
    }

    #[test]
    fn seed_purpose_and_permutation_each_change_the_numbers() {
        use Purpose::{Conditional, Shuffle};
        let first = |seed, purpose, permutation| Stream::new(seed, purpose, permutation).next();
        let base = first(1, Conditional, 3);
        assert_eq!(base, first(1, Conditional, 3));
        let others = [
            first(2, Conditional, 3),
            first(1 << 32 | 1, Conditional, 3),
            first(1, Shuffle, 3),
            first(1, Conditional, 4),
        ];
        assert!(others.iter().all(|&other| other != base));
    }
}
