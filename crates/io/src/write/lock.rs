//! One writer at a time for a file that is copied, changed and put back.

use std::{fs::File, io, path::Path};

/// The existing file `path`, locked against other writers of this program until it is dropped; `None`
/// when there is no such file. Waits for whoever holds it.
pub(super) fn exclusive(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        match file.lock() {
            // A file system without locks is no reason not to write.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(Some(file)),
            locked => locked?,
        }
        if still_at(path, &file)? {
            return Ok(Some(file));
        }
    }
}

/// Whoever held the lock before may have put another file in its place.
#[cfg(unix)]
fn still_at(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (held, there) = (file.metadata()?, path.metadata());
    Ok(there.is_ok_and(|there| (held.dev(), held.ino()) == (there.dev(), there.ino())))
}

#[cfg(not(unix))]
fn still_at(_: &Path, _: &File) -> io::Result<bool> {
    Ok(true)
}
