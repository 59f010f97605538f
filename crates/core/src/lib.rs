//! What every room of durbin shares: units and their layer, panels, tables, estimates, and linear algebra.
//!
//! Shapes are written `n units, t periods, k regressors` throughout. Missing numbers are `None` in a
//! [`Column`] and `NaN` in a [`Panel`]. Nothing here reads or writes a file or formats for people.

pub mod classify;
mod column;
mod convention;
mod error;
mod estimate;
mod layer;
pub mod linalg;
mod missing;
mod palette;
mod panel;
mod progress;
pub mod random;
mod style;
mod table;
mod test_stat;
mod units;
mod warning;

pub use classify::{Grading, Scheme};
pub use column::{Column, Narrow, Storage, Values};
pub use convention::Conventions;
pub use error::{Error, Named};
pub use estimate::{Estimate, EstimateTable, Row, two_sided_p};
pub use layer::{Crs, Ellipsoid, Layer, Metadata};
pub use missing::Missing;
pub use palette::Palette;
pub use panel::{Panel, PanelKeys, Times, in_time_order, times};
pub use progress::{Progress, Silent};
pub use style::{Class, Pattern, Rgb, Style, Symbol, size_samples};
pub use table::Table;
pub use test_stat::{Distribution, TestStat, p_value_text, p_value_words};
pub use units::{InvalidGeometry, Units};
pub use warning::Warning;
