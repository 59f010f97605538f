//! The choices behind a number, written beside it because programs differ by factors of two.

use serde::Serialize;

/// Named choices in the order they were made, such as `("p_value", "two-sided normal")`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Conventions(Vec<(String, String)>);

impl Conventions {
    /// No choices yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same list with one more choice.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, choice: impl Into<String>) -> Self {
        self.0.push((name.into(), choice.into()));
        self
    }

    /// All choices, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, choice)| (name.as_str(), choice.as_str()))
    }
}
