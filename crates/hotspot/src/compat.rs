//! What other programs do, for people who must match an older result.
//!
//! Programs agree on the statistics and differ in scales, tails and islands. A [`Compat`] sets the options
//! with which durbin gives a program's own numbers, and names its conventions. What depends on a program's random
//! numbers agrees but for the error of sampling.
//!
//! Where a program is wrong, it is not followed: variance, z and p of esda's `G_Local` change with row
//! scaling (`transform="R"`), which those of Gi and Gi* cannot; esda gives islands pseudo p-values; its ratio
//! form of G turns hot and cold around where the mean is negative; with islands not counted in n, spdep's variance
//! of Geary's C counts them in some terms, and that of `Jtot` differs from that of the same count by name.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Alternative, Assumption, Error, GlobalOptions, LocalOptions, Options};

/// A program whose conventions are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compat {
    /// ArcGIS Pro and ArcMap: Spatial Statistics tools.
    Arcgis,
    /// GeoDa and pygeoda.
    Geoda,
    /// PySAL's esda.
    Pysal,
    /// R's spdep.
    Spdep,
}

impl Compat {
    /// `arcgis`, `geoda`, `pysal` or `spdep`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arcgis => "arcgis",
            Self::Geoda => "geoda",
            Self::Pysal => "pysal",
            Self::Spdep => "spdep",
        }
    }

    /// The options of Gi and Gi* with this program's convention of tails.
    ///
    /// ArcGIS and spdep: z and two-sided p-values are durbin's own. esda and GeoDa: p-values of one tail, the
    /// one of the value.
    #[must_use]
    pub fn gi(self, options: Options) -> Options {
        Options { alternative: self.local_alternative(), ..options }
    }

    /// The options of local Moran and local Geary with this program's conventions of tails and scale.
    ///
    /// `geary` says which: spdep multiplies local Moran by n and local Geary by n − 1, esda the other
    /// way round, GeoDa both by n − 1.
    #[must_use]
    pub fn local(self, options: LocalOptions, geary: bool) -> LocalOptions {
        let population_variance = match self {
            Self::Spdep => !geary,
            Self::Pysal => geary,
            Self::Arcgis | Self::Geoda => false,
        };
        LocalOptions { alternative: self.local_alternative(), population_variance, ..options }
    }

    /// The options of `statistic` (`moran`, `geary` or `g`) with this program's conventions of tails, islands and
    /// assumption.
    ///
    /// spdep tests against positive autocorrelation and does not count islands in n. esda's Moran has
    /// two normal tails, its Geary and G one. GeoDa has permutations alone and one tail.
    #[must_use]
    pub fn global(self, options: GlobalOptions, statistic: &str) -> GlobalOptions {
        let (alternative, simulated) = match self {
            Self::Arcgis => (Alternative::TwoSided, None),
            Self::Pysal if statistic == "moran" => {
                (Alternative::TwoSided, Some(Alternative::Nearer))
            }
            Self::Pysal | Self::Geoda => (Alternative::Nearer, None),
            Self::Spdep => (Alternative::Positive, None),
        };
        let assumption =
            if self == Self::Arcgis { Assumption::Randomization } else { options.assumption };
        let drop_islands = self == Self::Spdep;
        GlobalOptions { assumption, drop_islands, alternative, simulated, ..options }
    }

    fn local_alternative(self) -> Alternative {
        match self {
            Self::Arcgis | Self::Spdep => Alternative::TwoSided,
            Self::Geoda | Self::Pysal => Alternative::Nearer,
        }
    }

    /// What to know of this program beside durbin, in the order in which it matters.
    pub fn conventions(self) -> &'static [&'static str] {
        match self {
            Self::Arcgis => &[
                "Gi*: z and two-sided p as here; Gi_Bin with FDR is `fdr` here",
                "NNeighbors counts the unit itself; gi_neighbors does not",
                "the tool's own default is a fixed distance band, not contiguity",
            ],
            Self::Geoda => &[
                "Gi and Gi* are printed as ratios; only ranks of permutations are tested",
                "p_sim is the smaller tail, (min + 1)/(N + 1): half of the two-sided one here",
                "local Moran and local Geary use the variance of divisor n − 1",
                "local Geary's tail is that on c's side of the simulated mean, which may be the larger",
                "weights are row-standardised",
            ],
            Self::Pysal => &[
                "p_norm of Gi, G and Geary and every p_sim are of one tail, Moran's p_norm of two",
                "local Moran uses the variance of divisor n − 1, local Geary that of divisor n",
                "islands stay in n; z of Gi* is followed for binary weights only, where it is right",
            ],
            Self::Spdep => &[
                "global tests look for positive autocorrelation; islands are not counted in n",
                "the z of Geary's C has the opposite sign there",
                "local Moran uses the variance of divisor n, localC that of divisor n − 1",
                "islands have local Moran 0 there and none here",
                "localG_perm and localmoran_perm draw neighbours with replacement",
            ],
        }
    }
}

impl FromStr for Compat {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "arcgis" => Ok(Self::Arcgis),
            "geoda" => Ok(Self::Geoda),
            "pysal" => Ok(Self::Pysal),
            "spdep" => Ok(Self::Spdep),
            _ => Err(Error::UnknownProgram { word: word.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for program in [Compat::Arcgis, Compat::Geoda, Compat::Pysal, Compat::Spdep] {
            assert_eq!(program.name().parse(), Ok(program));
        }
        let message = "stata".parse::<Compat>().unwrap_err().to_string();
        assert!(message.contains("arcgis, geoda, pysal or spdep"), "{message}");
    }
}
