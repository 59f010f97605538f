//! Choices of words: options of the command and keys of a file alike.

use std::fmt;

use serde::Deserialize;

/// A choice as a file may hold it: `steps = 2` or `steps = "2"`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Written {
    Number(i64),
    Word(String),
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// Declares a choice of words that reads, prints and serialises the same way.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, $expected:literal: $($(#[$item_doc:meta])* $item:ident = $word:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$item_doc])* $item,)+
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$crate::words::Written as serde::Deserialize>::deserialize(deserializer)?.to_string().parse().map_err(serde::de::Error::custom)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<Self, $crate::Error> {
                match text {
                    $($word => Ok(Self::$item),)+
                    _ => Err($crate::Error::Syntax { what: $what, text: text.to_owned(), expected: $expected }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$item => $word,)+ })
            }
        }
    };
}

pub(crate) use words;
