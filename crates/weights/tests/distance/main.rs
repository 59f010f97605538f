//! Weights from distances: against other programs, and what must hold for any points.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests of exact claims")]

mod geographic;
mod islands;
mod lengths;
mod points;
mod properties;
mod reference;
#[path = "../contiguity/units.rs"]
mod shapes;
