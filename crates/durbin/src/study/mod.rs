//! A whole study: one file that reads as the methods section of the paper in, all results out.
//!
//! [`Study::read`] parses the file; [`run`] computes everything and writes `study.gpkg`, `tables/`,
//! `maps/`, `report.html` and `manifest.json`, all of them or none.

mod as_it_came;
mod captions;
mod check;
mod comparisons;
mod document;
mod dynamic;
mod figures;
mod file;
mod gaps;
mod hotspots;
mod indices;
mod layers;
mod manifest;
mod measures;
mod methods;
mod models;
mod observations;
mod parts;
mod plots;
mod preliminaries;
mod prepare;
mod products;
mod reshape;
mod results;
mod robustness;
mod run;
mod single;
mod sources;
mod variables;

pub use file::Study;
pub use run::{Outcome, run};
pub use single::specification;
