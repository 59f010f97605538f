//! Temporary folders that vanish with their owner, or at once when the program is interrupted.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How often, and after what pauses, an interrupt tries to remove a folder.
const TRIES: usize = 50;
const PAUSE: Duration = Duration::from_millis(5);

/// The folders that may be removed at any time.
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

    /// Keeps the folder, whatever happens, until it is released: an interrupt waits meanwhile.
    ///
    /// # Errors
    /// When an interrupt was faster and the folder is gone.
    pub(crate) fn hold(&self) -> io::Result<Hold<'_>> {
        let mut folders = registered();
        if folders.remove(&self.0) {
            Ok(Hold { folder: &self.0, folders })
        } else {
            Err(io::ErrorKind::Interrupted.into())
        }
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let mut folders = registered();
        if folders.remove(&self.0) {
            // A folder that cannot be removed is litter, not an error of the work that is over.
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// A folder that holds what must not be lost. Dropped without [`Hold::release`], it stays for good.
#[derive(Debug)]
pub(crate) struct Hold<'a> {
    folder: &'a Path,
    folders: MutexGuard<'static, BTreeSet<PathBuf>>,
}

impl Hold<'_> {
    /// The folder is temporary again.
    pub fn release(mut self) {
        self.folders.insert(self.folder.to_owned());
    }
}

/// Removes every temporary folder of this process. For the handler of an interrupt: work that is
/// under way fails when it next touches its files, and leaves what was there before. Files that are
/// just being moved into place are waited for.
pub fn remove_temporaries() {
    let mut folders = registered();
    for folder in std::mem::take(&mut *folders) {
        // The work that is interrupted may still be adding files while they are removed.
        for _ in 0..TRIES {
            let _ = fs::remove_dir_all(&folder);
            if !folder.exists() {
                break;
            }
            thread::sleep(PAUSE);
        }
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

    #[test]
    fn a_folder_that_was_held_vanishes_only_once_it_is_released() {
        let parent = tempfile::tempdir().unwrap();
        let [kept, released] = [(); 2].map(|()| TemporaryFolder::new_in(parent.path()).unwrap());
        let paths = [&kept, &released].map(|folder| folder.path().to_owned());
        drop(kept.hold().unwrap());
        released.hold().unwrap().release();
        drop((kept, released));
        assert_eq!(paths.map(|path| path.exists()), [true, false]);
    }

    #[test]
    fn an_interrupt_waits_for_a_folder_that_is_held() {
        let parent = tempfile::tempdir().unwrap();
        let folder = TemporaryFolder::new_in(parent.path()).unwrap();
        let hold = folder.hold().unwrap();
        // What an interrupt takes before it removes anything.
        assert!(std::thread::spawn(|| FOLDERS.try_lock().is_err()).join().unwrap());
        hold.release();
    }
}
