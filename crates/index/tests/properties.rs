//! What has to hold of any index.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test fails by panicking")]

use durbin_core::{Column, Panel, PanelKeys, Table};
use durbin_index::{DimensionScore, Error, IndexSpec, Indicator, Method, Normalize, Pool, Sign};

/// The spreadsheet of `docs/indices.md`: three counties in two years.
fn spreadsheet() -> Panel {
    let table = Table {
        name: String::new(),
        title: String::new(),
        columns: vec![
            Column::text("id", ["a", "b", "c", "a", "b", "c"]),
            Column::int("year", [2020, 2020, 2020, 2021, 2021, 2021]),
            Column::float("income", [10.0, 20.0, 40.0, 20.0, 30.0, 50.0]),
            Column::float("roads", [1.0, 3.0, 2.0, 2.0, 5.0, 4.0]),
            Column::float("smoke", [8.0, 4.0, 6.0, 6.0, 0.0, 4.0]),
        ],
    };
    let keys = PanelKeys::new(&table, "id", "year").unwrap();
    let mut panel = keys.panel();
    for name in ["income", "roads", "smoke"] {
        panel.insert(name, keys.values(table.column(name).unwrap()).unwrap());
    }
    panel
}

fn spec() -> IndexSpec {
    IndexSpec::new(vec![
        Indicator::new("income", Sign::Positive).dimension("economy"),
        Indicator::new("roads", Sign::Positive).dimension("economy"),
        Indicator::new("smoke", Sign::Negative).dimension("nature"),
    ])
}

/// Entropy by the textbook, from shares written out.
fn entropy(shares: &[f64]) -> f64 {
    -shares.iter().map(|p| p * p.ln()).sum::<f64>() / (shares.len() as f64).ln()
}

#[test]
fn the_spreadsheet_of_the_documentation_comes_out() {
    let index = spec().fit(&spreadsheet()).unwrap();
    // z of income: 0, 1/4, 3/4 | 1/4, 1/2, 1; of roads: 0, 1/2, 1/4 | 1/4, 1, 3/4; of smoke: 0, 1/2, 1/4 | 1/4, 1, 1/2.
    let one = |p: f64, q: f64| -(p * p.ln() + q * q.ln()) / 3_f64.ln();
    let e2020 = [one(0.25, 0.75), one(2.0 / 3.0, 1.0 / 3.0), one(2.0 / 3.0, 1.0 / 3.0)];
    let e2021 = [
        entropy(&[1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0]),
        entropy(&[1.0 / 8.0, 4.0 / 8.0, 3.0 / 8.0]),
        entropy(&[1.0 / 7.0, 4.0 / 7.0, 2.0 / 7.0]),
    ];
    let weights = |e: [f64; 3]| e.map(|e_j| (1.0 - e_j) / e.iter().map(|e| 1.0 - e).sum::<f64>());
    let (w2020, w2021) = (weights(e2020), weights(e2021));
    for j in 0..3 {
        let found = &index.weights[j];
        assert!((found.by_period[0].1 - w2020[j]).abs() < 1e-14);
        assert!((found.by_period[1].1 - w2021[j]).abs() < 1e-14);
        assert!((found.weight - f64::midpoint(w2020[j], w2021[j])).abs() < 1e-14);
        assert!((found.entropy.unwrap() - f64::midpoint(e2020[j], e2021[j])).abs() < 1e-14);
    }
    let w: Vec<f64> = index.weights.iter().map(|w| w.weight).collect();
    let b2021 = w[0] * 0.5 + w[1] + w[2];
    assert!((index.scores[[1, 1]] - b2021).abs() < 1e-14);
    assert_eq!(index.scores[[0, 0]], 0.0);
}

#[test]
fn the_documentation_prints_the_numbers_of_its_spreadsheet() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/indices.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (_, by_hand) = text.split_once("## By hand").unwrap();
    let row = |head: &str| -> Vec<f64> {
        let line = by_hand.lines().find(|line| line.starts_with(&format!("| {head} |"))).unwrap();
        line.split('|').filter_map(|cell| cell.trim().parse().ok()).collect()
    };
    let panel = spreadsheet();
    // The table lists indicators within years.
    let cells: Vec<(usize, &str)> =
        (0..2).flat_map(|year| ["income", "roads", "smoke"].map(|name| (year, name))).collect();
    for (unit, head) in ["a", "b", "c"].into_iter().enumerate() {
        let values: Vec<f64> =
            cells.iter().map(|(year, name)| panel.get(name).unwrap()[[*year, unit]]).collect();
        assert_eq!(row(head), values);
    }
    let index = spec().fit(&panel).unwrap();
    let printed = |of: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        let all = (0..2).flat_map(|year| (0..3).map(move |j| (year, j)));
        all.map(|(year, j)| format!("{:.6}", of(year, j)).parse().unwrap()).collect()
    };
    assert_eq!(row("e"), printed(&|year, j| index.weights[j].entropy_by_period[year].1));
    assert_eq!(row("w"), printed(&|year, j| index.weights[j].by_period[year].1));
    let said: String = by_hand.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wanted: Vec<String> =
        index.weights.iter().map(|w| format!("{} {:.6}", w.indicator, w.weight)).collect();
    wanted.push(format!("a 0 and {:.2}", index.scores[[1, 0]]));
    for (unit, name) in [(1, "b"), (2, "c")] {
        wanted.push(format!(
            "{name} {:.6} and {:.6}",
            index.scores[[0, unit]],
            index.scores[[1, unit]]
        ));
    }
    for words in wanted {
        assert!(said.contains(&words), "{words}");
    }
}

#[test]
fn pooled_entropy_divides_by_the_log_of_all_rows() {
    let index = IndexSpec { pool: Pool::Pooled, ..spec() }.fit(&spreadsheet()).unwrap();
    let shares = [0.25, 0.75, 0.25, 0.5, 1.0].map(|z| z / 2.75);
    let expected = -shares.iter().map(|p| p * f64::ln(*p)).sum::<f64>() / 6_f64.ln();
    assert!((index.weights[0].entropy.unwrap() - expected).abs() < 1e-14);
    assert!(index.weights[0].by_period.is_empty());
}

#[test]
fn yearly_weights_score_each_year_with_its_own() {
    let panel = spreadsheet();
    let index = IndexSpec { pool: Pool::Yearly, ..spec() }.fit(&panel).unwrap();
    let w = |j: usize| index.weights[j].by_period[1].1;
    assert!((index.scores[[1, 1]] - (w(0) * 0.5 + w(1) + w(2))).abs() < 1e-14);
}

#[test]
fn dimensions_add_up_to_the_index_or_stand_on_their_own_from_0_to_1() {
    let panel = spreadsheet();
    let parts = spec().fit(&panel).unwrap();
    let sum = &parts.dimensions[0].scores + &parts.dimensions[1].scores;
    assert!(sum.iter().zip(&parts.scores).all(|(a, b)| (a - b).abs() < 1e-14));
    let means = IndexSpec { dimension_score: DimensionScore::Mean, ..spec() }.fit(&panel).unwrap();
    assert!((means.dimensions[1].scores[[1, 1]] - 1.0).abs() < 1e-14);
}

#[test]
fn weights_contributions_and_obstacles_sum_to_one() {
    let panel = spreadsheet();
    for method in [Method::Entropy, Method::Critic, Method::Equal] {
        let index = IndexSpec { method, ..spec() }.fit(&panel).unwrap();
        assert!((index.weights.iter().map(|w| w.weight).sum::<f64>() - 1.0).abs() < 1e-14);
        for parts in [index.contributions(), index.obstacles()] {
            let sum: f64 = parts.iter().map(|part| part[[1, 0]]).sum();
            assert!((sum - 1.0).abs() < 1e-14);
        }
        // Unit a in 2020 is worst in everything: it has no score to share out.
        assert!(index.contributions()[0][[0, 0]].is_nan());
    }
}

#[test]
fn units_of_measure_change_nothing() {
    let panel = spreadsheet();
    let mut other = panel.clone();
    other.insert("income", panel.get("income").unwrap().mapv(|x| 1000.0 * x - 7.0));
    let (a, b) = (spec().fit(&panel).unwrap(), spec().fit(&other).unwrap());
    assert!(a.scores.iter().zip(&b.scores).all(|(a, b)| (a - b).abs() < 1e-12));
}

#[test]
fn scores_of_a_year_scaled_by_itself_run_from_its_worst_to_its_best() {
    let panel = spreadsheet();
    let one = IndexSpec::new(vec![Indicator::new("income", Sign::Positive)]);
    let index = IndexSpec { normalize: Normalize::Yearly, ..one }.fit(&panel).unwrap();
    assert_eq!(index.scores.row(1).to_vec()[0], 0.0);
    assert_eq!(index.scores.row(1).to_vec()[2], 1.0);
}

#[test]
fn coupling_lies_between_0_and_1_and_is_1_where_dimensions_are_level() {
    let panel = spreadsheet();
    let coupling = spec().fit(&panel).unwrap().coupling().unwrap();
    let inside = |v: &f64| (0.0..=1.0 + 1e-15).contains(v);
    assert!(coupling.coupling.iter().chain(&coupling.coordination).all(inside));
    assert_eq!(coupling.coupling[[0, 0]], 0.0);
    assert!(coupling.warnings.len() >= 2);
    let alone = IndexSpec::new(vec![Indicator::new("income", Sign::Positive)]);
    let error = alone.fit(&panel).unwrap().coupling().unwrap_err();
    assert_eq!(error, Error::NoSubsystems { dimensions: 0 });
}

#[test]
fn what_contradicts_itself_is_refused() {
    let panel = spreadsheet();
    let named = |error: Error, words: &str| assert!(error.to_string().contains(words), "{error}");
    named(IndexSpec::new(Vec::new()).fit(&panel).unwrap_err(), "needs indicators");
    let twice =
        vec![Indicator::new("income", Sign::Positive), Indicator::new("income", Sign::Negative)];
    named(IndexSpec::new(twice).fit(&panel).unwrap_err(), "twice");
    let absent = vec![Indicator::new("incme", Sign::Positive)];
    named(IndexSpec::new(absent).fit(&panel).unwrap_err(), "there are: income, roads, smoke");
    let mut mixed = spec();
    mixed.indicators[2].dimension = None;
    named(mixed.fit(&panel).unwrap_err(), "`smoke` belongs to no dimension");
    let given = IndexSpec { method: Method::Given, ..spec() };
    named(given.fit(&panel).unwrap_err(), "weight of `income` is missing");
    named("up".parse::<Sign>().unwrap_err(), "unknown sign `up`");
}

#[test]
fn weights_of_ones_own_are_scaled_to_sum_to_one() {
    let mut spec = IndexSpec { method: Method::Given, ..spec() };
    for (indicator, weight) in spec.indicators.iter_mut().zip([2.0, 1.0, 1.0]) {
        indicator.weight = Some(weight);
    }
    let index = spec.fit(&spreadsheet()).unwrap();
    assert_eq!(index.weights.iter().map(|w| w.weight).collect::<Vec<_>>(), [0.5, 0.25, 0.25]);
}
