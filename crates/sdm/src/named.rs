//! Choices that are written as one word in study files and on the command line.

/// Gives an enum of unit variants its words: `name()`, `Display`, `FromStr`, `Serialize`,
/// `Deserialize`. Words under `later` are known but refused as not yet there.
macro_rules! named {
    ($type:ident, $what:literal, { $($variant:ident => $word:literal),+ $(,)? }, later: $later:expr) => {
        impl $type {
            /// The word that stands for it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::SpecError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                let later: &[&str] = &$later;
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ if later.contains(&word) => Err($crate::SpecError::NotYet {
                        what: $what,
                        word: word.to_owned(),
                        known: vec![$($word),+],
                    }),
                    _ => Err($crate::SpecError::Unknown {
                        what: $what,
                        word: word.to_owned(),
                        known: vec![$($word),+],
                    }),
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use named;
