//! Dependence between units: Pesaran (2004), CESifo working paper 1229.

use durbin_core::{Distribution, TestStat};

/// Dependence is tested between at most so many units.
const MOST_PAIRED: usize = 5000;

/// `CD = √(2/(N(N−1)))·Σ √Tᵢⱼ·ρ̂ᵢⱼ` over pairs of units with at least three periods in common.
pub(crate) fn dependence(series: &[Vec<f64>]) -> TestStat {
    let (name, null) = ("CD", "no dependence between units");
    if series.len() > MOST_PAIRED {
        let reason = format!(
            "{} units have too many pairs; at most {MOST_PAIRED} can be tested",
            series.len()
        );
        return TestStat::invalid(name, null, Distribution::Normal, reason);
    }
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, a) in series.iter().enumerate() {
        for b in &series[at + 1..] {
            let both: Vec<(f64, f64)> = a
                .iter()
                .zip(b)
                .filter(|(a, b)| a.is_finite() && b.is_finite())
                .map(|(a, b)| (*a, *b))
                .collect();
            let t = both.len() as f64;
            if both.len() < 3 {
                continue;
            }
            let (ma, mb) = (
                both.iter().map(|p| p.0).sum::<f64>() / t,
                both.iter().map(|p| p.1).sum::<f64>() / t,
            );
            let sums = both.iter().fold((0.0, 0.0, 0.0), |s, (a, b)| {
                let (a, b) = (a - ma, b - mb);
                (s.0 + a * b, s.1 + a * a, s.2 + b * b)
            });
            let rho = sums.0 / (sums.1 * sums.2).sqrt();
            if rho.is_finite() {
                sum += t.sqrt() * rho;
                pairs += 1.0;
            }
        }
    }
    if pairs == 0.0 {
        return TestStat::invalid(
            name,
            null,
            Distribution::Normal,
            "no two units share three periods",
        );
    }
    TestStat::new(name, null, sum / f64::sqrt(pairs), Distribution::Normal)
}
