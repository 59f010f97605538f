//! Where to read from.

use std::{fmt, path::Path};

use crate::{Error, connection::without_passwords};

/// A file or connection, a layer in it and the field that names its units.
///
/// The path is anything GDAL opens: a file, `/vsi…`, `PG:…`; `-` is GeoJSON, GeoJSONSeq or an
/// RFC 8142 text sequence on standard input; `file.gpkg|layername=x` is understood as QGIS writes it.
///
/// ```
/// let source = durbin_io::Source::new("counties.gpkg|layername=2020").id("adcode");
/// assert_eq!(source.path(), "counties.gpkg");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    path: String,
    layer: Option<String>,
    id: Option<String>,
    /// What followed the bar and is not understood; reported on opening.
    unknown: Option<String>,
}

impl Source {
    /// A source whose only layer is meant and whose feature ids are the keys.
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        let plain = Self { path: path.clone(), layer: None, id: None, unknown: None };
        let Some((file, parts)) = path.split_once('|') else {
            return plain;
        };
        if Path::new(&path).exists() {
            return plain;
        }
        parts.split('|').fold(Self { path: file.to_owned(), ..plain }, |source, part| {
            match part.split_once('=') {
                Some((name, value)) if name.eq_ignore_ascii_case("layername") => {
                    source.layer(value)
                }
                _ => Self { unknown: Some(part.to_owned()), ..source },
            }
        })
    }

    /// The same source with a layer chosen.
    #[must_use]
    pub fn layer(mut self, name: impl Into<String>) -> Self {
        self.layer = Some(name.into());
        self
    }

    /// The same source with a key field.
    #[must_use]
    pub fn id(mut self, field: impl Into<String>) -> Self {
        self.id = Some(field.into());
        self
    }

    /// File, folder or connection, without the layer.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The layer, when one was chosen.
    pub fn layer_name(&self) -> Option<&str> {
        self.layer.as_deref()
    }

    /// The key field, when one was named.
    pub fn id_field(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path == "-"
    }

    /// Refuses what followed a bar and is not understood.
    pub(crate) fn understood(&self) -> Result<(), Error> {
        match &self.unknown {
            Some(part) => Err(Error::SourcePart { path: self.path.clone(), part: part.clone() }),
            None => Ok(()),
        }
    }
}

/// What messages and reports call it: no password is shown.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&if self.is_stdin() {
            "standard input".to_owned()
        } else {
            without_passwords(&self.path)
        })
    }
}

/// Whether two paths name the same existing file, however they are spelled; a layer after a bar is
/// left aside. `-` is never the same as anything.
pub fn same_file(a: &str, b: &str) -> bool {
    let identity = |path: &str| {
        let source = Source::new(path);
        if source.is_stdin() { None } else { Path::new(source.path()).canonicalize().ok() }
    };
    match (identity(a), identity(b)) {
        (Some(a), Some(b)) => a == b || same_inode(&a, &b),
        _ => false,
    }
}

/// Hard links differ in name only.
#[cfg(unix)]
fn same_inode(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (a.metadata(), b.metadata()) {
        (Ok(a), Ok(b)) => a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_inode(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qgis_spelling_of_a_layer_is_understood_and_other_parts_are_refused() {
        let source = Source::new("a.gpkg|layername=县 2020");
        assert_eq!((source.path(), source.layer_name()), ("a.gpkg", Some("县 2020")));
        assert!(source.understood().is_ok());
        assert!(Source::new("a.gpkg|subset=x > 1").understood().is_err());
    }

    #[test]
    fn one_file_is_the_same_by_any_path_and_by_hard_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(at("a"), "a").unwrap();
        std::fs::write(at("b"), "a").unwrap();
        assert!(same_file(&at("a"), &at("./a|layername=x")));
        assert!(!same_file(&at("a"), &at("b")));
        assert!(!same_file("-", "-"));
        std::fs::hard_link(at("a"), at("c")).unwrap();
        assert!(same_file(&at("a"), &at("c")));
    }
}
