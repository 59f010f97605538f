//! How often 95 % intervals hold the truth, on simulated panels: `just coverage`, as a Markdown table, and how far
//! estimates are from it on average, as another.
//!
//! ```text
//! cargo run --release --package durbin-sdm --example coverage [replications] [words of the models]
//! ```
//!
//! Panels on which a search ends without a maximum are left out and counted.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table; the simulator is shared with the tests"
)]

#[path = "../tests/support/simulate.rs"]
mod simulate;

use durbin_core::Estimate;
use durbin_sdm::{BiasCorrection, Dynamic, Effects, Error, Fit, Model, Prepared, SdmSpec, Vcov};
use durbin_weights::Weights;
use ndarray::{Array1, Array2};
use rayon::prelude::*;
use simulate::{Random, bishop, empty, grid, multiplier};

/// Periods before the first that is kept, so that a dynamic panel has forgotten its start.
const BURN_IN: usize = 50;

/// The errors of the simulated panels.
#[derive(Clone, Copy)]
enum Errors {
    Normal,
    /// `(χ²₁ − 1)/√2`: skewness 2.8, kurtosis 15.
    Skewed,
    /// First-order autoregression over time, coefficient 0.5, variance one; of the regressor too.
    Serial,
}

#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    model: Model,
    effects: Effects,
    correction: BiasCorrection,
    dynamic: Dynamic,
    vcov: Vcov,
    /// Draws of the parameters for the errors of the effects; none for the delta method.
    draws: u32,
    errors: Errors,
    /// Units along a side of the grid.
    side: usize,
    t: usize,
    tau: f64,
    eta: f64,
    rho: f64,
    theta: f64,
    lambda: f64,
    /// Whether the errors have weights of their own: by corners, where those of y are by sides.
    apart: bool,
    /// Correlation of the regressor with the unit effects, which random effects exclude.
    fixed: bool,
}

const BETA: f64 = 1.0;

const STATIC: Case = Case {
    name: "",
    model: Model::Sdm,
    effects: Effects::TwoWays,
    correction: BiasCorrection::LeeYu,
    dynamic: Dynamic::None,
    vcov: Vcov::Information,
    draws: 0,
    errors: Errors::Normal,
    side: 7,
    t: 10,
    tau: 0.0,
    eta: 0.0,
    rho: 0.4,
    theta: -0.5,
    lambda: 0.0,
    apart: false,
    fixed: true,
};

fn cases() -> Vec<Case> {
    let dynamic = Case { dynamic: Dynamic::Both, t: 20, tau: 0.4, eta: -0.1, rho: 0.3, ..STATIC };
    let sac = Case { model: Model::Sac, theta: 0.0, lambda: 0.3, ..dynamic };
    let random =
        Case { effects: Effects::Random, correction: BiasCorrection::None, fixed: false, ..STATIC };
    let gns = Case { model: Model::Gns, lambda: 0.3, ..random };
    vec![
        Case { name: "SDM, two-way, lee-yu", ..STATIC },
        Case { name: "SDM, two-way, lee-yu, 225 units", side: 15, ..STATIC },
        Case { name: "SDM, two-way, lee-yu, 400 units, 50 periods", side: 20, t: 50, ..STATIC },
        Case { name: "SDM, two-way, transform", correction: BiasCorrection::Transform, ..STATIC },
        Case { name: "SDM, two-way, lee-yu, simulated errors", draws: 1000, ..STATIC },
        Case { name: "SDM, random", ..random },
        Case { name: "SDEM, random", model: Model::Sdem, rho: 0.0, lambda: 0.4, ..random },
        Case {
            name: "SAC, two-way, transform",
            model: Model::Sac,
            theta: 0.0,
            lambda: 0.3,
            correction: BiasCorrection::Transform,
            ..STATIC
        },
        Case { name: "SAC, random", model: Model::Sac, theta: 0.0, lambda: 0.3, ..random },
        Case { name: "GNS, random", ..gns },
        Case { name: "GNS, random, 400 units", side: 20, ..gns },
        Case { name: "GNS, random, other W of the error", apart: true, ..gns },
        Case { name: "GNS, random, other W of the error, 225 units", apart: true, side: 15, ..gns },
        Case {
            name: "GNS, two-way, transform, other W of the error",
            apart: true,
            effects: Effects::TwoWays,
            correction: BiasCorrection::Transform,
            fixed: true,
            ..gns
        },
        Case { name: "SDM, random, skewed errors, information", errors: Errors::Skewed, ..random },
        Case {
            name: "SDM, random, skewed errors, qml",
            errors: Errors::Skewed,
            vcov: Vcov::Qml,
            ..random
        },
        Case { name: "SDM, random, serial errors, information", errors: Errors::Serial, ..random },
        Case {
            name: "SDM, random, serial errors, cluster",
            errors: Errors::Serial,
            vcov: Vcov::Cluster,
            ..random
        },
        Case { name: "dynamic SDM, unit, lee-yu", effects: Effects::Unit, ..dynamic },
        Case { name: "dynamic SDM, two-way, lee-yu", ..dynamic },
        Case { name: "dynamic SDM, two-way, none", correction: BiasCorrection::None, ..dynamic },
        Case { name: "dynamic SAC, unit, lee-yu", effects: Effects::Unit, ..sac },
        Case { name: "dynamic SAC, two-way, lee-yu", ..sac },
        Case { name: "dynamic SAC, two-way, none", correction: BiasCorrection::None, ..sac },
        Case { name: "dynamic GNS, two-way, lee-yu", theta: -0.5, model: Model::Gns, ..sac },
        Case {
            name: "SDM, unit, skewed errors, information",
            effects: Effects::Unit,
            errors: Errors::Skewed,
            ..STATIC
        },
        Case {
            name: "SDM, unit, skewed errors, qml",
            effects: Effects::Unit,
            errors: Errors::Skewed,
            vcov: Vcov::Qml,
            ..STATIC
        },
        Case {
            name: "SDM, unit, serial errors, information",
            effects: Effects::Unit,
            errors: Errors::Serial,
            ..STATIC
        },
        Case {
            name: "SDM, unit, serial errors, cluster",
            effects: Effects::Unit,
            errors: Errors::Serial,
            vcov: Vcov::Cluster,
            ..STATIC
        },
    ]
}

const QUANTITIES: [&str; 12] = [
    "ρ",
    "λ",
    "τ",
    "η",
    "β",
    "θ",
    "σ²",
    "direct",
    "indirect",
    "total",
    "direct, long run",
    "total, long run",
];

/// A simulated world: matrices of the truth.
struct World<'a> {
    case: Case,
    w: &'a Weights,
    /// Of the error, where it has its own.
    m: Option<&'a Weights>,
    feedback: Array2<f64>,
    spread: Array2<f64>,
    /// True direct and total effects, short and long run.
    truth: [f64; 4],
}

impl<'a> World<'a> {
    fn new(case: Case, w: &'a Weights, m: Option<&'a Weights>) -> Self {
        let n = w.n_units();
        let dense = Array2::from_shape_fn((n, n), |(i, j)| w.get(i, j));

        let averages = |inverse: &Array2<f64>, scale: f64| {
            let effect = (inverse * BETA + inverse.dot(&dense) * case.theta) / scale;
            [effect.diag().sum() / n as f64, effect.sum() / n as f64]
        };
        let feedback = multiplier(w, case.rho);
        let long = multiplier(w, (case.rho + case.eta) / (1.0 - case.tau));
        let (short, long) = (averages(&feedback, 1.0), averages(&long, 1.0 - case.tau));
        let truth = [short[0], short[1], long[0], long[1]];
        Self { case, w, m, feedback, spread: multiplier(m.unwrap_or(w), case.lambda), truth }
    }

    /// None where the likelihood has no maximum, or its correction lies outside its interval.
    fn fit(&self, replication: u64) -> Option<Fit> {
        let Case { t, tau, eta, .. } = self.case;
        let n = self.w.n_units();
        let mut random = Random::new(1_000_003 * (replication + 1));
        let total = t + BURN_IN;
        let unit = random.normals(1, n);
        let time = random.normals(total, 1);
        let mut x = self.series(random.normals(total, n));
        if self.case.fixed {
            x += &unit;
        }
        let errors = self.errors(total, &mut random);
        let mut y = Array2::zeros((total, n));
        let lag = |v: Array1<f64>| Array1::from(self.w.lag(&v.to_vec()));
        for s in 0..total {
            let row = x.row(s).to_owned();
            let mut right = &row * BETA
                + lag(row) * self.case.theta
                + unit.row(0)
                + errors.row(s).dot(&self.spread.t());
            if self.case.effects.of_periods() {
                right += time[[s, 0]];
            }
            if s > 0 {
                let before: Array1<f64> = y.row(s - 1).to_owned();
                right = right + &before * tau + lag(before) * eta;
            }
            y.row_mut(s).assign(&self.feedback.dot(&right));
        }
        let first = total - t - usize::from(self.case.dynamic != Dynamic::None);
        let kept = |v: &Array2<f64>| v.slice(ndarray::s![first.., ..]).to_owned();
        let mut panel = empty(n, total - first);
        panel.insert("y", kept(&y));
        panel.insert("x", kept(&x));
        let spec = SdmSpec::new("y", ["x"])
            .model(self.case.model)
            .effects(self.case.effects)
            .bias_correction(self.case.correction)
            .dynamic(self.case.dynamic)
            .vcov(self.case.vcov);
        let fit = match self.m {
            Some(m) => spec.fit_with(&panel, self.w, m),
            None => spec.fit(&panel, self.w),
        };
        match fit {
            Err(Error::NotConverged { .. } | Error::CorrectedOutside { .. }) => None,
            fit => Some(fit.unwrap()),
        }
    }

    fn errors(&self, total: usize, random: &mut Random) -> Array2<f64> {
        let normal = random.normals(total, self.w.n_units());
        match self.case.errors {
            Errors::Normal => normal,
            Errors::Skewed => normal.mapv(|z| (z * z - 1.0) / 2.0_f64.sqrt()),
            Errors::Serial => self.series(normal),
        }
    }

    /// White noise as it came, or as an autoregression with its variance.
    fn series(&self, mut noise: Array2<f64>) -> Array2<f64> {
        if matches!(self.case.errors, Errors::Serial) {
            for s in 1..noise.nrows() {
                let before = noise.row(s - 1).to_owned();
                noise.row_mut(s).zip_mut_with(&before, |e, b| *e = 0.5 * b + 0.75_f64.sqrt() * *e);
            }
        }
        noise
    }

    /// For each quantity whether its interval holds the truth, and the estimate less the truth.
    fn score(&self, replication: u64) -> Option<Vec<Option<(bool, f64)>>> {
        let fit = self.fit(replication)?;
        let case = self.case;
        let named = |name: &str| {
            let at = fit.names.iter().position(|known| known == name)?;
            let std_error = fit.covariance[[at, at]].sqrt();
            Some(Estimate { estimate: fit.parameters[at], std_error })
        };
        let (impacts, long_run) = if case.draws > 0 {
            let drawn =
                fit.simulated_impacts(&Prepared::new(self.w), case.draws, replication).unwrap();
            (drawn.impacts, drawn.long_run)
        } else {
            (fit.impacts().unwrap(), fit.long_run_impacts().unwrap())
        };
        let row = &impacts.rows[0];
        let long = long_run.as_ref().map(|impacts| &impacts.rows[0]);
        let [direct, total, long_direct, long_total] = self.truth;
        let found = [
            (named("rho"), case.rho),
            (named("lambda"), case.lambda),
            (named("L.y"), case.tau),
            (named("L.W*y"), case.eta),
            (named("x"), BETA),
            (named("W*x"), case.theta),
            (named("sigma2"), 1.0),
            (Some(row.direct), direct),
            (Some(row.indirect), total - direct),
            (Some(row.total), total),
            (long.map(|row| row.direct), long_direct),
            (long.map(|row| row.total), long_total),
        ];
        let hit = |(estimate, truth): (Option<Estimate>, f64)| {
            let off = estimate?.estimate - truth;
            Some((off.abs() <= 1.959_964 * estimate?.std_error, off))
        };
        Some(found.into_iter().map(hit).collect())
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let replications: u64 = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(1000);
    let words: Vec<String> = arguments.collect();
    let wanted = |case: &Case| words.iter().all(|word| case.name.contains(word.as_str()));
    let head = || {
        println!("| model | {} |", QUANTITIES.join(" | "));
        println!("|---|{}", "---|".repeat(QUANTITIES.len()));
    };
    let mut biases = Vec::new();
    head();
    for case in cases().into_iter().filter(wanted) {
        let w = grid(case.side);
        let m = case.apart.then(|| bishop(case.side));
        let world = World::new(case, &w, m.as_ref());
        let scores: Vec<_> = (0..replications)
            .into_par_iter()
            .filter_map(|replication| world.score(replication))
            .collect();
        let of = |at: usize| scores.iter().filter_map(move |score| score[at]);
        let row = |cell: &dyn Fn(usize) -> String| {
            let filled = |at| if of(at).next().is_none() { String::new() } else { cell(at) };
            (0..QUANTITIES.len()).map(filled).collect::<Vec<_>>().join(" | ")
        };
        let name = match replications - scores.len() as u64 {
            0 => case.name.to_owned(),
            left_out => format!("{} ({left_out} left out)", case.name),
        };
        let held = |at| of(at).filter(|(held, _)| *held).count() as f64 / of(at).count() as f64;
        println!("| {name} | {} |", row(&|at| format!("{:.1}", 100.0 * held(at))));
        let bias = |at| of(at).map(|(_, off)| off).sum::<f64>() / of(at).count() as f64;
        biases.push(format!("| {name} | {} |", row(&|at| format!("{:+.4}", bias(at)))));
    }
    println!("\nMean of estimate less truth:\n");
    head();
    for row in biases {
        println!("{row}");
    }
}
