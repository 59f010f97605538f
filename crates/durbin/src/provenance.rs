//! Where results come from: the command, the programs, the inputs with their hashes.

use std::{
    fmt::{self, Write as _},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use durbin_io::{Source, is_database};
use sha2::{Digest, Sha256};

use crate::{Error, WeightsChoice};

/// A file or connection that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    pub role: &'static str,
    /// A file without its folders: results do not depend on where they are computed.
    pub name: String,
    pub layer: Option<String>,
    /// SHA-256 of a file; a connection or a stream has none.
    pub sha256: Option<String>,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.role, self.name)?;
        if let Some(layer) = &self.layer {
            write!(f, ", layer {layer}")?;
        }
        match &self.sha256 {
            Some(hash) => write!(f, ", SHA-256 {hash}"),
            None => f.write_str(", no file to hash"),
        }
    }
}

/// Looks at a source; of a Shapefile the attributes are a second input.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn inputs_of(role: &'static str, source: &Source) -> Result<Vec<Input>, Error> {
    let path = Path::new(source.path());
    let layer = source.layer_name().map(str::to_owned);
    if is_database(source.path()) || !path.is_file() {
        return Ok(vec![Input { role, name: source.to_string(), layer, sha256: None }]);
    }
    let hashed = |path: PathBuf, layer: Option<String>| -> Result<Input, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Input { role, name, layer, sha256: Some(sha256(&path)?) })
    };
    let attributes = path.with_extension("dbf");
    let shapefile = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp"));
    let mut found = vec![hashed(path.to_owned(), layer)?];
    if shapefile && attributes.is_file() {
        found.push(hashed(attributes, None)?);
    }
    Ok(found)
}

/// What stands behind the command in the history of a layer that it writes.
///
/// # Errors
/// An input that cannot be read.
pub(crate) fn history(
    sources: &[Option<&Source>],
    weights: &[&WeightsChoice],
) -> Result<Vec<String>, Error> {
    let files = weights.iter().flat_map(|choice| choice.spec.files());
    let files: Vec<Source> = files.map(|path| Source::new(path.display().to_string())).collect();
    let read = sources.iter().flatten().map(|source| ("input", *source));
    let mut lines = vec![programs()];
    for (role, source) in read.chain(files.iter().map(|source| ("weights file", source))) {
        for input in inputs_of(role, source)? {
            let line = input.to_string();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    Ok(lines)
}

/// The versions that numbers may depend on.
pub(crate) fn programs() -> String {
    let versions = durbin_io::versions();
    let durbin = env!("CARGO_PKG_VERSION");
    format!("durbin {durbin}, GDAL {}, PROJ {}", versions.gdal, versions.proj)
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn sha256(path: &Path) -> Result<String, Error> {
    let failed = Error::file(path);
    let mut file = File::open(path).map_err(&failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(&failed)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let mut hexadecimal = String::new();
    for byte in hash.finalize() {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    Ok(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_bytes_and_a_shapefile_has_two() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.shp"), "abc").unwrap();
        std::fs::write(at("a.dbf"), "").unwrap();
        let source = Source::new(at("a.shp").display().to_string()).layer("a");
        let [shapes, attributes] = &inputs_of("input", &source).unwrap()[..] else {
            panic!("two files")
        };
        // FIPS 180-2, appendix B.1, and of nothing.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(shapes.to_string(), format!("input: a.shp, layer a, SHA-256 {abc}"));
        assert!(attributes.to_string().contains("a.dbf, SHA-256 e3b0c44298fc1c14"));
    }

    #[test]
    fn what_is_no_file_says_so_and_shows_no_password() {
        let source = Source::new("PG:dbname=x password=geheim");
        let said = inputs_of("input", &source).unwrap()[0].to_string();
        assert_eq!(said, "input: PG:dbname=x password=***, no file to hash");
    }
}
