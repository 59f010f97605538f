//! One panel from a model.

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use durbin_weights::Weights;
use ndarray::{Array2, s};

use super::Truth;

/// Periods of a dynamic model before the first that is kept, so that where it started is forgotten.
const BEFORE: usize = 50;

/// The variables of `truth` on the index of `blank`, in replication `replication`.
pub(super) fn panel(
    truth: &Truth,
    blank: &Panel,
    w: &Weights,
    seed: u64,
    replication: u32,
) -> Panel {
    let mut stream = Stream::new(seed, Purpose::Simulation, replication);
    let (n, kept_periods) = (blank.n_units(), blank.n_periods());
    let before = if truth.tau == 0.0 && truth.eta == 0.0 { 0 } else { BEFORE };
    let t = before + kept_periods;
    let mut draw =
        |sd: f64, count: usize| -> Vec<f64> { (0..count).map(|_| sd * stream.normal()).collect() };
    // Nothing grows before the first period that is kept.
    let along = |period: usize| match kept_periods {
        1 => 0.0,
        count => period.saturating_sub(before) as f64 / (count - 1) as f64,
    };
    let mut panel = blank.clone();
    let mut y = Array2::zeros((t, n));
    for (name, beta) in &truth.beta {
        let kept = draw(truth.x_unit_sd, n);
        let mut x = Array2::zeros((t, n));
        let theta = truth.theta.get(name).copied().unwrap_or_default();
        for period in 0..t {
            let moved = solve(w, truth.x_rho, draw(1.0, n));
            let values: Vec<f64> =
                (0..n).map(|i| truth.x_trend * along(period) + kept[i] + moved[i]).collect();
            let lagged = w.lag(&values);
            for unit in 0..n {
                x[[period, unit]] = values[unit];
                y[[period, unit]] += beta * values[unit] + theta * lagged[unit];
            }
        }
        panel.insert(name, x.slice_move(s![before.., ..]));
    }
    let of_units = draw(if truth.effects.of_units() { truth.unit_sd } else { 0.0 }, n);
    let of_periods = draw(if truth.effects.of_periods() { truth.time_sd } else { 0.0 }, t);
    let mut last = vec![0.0; n];
    let mut last_lagged = vec![0.0; n];
    for period in 0..t {
        let error = solve(w, truth.lambda, draw(truth.sigma, n));
        let given: Vec<f64> = (0..n)
            .map(|i| {
                let trend = truth.trend * along(period);
                let past = truth.tau * last[i] + truth.eta * last_lagged[i];
                y[[period, i]] + of_units[i] + of_periods[period] + trend + error[i] + past
            })
            .collect();
        let solved = solve(w, truth.rho, given);
        for (unit, &value) in solved.iter().enumerate() {
            y[[period, unit]] = value;
        }
        if before > 0 {
            last_lagged = w.lag(&solved);
            last = solved;
        }
    }
    panel.insert(&truth.y, y.slice_move(s![before.., ..]));
    panel
}

/// x = ρWx + b by repeated substitution, which converges as |ρ| < 1 and no row of W sums to more than one.
fn solve(w: &Weights, rho: f64, b: Vec<f64>) -> Vec<f64> {
    if rho == 0.0 {
        return b;
    }
    let mut x = b.clone();
    for _ in 0..10_000 {
        let lag = w.lag(&x);
        let next: Vec<f64> = b.iter().zip(&lag).map(|(b, lag)| b + rho * lag).collect();
        let moved = next.iter().zip(&x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        x = next;
        if moved < 1e-13 {
            break;
        }
    }
    x
}

/// Takes out values and moves others far away; how many.
pub(super) fn spoil(truth: &Truth, panel: &mut Panel, seed: u64, replication: u32) -> usize {
    if truth.missing_share == 0.0 && truth.outliers == 0.0 {
        return 0;
    }
    // Other numbers than those of the model, so that a spoilt panel is the clean one with spots.
    let mut stream = Stream::new(seed ^ 0x5b07, Purpose::Simulation, replication);
    let last = panel.n_periods() - 1;
    let mut spoilt = 0;
    for name in panel.names().to_vec() {
        let Ok(values) = panel.get(&name) else { continue };
        let mut values = values.clone();
        let spread = values.std(0.0);
        for ((period, _), value) in values.indexed_iter_mut() {
            let (chance, side) = (stream.uniform(), stream.uniform());
            if chance < truth.missing_share && period > 0 && period < last {
                *value = f64::NAN;
                spoilt += 1;
            } else if chance > 1.0 - truth.outliers {
                *value += if side < 0.5 { -5.0 } else { 5.0 } * spread;
                spoilt += 1;
            }
        }
        panel.insert(name, values);
    }
    spoilt
}
