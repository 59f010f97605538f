//! Whole jobs through the binary, on real files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::format_push_string,
    reason = "a test fails by panicking, and makes exact claims"
)]

mod bad_input;
mod cigarettes;
mod columbus;
mod emerging;
mod gmm;
mod gmm_neighbours;
mod hotspot;
mod hunan;
mod index;
#[cfg(unix)]
mod interrupt;
mod lisa;
mod map;
mod messages;
mod models;
mod moran;
mod placing;
#[cfg(unix)]
mod postgis;
mod preparation;
mod robustness;
mod same_bits;
mod simulate;
mod streams;
mod style;
mod support;
mod traced;
mod us_counties;
mod warned;
mod weights;
