//! The statistics that can be asked for.

use std::str::FromStr;

use durbin_core::{Conventions, Progress, Warning};
use durbin_hotspot::{
    GlobalOptions, GlobalTest, Join, JoinCounts, Sampling, bivariate_moran, geary, general_g,
    join_counts, moran,
};
use durbin_weights::Weights;
use serde::Serialize;

use super::GlobalRow;
use crate::Error;

/// A global statistic of spatial autocorrelation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlobalStatistic {
    /// Moran's I.
    Moran,
    /// Geary's C.
    Geary,
    /// General G of Getis and Ord.
    G,
    /// Join counts of categories.
    JoinCounts,
    /// Moran's I of a field and another one of its neighbours.
    Bivariate,
}

/// One field in one period, over the units that count.
pub(super) struct Data<'a> {
    pub field: &'a str,
    pub numbers: Vec<f64>,
    pub with: Option<(&'a str, Vec<f64>)>,
    pub categories: Vec<&'a str>,
    pub weights: &'a Weights,
    pub sampling: Sampling,
}

pub(super) struct Tested {
    pub rows: Vec<GlobalRow>,
    pub conventions: Conventions,
    pub warnings: Vec<Warning>,
}

impl GlobalStatistic {
    /// `moran`, `geary`, `g`, `join-counts` or `bivariate`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moran => "moran",
            Self::Geary => "geary",
            Self::G => "g",
            Self::JoinCounts => "join-counts",
            Self::Bivariate => "bivariate",
        }
    }

    /// The rows of this statistic, without their period.
    pub(super) fn test(
        self,
        data: &Data,
        options: &GlobalOptions,
        progress: &dyn Progress,
    ) -> Result<Tested, durbin_hotspot::Error> {
        let one = |test: GlobalTest| self.one(data, test);
        let (x, w) = (&data.numbers, data.weights);
        match self {
            Self::Moran => moran(x, w, options, progress).map(one),
            Self::Geary => geary(x, w, options, progress).map(one),
            Self::G => general_g(x, w, options, progress).map(one),
            Self::JoinCounts => join_counts(&data.categories, w, data.sampling, options, progress)
                .map(|counts| self.counted(data, counts)),
            Self::Bivariate => {
                let y = data.with.as_ref().map_or(&[][..], |(_, numbers)| numbers);
                bivariate_moran(x, y, w, options, progress).map(one)
            }
        }
    }

    fn one(self, data: &Data, test: GlobalTest) -> Tested {
        let with = data.with.as_ref().filter(|_| self == Self::Bivariate);
        let row = GlobalRow {
            field: data.field.to_owned(),
            period: None,
            statistic: self,
            with: with.map(|(name, _)| (*name).to_owned()),
            join: None,
            value: test.value,
            expected: test.expected,
            variance: test.variance,
            z: test.z,
            p_value: test.p_value,
            p_sim: test.p_sim,
            assumption: test.assumption.name(),
            n: test.n,
            islands: test.islands,
        };
        Tested { rows: vec![row], conventions: test.conventions, warnings: test.warnings }
    }

    fn counted(self, data: &Data, counts: JoinCounts) -> Tested {
        let rows = counts.joins.iter().map(|count| GlobalRow {
            field: data.field.to_owned(),
            period: None,
            statistic: self,
            with: None,
            join: Some(match &count.join {
                Join::Same(category) => format!("{category}:{category}"),
                Join::Between(one, other) => format!("{one}:{other}"),
                Join::Different => "different".to_owned(),
            }),
            value: count.value,
            expected: count.expected,
            variance: count.variance,
            z: count.z,
            p_value: count.p_value,
            p_sim: count.p_sim,
            assumption: data.sampling.name(),
            n: counts.n,
            islands: counts.islands,
        });
        Tested { rows: rows.collect(), conventions: counts.conventions, warnings: counts.warnings }
    }
}

impl FromStr for GlobalStatistic {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let all = [Self::Moran, Self::Geary, Self::G, Self::JoinCounts, Self::Bivariate];
        all.into_iter().find(|known| known.name() == word).ok_or_else(|| {
            Error::Usage(format!(
                "`{word}` is no global statistic: moran, geary, g, join-counts or bivariate"
            ))
        })
    }
}
