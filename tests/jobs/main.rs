//! Whole jobs through the binary, on real files.

mod bad_input;
mod cigarettes;
mod hotspot;
mod streams;
mod support;
mod weights;
