//! A cheap view of the whole interval.

use super::{Taylor, stochastic::Stochastic};
use crate::{Error, structure::Structure};

/// A few probes of the stochastic log-determinant: its maxima are within the width of a panel of the true ones.
#[derive(Debug)]
pub(super) struct Rough(Stochastic);

impl Rough {
    pub(super) fn new(structure: &Structure) -> Result<Self, Error> {
        let probes = if structure.n() < 20_000 { 6 } else { 2 };
        Stochastic::with(structure, probes, 24).map(Self)
    }

    pub(super) fn at(&self, rho: f64) -> Taylor {
        self.0.at(rho)
    }
}
