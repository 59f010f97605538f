//! Which products of the regressors enter.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Term};

/// The highest order of an interaction that `all` stands for.
const HIGHEST: usize = 4;

/// Products of distinct regressors that enter beside them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Interactions {
    /// None.
    #[default]
    None,
    /// All up to the fourth order.
    All,
    /// All up to this order.
    UpTo(usize),
    /// These, such as `P*C`.
    Only(Vec<String>),
}

impl Interactions {
    /// The interactions of `x`: by order, and within an order in the order of `x`.
    ///
    /// # Errors
    /// A factor that is none of `x`.
    pub fn terms(&self, x: &[Term]) -> Result<Vec<Term>, Error> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::All => Ok(up_to(x, HIGHEST)),
            Self::UpTo(order) => Ok(up_to(x, *order)),
            Self::Only(names) => names.iter().map(|name| named(name, x)).collect(),
        }
    }
}

fn up_to(x: &[Term], highest: usize) -> Vec<Term> {
    let mut all = Vec::new();
    let mut last: Vec<Vec<usize>> = (0..x.len()).map(|at| vec![at]).collect();
    for _ in 2..=highest.min(x.len()) {
        let grown = |set: &Vec<usize>| -> Vec<Vec<usize>> {
            let next = set.last().map_or(0, |at| at + 1);
            (next..x.len()).map(|at| set.iter().copied().chain([at]).collect()).collect()
        };
        last = last.iter().flat_map(grown).collect();
        all.extend(last.iter().map(|set| Term::product(set.iter().map(|&at| &x[at]))));
    }
    all
}

fn named(name: &str, x: &[Term]) -> Result<Term, Error> {
    let term = Term::parse(name)?.remove(0);
    if !term.is_interaction() {
        return Err(Error::Syntax {
            what: "interactions",
            text: name.to_owned(),
            expected: "all, none, an order such as 2, or products of regressors such as P*C",
        });
    }
    for factor in &term.factors {
        let alone = Term { factors: vec![factor.clone()] };
        if !x.contains(&alone) {
            return Err(Error::NotARegressor {
                term: name.to_owned(),
                factor: factor.to_string(),
                x: x.iter().map(ToString::to_string).collect(),
            });
        }
    }
    Ok(term)
}

impl FromStr for Interactions {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim() {
            "none" | "" => Ok(Self::None),
            "all" => Ok(Self::All),
            order if order.chars().all(|c| c.is_ascii_digit()) => match order.parse() {
                Ok(order @ 2..=8) => Ok(Self::UpTo(order)),
                _ => Err(Error::Syntax {
                    what: "interactions",
                    text: text.to_owned(),
                    expected: "an order from 2 to 8",
                }),
            },
            list => Ok(Self::Only(list.split(',').map(|name| name.trim().to_owned()).collect())),
        }
    }
}

impl fmt::Display for Interactions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::All => f.write_str("all"),
            Self::UpTo(order) => write!(f, "{order}"),
            Self::Only(names) => f.write_str(&names.join(",")),
        }
    }
}

impl Serialize for Interactions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interactions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Order(usize),
            Word(String),
            List(Vec<String>),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Order(order) => order.to_string(),
            Written::Word(word) => word,
            Written::List(names) => names.join(","),
        };
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_factors_have_eleven_interactions_up_to_the_fourth_order() {
        let x: Vec<Term> = ["P", "C", "I", "T"].map(|name| Term::lagged(name, 0)).to_vec();
        let all = Interactions::All.terms(&x).unwrap();
        let names: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "P*C", "P*I", "P*T", "C*I", "C*T", "I*T", "P*C*I", "P*C*T", "P*I*T", "C*I*T",
                "P*C*I*T"
            ]
        );
        assert_eq!(Interactions::UpTo(2).terms(&x).unwrap().len(), 6);
        let strange = Interactions::Only(vec!["P*Q".into()]).terms(&x).unwrap_err();
        assert!(strange.to_string().contains("`Q`"), "{strange}");
    }
}
