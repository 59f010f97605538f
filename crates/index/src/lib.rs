//! Composite indices of a panel or a cross-section: n units, t periods, k indicators.
//!
//! [`IndexSpec::fit`] brings the indicators onto 0 … 1 ([`Normalize`]), weighs them ([`Method`], over the rows that
//! [`Pool`] says), and adds them up or measures their distance from the ideal ([`Score`]). The [`Index`] holds the weights, the
//! scores, those of its dimensions, contributions, obstacle degrees and the coupling coordination degree.
//!
//! ```
//! use durbin_core::{Column, PanelKeys, Table};
//! use durbin_index::{Indicator, IndexSpec, Sign};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let table = Table {
//!     name: "towns".into(),
//!     title: String::new(),
//!     columns: vec![
//!         Column::text("id", ["a", "b", "c"]),
//!         Column::float("income", [10.0, 20.0, 40.0]),
//!         Column::float("smoke", [5.0, 1.0, 2.0]),
//!     ],
//! };
//! let keys = PanelKeys::cross_section(&table, "id")?;
//! let mut panel = keys.panel();
//! for name in ["income", "smoke"] {
//!     panel.insert(name, keys.values(table.column(name)?)?);
//! }
//! let spec = IndexSpec::new(vec![
//!     Indicator::new("income", Sign::Positive),
//!     Indicator::new("smoke", Sign::Negative),
//! ]);
//! let index = spec.fit(&panel)?;
//! assert_eq!(index.scores[[0, 0]], 0.0);
//! assert!(index.scores[[0, 2]] > index.scores[[0, 1]]);
//! # Ok(())
//! # }
//! ```

mod coupling;
mod critic;
mod entropy;
mod error;
mod fit;
mod indicator;
mod normalize;
mod parts;
mod result;
mod spec;
mod topsis;
mod weigh;

pub use coupling::Coupling;
pub use error::Error;
pub use indicator::{Indicator, Sign};
pub use result::{Dimension, Index, IndicatorWeight};
pub use spec::{DimensionScore, IndexSpec, Method, Normalize, Pool, Score};
