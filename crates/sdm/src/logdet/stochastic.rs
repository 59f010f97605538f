//! Traces estimated with random vectors.

use durbin_core::{
    linalg::symmetric_quadrature,
    random::{Purpose, Stream},
};
use rayon::prelude::*;

use super::Taylor;
use crate::{Error, structure::Structure};

/// Probes, and steps of each.
const PROBES: u32 = 32;
const STEPS: usize = 50;

/// The seed of the probes: a result does not change from run to run.
const SEED: u64 = 12_345;

/// The mean over probes `z` of entries ±1 of `z' ln(I − ρW) z`, corrected so that tr W and tr W² are exact.
#[derive(Debug)]
pub(super) struct Stochastic {
    probes: Vec<Probe>,
    /// Exact `tr W` and `tr W²`.
    traces: [f64; 2],
}

#[derive(Debug)]
enum Probe {
    /// Nodes and weights of a quadrature.
    Rule(Vec<(f64, f64)>),
    /// `z'W^k z`, from k = 1.
    Moments(Vec<f64>),
}

impl Stochastic {
    pub(super) fn new(structure: &Structure) -> Result<Self, Error> {
        Self::with(structure, PROBES, STEPS)
    }

    pub(super) fn with(structure: &Structure, probes: u32, steps: usize) -> Result<Self, Error> {
        let n = structure.n();
        let probe = |number: u32| {
            let z = signs(n, number);
            Ok(match &structure.similar {
                Some(similar) => {
                    Probe::Rule(symmetric_quadrature(z, steps, |x| similar.matrix.multiply(x))?)
                }
                None => Probe::Moments(moments(structure, &z, steps)),
            })
        };
        let probes: Result<Vec<Probe>, Error> = (0..probes).into_par_iter().map(probe).collect();
        Ok(Self { probes: probes?, traces: structure.traces() })
    }

    pub(super) fn at(&self, rho: f64) -> Taylor {
        let mut sum = Taylor { value: 0.0, slope: 0.0, curvature: 0.0 };
        for probe in &self.probes {
            let one = self.one(probe, rho);
            sum.value += one.value;
            sum.slope += one.slope;
            sum.curvature += one.curvature;
        }
        let share = 1.0 / self.probes.len() as f64;
        Taylor {
            value: sum.value * share,
            slope: sum.slope * share,
            curvature: sum.curvature * share,
        }
    }

    /// Two standard errors.
    pub(super) fn error(&self, rho: f64) -> f64 {
        let m = self.probes.len() as f64;
        let values: Vec<f64> = self.probes.iter().map(|probe| self.one(probe, rho).value).collect();
        let mean = values.iter().sum::<f64>() / m;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        2.0 * (squares / (m * (m - 1.0))).sqrt()
    }

    /// One probe, with its own `z'Wz` and `z'W²z` replaced by the traces.
    fn one(&self, probe: &Probe, rho: f64) -> Taylor {
        let (mut taylor, own) = match probe {
            Probe::Rule(rule) => (of_rule(rule, rho), [moment(rule, 1), moment(rule, 2)]),
            Probe::Moments(moments) => (of_moments(moments, rho), [moments[0], moments[1]]),
        };
        let [first, second] = [own[0] - self.traces[0], own[1] - self.traces[1]];
        taylor.value += rho * first + 0.5 * rho * rho * second;
        taylor.slope += first + rho * second;
        taylor.curvature += second;
        taylor
    }
}

/// A vector of ±1.
pub(crate) fn signs(n: usize, number: u32) -> Vec<f64> {
    let mut stream = Stream::new(SEED, Purpose::Probes, number);
    (0..n).map(|_| if stream.uniform() < 0.5 { -1.0 } else { 1.0 }).collect()
}

fn moment(rule: &[(f64, f64)], power: i32) -> f64 {
    rule.iter().map(|(node, weight)| weight * node.powi(power)).sum()
}

fn of_rule(rule: &[(f64, f64)], rho: f64) -> Taylor {
    let mut sum = Taylor { value: 0.0, slope: 0.0, curvature: 0.0 };
    for (node, weight) in rule {
        let left = 1.0 - rho * node;
        let ratio = node / left;
        // A node found from inside may lie a rounding error beyond the bound.
        sum.value += weight * left.max(f64::MIN_POSITIVE).ln();
        sum.slope -= weight * ratio;
        sum.curvature -= weight * ratio * ratio;
    }
    sum
}

/// `−Σ ρ^k m_k/k` (Barry & Pace 1999).
fn of_moments(moments: &[f64], rho: f64) -> Taylor {
    let mut sum = Taylor { value: 0.0, slope: 0.0, curvature: 0.0 };
    // ρ^(k − 2) and ρ^(k − 1).
    let (mut before, mut power) = (0.0, 1.0);
    for (k, moment) in (1..).map(f64::from).zip(moments) {
        sum.value -= power * rho * moment / k;
        sum.slope -= power * moment;
        sum.curvature -= (k - 1.0) * before * moment;
        (before, power) = (power, power * rho);
    }
    sum
}

fn moments(structure: &Structure, z: &[f64], steps: usize) -> Vec<f64> {
    let mut x = z.to_vec();
    (0..2 * steps)
        .map(|_| {
            x = structure.w.multiply(&x);
            x.iter().zip(z).map(|(x, z)| x * z).sum()
        })
        .collect()
}
