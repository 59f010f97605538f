//! The bias of least squares with unit effects and a lagged response, up to order N⁻¹T⁻².
//!
//! Kiviet (1995) *J. Econometrics* 68, 53–78; Bun & Kiviet (2003) *Economics Letters* 79, 145–152; unbalanced panels:
//! Bruno (2005) *Economics Letters* 87, 361–366.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2};

/// A unit's periods from its first row to its last: which hold a row.
type Pattern = Vec<bool>;

/// `Π = A·LΓ` of a pattern in traces, where A takes deviations from the mean over its rows and
/// `(LΓ)ₜₛ = γᵗ⁻ˢ⁻¹` for s < t.
#[derive(Debug, Clone, Copy)]
struct Traces {
    /// `tr(Π)`.
    one: f64,
    /// `tr(Π'ΠΠ)`.
    three: f64,
    /// `tr(Π'ΠΠ'Π)`.
    four: f64,
}

impl Traces {
    fn new(pattern: &Pattern, gamma: f64) -> Self {
        let g = pattern.len();
        let rows = pattern.iter().filter(|used| **used).count() as f64;
        let lagged = Array2::from_shape_fn((g, g), |(t, s)| {
            let gap = i32::try_from(t).unwrap_or(i32::MAX) - i32::try_from(s).unwrap_or(0) - 1;
            if gap < 0 { 0.0 } else { gamma.powi(gap) }
        });
        let mut pi = Array2::zeros((g, g));
        for s in 0..g {
            let mean = (0..g).filter(|&t| pattern[t]).map(|t| lagged[[t, s]]).sum::<f64>() / rows;
            for t in (0..g).filter(|&t| pattern[t]) {
                pi[[t, s]] = lagged[[t, s]] - mean;
            }
        }
        let gram = pi.t().dot(&pi);
        Self {
            one: pi.diag().sum(),
            three: (&gram * &pi.t()).sum(),
            four: gram.iter().map(|value| value * value).sum(),
        }
    }
}

/// The terms of the bias, of order T⁻¹, N⁻¹T⁻¹ and N⁻¹T⁻²: `k` coefficients each, the lagged response's first.
///
/// `at` and `bounds` are the rows' periods and the units' rows; `w` are the regressors less their units' means and `q`
/// is `(W'AW)⁻¹`. The formulas hold expectations `W̄ = E(W)`, which are replaced by the sample's so that their
/// stochastic part is taken out: `W̄'ΠAW̄` by `W'ΠAW − σ²·tr(Π'ΠΠ)·e₁e₁'`, and so on.
pub(crate) fn terms(
    at: &[(usize, usize)],
    bounds: &[usize],
    w: &Array2<f64>,
    q: &Array2<f64>,
    gamma: f64,
    sigma2: f64,
) -> [Array1<f64>; 3] {
    let k = w.ncols();
    let mut known: BTreeMap<Pattern, Traces> = BTreeMap::new();
    let mut sum = Traces { one: 0.0, three: 0.0, four: 0.0 };
    // W'ΠAW and W'ΠΠ'W.
    let (mut single, mut double) = (Array2::zeros((k, k)), Array2::zeros((k, k)));
    for ends in bounds.windows(2) {
        let start = at[ends[0]].1;
        let g = at[ends[1] - 1].1 - start + 1;
        let mut pattern = vec![false; g];
        let mut own = Array2::zeros((g, k));
        for row in ends[0]..ends[1] {
            pattern[at[row].1 - start] = true;
            own.row_mut(at[row].1 - start).assign(&w.row(row));
        }
        // LΓ·AW forwards, Γ'L'·AW backwards.
        let (mut forward, mut backward) = (Array2::zeros((g, k)), Array2::zeros((g, k)));
        for t in 1..g {
            let next = gamma * &forward.row(t - 1) + own.row(t - 1);
            forward.row_mut(t).assign(&next);
        }
        for t in (1..g).rev() {
            let before = gamma * &backward.row(t) + own.row(t);
            backward.row_mut(t - 1).assign(&before);
        }
        single += &own.t().dot(&forward);
        double += &backward.t().dot(&backward);
        let traces = *known.entry(pattern).or_insert_with_key(|p| Traces::new(p, gamma));
        sum.one += traces.one;
        sum.three += traces.three;
        sum.four += traces.four;
    }
    single[[0, 0]] -= sigma2 * sum.three;
    double[[0, 0]] -= sigma2 * sum.four;

    let q1 = q.column(0).to_owned();
    let q11 = q1[0];
    let (q_single, q_double) = (q.dot(&single), q.dot(&double));
    let first = sigma2 * sum.one * &q1;
    let second = -sigma2
        * (q_single.dot(&q1) + (q_single.diag().sum() + 2.0 * sigma2 * q11 * sum.three) * &q1);
    let inner = q1.dot(&double.dot(&q1))
        + q11 * q_double.diag().sum()
        + 2.0 * sigma2 * sum.four * q11 * q11;
    let third = sigma2.powi(2) * sum.one * (2.0 * q11 * q_double.dot(&q1) + inner * &q1);
    [first, second, third]
}
