//! Seconds of one spatial Durbin fit with its effects on a simulated lattice: `cargo run --release -p durbin-sdm --example speed`.
//! Arguments: side of the lattice (316), periods (1), `per-unit` for the effects of every unit too, `flows` for the 100
//! strongest between units, `influence` for that of every unit, `tests` for those of the specification and the residuals;
//! `model=sac`, `vcov=cluster`, `effects=random` and the like, `error-weights` for errors that spread by rook instead of queen contiguity.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people who measure")]

use std::time::Instant;

use durbin_sdm::{BiasCorrection, Effects, Model, Prepared, SdmSpec, Vcov};

#[path = "../tests/support/simulate.rs"]
#[allow(dead_code, reason = "of what the tests simulate, a part serves here")]
mod simulate;

const RHO: f64 = 0.5;

/// Of the errors, where they have a lag.
const LAMBDA: f64 = 0.3;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| {
        arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (side, t) = (number(0, 316), number(1, 1));
    let n = side * side;
    let w = simulate::queen(side);
    let mut random = simulate::Random::new(1);
    let (a, b) = (random.normals(t, n), random.normals(t, n));
    let option = |name: &str| {
        arguments.iter().find_map(|a| a.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    };
    let model: Model = option("model").map_or(Model::Sdm, |word| word.parse().unwrap());
    let vcov: Vcov = option("vcov").map_or(Vcov::Information, |word| word.parse().unwrap());
    let other = arguments.iter().any(|argument| argument == "error-weights");
    let m = other.then(|| simulate::grid(side));
    let theta = if model.has_durbin_terms() { 0.3 } else { 0.0 };
    let rho = if matches!(model, Model::Sem | Model::Sdem) { 0.0 } else { RHO };
    let mut noise = random.normals(t, n);
    if matches!(model, Model::Sem | Model::Sdem | Model::Sac | Model::Gns) {
        noise = simulate::spread(m.as_ref().unwrap_or(&w), LAMBDA, &noise);
    }
    let mut right = &a + &(&b * 0.5) + &(simulate::lag(&w, &a) * theta) + &noise;
    let effects: Option<Effects> = option("effects").map(|word| word.parse().unwrap());
    if effects == Some(Effects::Random) {
        right += &random.normals(1, n);
    }
    let y = simulate::spread(&w, rho, &right);
    let mut panel = simulate::empty(n, t);
    panel.insert("y", y);
    panel.insert("a", a);
    panel.insert("b", b);
    let mut spec = SdmSpec::new("y", ["a", "b"]).model(model).vcov(vcov);
    if t == 1 {
        spec = spec.effects(Effects::None).bias_correction(BiasCorrection::None);
    } else if let Some(effects) = effects {
        spec = spec.effects(effects);
    }
    println!("{n} units, {t} periods; before: {}", memory());
    let (clock, cpu) = (Instant::now(), cpu_seconds());
    let fit = match &m {
        Some(m) => spec.fit_with(&panel, &w, m).unwrap(),
        None => spec.fit(&panel, &w).unwrap(),
    };
    let impacts = fit.impacts().unwrap();
    report("fit and effects", clock, cpu);
    if arguments.iter().any(|argument| argument == "per-unit") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let effects = fit.per_unit().unwrap();
        report("effects of every unit", clock, cpu);
        println!("{:?}", effects.effects[0].direct[0]);
    }
    if arguments.iter().any(|argument| argument == "flows") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let flows = fit.flows(&w, 100).unwrap();
        report("strongest flows", clock, cpu);
        println!("{:?}", flows[0]);
    }
    let prepared = Prepared::new(&w);
    if arguments.iter().any(|argument| argument == "influence") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let influence = fit.influence(&panel, &prepared, None).unwrap();
        report("influence of every unit, the log-determinant set up anew", clock, cpu);
        println!("largest Cook's distance {:?}", influence.cook[influence.most(1)[0]]);
    }
    if arguments.iter().any(|argument| argument == "tests") {
        let (clock, cpu) = (Instant::now(), cpu_seconds());
        let tests = match &m {
            Some(m) => fit.tests_with(&panel, &prepared, &Prepared::new(m)).unwrap().tests,
            None => fit.tests(&panel, &prepared).unwrap().tests,
        };
        report("tests", clock, cpu);
        println!("{:?}", tests.iter().find(|test| test.name == "Moran of residuals"));
    }
    println!("rho {:?}, lambda {:?}, {:?}", fit.rho(), fit.lambda(), impacts.rows[0]);
    println!("log-likelihood {:.9}, {:?}", fit.log_likelihood, fit.convergence);
}

fn report(what: &str, clock: Instant, cpu: f64) {
    println!(
        "{what}: {:.2} s, {:.2} CPU s; {}",
        clock.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        memory()
    );
}

/// User and system time in ticks of a hundredth of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or("");
    let fields: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    fields.iter().sum::<f64>() / 100.0
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").replace('\t', " ")
}
