//! Standard input of any size, spooled to a file that GDAL can seek in.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::PathBuf,
};

use crate::{Error, temporaries::TemporaryFolder};

/// A spooled stream and the driver that reads it.
#[derive(Debug)]
pub(crate) struct Spool {
    pub file: PathBuf,
    pub driver: &'static str,
    _folder: TemporaryFolder,
}

impl Spool {
    /// Copies `input` and tells a sequence of features from one document: GeoJSON is one object, a
    /// sequence has something after its first, or starts with the record separator of RFC 8142.
    ///
    /// # Errors
    /// [`Error::EmptyInput`]; the stream or the temporary file fails.
    pub fn new(input: impl Read) -> Result<Self, Error> {
        let parent = std::env::temp_dir();
        let folder = TemporaryFolder::new_in(&parent).map_err(Error::file(&parent))?;
        // The name becomes the layer's, unless the document has one.
        let file = folder.path().join("stdin.geojson");
        let scan = copy(input, &file).map_err(Error::file(&file))?;
        let driver = match scan.state {
            State::Before => return Err(Error::EmptyInput),
            State::Separated | State::More => "GeoJSONSeq",
            State::Inside | State::After => "GeoJSON",
        };
        Ok(Self { file, driver, _folder: folder })
    }
}

const BYTE_ORDER_MARK: [u8; 3] = *b"\xef\xbb\xbf";

fn copy(mut input: impl Read, file: &PathBuf) -> io::Result<Scan> {
    let mut output = BufWriter::new(File::create(file)?);
    let mut scan = Scan::default();
    // GDAL does not expect a byte order mark before a sequence.
    let mut start = Vec::new();
    input.by_ref().take(3).read_to_end(&mut start)?;
    if start != BYTE_ORDER_MARK {
        scan.read(&start);
        output.write_all(&start)?;
    }
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        scan.read(&buffer[..length]);
        output.write_all(&buffer[..length])?;
    }
    output.flush()?;
    Ok(scan)
}

/// Follows the first JSON object to its end.
#[derive(Debug, Default)]
struct Scan {
    state: State,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    /// Nothing but white space so far.
    #[default]
    Before,
    /// A record separator came first.
    Separated,
    /// Within the first object.
    Inside,
    /// The first object is complete.
    After,
    /// Something follows the first object.
    More,
}

impl Scan {
    fn read(&mut self, bytes: &[u8]) {
        const RECORD_SEPARATOR: u8 = 0x1e;
        for &byte in bytes {
            match self.state {
                State::Before if byte == RECORD_SEPARATOR => self.state = State::Separated,
                State::Before if byte.is_ascii_whitespace() => {}
                State::Before => {
                    self.state = State::Inside;
                    self.step(byte);
                }
                State::Inside => self.step(byte),
                State::After if !byte.is_ascii_whitespace() => self.state = State::More,
                State::After => {}
                State::Separated | State::More => return,
            }
        }
    }

    fn step(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.state = State::After;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(text: &str) -> &'static str {
        Spool::new(text.as_bytes()).unwrap().driver
    }

    #[test]
    fn one_object_is_a_document_and_several_are_a_sequence() {
        assert_eq!(
            driver("\u{feff}{\"type\":\"FeatureCollection\",\n\"features\":[]}\n"),
            "GeoJSON"
        );
        assert_eq!(driver("{\"a\":\"}{\\\"\"}\n{\"a\":1}"), "GeoJSONSeq");
        assert_eq!(driver("{\"a\":\"}{\\\"\"}\n"), "GeoJSON");
        assert_eq!(driver("\u{1e}{\"a\":1}\n"), "GeoJSONSeq");
    }

    #[test]
    fn nothing_on_standard_input_is_an_error() {
        assert!(matches!(Spool::new(" \n".as_bytes()), Err(Error::EmptyInput)));
    }

    #[test]
    fn the_spooled_file_holds_every_byte() {
        let text = format!("{{\"x\":\"{}\"}}", "é".repeat(100_000));
        let spool = Spool::new(text.as_bytes()).unwrap();
        assert_eq!(std::fs::read_to_string(&spool.file).unwrap(), text);
    }
}
