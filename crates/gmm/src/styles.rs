//! Instruments in GMM style (one column per period and lag) and in IV style (one column per variable).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Term};

/// Which equation an instrument is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Equation {
    /// Transformed and, in system GMM, level.
    #[default]
    Both,
    /// The transformed equation alone.
    Diff,
    /// The level equation alone.
    Level,
}

/// Lags of a variable as instruments: for the transformed equation its levels at lags `from` to `to`, one
/// column per period and lag; for the level equation its difference at lag `from − 1` (Blundell & Bond 1998).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GmmStyle {
    /// The variable; `y` stands for the response where the panel has no variable of that name.
    pub variable: String,
    /// Nearest lag.
    pub from: usize,
    /// Farthest lag; all there are without it.
    pub to: Option<usize>,
    /// For which equations. With [`Equation::Level`] the differences at lags `from` to `to`.
    pub equation: Equation,
}

/// Variables that are their own instruments, one column each over both equations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IvStyle {
    /// The variables, each with its equation.
    pub variables: Vec<(String, Equation)>,
}

/// Splits a trailing `:level` or `:diff`.
fn equation(text: &str) -> (&str, Equation) {
    for (suffix, equation) in
        [(":level", Equation::Level), (":diff", Equation::Diff), (":both", Equation::Both)]
    {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest, equation);
        }
    }
    (text, Equation::Both)
}

impl FromStr for GmmStyle {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Syntax {
            what: "GMM-style instruments",
            text: text.to_owned(),
            expected: "a variable with its lags: V:2- (lag 2 and all before; endogenous), V:1- (predetermined), V:2-4 or V:2, \
                       and :diff or :level behind it for one equation alone",
        };
        let (rest, equation) = equation(text.trim());
        let (variable, lags) = rest.rsplit_once(':').ok_or_else(wrong)?;
        let (from, to) = lags
            .split_once('-')
            .map_or((lags, Some(lags)), |(from, to)| (from, (!to.trim().is_empty()).then_some(to)));
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
        let (from, to) = (number(from)?, to.map(number).transpose()?);
        if variable.trim().is_empty() || to.is_some_and(|to| to < from) {
            return Err(wrong());
        }
        if Term::parse(variable)?.len() != 1 {
            return Err(wrong());
        }
        Ok(Self { variable: variable.trim().to_owned(), from, to, equation })
    }
}

impl fmt::Display for GmmStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.variable, self.from)?;
        match self.to {
            Some(to) if to == self.from => {}
            Some(to) => write!(f, "-{to}")?,
            None => f.write_str("-")?,
        }
        suffix(f, self.equation)
    }
}

fn suffix(f: &mut fmt::Formatter<'_>, equation: Equation) -> fmt::Result {
    match equation {
        Equation::Both => Ok(()),
        Equation::Diff => f.write_str(":diff"),
        Equation::Level => f.write_str(":level"),
    }
}

impl FromStr for IvStyle {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut variables = Vec::new();
        for item in text.split(',') {
            let (name, equation) = equation(item.trim());
            for term in Term::parse(name)? {
                variables.push((term.to_string(), equation));
            }
        }
        Ok(Self { variables })
    }
}

impl fmt::Display for IvStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, equation)) in self.variables.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            f.write_str(name)?;
            suffix(f, *equation)?;
        }
        Ok(())
    }
}

macro_rules! as_text {
    ($style:ty) => {
        impl Serialize for $style {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $style {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

as_text!(GmmStyle);
as_text!(IvStyle);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lag_limits_read_as_they_are_written() {
        let read = |text: &str| text.parse::<GmmStyle>().unwrap();
        assert_eq!((read("V:2-").from, read("V:2-").to), (2, None));
        assert_eq!((read("V:2-4").from, read("V:2-4").to), (2, Some(4)));
        assert_eq!((read("V:3").from, read("V:3").to), (3, Some(3)));
        assert_eq!(read("V:1-1:level").equation, Equation::Level);
        for text in ["V:2-", "V:2-4", "V:3", "P*C:2-4:diff"] {
            assert_eq!(read(text).to_string(), text);
        }
        for text in ["V", "V:", ":2-", "V:4-2", "V:x-"] {
            assert!(text.parse::<GmmStyle>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_equation_belongs_to_the_variable_before_it() {
        let iv: IvStyle = "a,b:level,L.c:diff".parse().unwrap();
        assert_eq!(
            iv.variables,
            [
                ("a".to_owned(), Equation::Both),
                ("b".to_owned(), Equation::Level),
                ("L.c".to_owned(), Equation::Diff)
            ]
        );
        assert_eq!(iv.to_string(), "a,b:level,L.c:diff");
    }
}
