//! Models of Arellano and Bond's data, in few words.

use durbin_gmm::{Errors, GmmSpec, H, Steps, Transform};

/// A model in few words: lags, regressors, GMM-style and IV-style instruments, and switches.
pub fn spec(lags: usize, x: &str, gmm: &[&str], iv: &[&str], switches: &str) -> GmmSpec {
    let on = |word: &str| switches.split(' ').any(|switch| switch == word);
    let x: Vec<&str> = x.split(',').filter(|name| !name.is_empty()).collect();
    let mut spec = if on("sys") { GmmSpec::system("n", x) } else { GmmSpec::difference("n", x) };
    spec.lags = lags;
    for style in gmm {
        spec = spec.gmm_style(style.parse().unwrap());
    }
    for style in iv {
        spec = spec.iv_style(style.parse().unwrap());
    }
    if on("one") {
        spec.steps = Steps::One;
    }
    if on("iterated") {
        spec.steps = Steps::Iterated;
    }
    if on("classical") {
        spec.errors = Errors::Classical;
    }
    if on("fod") {
        spec.transform = Transform::Orthogonal;
    }
    if on("dpd") {
        spec.h = H::Dpd;
    }
    spec.collapse = on("collapse");
    spec.time_effects = on("time");
    spec.constant = !on("noconstant");
    spec
}

pub const AB_X: &str = "L(0/1).w,L(0/2).k,L(0/2).ys";
pub const AB_B: &str = "L(0/1).w,k,L(0/1).ys";
pub const YEARS_6: &str = "yr1979,yr1980,yr1981,yr1982,yr1983,yr1984";
pub const YEARS_8: &str = "yr1978,yr1979,yr1980,yr1981,yr1982,yr1983,yr1984";

pub fn ab(x: &str, switches: &str) -> GmmSpec {
    spec(2, x, &["n:2-"], &[x], switches)
}

pub fn small(switches: &str) -> GmmSpec {
    spec(2, "w,k", &["n:2-4", "w:1-3"], &["k"], switches)
}

pub fn bb(switches: &str) -> GmmSpec {
    spec(1, "L(0/1).w,L(0/1).k", &["n:2-", "w:2-", "k:2-"], &[], switches)
}

pub fn bb_years(switches: &str) -> GmmSpec {
    let x = format!("L(0/1).w,L(0/1).k,{YEARS_8}");
    spec(1, &x, &["n:2-", "w:2-", "k:2-"], &[YEARS_8], switches)
}
