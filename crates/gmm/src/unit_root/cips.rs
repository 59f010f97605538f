//! Pesaran's CIPS: regressions with the averages over units, which stand for a common factor.

use durbin_core::random::{Purpose, Stream};
use rayon::prelude::*;

use super::{
    UnitRootSpec, UnitRootTest,
    dickey_fuller::Regression,
    null::{Nulls, step},
};

/// Panels of independent random walks behind the null distribution.
pub(super) const PANELS: u32 = 4000;
/// More units hardly move the distribution (Pesaran's tables end there).
pub(super) const MOST_UNITS: usize = 200;

/// The mean over units of t, each kept within Pesaran's bounds.
pub(super) fn test(
    series: &[&[f64]],
    same: bool,
    spec: &UnitRootSpec,
    nulls: &Nulls,
) -> UnitRootTest {
    let (name, alternative) = ("CIPS", "some units have none");
    if !same {
        return UnitRootTest::invalid(name, alternative, "the units have different periods");
    }
    let periods = series[0].len();
    let (rows, k) = (periods - spec.lags - 1, spec.coefficients() + spec.lags + 2);
    if rows <= k {
        let reason = format!("{rows} regressed periods for {k} coefficients");
        return UnitRootTest::invalid(name, alternative, reason);
    }
    let Some(statistic) = statistic(series, spec) else {
        let reason = "in some unit the regressors depend on each other";
        return UnitRootTest::invalid(name, alternative, reason);
    };
    let null = nulls.cips(series.len().min(MOST_UNITS), periods, spec);
    let share = null.partition_point(|known| *known <= statistic) as f64;
    let quantile = |at: usize| null[(null.len() * at / 100).min(null.len() - 1)];
    UnitRootTest {
        name,
        alternative,
        statistic: Some(statistic),
        p_value: Some((share + 1.0) / (null.len() as f64 + 1.0)),
        distribution: "simulated, lower tail".to_owned(),
        critical: Some([1, 5, 10].map(quantile)),
        reason: None,
    }
}

fn statistic<S: AsRef<[f64]>>(series: &[S], spec: &UnitRootSpec) -> Option<f64> {
    let periods = series[0].as_ref().len();
    let n = series.len() as f64;
    let mean: Vec<f64> =
        (0..periods).map(|t| series.iter().map(|y| y.as_ref()[t]).sum::<f64>() / n).collect();
    let at = |t: usize, back: usize| if t >= back { mean[t - back] } else { f64::NAN };
    let mut averages = vec![(0..periods).map(|t| at(t, 1)).collect::<Vec<f64>>()];
    for lag in 0..=spec.lags {
        averages.push((0..periods).map(|t| at(t, lag) - at(t, lag + 1)).collect());
    }
    let (least, most) = if spec.trend { (-6.42, 1.70) } else { (-6.19, 2.61) };
    let mut regression = Regression::default();
    let mut sum = 0.0;
    for y in series {
        sum += regression.t(y.as_ref(), spec, &averages)?.clamp(least, most);
    }
    Some(sum / n)
}

/// The statistic of independent random walks, in ascending order.
pub(super) fn simulated(units: usize, periods: usize, spec: &UnitRootSpec) -> Vec<f64> {
    let mut all: Vec<f64> = (0..PANELS)
        .into_par_iter()
        .filter_map(|replication| {
            let mut stream = Stream::new(spec.seed, Purpose::Shuffle, replication);
            let mut walks = vec![vec![0.0; periods]; units];
            for walk in &mut walks {
                step(walk, &mut stream);
            }
            statistic(&walks, spec)
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pesaran (2007), tables II(b) and II(c), truncated: 1, 5 and 10 %. T is taken as regressed periods. (For ten units
    /// over ten periods his 1 % is -2.85; a separate program has -2.78 so, and -2.82 with nine regressed periods: left out.)
    #[test]
    fn critical_values_are_those_that_pesaran_prints() {
        for (n, t, trend, critical) in [
            (10, 10, false, [f64::NAN, -2.47, -2.28]),
            (20, 20, false, [-2.40, -2.21, -2.10]),
            (50, 20, false, [-2.25, -2.11, -2.03]),
            (30, 15, true, [-2.88, -2.69, -2.59]),
            (20, 30, true, [-2.88, -2.72, -2.63]),
        ] {
            let spec = UnitRootSpec { lags: 0, trend, seed: 3 };
            let null = simulated(n, t + 1, &spec);
            let printed = [1, 5, 10].into_iter().zip(critical);
            for (percent, printed) in printed.filter(|(_, printed)| printed.is_finite()) {
                let own = null[null.len() * percent / 100];
                let slack = if percent == 1 { 0.05 } else { 0.03 };
                assert!((own - printed).abs() < slack, "{n}, {t}, {percent} %: {own}, {printed}");
            }
        }
    }
}
