//! Dependence between units: Pesaran (2004), CESifo working paper 1229.

use std::collections::BTreeMap;

use durbin_core::{Distribution, TestStat};

/// Units times different sets of periods; more take too long.
const MOST: usize = 25_000_000;
/// Periods that two units must have in common.
const LEAST: usize = 3;

/// `CD = √(2/(N(N−1)))·Σ √Tᵢⱼ·ρ̂ᵢⱼ` over pairs of units with at least three periods in common.
///
/// Units with the same periods are taken together: with zᵢ the deviations of a unit from its mean over the periods in
/// common, of length one, `Σ ρ̂ᵢⱼ = (Σ zᵢ)'(Σ zⱼ)` between two such groups and `(‖Σ zᵢ‖² − N)/2` within one.
pub(crate) fn dependence(series: &[Vec<f64>]) -> TestStat {
    let (name, null) = ("CD", "no dependence between units");
    let invalid = |reason: String| TestStat::invalid(name, null, Distribution::Normal, reason);
    let mut groups: BTreeMap<Vec<bool>, Vec<&[f64]>> = BTreeMap::new();
    for unit in series {
        let there: Vec<bool> = unit.iter().map(|value| value.is_finite()).collect();
        groups.entry(there).or_default().push(unit);
    }
    groups.retain(|there, _| there.iter().filter(|there| **there).count() >= LEAST);
    let units: usize = groups.values().map(Vec::len).sum();
    if units * groups.len() > MOST {
        return invalid(format!(
            "{units} units over {} different sets of periods have too many pairs",
            groups.len()
        ));
    }
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, (there, group)) in groups.iter().enumerate() {
        let own: Vec<usize> = (0..there.len()).filter(|&t| there[t]).collect();
        let (total, n) = standardized(group, &own);
        let square: f64 = total.iter().map(|z| z * z).sum();
        sum += (own.len() as f64).sqrt() * (square - n) / 2.0;
        pairs += n * (n - 1.0) / 2.0;
        for (other, others) in groups.iter().skip(at + 1) {
            let common: Vec<usize> = own.iter().copied().filter(|&t| other[t]).collect();
            if common.len() < LEAST {
                continue;
            }
            let ((a, n), (b, m)) = (standardized(group, &common), standardized(others, &common));
            let product: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            sum += (common.len() as f64).sqrt() * product;
            pairs += n * m;
        }
    }
    if pairs == 0.0 {
        return invalid("no two units share three periods".to_owned());
    }
    TestStat::new(name, null, sum / f64::sqrt(pairs), Distribution::Normal)
}

/// The sum over units of their deviations from the mean, of length one each, and how many units vary.
fn standardized(group: &[&[f64]], periods: &[usize]) -> (Vec<f64>, f64) {
    let mut sum = vec![0.0; periods.len()];
    let mut z = sum.clone();
    let mut units = 0.0;
    for unit in group {
        let mean = periods.iter().map(|&t| unit[t]).sum::<f64>() / periods.len() as f64;
        z.iter_mut().zip(periods).for_each(|(z, &t)| *z = unit[t] - mean);
        let length = z.iter().map(|z| z * z).sum::<f64>().sqrt();
        if length > 0.0 {
            units += 1.0;
            sum.iter_mut().zip(&z).for_each(|(sum, z)| *sum += z / length);
        }
    }
    (sum, units)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pair by pair, as the formula has it.
    fn by_pairs(series: &[Vec<f64>]) -> f64 {
        let (mut sum, mut pairs) = (0.0, 0.0);
        for (at, a) in series.iter().enumerate() {
            for b in &series[at + 1..] {
                let both = a.iter().zip(b).filter(|(a, b)| a.is_finite() && b.is_finite());
                let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
                let t = a.len() as f64;
                if a.len() < 3 {
                    continue;
                }
                let mean = |v: &[f64]| v.iter().sum::<f64>() / t;
                let moment = |a: &[f64], b: &[f64]| {
                    let (c, d) = (mean(a), mean(b));
                    a.iter().zip(b).map(|(x, y)| (x - c) * (y - d)).sum::<f64>()
                };
                sum += t.sqrt() * moment(&a, &b) / (moment(&a, &a) * moment(&b, &b)).sqrt();
                pairs += 1.0;
            }
        }
        sum / f64::sqrt(pairs)
    }

    #[test]
    fn groups_of_units_add_up_to_what_pairs_do() {
        let cell = |unit: usize, t: usize| {
            let gap = (unit % 3 == 1 && t < 2) || (unit % 4 == 2 && t > 4) || unit * t == 18;
            if gap { f64::NAN } else { ((unit * 7 + t * t * 5) as f64).sin() + (t as f64).cos() }
        };
        let series: Vec<Vec<f64>> =
            (0..17).map(|unit| (0..8).map(|t| cell(unit, t)).collect()).collect();
        let own = dependence(&series).statistic.unwrap();
        assert!((own - by_pairs(&series)).abs() < 1e-12, "{own}");
    }

    #[test]
    fn units_that_share_no_periods_have_no_test() {
        let gap = f64::NAN;
        let series = [vec![1.0, 2.0, 0.5, gap, gap, gap], vec![gap, gap, gap, 3.0, 1.0, 2.0]];
        assert_eq!(dependence(&series).statistic, None);
    }
}
