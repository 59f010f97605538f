//! A test: what it says, on which distribution, or why it cannot say it.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, StudentsT};

use crate::two_sided_p;

/// A p-value in four decimals, such as `0.0312`; `<0.0001` rather than a zero that it is not.
pub fn p_value_text(p: f64) -> String {
    if p < 0.000_05 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}

/// The same in a sentence: `p = 0.0312`, `p < 0.0001`.
pub fn p_value_words(p: f64) -> String {
    if p < 0.000_05 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") }
}

/// Distribution of a statistic under its null.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// Standard normal, two-sided.
    Normal,
    /// χ² with these degrees of freedom, upper tail.
    ChiSquared(f64),
    /// F with degrees of freedom of numerator and denominator, upper tail.
    F(f64, f64),
    /// Student's t with these degrees of freedom, two-sided.
    StudentT(f64),
}

impl Distribution {
    /// p-value of `statistic`; `None` where either is outside its range.
    pub fn p_value(self, statistic: f64) -> Option<f64> {
        if !statistic.is_finite() {
            return None;
        }
        match self {
            Self::Normal => Some(two_sided_p(statistic)),
            Self::ChiSquared(df) => ChiSquared::new(df).ok().map(|chi| chi.sf(statistic)),
            Self::F(df1, df2) => FisherSnedecor::new(df1, df2).ok().map(|f| f.sf(statistic)),
            Self::StudentT(df) => {
                StudentsT::new(0.0, 1.0, df).ok().map(|t| 2.0 * t.sf(statistic.abs()))
            }
        }
    }
}

/// A test statistic with its null, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct TestStat {
    /// Name, such as `LM lag`.
    pub name: String,
    /// The null in words, such as `no spatial lag`.
    pub null: String,
    /// Value of the statistic, where it could be computed.
    pub statistic: Option<f64>,
    /// Its distribution under the null.
    pub distribution: Distribution,
    /// Why there is no p-value, or none that can be trusted.
    pub reason: Option<String>,
}

impl TestStat {
    /// A statistic and its distribution.
    pub fn new(
        name: impl Into<String>,
        null: impl Into<String>,
        statistic: f64,
        distribution: Distribution,
    ) -> Self {
        Self {
            name: name.into(),
            null: null.into(),
            statistic: Some(statistic),
            distribution,
            reason: None,
        }
    }

    /// A test that could not be carried out, with the reason.
    pub fn invalid(
        name: impl Into<String>,
        null: impl Into<String>,
        distribution: Distribution,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            null: null.into(),
            statistic: None,
            distribution,
            reason: Some(reason.into()),
        }
    }

    /// The same statistic, shown without a p-value for this reason.
    #[must_use]
    pub fn without_p_value(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The p-value: two-sided for normal and t, of the upper tail for χ² and F; none with a reason.
    pub fn p_value(&self) -> Option<f64> {
        match (&self.reason, self.statistic) {
            (None, Some(statistic)) => self.distribution.p_value(statistic),
            _ => None,
        }
    }
}

impl Serialize for TestStat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("TestStat", 7)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("null", &self.null)?;
        fields.serialize_field("statistic", &self.statistic)?;
        let distribution = match self.distribution {
            Distribution::Normal => {
                fields.serialize_field("df", &None::<f64>)?;
                "normal"
            }
            Distribution::ChiSquared(df) => {
                fields.serialize_field("df", &df)?;
                "chi2"
            }
            Distribution::F(df1, df2) => {
                fields.serialize_field("df", &[df1, df2])?;
                "F"
            }
            Distribution::StudentT(df) => {
                fields.serialize_field("df", &df)?;
                "t"
            }
        };
        fields.serialize_field("p_value", &self.p_value())?;
        fields.serialize_field("distribution", distribution)?;
        match &self.reason {
            Some(reason) => fields.serialize_field("reason", reason)?,
            None => fields.skip_field("reason")?,
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_those_of_printed_tables() {
        let close = |distribution: Distribution, statistic, p: f64| {
            assert!(
                (distribution.p_value(statistic).unwrap() - p).abs() < 1e-9,
                "{distribution:?}"
            );
        };
        close(Distribution::Normal, -1.959_963_984_540_054, 0.05);
        close(Distribution::ChiSquared(1.0), 3.841_458_820_694_124, 0.05);
        close(Distribution::ChiSquared(10.0), 18.307_038_053_275_146, 0.05);
        // For one and d degrees of freedom F is the square of t.
        close(Distribution::F(1.0, 10.0), 2.228_138_851_964_939_f64.powi(2), 0.05);
        close(Distribution::StudentT(10.0), 2.228_138_851_964_939, 0.05);
    }

    #[test]
    fn a_statistic_with_a_reason_has_no_p_value_but_keeps_its_value() {
        let hausman =
            TestStat::new("Hausman", "random effects", -3.2, Distribution::ChiSquared(2.0))
                .without_p_value("negative: the difference of the covariances is not definite");
        assert_eq!((hausman.statistic, hausman.p_value()), (Some(-3.2), None));
    }

    #[test]
    fn what_is_no_number_has_no_p_value() {
        assert_eq!(Distribution::Normal.p_value(f64::NAN), None);
        assert_eq!(Distribution::ChiSquared(0.0).p_value(1.0), None);
    }
}
