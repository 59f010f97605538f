//! Preparation of a panel in a study: every step against numbers worked by hand, and counted.

use std::collections::BTreeMap;

use durbin::{
    core::Table,
    io::{Source, read_table},
};

use crate::support::{Scratch, json, refused, squares};

const STUDY: &str = "[study]\ntitle = \"Steps\"\n[boundaries]\nfile = \"map.geojson\"\nid = \"id\"\n\
    [panel]\nfile = \"panel.csv\"\nid = \"id\"\ntime = \"year\"\n[weights]\nkind = \"queen\"\n\
    [[hotspot]]\nfield = \"anchor\"\nperiod = 2012\n";

/// Four squares in a row with a column `anchor` for the hot spots that every study here has.
struct Bench(Scratch);

impl Bench {
    fn new() -> Self {
        let scratch = Scratch::new();
        let cells = [("a", 0.0), ("b", 1.0), ("c", 2.0), ("d", 3.0)];
        let cells = cells.map(|(id, x)| (id, x, 0.0, ""));
        scratch.write("map.geojson", &squares(&cells));
        Self(scratch)
    }

    /// A panel of a, b, c, d over 2010 … 2012: `x` in rows of years, units side by side.
    fn x(&self, years: [[&str; 4]; 3]) {
        let mut text = "id,year,anchor,x,people\n".to_owned();
        for (year, values) in (2010..).zip(years) {
            for (at, value) in values.iter().enumerate() {
                let id = ["a", "b", "c", "d"][at];
                text += &format!("{id},{year},{},{value},{}\n", at * at, 10 * (at + 1));
            }
        }
        self.0.write("panel.csv", &text);
    }

    fn study(&self, more: &str) -> String {
        let (sections, panel) = more.split_once("@panel").unwrap_or((more, ""));
        let text = STUDY.replace("time = \"year\"\n", &format!("time = \"year\"\n{panel}\n"));
        self.0.write("study.toml", &(text + sections))
    }

    /// The panel as it was analysed and what the report counts: values by (step, variable).
    fn run(&self, more: &str) -> (Table, BTreeMap<(String, String), i64>) {
        let (study, out) = (self.study(more), self.0.path("out"));
        json(&["run", &study, "--out", &out, "--overwrite"]);
        let read = |name: &str| read_table(&Source::new(format!("{out}/study.gpkg")).layer(name));
        let counts = read("preparation").map_or_else(
            |_| BTreeMap::new(),
            |table| {
                let of = |row: usize, name: &str| table.column(name).unwrap().key(row).unwrap();
                (0..table.len())
                    .map(|row| {
                        let values = of(row, "values_changed").parse().unwrap();
                        ((of(row, "step"), of(row, "variable")), values)
                    })
                    .collect()
            },
        );
        if !counts.is_empty() {
            let report = std::fs::read_to_string(format!("{out}/report.html")).unwrap();
            for (step, _) in counts.keys() {
                assert!(report.contains(step.as_str()), "{step}");
            }
        }
        (read("panel").unwrap(), counts)
    }

    fn refuses(&self, more: &str, words: &[&str]) {
        let study = self.study(more);
        let message = refused(&["run", &study, "--out", &self.0.path("refused")], 1);
        for word in words {
            assert!(message.contains(word), "{word}: {message}");
        }
    }
}

#[track_caller]
fn close(panel: &Table, variable: &str, expected: &[f64]) {
    let found = panel.column(variable).unwrap().numbers().unwrap();
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{variable}: {found:?}, not {expected:?}");
    }
}

fn count(counts: &BTreeMap<(String, String), i64>, step: &str, variable: &str) -> i64 {
    *counts
        .iter()
        .find(|((said, of), _)| said.contains(step) && of == variable)
        .unwrap_or_else(|| panic!("{step} of {variable} is not among {counts:?}"))
        .1
}

const PLAIN: [[&str; 4]; 3] = [["1", "2", "3", "4"], ["2", "4", "6", "8"], ["6", "6", "6", "100"]];

#[test]
fn gaps_inside_are_filled_and_those_at_ends_only_where_asked() {
    let bench = Bench::new();
    bench.x([["1", "", "3", "4"], ["", "5", "", "8"], ["3", "6", "6", "100"]]);
    let step = "[[prepare]]\nstep = \"interpolate\"\nvariables = [\"x\"]\n";
    // b has no value in 2010, its first year: a straight line between two values does not reach there.
    bench.refuses(step, &["`x`", "b 2010", "panel.csv"]);
    let (panel, counts) = bench.run(&format!("{step}ends = \"nearest\"\n"));
    close(&panel, "x", &[1.0, 5.0, 3.0, 4.0, 2.0, 5.0, 4.5, 8.0, 3.0, 6.0, 6.0, 100.0]);
    assert_eq!(count(&counts, "nearest value at ends", "x"), 3);
}

#[test]
fn gaps_left_to_the_panel_are_counted_like_steps() {
    let bench = Bench::new();
    bench.x([["1", "2", "3", "4"], ["", "4", "", "8"], ["3", "6", "6", "100"]]);
    let x = "[variables]\ndouble = \"2 * x\"\n";
    bench.refuses(x, &["`x`", "a 2011", "c 2011", "panel.csv"]);
    let (panel, counts) = bench.run(&format!("{x}@panelmissing = \"interpolate\""));
    close(&panel, "double", &[2.0, 4.0, 6.0, 8.0, 4.0, 8.0, 9.0, 16.0, 6.0, 12.0, 12.0, 200.0]);
    assert_eq!(count(&counts, "filled linearly", "x"), 2);
    assert_eq!(count(&counts, "by formula: 2 * x", "double"), 12);
}

#[test]
fn a_single_figure_far_off_goes_to_the_line_between_its_neighbours() {
    let bench = Bench::new();
    bench.x([["1", "2", "3", "4"], ["2", "4", "40", "6"], ["3", "6", "6", "9"]]);
    // Values of 2011 are 0, 0, 35.5 and 0.5 off their lines, in the median 0.25: five deviations are 5 × 1.4826 × 0.25 = 1.85.
    let step = "[[prepare]]\nstep = \"spikes\"\nvariables = [\"x\"]\n";
    let (panel, counts) = bench.run(step);
    close(&panel, "x", &[1.0, 2.0, 3.0, 4.0, 2.0, 4.0, 4.5, 6.0, 3.0, 6.0, 6.0, 9.0]);
    assert_eq!(count(&counts, "more than 5 robust deviations off", "x"), 1);
    let moved = Source::new(format!("{}/study.gpkg", bench.0.path("out"))).layer("spikes");
    let moved = read_table(&moved).unwrap();
    let row = ["id", "year", "variable", "before", "after"]
        .map(|column| moved.column(column).unwrap().key(0).unwrap());
    assert_eq!((moved.len(), row), (1, ["c", "2011", "x", "40", "4.5"].map(String::from)));
    let (panel, _) = bench.run(&format!("{step}threshold = 1.3\n"));
    close(&panel, "x", &[1.0, 2.0, 3.0, 4.0, 2.0, 4.0, 4.5, 6.5, 3.0, 6.0, 6.0, 9.0]);
    bench.refuses(&format!("{step}threshold = 0\n"), &["threshold = 0", "such as 5"]);
}

#[test]
fn a_moving_average_has_a_shorter_window_at_both_ends() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let step = "[[prepare]]\nstep = \"moving-average\"\nvariables = [\"x\"]\nwindow = 3\n";
    let (panel, counts) = bench.run(step);
    let thirds = [3.0, 4.0, 5.0, 112.0 / 3.0];
    close(&panel, "x", &[&[1.5, 3.0, 4.5, 6.0][..], &thirds, &[4.0, 5.0, 6.0, 54.0]].concat());
    // The mean of c's last two years is what its last year was.
    assert_eq!(count(&counts, "moving average over 3 periods", "x"), 10);
    bench.refuses(&step.replace("= 3", "= 4"), &["window = 4", "odd number"]);
    bench.x([["1", "", "3", "4"], ["2", "4", "6", "8"], ["6", "6", "6", "9"]]);
    bench.refuses(step, &["moving average", "`x`", "b 2011", "missing", "interpolate first"]);
}

#[test]
fn logarithms_refuse_zeros_unless_a_shift_is_stated() {
    let bench = Bench::new();
    bench.x([["0", "2", "3", "4"], ["1", "4", "6", "8"], ["3", "6", "6", "9"]]);
    let step = "[[prepare]]\nstep = \"log\"\nvariables = [\"x\"]\n";
    bench.refuses(step, &["`x` is 0 for a 2010", "no logarithm", "state a shift"]);
    let (panel, counts) = bench.run(&format!("{step}shift = 1\n"));
    let ln = |x: f64| x.ln();
    let logs = [1.0, 3.0, 4.0, 5.0, 2.0, 5.0, 7.0, 9.0, 4.0, 7.0, 7.0, 10.0].map(ln);
    close(&panel, "x", &logs);
    // ln(0 + 1) is the zero that was there.
    assert_eq!(count(&counts, "natural logarithm of x + 1", "x"), 11);
}

#[test]
fn winsorising_draws_in_the_tails_of_all_rows_or_of_every_year() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let step = "[[prepare]]\nstep = \"winsorise\"\nvariables = [\"x\"]\nshare = 0.1\n";
    let (panel, counts) = bench.run(step);
    // Twelve values: the 0.1 quantile lies 0.1·11 = 1.1 beyond the least, 2 + 0.1·(2 − 2); the 0.9 quantile at 9.9, 6 + 0.9·2.
    close(&panel, "x", &[2.0, 2.0, 3.0, 4.0, 2.0, 4.0, 6.0, 7.8, 6.0, 6.0, 6.0, 7.8]);
    assert_eq!(count(&counts, "winsorised at 0.1 and 0.9 over all rows", "x"), 3);
    let (panel, counts) = bench.run(&format!("{step}over = \"yearly\"\n"));
    // Four values a year: quantiles at 0.3 and 2.7, of 2012 6 and 6 + 0.7·94.
    let years = [[1.3, 2.0, 3.0, 3.7], [2.6, 4.0, 6.0, 7.4], [6.0, 6.0, 6.0, 71.8]];
    close(&panel, "x", &years.concat());
    assert_eq!(count(&counts, "over each period", "x"), 5);
    bench.refuses(&step.replace("0.1", "0.5"), &["share = 0.5", "between 0 and 0.5"]);
}

#[test]
fn standardising_runs_over_all_rows_or_every_year() {
    let bench = Bench::new();
    bench.x([["1", "1", "3", "3"], ["2", "2", "6", "6"], ["0", "0", "0", "20"]]);
    let step = "[[prepare]]\nstep = \"standardise\"\nvariables = [\"x\"]\n";
    let yearly = format!("{step}over = \"yearly\"\n");
    let (panel, counts) = bench.run(&yearly);
    // Of 2012: mean 5, deviations −5 −5 −5 15, variance (3·25 + 225)/4 = 75.
    let last = 75.0_f64.sqrt();
    let years = [
        [-1.0, -1.0, 1.0, 1.0],
        [-1.0, -1.0, 1.0, 1.0],
        [-5.0, -5.0, -5.0, 15.0].map(|d| d / last),
    ];
    close(&panel, "x", &years.concat());
    assert_eq!(count(&counts, "standardised over each period", "x"), 12);
    let (panel, _) = bench.run(step);
    // Sum 44 and sum of squares 500 of twelve: mean 11/3, variance 500/12 − 121/9 = 254/9.
    let z = |x: f64| (x - 11.0 / 3.0) / (254.0_f64 / 9.0).sqrt();
    close(&panel, "x", &[1.0, 1.0, 3.0, 3.0, 2.0, 2.0, 6.0, 6.0, 0.0, 0.0, 0.0, 20.0].map(z));
    bench.x([["1", "1", "3", "3"], ["5", "5", "5", "5"], ["0", "0", "0", "20"]]);
    bench.refuses(&yearly, &["standardised", "`x` is 5", "2011", "does not vary"]);
}

#[test]
fn a_unit_of_measure_is_a_factor_with_a_name() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let step = "[[prepare]]\nstep = \"unit\"\nvariables = [\"x\"]\nfactor = 0.1\nunit = \"1,000 tonnes\"\n";
    let (panel, counts) = bench.run(step);
    close(&panel, "x", &[0.1, 0.2, 0.3, 0.4, 0.2, 0.4, 0.6, 0.8, 0.6, 0.6, 0.6, 10.0]);
    assert_eq!(count(&counts, "times 0.1: now in 1,000 tonnes", "x"), 12);
}

#[test]
fn steps_run_in_their_order_and_formulas_see_their_results() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let steps = "[[prepare]]\nstep = \"unit\"\nvariables = [\"x\"]\nfactor = 1000\nunit = \"kg\"\n\
        [[prepare]]\nstep = \"winsorise\"\nvariables = [\"growth\"]\nshare = 0.2\n\
        [variables]\nper_head = \"x / people\"\ngrowth = \"change(x)\"\ntwice = \"2 * growth\"\n";
    let (panel, counts) = bench.run(&format!("{steps}@panelfrom = 2011"));
    close(&panel, "per_head", &[200.0, 200.0, 200.0, 200.0, 600.0, 300.0, 200.0, 2500.0]);
    // Changes 1 2 3 4 4 2 0 92 (thousand): sorted 0 1 2 2 3 4 4 92, quantiles at 1.4 and 5.6: 1.4 and 4.
    let drawn = [1400.0, 2000.0, 3000.0, 4000.0, 4000.0, 2000.0, 1400.0, 4000.0];
    close(&panel, "growth", &drawn);
    close(&panel, "twice", &drawn.map(|x| 2.0 * x));
    assert_eq!(count(&counts, "winsorised at 0.2", "growth"), 3);
    assert_eq!(count(&counts, "by formula: change(x)", "growth"), 8);
    let index = "[[index]]\nname = \"V\"\npositive = [\"x\"]\n\
        [[prepare]]\nstep = \"log\"\nvariables = [\"V\"]\n";
    bench.refuses(index, &["[[prepare]] `V`", "made by an [[index]]"]);
}

#[test]
fn a_wide_table_is_the_long_one() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let formula = "[variables]\ngrowth = \"growth(x)\"\n@panelfrom = 2011";
    let (long, _) = bench.run(formula);
    bench.0.write(
        "panel.csv",
        "id,x_2012,x_2010,x_2011,anchor_2010,anchor_2011,anchor_2012,people\n\
         d,100,4,8,9,9,9,40\na,6,1,2,0,0,0,10\nc,6,3,6,4,4,4,30\nb,6,2,4,1,1,1,20\n",
    );
    let (wide, counts) = bench.run(&format!("{formula}\nwide = true"));
    for variable in ["x", "growth"] {
        close(&wide, variable, &long.column(variable).unwrap().numbers().unwrap());
    }
    close(&wide, "growth", &[1.0, 1.0, 1.0, 1.0, 2.0, 0.5, 0.0, 11.5]);
    assert_eq!(count(&counts, "NAME_PERIOD", "x"), 12);
}

#[test]
fn keys_that_changed_are_replaced_and_the_rows_counted() {
    let bench = Bench::new();
    bench.x(PLAIN);
    let text = std::fs::read_to_string(bench.0.path("panel.csv")).unwrap();
    // Until 2011 the county b was called 430124.
    bench.0.write(
        "panel.csv",
        &text.replace("b,2010", "430124,2010").replace("b,2011", "430124,2011"),
    );
    bench.0.write("codes.csv", "from,to,name\n430124,b,宁乡市\n430221,c,渌口区\n");
    let double = "[variables]\ndouble = \"2 * x\"\n";
    bench.refuses(double, &["430124", "panel.csv"]);
    let (panel, counts) = bench.run(&format!("{double}@panelcodes = \"codes.csv\""));
    assert_eq!(panel.column("id").unwrap().key(1).as_deref(), Some("b"));
    close(&panel, "double", &[2.0, 4.0, 6.0, 8.0, 4.0, 8.0, 12.0, 16.0, 12.0, 12.0, 12.0, 200.0]);
    assert_eq!(count(&counts, "keys that changed, by codes.csv", "id"), 2);
}
