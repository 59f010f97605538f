//! Files in the making, beside the place where they will appear.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::Existing;
use crate::{
    Error,
    swap::{Move, swap, with_suffix},
    temporaries::TemporaryFolder,
};

/// A folder beside the target in which the new files are made under their final names.
#[derive(Debug)]
pub(crate) struct Stage {
    target: PathBuf,
    folder: TemporaryFolder,
    new: PathBuf,
}

impl Stage {
    pub fn new(target: &Path) -> Result<Self, Error> {
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let failed = Error::file(parent);
        if !parent.is_dir() {
            return Err(failed(io::Error::new(io::ErrorKind::NotFound, "no such folder")));
        }
        let folder = TemporaryFolder::new_in(parent).map_err(&failed)?;
        let new = folder.path().join("new");
        fs::create_dir(&new).map_err(&failed)?;
        Ok(Self { target: target.to_owned(), folder, new })
    }

    /// Where to write the file that will become the target.
    pub fn file(&self) -> PathBuf {
        self.new.join(self.target.file_name().unwrap_or_default())
    }

    /// Starts from a copy of the target, with what SQLite has not yet merged into it.
    pub fn copy_target(&self) -> Result<(), Error> {
        fs::copy(&self.target, self.file()).map_err(Error::file(&self.target))?;
        let log = with_suffix(&self.target, "-wal");
        if log.exists() {
            fs::copy(&log, with_suffix(&self.file(), "-wal")).map_err(Error::file(&log))?;
        }
        Ok(())
    }

    /// Moves the new files into place and removes the `stale` ones, all or none.
    pub fn publish(self, stale: &[PathBuf], existing: Existing) -> Result<(), Error> {
        let made = fs::read_dir(&self.new).and_then(|entries| {
            entries
                .map(|entry| {
                    let entry = entry?;
                    let to = self.target.with_file_name(entry.file_name());
                    Ok(Move { from: entry.path(), to })
                })
                .collect::<io::Result<Vec<_>>>()
        });
        swap(&self.folder, &made.map_err(Error::file(&self.target))?, stale, existing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(target: &Path, files: &[(&str, &str)]) -> Stage {
        let stage = Stage::new(target).unwrap();
        for (name, text) in files {
            fs::write(stage.new.join(name), text).unwrap();
        }
        stage
    }

    #[test]
    fn siblings_move_together_and_stale_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.shp", "a.dbf", "a.qix", "b.qix"] {
            fs::write(at(name), "old").unwrap();
        }
        stage(&at("a.shp"), &[("a.shp", "new"), ("a.dbf", "new")])
            .publish(&[at("a.dbf"), at("a.qix")], Existing::Overwrite)
            .unwrap();
        assert_eq!(fs::read_to_string(at("a.shp")).unwrap(), "new");
        assert_eq!(fs::read_to_string(at("a.dbf")).unwrap(), "new");
        assert!(!at("a.qix").exists() && at("b.qix").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn an_interrupt_before_the_files_move_leaves_the_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        fs::write(&target, "old").unwrap();
        let stage = stage(&target, &[("a.csv", "new")]);
        fs::remove_dir_all(stage.folder.path()).unwrap();
        assert!(stage.publish(&[], Existing::Overwrite).is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
    }

    #[test]
    fn an_abandoned_stage_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(stage(&folder.path().join("a.csv"), &[("a.csv", "half")]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
