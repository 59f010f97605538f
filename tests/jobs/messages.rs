//! What a study says of a panel that lacks something: the file, the field, the county and the year, and what would help.

use crate::{
    hunan::changed,
    support::{Scratch, json, refused, repository},
};

/// The panel of Hunan, its lines changed or left out.
struct Panel(Scratch);

impl Panel {
    fn with(line: impl Fn(&str) -> Option<String>) -> Self {
        let scratch = Scratch::new();
        let text = std::fs::read_to_string(repository("data/hunan/panel.csv")).unwrap();
        let lines: Vec<String> = text.lines().filter_map(line).collect();
        scratch.write("mine.csv", &(lines.join("\n") + "\n"));
        Self(scratch)
    }

    /// Without the figures of `field` in `year`.
    fn without(field: &str, year: &str) -> Self {
        let text = std::fs::read_to_string(repository("data/hunan/panel.csv")).unwrap();
        let names = text.trim_start_matches('\u{feff}').lines().next().unwrap();
        let at = names.split(',').position(|name| name == field).unwrap();
        Self::with(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[3].trim_matches('"') == year {
                cells[at] = "";
            }
            Some(cells.join(","))
        })
    }

    fn study(&self, changes: &[(&str, &str)]) -> String {
        let theirs = format!("{:?}", repository("data/hunan/panel.csv"));
        let mine = format!("{:?}", self.0.path("mine.csv"));
        changed(&self.0, &[&[(theirs.as_str(), mine.as_str())], changes].concat())
    }

    fn refused(&self, changes: &[(&str, &str)], words: &[&str]) {
        let message = refused(&["run", &self.study(changes), "--out", &self.0.path("out")], 1);
        for word in words {
            assert!(message.contains(word), "{word}: {message}");
        }
        assert_eq!(self.0.entries(), ["mine.csv", "study.toml"]);
    }

    fn warnings(&self) -> String {
        let outcome = json(&["run", &self.study(&[]), "--out", &self.0.path("out")]);
        outcome["warnings"].to_string()
    }
}

fn as_it_is() -> Panel {
    Panel::with(|line| Some(line.to_owned()))
}

#[test]
fn a_missing_indicator_is_named_with_the_file_and_what_there_is() {
    let panel = Panel::with(|line| Some(line.replacen("internet", "broadband", 1)));
    panel.refused(&[], &["study.toml", "no field `internet`", "mine.csv", "mobiles, broadband"]);
    let regressors = "x               = [\"P\", \"C\", \"I\", \"T\"]";
    let panel = as_it_is();
    let mistaken = regressors.replace("\"T\"", "\"Tech\"");
    panel.refused(
        &[(regressors, &mistaken)],
        &["no field `Tech`", "mine.csv", "the study makes", "V_economic"],
    );
}

#[test]
fn a_year_without_figures_is_refused_at_the_ends_and_reported_inside() {
    let last = Panel::without("internet", "2022");
    last.refused(&[], &["`internet` has no value in 2022 for any unit", "mine.csv", "from and to"]);
    let inside = Panel::without("internet", "2015");
    let warnings = inside.warnings();
    assert!(warnings.contains("no unit has a value of `internet` in 2015"), "{warnings}");
    assert!(warnings.contains("interpolated from those beside it"), "{warnings}");
}

#[test]
fn a_year_without_rows_is_reported_and_one_county_without_them_refused() {
    let year = Panel::with(|line| (!line.contains("\"2015\",")).then(|| line.to_owned()));
    let warnings = year.warnings();
    assert!(
        warnings.contains("mine.csv has no rows between 2014 and 2016 of `year`"),
        "{warnings}"
    );
    let row = Panel::with(|line| {
        (!(line.contains("\"430103\"") && line.contains("\"2015\","))).then(|| line.to_owned())
    });
    row.refused(&[], &["mine.csv", "unbalanced", "430103 2015"]);
    let panel = as_it_is();
    panel.refused(&[("to      = 2022", "to      = 2025")], &["mine.csv", "2025", "2011 to 2022"]);
    panel.refused(&[("from = 2012, to", "from = 2009, to")], &["2009", "2012 to 2022"]);
}

#[test]
fn a_missing_figure_is_named_by_field_county_and_year_in_words_of_the_study() {
    // In its first year, where no straight line reaches.
    let income = |line: &str, said: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if cells[0] == "\"430103\"" && cells[3] == "\"2011\"" {
            cells[5] = said;
        }
        Some(cells.join(","))
    };
    let gap = Panel::with(|line| income(line, ""));
    gap.refused(
        &[],
        &["`rural_income` is missing", "mine.csv", "430103 2011", "missing = \"drop\""],
    );
    let fill = [("missing = \"error\"", "missing = \"interpolate\"")];
    gap.refused(
        &fill,
        &["`rural_income`", "430103 2011", "never reaches there", "ends = \"nearest\""],
    );
    let word = Panel::with(|line| income(line, "n/a"));
    word.refused(&[], &["mine.csv", "`rural_income`", "430103 2011", "`n/a` is not a number"]);
}

#[test]
fn a_county_of_one_file_only_is_named_with_both_files() {
    let stranger = Panel::with(|line| Some(line.replace("\"430103\"", "\"439999\"")));
    stranger.refused(&[], &["439999", "mine.csv", "hunan_counties.gpkg"]);
    let absent = Panel::with(|line| (!line.contains("\"430103\"")).then(|| line.to_owned()));
    let warnings = absent.warnings();
    assert!(
        warnings.contains("boundaries without rows in the panel, left out: 2 (430102, 430103)"),
        "{warnings}"
    );
}

#[test]
fn an_unknown_sign_and_a_constant_indicator_are_named() {
    let sign =
        "[[index]]\nname = \"X\"\n[[index.indicator]]\nname = \"mobiles\"\nsign = \"up\"\n[labels]";
    let panel = as_it_is();
    panel.refused(
        &[("[labels]", sign)],
        &["study.toml", "unknown sign `up`", "`+` where more is better", "line", "sign = \"up\""],
    );
    let flat = Panel::with(|line| {
        let (rest, _) = line.rsplit_once(',')?;
        Some(if line.contains("adcode") { line.to_owned() } else { format!("{rest},7") })
    });
    flat.refused(&[], &["[[index]] `T`", "`technicians` is 7 for every unit"]);
}
