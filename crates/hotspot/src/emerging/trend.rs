//! The Mann–Kendall test for a monotonic trend.

use durbin_core::two_sided_p;

/// Whether a series rises or falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// `S = Σ_{s<t} sign(x_t − x_s)`.
    pub s: f64,
    /// Variance of S under no trend.
    pub variance: f64,
    /// `(S ∓ 1) / √variance`, 0 where S is 0.
    pub z: f64,
    /// Two-sided normal p-value.
    pub p: f64,
}

/// The test of Mann (1945), *Econometrica* 13, and Kendall for a series of `t` values,
///
/// `S = Σ_{s<t} sign(x_t − x_s)`, `Var = (t (t − 1)(2t + 5) − Σ_g g (g − 1)(2g + 5)) / 18`
///
/// over the groups of `g` equal values, with a correction for continuity: `z = (S − sign S) / √Var`. `None`
/// where a value is no number or all are equal.
pub fn mann_kendall(series: &[f64]) -> Option<Trend> {
    if series.iter().any(|value| value.is_nan()) {
        return None;
    }
    let earlier = |t: usize| series[..t].iter().map(move |&before| (before, series[t]));
    let pairs = (0..series.len()).flat_map(earlier);
    let s: f64 = pairs
        .map(|(before, after)| f64::from(i8::from(after > before) - i8::from(after < before)))
        .sum();
    let term = |g: f64| g * (g - 1.0) * (2.0 * g + 5.0);
    // 0 and −0 are ties.
    let mut ranked: Vec<f64> = series.iter().map(|value| value + 0.0).collect();
    ranked.sort_by(f64::total_cmp);
    let groups = ranked.chunk_by(|a, b| a.total_cmp(b).is_eq());
    let ties: f64 = groups.map(|group| term(group.len() as f64)).sum();
    let variance = (term(series.len() as f64) - ties) / 18.0;
    if variance <= 0.0 {
        return None;
    }
    let z = if s == 0.0 { 0.0 } else { (s - s.signum()) / variance.sqrt() };
    Some(Trend { s, variance, z, p: two_sided_p(z) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_series_has_every_pair_in_its_favour() {
        // t = 10: S = 45, Var = 10·9·25/18 = 125, z = 44/√125.
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let trend = mann_kendall(&rising).unwrap();
        assert!((trend.s - 45.0).abs() < 1e-12 && (trend.variance - 125.0).abs() < 1e-12);
        assert!((trend.z - 44.0 / 125.0_f64.sqrt()).abs() < 1e-12);
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        assert!((mann_kendall(&falling).unwrap().z + trend.z).abs() < 1e-12);
    }

    #[test]
    fn ties_take_from_the_variance() {
        // 1 2 2 3: S = 5, Var = (4·3·13 − 2·1·9)/18 = 138/18.
        let trend = mann_kendall(&[1.0, 2.0, 2.0, 3.0]).unwrap();
        assert!((trend.s - 5.0).abs() < 1e-12);
        assert!((trend.variance - 138.0 / 18.0).abs() < 1e-12);
        assert_eq!(mann_kendall(&[1.0, 1.0, 1.0]), None);
        assert_eq!(mann_kendall(&[1.0, f64::NAN, 2.0]), None);
    }
}
