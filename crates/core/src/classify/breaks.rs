//! Where to cut a sorted list of numbers.

/// Where classes are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Least sum of squared deviations from the class means: the exact optimum.
    #[default]
    NaturalBreaks,
    /// Equally many values in each class.
    Quantiles,
    /// Equally wide classes.
    Equal,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NaturalBreaks, Self::Quantiles, Self::Equal];

    /// `natural-breaks`, `quantiles` or `equal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NaturalBreaks => "natural-breaks",
            Self::Quantiles => "quantiles",
            Self::Equal => "equal",
        }
    }
}

/// Ascending upper bounds, inclusive, of at most `classes` classes of the ascending `sorted`; the last one is
/// the largest value. Classes are fewer where values tie, and none of them is empty except in
/// [`Scheme::Equal`].
///
/// Natural breaks: Fisher, W. D. (1958), *JASA* 53, 789–798, whose dynamic programme over the distinct values
/// is solved in O(k·n·log n) because the best cut moves one way only (Wang, H. & Song, M. 2011, *The R
/// Journal* 3/2, 29–33, and its later versions).
pub fn breaks(sorted: &[f64], classes: usize, scheme: Scheme) -> Vec<f64> {
    let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let classes = classes.max(1);
    let mut bounds: Vec<f64> = match scheme {
        Scheme::Quantiles => (1..=classes)
            .filter_map(|part| (sorted.len() * part).div_ceil(classes).checked_sub(1))
            .map(|at| sorted[at])
            .collect(),
        Scheme::Equal => {
            let step = (most - least) / classes as f64;
            (1..classes).map(|part| least + step * part as f64).chain([most]).collect()
        }
        Scheme::NaturalBreaks => natural(sorted, classes),
    };
    bounds.dedup();
    bounds
}

fn natural(sorted: &[f64], classes: usize) -> Vec<f64> {
    let mut distinct: Vec<(f64, f64)> = Vec::new();
    for &value in sorted {
        match distinct.last_mut() {
            Some(last) if last.0.total_cmp(&value).is_eq() => last.1 += 1.0,
            _ => distinct.push((value, 1.0)),
        }
    }
    let n = distinct.len();
    let classes = classes.min(n);
    let sums = Sums::new(&distinct);
    let mut cost: Vec<f64> = (0..n).map(|to| sums.within(0, to)).collect();
    let mut first = vec![vec![0; n]];
    for class in 1..classes {
        let mut next = vec![f64::INFINITY; n];
        let mut from = vec![0; n];
        let mut open = vec![(class, n - 1, class, n - 1)];
        while let Some((low, high, least, most)) = open.pop() {
            let to = usize::midpoint(low, high);
            for start in least.max(class)..=most.min(to) {
                let total = cost[start - 1] + sums.within(start, to);
                if total < next[to] {
                    (next[to], from[to]) = (total, start);
                }
            }
            if to > low {
                open.push((low, to - 1, least, from[to]));
            }
            if to < high {
                open.push((to + 1, high, from[to], most));
            }
        }
        cost = next;
        first.push(from);
    }
    let mut bounds = Vec::with_capacity(classes);
    let mut to = n - 1;
    for class in (0..classes).rev() {
        bounds.push(distinct[to].0);
        to = first[class][to].saturating_sub(1);
    }
    bounds.reverse();
    bounds
}

/// Running sums of distinct values, measured from their middle so that squares do not swamp differences.
struct Sums {
    weight: Vec<f64>,
    sum: Vec<f64>,
    square: Vec<f64>,
}

impl Sums {
    fn new(distinct: &[(f64, f64)]) -> Self {
        let middle = distinct[distinct.len() / 2].0;
        let mut sums = Self { weight: vec![0.0], sum: vec![0.0], square: vec![0.0] };
        let (mut w, mut s, mut q) = (0.0, 0.0, 0.0);
        for &(value, weight) in distinct {
            let x = value - middle;
            w += weight;
            s += weight * x;
            q += weight * x * x;
            sums.weight.push(w);
            sums.sum.push(s);
            sums.square.push(q);
        }
        sums
    }

    /// Squared deviations from their mean of the values `from ..= to`.
    fn within(&self, from: usize, to: usize) -> f64 {
        let of = |sums: &[f64]| sums[to + 1] - sums[from];
        let (w, s, q) = (of(&self.weight), of(&self.sum), of(&self.square));
        (q - s * s / w).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squared deviations of `values` from the means of the classes with these bounds.
    fn deviation(values: &[f64], bounds: &[f64]) -> f64 {
        let mut total = 0.0;
        let mut from = 0;
        for bound in bounds {
            let to = values.partition_point(|v| v <= bound);
            let class = &values[from..to];
            let mean = class.iter().sum::<f64>() / class.len() as f64;
            total += class.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
            from = to;
        }
        total
    }

    #[test]
    fn no_other_cut_into_three_deviates_less_than_natural_breaks() {
        let mut values: Vec<f64> =
            (0..23).map(|i| f64::from((i * i * 7 + i * 3) % 41) * 0.37).collect();
        values.sort_by(f64::total_cmp);
        let best = deviation(&values, &breaks(&values, 3, Scheme::NaturalBreaks));
        let last = values[values.len() - 1];
        for &a in &values {
            for &b in values.iter().filter(|&&b| b > a && b < last) {
                assert!(best <= deviation(&values, &[a, b, last]) + 1e-9);
            }
        }
    }

    #[test]
    fn natural_breaks_find_the_groups_there_are() {
        let mut values = vec![1.0, 1.1, 1.2, 5.0, 5.1, 9.0, 9.2, 9.3];
        assert_eq!(breaks(&values, 3, Scheme::NaturalBreaks), [1.2, 5.1, 9.3]);
        for value in &mut values {
            *value += 1e9;
        }
        assert_eq!(breaks(&values, 3, Scheme::NaturalBreaks).len(), 3);
        assert!((breaks(&values, 3, Scheme::NaturalBreaks)[0] - (1e9 + 1.2)).abs() < 1e-6);
    }

    #[test]
    fn quantiles_hold_equally_many_and_equal_classes_are_equally_wide() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(breaks(&values, 5, Scheme::Quantiles), [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(breaks(&values, 3, Scheme::Equal), [4.0, 7.0, 10.0]);
    }

    #[test]
    fn ties_and_few_values_make_fewer_classes() {
        for scheme in Scheme::ALL {
            assert_eq!(breaks(&[2.0; 9], 5, scheme), [2.0], "{scheme:?}");
            assert!(breaks(&[], 5, scheme).is_empty());
        }
        assert_eq!(breaks(&[1.0, 1.0, 7.0], 5, Scheme::NaturalBreaks), [1.0, 7.0]);
    }
}
