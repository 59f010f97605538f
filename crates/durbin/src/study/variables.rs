//! The panel of a study: columns of the table and variables by formula.

use std::collections::BTreeSet;

use durbin_core::{Panel, PanelKeys, Table, Warning};

use super::{
    Study,
    file::Label,
    gaps,
    indices::{IndexChosen, IndexDone},
    prepare::{self, Prepared},
};
use crate::{Error, Formula, inputs::PanelInput};

/// A panel with all variables, and what was done on the way.
pub(super) struct Assembled {
    pub panel: Panel,
    pub indices: Vec<IndexDone>,
    pub prepared: Vec<Prepared>,
}

/// What makes variables from others.
#[derive(Clone, Copy)]
enum Maker<'a> {
    Formula(&'a str, &'a Formula),
    Index(&'a IndexChosen),
}

/// All variables the study's steps use, those by formula and indices included.
///
/// A name on the left of a formula stands for the formula everywhere, except inside its own: there it is
/// the column of the table.
pub(super) fn assemble(
    study: &Study,
    input: &PanelInput,
    keys: &PanelKeys,
    warnings: &mut Vec<Warning>,
) -> Result<Assembled, Error> {
    let formulas = formulas(study)?;
    let makers = makers(study, &formulas);
    let made: BTreeSet<String> = makers.iter().flat_map(Maker::makes).collect();
    let used = makers.iter().flat_map(|maker| {
        let own = maker.makes();
        let made = &made;
        maker.needs().into_iter().filter(move |name| !made.contains(name) || own.contains(name))
    });
    // A name that is both a column and a formula is the column, which the formula then reads.
    let columns = |name: &str| input.table.column(name).is_ok();
    let steps = study.prepare.iter().flat_map(prepare::Prepare::variables);
    let after_formula = |name: &str| !columns(name) && study.variables.contains_key(name);
    if let Some(name) =
        steps.clone().find(|name| !columns(name) && made.contains(*name) && !after_formula(name))
    {
        return Err(study.wrong(format!(
            "[[prepare]] `{name}` is made by an [[index]]: steps work on columns of the panel and on variables by formula"
        )));
    }
    let prepared = steps.filter(|name| !after_formula(name)).cloned();
    let defined = |name: &str| made.contains(name);
    let raw: BTreeSet<String> = used
        .chain(prepared)
        .chain(wanted(study).filter(|name| !made.contains(*name)).map(str::to_owned))
        .chain(dynamic(study, &input.table, &defined)?.into_iter().filter(|name| !defined(name)))
        .collect();
    let raw: Vec<String> = raw.into_iter().collect();
    gaps::known(study, &input.table, &input.file, raw.iter())?;
    let mut panel = input.panel(keys, &raw)?;
    warnings.extend(gaps::periods_left_out(study, &panel, &input.file));
    let without_values = gaps::empty_periods(&panel, &raw);
    let mut prepared =
        prepare::apply(study, &mut panel, &|name| raw.iter().any(|one| one == name))?;
    gaps::refuse_empty(study, &panel, &raw, &input.file)?;
    warnings.extend(gaps::filled_whole(&without_values));
    let (missing, mut filled) = (study.panel.missing, Vec::new());
    if study.may_lack_rows() {
        let treated = panel.treat_missing_observations(&raw, missing, &keys.present());
        filled.extend(treated.map_err(Error::data(&input.file))?);
    } else {
        crate::inputs::treat_missing(&mut panel, &raw, missing, &input.file, &mut filled)
            .map_err(|error| gaps::in_words(study, &input.file, error))?;
    }
    prepared.extend(prepare::of_gaps(&filled));
    warnings.extend(filled);

    let (early, late): (Vec<Maker>, Vec<Maker>) =
        makers.iter().copied().partition(|maker| !reaches_index(*maker, &makers));
    let mut assembled = Assembled { panel, indices: Vec::new(), prepared };
    make(study, early, &mut assembled, &after_formula, warnings)?;
    // What is before the first period analysed has served its formulas by now.
    cut(study, &mut assembled.panel, &input.file)?;
    make(study, late, &mut assembled, &after_formula, warnings)?;
    Ok(assembled)
}

impl Maker<'_> {
    fn makes(&self) -> Vec<String> {
        match self {
            Self::Formula(name, _) => vec![(*name).to_owned()],
            Self::Index(index) => index.variables(),
        }
    }

    fn needs(&self) -> Vec<String> {
        match self {
            Self::Formula(_, formula) => formula.variables().to_vec(),
            Self::Index(index) => index.spec().indicators.into_iter().map(|i| i.name).collect(),
        }
    }
}

fn formulas(study: &Study) -> Result<Vec<(String, Formula)>, Error> {
    let parsed = study.variables.iter().map(|(name, text)| {
        let formula = Formula::parse(name, text).map_err(|error| study.wrong(error.to_string()))?;
        Ok((name.clone(), formula))
    });
    parsed.collect()
}

fn makers<'a>(study: &'a Study, formulas: &'a [(String, Formula)]) -> Vec<Maker<'a>> {
    let formulas = formulas.iter().map(|(name, formula)| Maker::Formula(name, formula));
    formulas.chain(study.index.iter().map(Maker::Index)).collect()
}

/// The variables in which an index has a part.
pub(super) fn of_indices(study: &Study) -> Result<BTreeSet<String>, Error> {
    let formulas = formulas(study)?;
    let all = makers(study, &formulas);
    Ok(all.iter().filter(|maker| reaches_index(**maker, &all)).flat_map(Maker::makes).collect())
}

/// The variables `names` with those behind them by formula.
pub(super) fn behind(study: &Study, names: Vec<String>) -> Result<BTreeSet<String>, Error> {
    let formulas = formulas(study)?;
    let (mut all, mut waiting) = (BTreeSet::new(), names);
    while let Some(name) = waiting.pop() {
        if all.insert(name.clone()) {
            let of = formulas.iter().filter(|(made, _)| *made == name);
            waiting.extend(of.flat_map(|(_, formula)| formula.variables().to_vec()));
        }
    }
    Ok(all)
}

/// Whether an index has a part in it, directly or through other formulas.
fn reaches_index(maker: Maker, makers: &[Maker]) -> bool {
    let mut seen: BTreeSet<String> = maker.makes().into_iter().collect();
    let mut waiting = vec![maker];
    while let Some(next) = waiting.pop() {
        if matches!(next, Maker::Index(_)) {
            return true;
        }
        for name in next.needs() {
            if seen.insert(name.clone()) {
                waiting.extend(makers.iter().filter(|maker| maker.makes().contains(&name)));
            }
        }
    }
    false
}

/// Makes variables as soon as what they need is there, and takes those that are to be `prepared` through their steps.
fn make(
    study: &Study,
    mut waiting: Vec<Maker>,
    assembled: &mut Assembled,
    prepared: &dyn Fn(&str) -> bool,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let Assembled { panel, indices, prepared: done } = assembled;
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().flat_map(Maker::makes).collect();
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|maker| {
            let own = maker.makes();
            maker.needs().iter().all(|name| own.contains(name) || !names.contains(name))
        });
        if now.is_empty() {
            return Err(study
                .wrong(format!("the variables {} are defined by each other", names.join(", "))));
        }
        for maker in now {
            match maker {
                Maker::Formula(name, formula) => {
                    let values =
                        formula.evaluate(panel).map_err(|error| study.wrong(error.to_string()))?;
                    done.push(prepare::of_formula(name, &study.variables[name], &values));
                    panel.insert(name, values);
                    if prepared(name) {
                        done.extend(prepare::apply(study, panel, &|due| due == name)?);
                    }
                }
                Maker::Index(index) => indices.push(index.add(study, panel, warnings)?),
            }
        }
        waiting = later;
    }
    Ok(())
}

/// Leaves out the periods before `from` and after `to`.
fn cut(study: &Study, panel: &mut Panel, file: &str) -> Result<(), Error> {
    let kept = span(study, "[panel]", (&study.panel.from, &study.panel.to), panel, file)?;
    panel.keep_periods(kept);
    Ok(())
}

/// The positions of the periods from one label to another.
pub(super) fn span(
    study: &Study,
    section: &str,
    (from, to): (&Option<Label>, &Option<Label>),
    panel: &Panel,
    file: &str,
) -> Result<std::ops::Range<usize>, Error> {
    let at = |label: &Option<Label>| match label {
        None => Ok(None),
        Some(label) => panel.period(&label.to_string()).map(Some).map_err(Error::data(file)),
    };
    let first = at(from)?.unwrap_or(0);
    let last = at(to)?.unwrap_or(panel.n_periods().saturating_sub(1));
    if first > last {
        return Err(study.wrong(format!("{section} from is after to")));
    }
    Ok(first..last + 1)
}

/// The variables the steps name.
fn wanted(study: &Study) -> impl Iterator<Item = &str> {
    let hotspots = study.hotspot.iter().map(|hotspot| hotspot.field.as_str());
    let models = study
        .sdm
        .iter()
        .flat_map(|sdm| std::iter::once(sdm.y.as_str()).chain(sdm.x.iter().map(String::as_str)));
    let transformations = study.robustness.iter().flat_map(|asked| &asked.transformations);
    let replacements = transformations.flat_map(|one| one.replace.values().map(String::as_str));
    hotspots.chain(models).chain(replacements)
}

/// The variables of the dynamic panel models; a name that is a column or a formula is that, whatever it looks like.
fn dynamic(
    study: &Study,
    table: &Table,
    defined: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, Error> {
    let has = |name: &str| defined(name) || table.columns.iter().any(|column| column.name == name);
    let mut all = Vec::new();
    for gmm in &study.gmm {
        let equation = gmm.equation(&has);
        all.extend(equation.map_err(|error| study.wrong(format!("[[gmm]] {error}")))?.variables);
    }
    Ok(all)
}
