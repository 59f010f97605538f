//! Arellano and Bond's data against other programs and against print. `tests/reference/gmm/README.md` says where
//! the programs err and what is not compared.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod gretl;
mod plm;
mod published;
mod pydynpd;
#[path = "../support/mod.rs"]
mod support;
