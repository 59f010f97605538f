//! Regressors and instruments by name: lags in Stata's notation, products of variables.

use std::fmt;

use crate::Error;

/// A variable, lagged by so many periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The variable.
    pub name: String,
    /// Periods back.
    pub lag: usize,
}

/// A product of one or more variables, such as `P`, `L.P` or `P*C*I`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its factors, in the order written.
    pub factors: Vec<Factor>,
}

impl Term {
    /// One variable, lagged.
    pub fn lagged(name: impl Into<String>, lag: usize) -> Self {
        Self { factors: vec![Factor { name: name.into(), lag }] }
    }

    /// The product of terms.
    pub fn product<'a>(terms: impl IntoIterator<Item = &'a Term>) -> Self {
        Self { factors: terms.into_iter().flat_map(|term| term.factors.iter().cloned()).collect() }
    }

    /// Whether it is a product.
    pub fn is_interaction(&self) -> bool {
        self.factors.len() > 1
    }

    /// The same as [`Term::parse`] where some names are variables as they stand, lagged or not, whatever they look like:
    /// `W*P` and `L.W*P` in a panel that has `W*P`.
    ///
    /// # Errors
    /// As [`Term::parse`].
    pub fn read(text: &str, has: impl Fn(&str) -> bool) -> Result<Vec<Self>, Error> {
        if has(text) {
            return Ok(vec![Self::lagged(text, 0)]);
        }
        match lags(text.trim()) {
            Some((name, several)) if has(name) => {
                Ok(several.into_iter().map(|lag| Self::lagged(name, lag)).collect())
            }
            _ => Self::parse(text),
        }
    }

    /// Reads `P`, `L.P`, `L2.P`, `L(0/2).P` (three terms) or products of such with `*`.
    ///
    /// # Errors
    /// [`Error::Syntax`] for an empty name or a range inside a product.
    pub fn parse(text: &str) -> Result<Vec<Self>, Error> {
        let wrong = || Error::Syntax {
            what: "variable",
            text: text.to_owned(),
            expected: "a name, a lag such as L.P or L2.P, a range of lags such as L(0/2).P, or a product such as P*C",
        };
        let parts: Vec<&str> = text.split('*').map(str::trim).collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(wrong());
        }
        let mut lags =
            parts.iter().map(|part| lags(part)).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
        if let [(name, several)] = lags.as_slice() {
            return Ok(several.iter().map(|&lag| Self::lagged(*name, lag)).collect());
        }
        if lags.iter().any(|(_, several)| several.len() != 1) {
            return Err(wrong());
        }
        let factors =
            lags.drain(..).map(|(name, lag)| Factor { name: name.to_owned(), lag: lag[0] });
        Ok(vec![Self { factors: factors.collect() }])
    }
}

/// The name behind a lag operator and the lags it stands for.
fn lags(text: &str) -> Option<(&str, Vec<usize>)> {
    let operator = text.split_once('.').filter(|(operator, _)| {
        operator.starts_with(['L', 'l'])
            && operator[1..].chars().all(|c| c.is_ascii_digit() || "(/)".contains(c))
    });
    let Some((operator, name)) = operator else { return Some((text, vec![0])) };
    if name.is_empty() {
        return None;
    }
    let digits = &operator[1..];
    if digits.is_empty() {
        return Some((name, vec![1]));
    }
    if let Some(range) = digits.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let (from, to) = range.split_once('/').unwrap_or((range, range));
        let (from, to) = (from.parse::<usize>().ok()?, to.parse::<usize>().ok()?);
        return (from <= to && to < 1000).then(|| (name, (from..=to).collect()));
    }
    Some((name, vec![digits.parse().ok()?]))
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lag {
            0 => f.write_str(&self.name),
            1 => write!(f, "L.{}", self.name),
            lag => write!(f, "L{lag}.{}", self.name),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, factor) in self.factors.iter().enumerate() {
            if at > 0 {
                f.write_str("*")?;
            }
            write!(f, "{factor}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        Term::parse(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lags_and_products_are_read_and_named_as_stata_does() {
        assert_eq!(names("w"), ["w"]);
        assert_eq!(names("L1.w"), ["L.w"]);
        assert_eq!(names("L(0/2).k"), ["k", "L.k", "L2.k"]);
        assert_eq!(names("P * C*L2.I"), ["P*C*L2.I"]);
        assert_eq!(names("Land.area"), ["Land.area"]);
    }

    #[test]
    fn a_variable_with_a_sign_in_its_name_is_no_product() {
        let read = |text: &str| Term::read(text, |name| name == "W*P").unwrap();
        assert_eq!(read("W*P"), [Term::lagged("W*P", 0)]);
        assert_eq!(read("L(1/2).W*P"), [Term::lagged("W*P", 1), Term::lagged("W*P", 2)]);
        assert!(read("W*C")[0].is_interaction());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in ["", "P*", "L.", "L(2/1).k", "P*L(0/1).k"] {
            assert!(Term::parse(text).is_err(), "{text}");
        }
    }
}
