//! Titles and numbers that a study gives to its tables and figures, as in the paper they are for.

use durbin_report::page::{Block, Section};
use serde::{Deserialize, Serialize};

use super::{Study, products::Products};
use crate::Error;

/// How a table of the results is headed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableHead {
    /// The table, as it is named in the GeoPackage.
    pub name: String,
    /// Its number in the report, where tables without one are then numbered A1, A2 …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// Its title in place of durbin's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Refuses a table that is headed twice and a number that is given twice.
pub(super) fn check(study: &Study) -> Result<(), Error> {
    let twice = |what: &str, numbers: &[usize]| match (1..numbers.len())
        .find(|&at| numbers[..at].contains(&numbers[at]))
    {
        Some(at) => Err(study.wrong(format!("number = {} is given to two {what}", numbers[at]))),
        None => Ok(()),
    };
    let numbers: Vec<usize> = study.table.iter().filter_map(|head| head.number).collect();
    twice("tables", &numbers)?;
    let numbers: Vec<usize> = study.figure.iter().filter_map(|figure| figure.number).collect();
    twice("figures", &numbers)?;
    for (at, head) in study.table.iter().enumerate() {
        if study.table[..at].iter().any(|earlier| earlier.name == head.name) {
            return Err(study.wrong(format!("[[table]] `{}` is there twice", head.name)));
        }
    }
    Ok(())
}

/// Gives the tables their titles.
pub(super) fn entitle(study: &Study, products: &mut Products) -> Result<(), Error> {
    for head in &study.table {
        let estimates = [
            &mut products.coefficients,
            &mut products.impacts,
            &mut products.long_run,
            &mut products.dynamic,
        ];
        let estimates = estimates.into_iter().flatten().chain(&mut products.comparisons);
        let estimates = estimates.chain(&mut products.dynamic_impacts);
        let estimates = estimates.map(|table| (&table.name, &mut table.title));
        let plain = products.tables.iter_mut().map(|table| (&table.name, &mut table.title));
        let mut known = Vec::new();
        let mut found = false;
        for (name, title) in estimates.chain(plain) {
            if *name == head.name {
                found = true;
                if let Some(words) = &head.title {
                    *title = study.said(words.clone());
                }
            }
            known.push(name.as_str());
        }
        if !found {
            return Err(study.wrong(format!(
                "[[table]] `{}` is no table of this study; there are {}",
                head.name,
                known.join(", ")
            )));
        }
    }
    Ok(())
}

impl Study {
    /// The title of a table in a document of its own, with its number where it has one.
    pub(super) fn numbered(&self, name: &str, title: &str) -> String {
        match self.number_of(name) {
            Some(number) => format!("Table {number}. {title}"),
            None => title.to_owned(),
        }
    }

    /// The title that the study gives a table, or else `words`.
    pub(super) fn title_of(&self, name: &str, words: String) -> String {
        let head = self.table.iter().find(|head| head.name == name);
        head.and_then(|head| head.title.clone()).unwrap_or(words)
    }

    fn number_of(&self, name: &str) -> Option<usize> {
        self.table.iter().find(|head| head.name == name)?.number
    }
}

/// Marks the tables that have a number, and sets all of them for a page.
pub(super) fn set(study: &Study, sections: &mut [Section]) {
    for block in sections.iter_mut().flat_map(|section| &mut section.blocks) {
        let name = match block {
            Block::Table(table) => {
                // A page says so in the title; rows say it in files, which may be read without one.
                table.columns.retain(|column| !(study.study.simulated && column.name == "data"));
                &table.name
            }
            Block::Estimates(table) => &table.name,
            _ => continue,
        };
        if let Some(number) = study.number_of(name) {
            let whole = std::mem::replace(block, Block::Paragraph(String::new()));
            *block = whole.numbered(number);
        }
    }
}
