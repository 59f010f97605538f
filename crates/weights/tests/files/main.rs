//! Weights files keep what they are given, refuse what is broken, and agree with other programs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "helpers of tests")]

mod broken;
mod reference;
mod round_trip;

use durbin_weights::{Error, Format, Weights, files};

/// What a file of `bytes` with this extension holds.
fn read(bytes: &[u8], extension: &str) -> Result<Weights, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("w.{extension}"));
    std::fs::write(&path, bytes).unwrap();
    files::read(&path)
}

fn written(weights: &Weights, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    files::write(weights, format, &files::Origin::default(), &mut out).unwrap();
    out
}
