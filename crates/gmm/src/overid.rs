//! Tests of the overidentifying restrictions: all instruments together, and group by group.

use durbin_core::{Distribution, TestStat, linalg::generalized_inverse};
use ndarray::{Array1, Array2};

use crate::{
    Error,
    estimate::quadratic,
    moments::Moments,
    steps::{DEPENDENT, solve},
};

/// A group of instruments tested by leaving it out.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTest {
    /// The group, as its instruments were written.
    pub group: String,
    /// Instruments in it.
    pub instruments: usize,
    /// Hansen's test of the others alone.
    pub without: TestStat,
    /// The difference: the null is that the group's instruments are exogenous, given the others.
    pub difference: TestStat,
}

/// `J = (Z'e)'A(Z'e)` on `df` degrees of freedom.
pub(crate) fn test(name: &str, null: &str, statistic: f64, df: usize) -> TestStat {
    let distribution = Distribution::ChiSquared(df as f64);
    if df == 0 {
        return TestStat::invalid(name, null, distribution, "exactly identified: nothing to test");
    }
    TestStat::new(name, null, statistic, distribution)
}

/// The difference in Hansen's J when the columns of `group` are left out and the rest of the weighting matrix is
/// kept, which makes the difference nonnegative (Newey 1985; Hayashi 2000, page 220).
pub(crate) fn leave_out(
    name: &str,
    group: &[usize],
    moments: &Moments,
    outer: &Array2<f64>,
    independent: &[bool],
    hansen: f64,
) -> Result<Option<GroupTest>, Error> {
    let (l, k) = moments.zx.dim();
    let rest: Vec<usize> = (0..l).filter(|column| !group.contains(column)).collect();
    let all = independent.iter().filter(|kept| **kept).count();
    let others = rest.iter().filter(|&&column| independent[column]).count();
    if others < k || others >= all {
        return Ok(None);
    }
    let part = Array2::from_shape_fn((rest.len(), rest.len()), |(i, j)| outer[[rest[i], rest[j]]]);
    let a = generalized_inverse(&part, DEPENDENT, "Z'ee'Z")?.inverse;
    let zx = moments.zx.select(ndarray::Axis(0), &rest);
    let zy: Array1<f64> = rest.iter().map(|&column| moments.zy[column]).collect();
    let Ok(step) = solve(&zx, &zy, &a) else { return Ok(None) };
    let without = quadratic(&(&zy - &zx.dot(&step.b)), &a);
    let instruments = all - others;
    Ok(Some(GroupTest {
        group: name.to_owned(),
        instruments,
        without: test(
            "Hansen without the group",
            "the other instruments are exogenous",
            without,
            others - k,
        ),
        difference: test(
            "Difference in Hansen",
            "the instruments of the group are exogenous",
            hansen - without,
            instruments,
        ),
    }))
}
