//! Files made elsewhere than by GDAL, whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Error, Existing, TemporaryFolder,
    swap::{Move, journals, swap},
    write::Stage,
};

/// Writes a file that appears whole or not at all.
///
/// A single file cannot be appended to: [`Existing::Append`] refuses as [`Existing::Refuse`] does.
///
/// # Errors
/// [`Error::Exists`] unless the file may be replaced; what the system refuses.
pub fn write_whole(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), Error> {
    let stage = Stage::new(path)?;
    fs::write(stage.file(), bytes).map_err(Error::file(path))?;
    stage.publish(&[], existing)
}

/// Moves finished `files`, paths relative to `draft`, to the same paths in `out`: all of them or none.
/// Folders are made as needed; other files in `out` are left alone. What SQLite kept beside a
/// GeoPackage that is replaced goes with it.
///
/// # Errors
/// Unless they may be replaced, [`Error::Exists`] if one of the files is there, before any is moved;
/// what the system refuses, or [`Error::Kept`] if thereafter an old file cannot come back.
pub fn place(
    draft: &TemporaryFolder,
    files: &[String],
    out: &Path,
    existing: Existing,
) -> Result<(), Error> {
    let moves: Vec<Move> = files
        .iter()
        .map(|file| Move { from: draft.path().join(file), to: out.join(file) })
        .collect();
    let geopackages = moves.iter().map(|file| &file.to).filter(|file| {
        file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gpkg"))
    });
    let stale: Vec<PathBuf> = geopackages.flat_map(|file| journals(file)).collect();
    swap(draft, &moves, &stale, existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 3] = ["study.gpkg", "tables/coefficients.csv", "maps/a/b.svg"];

    /// A folder `out` with `old` files, and a draft of [`FILES`] beside it.
    fn drafted(old: &[&str]) -> (tempfile::TempDir, TemporaryFolder, Vec<String>) {
        let parent = tempfile::tempdir().unwrap();
        let draft = TemporaryFolder::new_in(parent.path()).unwrap();
        let write = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for name in old {
            write(parent.path().join("out").join(name), "old");
        }
        for name in FILES {
            write(draft.path().join(name), "new");
        }
        (parent, draft, FILES.map(str::to_owned).to_vec())
    }

    /// Every file and folder with its text.
    fn tree(folder: &Path) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            found.extend(tree(&path));
            found.push((path.clone(), fs::read_to_string(path).unwrap_or_default()));
        }
        found.sort();
        found
    }

    #[test]
    fn files_take_their_places_and_others_stay() {
        let (parent, draft, files) = drafted(&["study.gpkg", "study.gpkg-wal", "maps/mine.svg"]);
        let out = parent.path().join("out");
        place(&draft, &files, &out, Existing::Overwrite).unwrap();
        for file in FILES {
            assert_eq!(fs::read_to_string(out.join(file)).unwrap(), "new", "{file}");
        }
        assert!(out.join("maps/mine.svg").exists());
        assert!(!out.join("study.gpkg-wal").exists());
        drop(draft);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_made() {
        let (parent, draft, files) = drafted(&[]);
        let out = parent.path().join("out/deeper");
        place(&draft, &files, &out, Existing::Refuse).unwrap();
        assert!(out.join("maps/a/b.svg").exists());
    }

    #[test]
    fn any_file_that_exists_is_refused_before_one_is_moved() {
        for old in ["tables/coefficients.csv", "study.gpkg-wal"] {
            let (parent, draft, files) = drafted(&[old]);
            let before = tree(parent.path());
            let error =
                place(&draft, &files, &parent.path().join("out"), Existing::Refuse).unwrap_err();
            assert!(matches!(&error, Error::Exists { path } if path.ends_with(old)), "{error}");
            assert_eq!(tree(parent.path()), before);
        }
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        // A folder where a file is to be, and a file where a folder is to be.
        for obstacle in ["maps/a/b.svg/x", "maps"] {
            let (parent, draft, files) = drafted(&["study.gpkg", "study.gpkg-wal", obstacle]);
            let out = parent.path().join("out");
            let before = tree(&out);
            let error = place(&draft, &files, &out, Existing::Overwrite).unwrap_err();
            assert!(matches!(error, Error::File { .. }), "{error}");
            assert_eq!(tree(&out), before, "{obstacle}");
        }
    }

    #[test]
    fn a_file_that_is_missing_halfway_brings_back_the_others() {
        let (parent, draft, files) = drafted(&["study.gpkg", "tables/coefficients.csv"]);
        let out = parent.path().join("out");
        let before = tree(&out);
        let twice = [&files[..], &files[..1]].concat();
        assert!(place(&draft, &twice, &out, Existing::Overwrite).is_err());
        assert_eq!(tree(&out), before);
        assert!(draft.path().join("study.gpkg").exists());
    }

    #[test]
    fn a_file_is_written_whole_with_the_usual_permissions_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.gal");
        write_whole(&path, b"new", Existing::Refuse).unwrap();
        let usual = folder.path().join("usual");
        fs::write(&usual, "x").unwrap();
        let permissions = |path: &Path| path.metadata().unwrap().permissions();
        assert_eq!(permissions(&path), permissions(&usual));
        let error = write_whole(&path, b"newer", Existing::Refuse).unwrap_err();
        assert!(matches!(error, Error::Exists { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"new");
        write_whole(&path, b"newer", Existing::Overwrite).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
