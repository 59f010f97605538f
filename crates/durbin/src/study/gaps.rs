//! What a panel lacks, in the words of a study: fields, whole periods, single values.

use durbin_core::{Missing, Panel, Table, Warning, in_time_order};

use super::Study;
use crate::Error;

/// Refuses names that neither the panel has nor the study makes.
pub(super) fn known<'a>(
    study: &Study,
    table: &Table,
    file: &str,
    mut names: impl Iterator<Item = &'a String>,
) -> Result<(), Error> {
    let Some(stranger) = names.find(|name| table.column(name).is_err()) else { return Ok(()) };
    let list = |names: Vec<String>| names.join(", ");
    let made = study
        .variables
        .keys()
        .cloned()
        .chain(study.index.iter().flat_map(super::indices::IndexChosen::variables));
    let made = match list(made.collect()) {
        none if none.is_empty() => String::new(),
        made => format!("; the study makes {made}"),
    };
    Err(study.wrong(format!(
        "no field `{stranger}` in {file}, and no [variables] or [[index]] of that name; the fields are {}{made}",
        list(table.columns.iter().map(|column| column.name.clone()).collect())
    )))
}

/// Says where the periods of a panel leave some out: a change on the period before is longer there.
pub(super) fn periods_left_out(study: &Study, panel: &Panel, file: &str) -> Option<Warning> {
    let labels: Option<Vec<i64>> = panel.periods.iter().map(|label| label.parse().ok()).collect();
    let labels = labels?;
    let step = labels.windows(2).map(|pair| pair[1] - pair[0]).min()?;
    let wide = labels.windows(2).filter(|pair| pair[1] - pair[0] > step);
    let wide: Vec<String> = wide.map(|pair| format!("{} and {}", pair[0], pair[1])).collect();
    (!wide.is_empty()).then(|| {
        Warning::Other(format!(
            "{file} has no rows between {} of `{}`: differences, growth and lags reach over that gap as if it were one period",
            wide.join(", "),
            study.panel.time
        ))
    })
}

/// The variables, each with the periods in which no unit has a value.
pub(super) fn empty_periods(panel: &Panel, names: &[String]) -> Vec<(String, Vec<String>)> {
    let of = |name: &String| {
        let values = panel.get(name).ok()?;
        let rows = values.rows().into_iter().zip(&panel.periods);
        let empty = rows.filter(|(row, _)| row.iter().all(|value| value.is_nan()));
        let empty: Vec<String> = empty.map(|(_, label)| label.clone()).collect();
        (!empty.is_empty()).then(|| (name.clone(), empty))
    };
    names.iter().filter_map(of).collect()
}

/// Refuses a period without any value where nothing fills it; leaving units out would leave out all of them.
pub(super) fn refuse_empty(
    study: &Study,
    panel: &Panel,
    names: &[String],
    file: &str,
) -> Result<(), Error> {
    let ends = [panel.periods.first(), panel.periods.last()];
    let filled = |label: &String| {
        study.panel.missing == Missing::Interpolate && !ends.contains(&Some(label))
    };
    for (name, mut periods) in empty_periods(panel, names) {
        periods.retain(|label| !filled(label));
        if !periods.is_empty() {
            return Err(study.wrong(format!(
                "`{name}` has no value in {} for any unit in {file}: leave the period out with [panel] from and to, the \
                 variable out of the study, or fill in the figures",
                periods.join(", ")
            )));
        }
    }
    Ok(())
}

/// Says which whole periods are made of the ones beside them.
pub(super) fn filled_whole(before: &[(String, Vec<String>)]) -> Option<Warning> {
    let periods = in_time_order(before.iter().flat_map(|(_, periods)| periods));
    let said: Vec<String> = periods
        .iter()
        .map(|label| {
            let of = before.iter().filter(|(_, empty)| empty.contains(label));
            let names: Vec<String> = of.map(|(name, _)| format!("`{name}`")).collect();
            format!("{} in {label}", names.join(", "))
        })
        .collect();
    (!said.is_empty()).then(|| {
        Warning::Other(format!(
            "no unit has a value of {}: the whole period is interpolated from those beside it",
            said.join("; ")
        ))
    })
}

/// Missing values in the words of a study, which has no options of the command line.
pub(super) fn in_words(study: &Study, file: &str, error: Error) -> Error {
    match error {
        Error::Data { source: durbin_core::Error::MissingValues { field, cells }, .. } => {
            study.wrong(format!(
                "`{field}` is missing in {file} for {cells}: with [panel] missing = \"drop\" these units are left out, with \
                 missing = \"interpolate\" gaps inside a unit's series are filled"
            ))
        }
        Error::Data { source: durbin_core::Error::MissingAtEnds { field, cells }, .. } => {
            study.wrong(format!(
                "`{field}` is missing in {file} for {cells}, before the unit's first or after its last value: interpolation \
                 never reaches there; leave these units out with [panel] without or missing = \"drop\", or state a \
                 [[prepare]] step interpolate with ends = \"nearest\""
            ))
        }
        Error::Data { source: unbalanced @ durbin_core::Error::Unbalanced { .. }, .. } => {
            let (steps, cut) = ("index, hot spots and spatial models", "[panel] balance = \"intersect\"");
            study.wrong(format!(
                "{file}: {unbalanced}; with {cut} {steps} take the units that are there in every period, and dynamic panel models \
                 the panel as it came"
            ))
        }
        other => other,
    }
}
