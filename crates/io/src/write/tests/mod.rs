//! Files written and read back.

mod existing;
mod index;
mod limits;
mod projects;
mod reproducible;
mod round_trip;
mod sequences;

use std::fs;

use durbin_core::{Class, Narrow, Rgb, Storage, Symbol, Units, Values};
use tempfile::TempDir;

use super::*;
use crate::{
    Source, read_table, read_units,
    testing::{crs, layer_of, squares},
};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn read(path: &str) -> Units {
    read_units(&Source::new(path)).unwrap()
}

fn bins() -> Style {
    let class = |value: i64| Class {
        value,
        label: value.to_string(),
        symbol: Symbol::area(Rgb(200, 200, 200)),
    };
    Style::Categorised {
        field: "bin".to_owned(),
        title: "Bin".to_owned(),
        classes: vec![class(0), class(1)],
    }
}
