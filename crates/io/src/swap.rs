//! Finished files take their places together or not at all.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::TempPath;

use crate::{
    Error, Existing,
    temporaries::{Hold, TemporaryFolder},
};

/// A finished file and the place it is to take.
#[derive(Debug)]
pub(crate) struct Move {
    pub from: PathBuf,
    pub to: PathBuf,
}

/// Moves finished files from `draft` into place and removes `stale` ones. The old files wait inside
/// `draft`; when a step fails they come back, and nothing new is left, folders included.
///
/// # Errors
/// Unless `existing` is [`Existing::Overwrite`]: a target or a stale file that exists. A folder where
/// a file is to be, or whatever the system refuses; [`Error::Kept`] when an old file cannot come back.
pub(crate) fn swap(
    draft: &TemporaryFolder,
    new: &[Move],
    stale: &[PathBuf],
    existing: Existing,
) -> Result<(), Error> {
    let targets: Vec<&Path> =
        new.iter().map(|file| &file.to).chain(stale).map(PathBuf::as_path).collect();
    if existing != Existing::Overwrite {
        refuse_existing(&targets)?;
    }
    for Move { from, to } in new {
        File::open(from).and_then(|file| file.sync_all()).map_err(Error::file(to))?;
    }
    let hold = draft.hold().map_err(Error::file(draft.path()))?;
    let mut steps = Steps::default();
    match steps.take(draft.path(), new, &targets, existing) {
        Ok(()) => {
            hold.release();
            Ok(())
        }
        Err(error) => Err(settle(draft, hold, steps, error)),
    }
}

/// Undoes the steps, and says so when that fails.
fn settle(draft: &TemporaryFolder, hold: Hold, steps: Steps, error: Error) -> Error {
    if steps.undo() {
        hold.release();
        return error;
    }
    Error::Kept { folder: draft.path().display().to_string(), source: Box::new(error) }
}

/// Refuses files that exist.
///
/// # Errors
/// [`Error::Exists`] with the first of them.
pub(crate) fn refuse_existing(files: &[impl AsRef<Path>]) -> Result<(), Error> {
    match files.iter().map(AsRef::as_ref).find(|file| present(file)) {
        Some(file) => Err(Error::Exists { path: file.display().to_string() }),
        None => Ok(()),
    }
}

/// What SQLite keeps beside a database; left beside another one, it would be merged into that.
pub(crate) fn journals(database: &Path) -> Vec<PathBuf> {
    ["-wal", "-shm", "-journal"].map(|suffix| with_suffix(database, suffix)).to_vec()
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A link to nothing is there, too.
fn present(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// What was done, so that it can be taken back.
#[derive(Debug, Default)]
struct Steps {
    folders: Vec<PathBuf>,
    moves: Vec<Move>,
}

impl Steps {
    fn take(
        &mut self,
        draft: &Path,
        new: &[Move],
        targets: &[&Path],
        existing: Existing,
    ) -> Result<(), Error> {
        for target in targets {
            if target.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                return Err(Error::file(target)(io::ErrorKind::IsADirectory.into()));
            }
        }
        for parent in new.iter().filter_map(|file| file.to.parent()) {
            self.create(parent).map_err(Error::file(parent))?;
        }
        // One file replaces another in one step.
        let stale = &targets[new.len()..];
        if new.len() > 1 || stale.iter().any(|file| present(file)) {
            self.put_aside(draft, targets)?;
        }
        for Move { from, to } in new {
            match existing {
                Existing::Overwrite => fs::rename(from, to),
                Existing::Refuse | Existing::Append => rename_to_free(from, to),
            }
            .map_err(Error::file(to))?;
            self.moved(from, to);
        }
        Ok(())
    }

    fn create(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.create(parent)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    fn put_aside(&mut self, draft: &Path, targets: &[&Path]) -> Result<(), Error> {
        let aside = tempfile::Builder::new()
            .prefix("replaced-")
            .tempdir_in(draft)
            .map_err(Error::file(draft))?
            .keep();
        for (n, target) in targets.iter().enumerate() {
            // A stale file that is also written is put aside once.
            if present(target) {
                let mut name = OsString::from(format!("{n}-"));
                name.push(target.file_name().unwrap_or_default());
                let aside = aside.join(name);
                fs::rename(target, &aside).map_err(Error::file(target))?;
                self.moved(target, &aside);
            }
        }
        Ok(())
    }

    fn moved(&mut self, from: &Path, to: &Path) {
        self.moves.push(Move { from: from.to_owned(), to: to.to_owned() });
    }

    /// Whether all is as it was before.
    fn undo(self) -> bool {
        let mut whole = true;
        for Move { from, to } in self.moves.into_iter().rev() {
            whole &= fs::rename(to, from).is_ok();
        }
        for folder in self.folders.into_iter().rev() {
            // Somebody else's file may be in it by now.
            let _ = fs::remove_dir(folder);
        }
        whole
    }
}

/// Renames, unless something took the place meanwhile.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match TempPath::try_from_path(from)?.persist_noclobber(to) {
        Ok(()) => Ok(()),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Err(refused.error),
        // Some file systems have neither such a rename nor hard links.
        Err(refused) => fs::rename(refused.path.keep().map_err(|refused| refused.error)?, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step that cannot be undone: the place of an old file is gone.
    #[test]
    fn an_old_file_that_cannot_come_back_is_kept_and_named() {
        let parent = tempfile::tempdir().unwrap();
        let draft = TemporaryFolder::new_in(parent.path()).unwrap();
        let aside = draft.path().join("0-a.shp");
        fs::write(&aside, "old").unwrap();
        let hold = draft.hold().unwrap();
        let mut steps = Steps::default();
        steps.moved(&parent.path().join("gone/a.shp"), &aside);
        let error = settle(&draft, hold, steps, Error::EmptyInput);
        assert!(error.to_string().contains(&draft.path().display().to_string()), "{error}");
        drop(draft);
        assert_eq!(fs::read_to_string(aside).unwrap(), "old");
    }

    #[test]
    fn a_place_taken_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [new, place] = ["new", "place"].map(|name| folder.path().join(name));
        fs::write(&new, "new").unwrap();
        fs::write(&place, "theirs").unwrap();
        let error = rename_to_free(&new, &place).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(place).unwrap(), "theirs");
    }
}
