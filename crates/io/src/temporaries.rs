//! Temporary folders that vanish with their owner, or at once when the program is interrupted.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A registered temporary folder.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// A new hidden folder inside `parent`.
    ///
    /// # Errors
    /// What the system says when it cannot be made.
    pub fn new_in(parent: &Path) -> io::Result<Self> {
        let mut folders = registered();
        let folder = tempfile::Builder::new().prefix(".durbin-").tempdir_in(parent)?.keep();
        folders.insert(folder.clone());
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // A folder that cannot be removed is litter, not an error of the work that is over.
        let _ = fs::remove_dir_all(&self.0);
        registered().remove(&self.0);
    }
}

/// Removes every temporary folder of this process. For the handler of an interrupt: work that is
/// under way fails when it next touches its files, and leaves what was there before.
pub fn remove_temporaries() {
    for folder in std::mem::take(&mut *registered()) {
        let _ = fs::remove_dir_all(folder);
    }
}

fn registered() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_vanishes_with_its_owner() {
        let parent = tempfile::tempdir().unwrap();
        let folder = TemporaryFolder::new_in(parent.path()).unwrap();
        fs::write(folder.path().join("x"), "x").unwrap();
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }
}
