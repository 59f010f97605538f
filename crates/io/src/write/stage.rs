//! Files in the making, beside the place where they will appear.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::{Error, temporaries::TemporaryFolder};

/// A folder beside the target in which the new files are made under their final names.
#[derive(Debug)]
pub(super) struct Stage {
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

    /// Moves the new files into place and removes the target's old siblings `stale`. When that fails
    /// halfway, the old files come back.
    pub fn publish(self, stale: &[&str]) -> Result<(), Error> {
        let failed = Error::file(&self.target);
        let names = names(&self.new).map_err(&failed)?;
        for name in &names {
            File::open(self.new.join(name)).and_then(|file| file.sync_all()).map_err(&failed)?;
        }
        let old: Vec<PathBuf> = stale
            .iter()
            .map(|extension| self.target.with_extension(extension))
            .chain(["-wal", "-shm", "-journal"].map(|suffix| with_suffix(&self.target, suffix)))
            .filter(|file| file.exists())
            .collect();
        if let ([only], []) = (&names[..], &old[..]) {
            return fs::rename(self.new.join(only), self.beside(only)).map_err(failed);
        }
        let mut moved = Moved::default();
        let result = self.replace(&names, &old, &mut moved);
        if result.is_err() {
            moved.undo();
        }
        result.map_err(failed)
    }

    fn replace(&self, names: &[OsString], old: &[PathBuf], moved: &mut Moved) -> io::Result<()> {
        let aside = self.folder.path().join("old");
        fs::create_dir(&aside)?;
        let replaced = names.iter().map(|name| self.beside(name)).filter(|file| file.exists());
        for file in replaced.chain(
            old.iter()
                .filter(|file| !names.iter().any(|name| self.beside(name) == **file))
                .cloned(),
        ) {
            moved.rename(&file, &aside.join(file.file_name().unwrap_or_default()))?;
        }
        for name in names {
            moved.rename(&self.new.join(name), &self.beside(name))?;
        }
        Ok(())
    }

    fn beside(&self, name: &OsString) -> PathBuf {
        self.target.with_file_name(name)
    }
}

/// Renames that can be taken back.
#[derive(Debug, Default)]
struct Moved(Vec<(PathBuf, PathBuf)>);

impl Moved {
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        self.0.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    /// The failure that led here is what the user must hear of, not a second one.
    fn undo(self) {
        for (from, to) in self.0.into_iter().rev() {
            let _ = fs::rename(to, from);
        }
    }
}

fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
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
            .publish(&["dbf", "qix"])
            .unwrap();
        assert_eq!(fs::read_to_string(at("a.shp")).unwrap(), "new");
        assert_eq!(fs::read_to_string(at("a.dbf")).unwrap(), "new");
        assert!(!at("a.qix").exists() && at("b.qix").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_move_that_fails_halfway_brings_the_old_files_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.shp"), "old").unwrap();
        let stage = stage(&at("a.shp"), &[("a.shp", "new")]);
        let mut moved = Moved::default();
        let names = [OsString::from("a.shp"), OsString::from("never written")];
        assert!(stage.replace(&names, &[], &mut moved).is_err());
        moved.undo();
        assert_eq!(fs::read_to_string(at("a.shp")).unwrap(), "old");
    }

    #[test]
    fn an_abandoned_stage_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(stage(&folder.path().join("a.csv"), &[("a.csv", "half")]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
