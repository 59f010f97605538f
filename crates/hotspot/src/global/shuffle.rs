//! Global permutations: all values dealt anew to all units.

use durbin_core::Progress;
use rayon::prelude::*;

use durbin_core::random::{Purpose, Stream};

/// `statistic` of `permutations` random orders of `values`. The order is a function of seed and
/// permutation alone.
pub fn shuffles<T: Copy + Send + Sync, S: Send>(
    values: &[T],
    (permutations, seed): (u32, u64),
    progress: &dyn Progress,
    statistic: impl Fn(&[T]) -> S + Sync,
) -> Vec<S> {
    progress.begin("permutations", u64::from(permutations));
    let one = |dealt: &mut Vec<T>, number: u32| {
        dealt.copy_from_slice(values);
        let mut stream = Stream::new(seed, Purpose::Shuffle, number);
        let n = u32::try_from(values.len()).unwrap_or(u32::MAX);
        for (at, rest) in (2..=n).rev().map(|rest| (rest as usize - 1, rest)) {
            dealt.swap(at, stream.below(rest) as usize);
        }
        progress.advance(1);
        statistic(dealt)
    };
    let numbers = (0..permutations).into_par_iter();
    let all = numbers.map_init(|| values.to_vec(), one).collect();
    progress.end();
    all
}

#[cfg(test)]
mod tests {
    use durbin_core::Silent;

    use super::*;

    #[test]
    fn every_order_is_dealt_equally_often() {
        let orders = shuffles(&[0_u8, 1, 2, 3], (24_000, 5), &Silent, <[u8]>::to_vec);
        let mut counts = std::collections::BTreeMap::new();
        for order in orders {
            *counts.entry(order).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        // Binomial with sd 31 around 1000.
        assert!(counts.values().all(|&count| count.abs_diff(1000) < 5 * 31), "{counts:?}");
    }
}
