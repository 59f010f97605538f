//! The outcome per unit, as columns and as a map.

use std::collections::BTreeMap;

use durbin_core::{Class, Column, Conventions, Rgb, Style, Symbol, Values, Warning};

/// Gi* or Gi of `n` units, one entry per unit in every list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gi {
    /// Whether this is Gi* rather than Gi.
    pub self_included: bool,
    /// Standardised values, `NaN` where undefined.
    pub z: Vec<f64>,
    /// Two-sided normal p-values of `z`, uncorrected.
    pub p: Vec<f64>,
    /// −3, −2, −1 cold spot and 3, 2, 1 hot spot at 99, 95, 90 % confidence, 0 not significant, by the
    /// corrected p-values; `None` where undefined.
    pub bins: Vec<Option<i8>>,
    /// Neighbours of each unit, itself not counted.
    pub neighbors: Vec<usize>,
    /// Two-sided pseudo p-values of the permutations, if there were any. They do not decide the bins.
    pub p_sim: Option<Vec<f64>>,
    /// Observed value standardised by the permutations, if there were any.
    pub z_sim: Option<Vec<f64>>,
    /// Islands and units without a statistic.
    pub warnings: Vec<Warning>,
    /// What must be known to read the numbers.
    pub conventions: Conventions,
}

const BINS: [(i8, &str, Rgb); 7] = [
    (-3, "Cold spot, 99 % confidence", Rgb(33, 102, 172)),
    (-2, "Cold spot, 95 % confidence", Rgb(103, 169, 207)),
    (-1, "Cold spot, 90 % confidence", Rgb(189, 215, 231)),
    (0, "Not significant", Rgb(235, 235, 235)),
    (1, "Hot spot, 90 % confidence", Rgb(253, 208, 162)),
    (2, "Hot spot, 95 % confidence", Rgb(239, 138, 98)),
    (3, "Hot spot, 99 % confidence", Rgb(178, 24, 43)),
];

impl Gi {
    /// Units per bin, all seven bins present; units without a bin are in none.
    pub fn counts(&self) -> BTreeMap<i8, usize> {
        let mut counts: BTreeMap<i8, usize> = BINS.iter().map(|&(bin, ..)| (bin, 0)).collect();
        for bin in self.bins.iter().flatten() {
            *counts.entry(*bin).or_default() += 1;
        }
        counts
    }

    /// `gi_z`, `gi_p`, `gi_bin`, `gi_neighbors` and, with permutations, `gi_p_sim`, `gi_z_sim`, each name
    /// after `prefix` (`F_` for field `F`, or nothing).
    pub fn columns(&self, prefix: &str) -> Vec<Column> {
        let name = |column: &str| format!("{prefix}{column}");
        let statistic = if self.self_included { "Gi*" } else { "Gi" };
        let alias = |words: &str| match prefix.trim_end_matches('_') {
            "" => format!("{statistic} {words}"),
            field => format!("{field}: {statistic} {words}"),
        };
        let float = |column: &str, words: &str, values: &[f64]| {
            Column::float(name(column), values.iter().copied()).alias(alias(words))
        };
        let bins = self.bins.iter().map(|bin| bin.map(i64::from)).collect();
        let neighbors = self.neighbors.iter().map(|&k| i64::try_from(k).ok()).collect();
        let mut columns = vec![
            float("gi_z", "z-score", &self.z),
            float("gi_p", "p-value, two-sided", &self.p),
            Column::new(name("gi_bin"), Values::Int(bins)).alias(alias("bin")),
            Column::new(name("gi_neighbors"), Values::Int(neighbors)).alias(alias("neighbours")),
        ];
        if let Some(p_sim) = &self.p_sim {
            columns.push(float("gi_p_sim", "pseudo p-value of permutations", p_sim));
        }
        if let Some(z_sim) = &self.z_sim {
            columns.push(float("gi_z_sim", "z-score from permutations", z_sim));
        }
        columns
    }

    /// Seven classes over `gi_bin`, cold blue to hot red.
    pub fn style(&self, prefix: &str) -> Style {
        let statistic = if self.self_included { "Gi*" } else { "Gi" };
        let title = match prefix.trim_end_matches('_') {
            "" => format!("Hot and cold spots ({statistic})"),
            field => format!("Hot and cold spots of {field} ({statistic})"),
        };
        style(format!("{prefix}gi_bin"), title)
    }
}

/// Seven classes over a column of bins.
pub(crate) fn style(field: String, title: String) -> Style {
    let class = |&(bin, label, fill): &(i8, &str, Rgb)| Class {
        value: i64::from(bin),
        label: label.to_owned(),
        symbol: Symbol::area(fill),
    };
    Style::Categorised { field, title, classes: BINS.iter().map(class).collect() }
}

#[cfg(test)]
mod tests {
    use durbin_core::Silent;
    use durbin_weights::Weights;

    use super::*;
    use crate::{Options, gi};

    fn result(permutations: usize) -> Gi {
        let ids = ["a", "b", "c", "d"].map(String::from).to_vec();
        let rows = vec![vec![(1, 1.0)], vec![(0, 1.0)], vec![(1, 1.0)], vec![]];
        let weights = Weights::from_rows(ids, rows, "test");
        let options = Options { self_included: false, permutations, ..Options::default() };
        gi(&[1.0, 2.0, 4.0, 8.0], &weights, &options, &Silent).unwrap()
    }

    #[test]
    fn columns_carry_the_prefix_and_permutations_add_two() {
        let names = |gi: &Gi, prefix: &str| -> Vec<String> {
            gi.columns(prefix).into_iter().map(|column| column.name).collect()
        };
        assert_eq!(names(&result(0), ""), ["gi_z", "gi_p", "gi_bin", "gi_neighbors"]);
        assert_eq!(names(&result(9), "V_")[4..], ["V_gi_p_sim", "V_gi_z_sim"]);
        assert_eq!(result(0).columns("V_")[0].alias.as_deref(), Some("V: Gi z-score"));
    }

    #[test]
    fn an_island_has_empty_columns_and_no_bin() {
        let gi = result(0);
        let columns = gi.columns("");
        assert_eq!(columns[0].numbers().unwrap()[3].to_bits(), f64::NAN.to_bits());
        assert_eq!(gi.bins[3], None);
        assert_eq!(gi.counts().values().sum::<usize>(), 3);
        assert_eq!(gi.counts().len(), 7);
        assert!(gi.warnings[0].to_string().contains("1 (d)"));
    }

    #[test]
    fn the_style_has_a_class_for_every_bin_on_the_prefixed_field() {
        let gi = result(0);
        let style = gi.style("V_");
        assert_eq!(style.field(), "V_gi_bin");
        assert!(gi.counts().keys().all(|&bin| style.symbol(f64::from(bin)).is_some()));
    }
}
