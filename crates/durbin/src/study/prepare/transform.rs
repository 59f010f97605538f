//! What each step makes of the values of a variable.

use durbin_core::Panel;
use ndarray::Array2;

use super::{Ends, Over, Prepare, spike};

/// The values, `t × n`, after the step; `panel` knows the time between its periods.
pub(super) fn transformed(step: &Prepare, values: &Array2<f64>, panel: &Panel) -> Array2<f64> {
    let mut after = values.clone();
    match step {
        Prepare::Interpolate { ends, .. } => {
            panel.interpolate(&mut after);
            if *ends == Ends::Nearest {
                after.columns_mut().into_iter().for_each(extend);
            }
        }
        Prepare::Spikes { threshold, .. } => return spike::removed(values, *threshold, panel),
        Prepare::MovingAverage { window, .. } => {
            let half = window / 2;
            let last = values.nrows() - 1;
            for ((s, unit), value) in after.indexed_iter_mut() {
                let rows = s.saturating_sub(half)..=(s + half).min(last);
                let count = rows.clone().count() as f64;
                *value = rows.map(|row| values[[row, unit]]).sum::<f64>() / count;
            }
        }
        Prepare::Log { shift, .. } => after.mapv_inplace(|x| (x + shift).ln()),
        Prepare::Winsorise { share, over, .. } => each_pool(&mut after, *over, |known| {
            let (low, high) = (quantile(known, *share), quantile(known, 1.0 - share));
            Box::new(move |x| x.clamp(low, high))
        }),
        Prepare::Standardise { over, .. } => each_pool(&mut after, *over, |known| {
            let n = known.len() as f64;
            let mean = known.iter().sum::<f64>() / n;
            let sd = (known.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            Box::new(move |x| (x - mean) / sd)
        }),
        Prepare::Unit { factor, .. } => after.mapv_inplace(|x| x * factor),
    }
    after
}

/// Repeats the first value before it and the last value after it.
fn extend(mut series: ndarray::ArrayViewMut1<f64>) {
    let known: Vec<usize> = (0..series.len()).filter(|&s| !series[s].is_nan()).collect();
    if let (Some(&first), Some(&last)) = (known.first(), known.last()) {
        let (start, end) = (series[first], series[last]);
        (0..first).for_each(|s| series[s] = start);
        (last + 1..series.len()).for_each(|s| series[s] = end);
    }
}

/// Winsorises every variable over all of its rows.
pub(in crate::study) fn winsorise(panel: &mut Panel, share: f64) {
    let step = Prepare::Winsorise { variables: Vec::new(), share, over: Over::Pooled };
    for name in panel.names().to_vec() {
        if let Ok(values) = panel.get(&name) {
            let after = transformed(&step, values, panel);
            panel.insert(name, after);
        }
    }
}

type Map = Box<dyn Fn(f64) -> f64>;

/// Maps values by what their pool, sorted, says; missing ones stay missing.
fn each_pool(values: &mut Array2<f64>, over: Over, of: impl Fn(&[f64]) -> Map) {
    let rows = match over {
        Over::Pooled => values.nrows(),
        Over::Yearly => 1,
    };
    for mut pool in values.axis_chunks_iter_mut(ndarray::Axis(0), rows) {
        let mut known: Vec<f64> = pool.iter().copied().filter(|v| !v.is_nan()).collect();
        if known.is_empty() {
            continue;
        }
        known.sort_by(f64::total_cmp);
        let map = of(&known);
        pool.mapv_inplace(|x| if x.is_nan() { x } else { map(x) });
    }
}

/// Linear between order statistics (type 7 of Hyndman & Fan 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position")]
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use durbin_core::{Column, PanelKeys, Table};
    use ndarray::array;

    use super::*;

    const NO: f64 = f64::NAN;

    fn variables() -> Vec<String> {
        vec!["x".to_owned()]
    }

    /// A panel of the years 2010, 2011, 2013 … 2021, of which the first as many as `values` has rows.
    fn done(step: &Prepare, values: &Array2<f64>) -> Array2<f64> {
        let (t, n) = values.dim();
        let years: Vec<i64> = std::iter::once(2010).chain((2011..).step_by(2)).take(t).collect();
        let table = Table {
            name: String::new(),
            title: String::new(),
            columns: vec![
                Column::int("unit", (0..t * n).map(|at| i64::try_from(at % n).unwrap())),
                Column::int("year", (0..t * n).map(|at| years[at / n])),
            ],
        };
        transformed(step, values, &PanelKeys::new(&table, "unit", "year").unwrap().panel())
    }

    #[test]
    fn interpolation_runs_in_time_not_in_rows() {
        let keep = Prepare::Interpolate { variables: variables(), ends: Ends::Keep };
        assert_eq!(done(&keep, &array![[0.0], [NO], [3.0]]), array![[0.0], [1.0], [3.0]]);
    }

    #[test]
    fn interpolation_reaches_the_ends_only_where_asked() {
        let series = array![[NO], [1.0], [NO], [3.0], [NO]];
        let keep = Prepare::Interpolate { variables: variables(), ends: Ends::Keep };
        let after = done(&keep, &series);
        assert!((after[[2, 0]] - 2.0).abs() < 1e-15);
        assert!(after[[0, 0]].is_nan() && after[[4, 0]].is_nan());
        let nearest = Prepare::Interpolate { variables: variables(), ends: Ends::Nearest };
        assert_eq!(done(&nearest, &series), array![[1.0], [1.0], [2.0], [3.0], [3.0]]);
    }

    #[test]
    fn a_window_is_shorter_at_the_ends() {
        let step = Prepare::MovingAverage { variables: variables(), window: 3 };
        let after = done(&step, &array![[1.0], [2.0], [6.0], [4.0]]);
        assert_eq!(after, array![[1.5], [3.0], [4.0], [5.0]]);
    }

    #[test]
    fn winsorising_moves_the_tails_to_the_quantiles_and_leaves_gaps() {
        let step = Prepare::Winsorise { variables: variables(), share: 0.25, over: Over::Pooled };
        let after = done(&step, &array![[0.0, 1.0, 2.0], [3.0, 100.0, NO]]);
        assert_eq!(after.iter().take(5).copied().collect::<Vec<_>>(), [1.0, 1.0, 2.0, 3.0, 3.0]);
        assert!(after[[1, 2]].is_nan());
    }

    #[test]
    fn a_spike_goes_to_the_line_and_a_change_of_level_stays() {
        let step = Prepare::Spikes { variables: variables(), threshold: 5.0 };
        // In the first unit one figure lost its point; the second moves to another level; the third ends far off.
        let mut values = Array2::from_shape_fn((9, 3), |(s, unit)| {
            10.0 + s as f64 + 0.1 * ((s * s + unit) % 3) as f64
        });
        values[[4, 0]] *= 10.0;
        values.slice_mut(ndarray::s![5.., 1]).mapv_inplace(|x| x + 50.0);
        values[[8, 2]] += 50.0;
        let after = done(&step, &values);
        values[[4, 0]] = f64::midpoint(values[[3, 0]], values[[5, 0]]);
        assert_eq!(after, values);
    }

    #[test]
    fn what_hardly_ever_leaves_its_line_has_no_spikes() {
        let step = Prepare::Spikes { variables: variables(), threshold: 5.0 };
        let values = array![[0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [NO, 0.0]];
        assert!((done(&step, &values)[[1, 1]] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn standardised_years_have_mean_zero_each() {
        let step = Prepare::Standardise { variables: variables(), over: Over::Yearly };
        let after = done(&step, &array![[0.0, 2.0], [10.0, 30.0]]);
        assert_eq!(after, array![[-1.0, 1.0], [-1.0, 1.0]]);
    }
}
