//! Tables in a folder: Markdown and LaTeX for papers, CSV at full precision in the long form.

use std::{fs, path::Path};

use durbin_core::EstimateTable;
use durbin_io::{Existing, TemporaryFolder, place};

use crate::{Error, tables};

const ENDINGS: [&str; 3] = ["md", "tex", "csv"];

/// A table's file stem, and its text for each ending.
pub(super) type Texts = (String, [String; 3]);

/// The texts of a table of estimates.
pub(super) fn of_estimates(table: EstimateTable) -> Texts {
    let group = tables::group_name(&table);
    let texts = [
        durbin_report::table::markdown(&table),
        durbin_report::table::latex(&table),
        durbin_report::table::csv(&table.long(group)),
    ];
    (table.name, texts)
}

/// Refuses, before any work, tables that exist.
pub(super) fn refuse(folder: &Path, stems: &[&str], existing: Existing) -> Result<(), Error> {
    for stem in stems {
        for ending in ENDINGS {
            let path = folder.join(format!("{stem}.{ending}")).display().to_string();
            crate::files::refuse_existing(&path, existing == Existing::Overwrite)?;
        }
    }
    Ok(())
}

/// Writes the tables into `folder`, all of them or none.
pub(super) fn write(
    folder: &Path,
    tables: impl IntoIterator<Item = Texts>,
    existing: Existing,
) -> Result<(), Error> {
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty());
    let beside = if folder.is_dir() { folder } else { parent.unwrap_or(Path::new(".")) };
    fs::create_dir_all(beside).map_err(Error::file(beside))?;
    let draft = TemporaryFolder::new_in(beside).map_err(Error::file(beside))?;
    let mut files = Vec::new();
    for (name, texts) in tables {
        for (ending, text) in ENDINGS.into_iter().zip(texts) {
            let file = format!("{name}.{ending}");
            let path = draft.path().join(&file);
            fs::write(&path, text).map_err(Error::file(&path))?;
            files.push(file);
        }
    }
    let replace = if existing == Existing::Overwrite { existing } else { Existing::Refuse };
    Ok(place(&draft, &files, folder, replace)?)
}
