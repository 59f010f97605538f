//! Results for people: tables for papers and terminals, maps, effect plots and the HTML report.
//!
//! Knows only the types of `durbin-core`, never a model. Every function is pure: values in, text or bytes
//! out; writing them to a file is the caller's. The one outside thing read is the system's fonts, by [`png`].
//!
//! - [`table`]: [`table::csv`], [`table::markdown`], [`table::latex`], [`table::text`], [`table::html`]
//! - [`map`]: [`map::draw`], one or several choropleths with symbols and names
//! - [`interval_plot`]: estimates with their 95 % intervals
//! - [`band_plot`]: an effect along a variable with its 95 % band
//! - [`specification_curve`]: an estimate under many specifications, with their choices
//! - [`page`]: [`page::html`], one self-contained report
//! - [`number`]: how numbers are written for people

// `write!` into a `String` returns a `Result` that could only be thrown away.
#![allow(clippy::format_push_string)]

mod band;
mod curve;
mod error;
mod escape;
mod interval;
mod list;
pub mod map;
pub mod number;
pub mod page;
mod png;
mod svg;
pub mod table;

pub use band::{Band, band_plot};
pub use curve::{Choice, CurvePoint, specification_curve};
pub use error::Error;
pub use interval::interval_plot;
pub use list::key_values;
pub use png::{Png, png};
