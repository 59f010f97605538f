//! Hot and cold spots and spatial autocorrelation: the local statistics of Getis and Ord, Moran and Geary,
//! their global relatives, and how they change over time.

mod alternative;
mod bins;
mod change;
mod cluster;
pub mod compat;
mod emerging;
mod error;
mod gi;
mod global;
mod local;
mod moments;
mod permutation;
mod recognise;
mod result;

pub use alternative::Alternative;
pub use bins::{BinsBy, Correction};
pub use change::{Change, change};
pub use cluster::{Quadrant, Significance};
pub use compat::Compat;
pub use emerging::{
    Emerging, EmergingOptions, Pattern, Temperature, Trend, emerging, mann_kendall,
};
pub use error::Error;
pub use gi::{Options, gi};
pub use global::{
    Assumption, GlobalOptions, GlobalTest, Join, JoinCount, JoinCounts, Sampling, bivariate_moran,
    geary, general_g, join_counts, moran,
};
pub use local::{
    Cluster, GearyCluster, LocalGeary, LocalMoran, LocalOptions, lisa_cluster, local_geary,
    local_moran,
};
pub use recognise::style_of;
pub use result::Gi;
