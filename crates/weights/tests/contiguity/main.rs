//! Contiguity of whole layers: against other programs, and what must hold for any polygons.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "tests of exact claims")]

mod brute_force;
mod contact;
mod properties;
mod rectangle;
mod reference;
mod snap;
mod units;
