//! The methods section of a paper, from the study file and what the estimators say of themselves.

use durbin_core::Conventions;
use durbin_index::Sign;

use super::{
    Study,
    dynamic::DynamicDone,
    file::{Gmm, Lagged},
    hotspots::HotspotDone,
    indices::{IndexChosen, IndexDone},
    results::Results,
};

/// One paragraph per step of the study, in its order.
pub(super) fn paragraphs(study: &Study, results: &Results) -> Vec<String> {
    let mut said = vec![data(study, results)];
    said.extend(
        results.indices.iter().zip(&study.index).map(|(done, chosen)| index(study, done, chosen)),
    );
    said.extend(neighbours(results));
    said.extend(hotspots(&results.hotspots));
    for (done, gmm) in results.dynamic.iter().zip(&study.gmm) {
        let spec = &gmm.spec;
        said.push(format!(
            "{}: {} is explained by its own {} and {}{}{}, by {} GMM in steps: {}; {} instruments for {} groups. {}",
            done.heading,
            study.label(&spec.y),
            if spec.lags == 1 { "lag".to_owned() } else { format!("first {} lags", spec.lags) },
            listed(&labels(study, &spec.x)),
            match spec.interactions.to_string().as_str() {
                "none" => String::new(),
                which => format!(", with interactions ({which})"),
            },
            spatial(study, done, gmm),
            spec.estimator,
            spec.steps,
            done.fit.n_instruments,
            done.fit.n_groups,
            sentence(&done.fit.conventions)
        ));
    }
    for (done, sdm) in results.models.iter().zip(models(study)) {
        let lagged = match &sdm.durbin {
            Lagged::Only(names) => {
                format!(" and the spatial lags of {}", listed(&labels(study, names)))
            }
            Lagged::Word(_) => String::new(),
        };
        said.push(format!(
            "{}: {} is explained by {}{lagged} in the model {} with effects {}, {} observations. {} Effects: {}",
            done.heading,
            study.label(&sdm.y),
            listed(&labels(study, &sdm.x)),
            sdm.model,
            sdm.effects,
            done.fit.n_units * done.fit.n_periods,
            sentence(&done.fit.conventions),
            sentence(&done.impacts.conventions)
        ));
    }
    said
}

/// What of the neighbours is in a dynamic panel model, and what instruments it.
fn spatial(study: &Study, done: &DynamicDone, gmm: &Gmm) -> String {
    let own = &gmm.spec.x;
    let lagged: Vec<String> =
        done.fit.spec.x.iter().filter(|name| !own.contains(name)).cloned().collect();
    if lagged.is_empty() {
        return String::new();
    }
    let (of_y, of_x) = (format!("W*{}", gmm.spec.y), &done.fit.instruments);
    let taken = if lagged.contains(&of_y) {
        format!(
            " ({} is endogenous; instruments in GMM style {}, in IV style {})",
            study.label(&of_y),
            of_x.0.join(", "),
            of_x.1.join(" and ")
        )
    } else {
        String::new()
    };
    format!(", with the spatial lags {}{taken}", listed(&labels(study, &lagged)))
}

fn index(study: &Study, done: &IndexDone, chosen: &IndexChosen) -> String {
    let weights = &done.index.weights;
    let named = |sign: Sign| -> Vec<String> {
        let of = weights.iter().filter(|weight| weight.sign == sign);
        of.map(|weight| study.label(&weight.indicator)).collect()
    };
    let dimensions: Vec<&str> = chosen.dimension.iter().map(|d| d.name.as_str()).collect();
    let dimensions = match dimensions.len() {
        0 => String::new(),
        n => format!(" in {n} dimensions ({})", dimensions.join(", ")),
    };
    let less = match &named(Sign::Negative)[..] {
        [] => String::new(),
        less => format!("; less is better of {}", listed(less)),
    };
    format!(
        "The index `{}` ({}) is composed of {} indicators{dimensions}. More is better of {}{less}. {}",
        done.name,
        study.label(&done.name),
        weights.len(),
        listed(&named(Sign::Positive)),
        sentence(&done.index.conventions)
    )
}

/// The model behind each fit: as often as it has bias corrections.
fn models(study: &Study) -> impl Iterator<Item = &super::file::Sdm> {
    study.sdm.iter().flat_map(|sdm| std::iter::repeat_n(sdm, sdm.bias_correction.to_vec().len()))
}

fn data(study: &Study, results: &Results) -> String {
    let (first, last) = &results.periods;
    let text = format!(
        "The panel holds {} units over {} periods ({first} to {last}); units of the table and of the map are joined by `{}`.",
        results.units.len(),
        results.n_periods,
        study.panel.id
    );
    let mut steps: Vec<(&str, usize, usize)> = Vec::new();
    // A table of codes may serve other files than this one.
    for done in results.prepared.iter().filter(|done| done.values > 0) {
        match steps.iter_mut().find(|(step, ..)| *step == done.step) {
            Some((_, variables, values)) => {
                *variables += 1;
                *values += done.values;
            }
            None => steps.push((&done.step, 1, done.values)),
        }
    }
    let steps: Vec<String> = steps
        .into_iter()
        .map(|(step, variables, values)| {
            let of = if variables == 1 { "variable" } else { "variables" };
            format!("{step} ({values} values of {variables} {of})")
        })
        .collect();
    let steps = (!steps.is_empty())
        .then(|| format!("It was prepared in this order: {}.", steps.join("; ")));
    let simulated = study.study.simulated.then(|| "The figures are simulated.".to_owned());
    std::iter::once(text).chain(steps).chain(simulated).collect::<Vec<_>>().join(" ")
}

fn neighbours(results: &Results) -> Option<String> {
    let w = results.weights.as_ref()?;
    Some(format!(
        "Spatial weights are `{}`, {}: {} links, {:.1} neighbours on average, from {} to {}, {} units without.",
        w.kind,
        w.transform.words(),
        w.links,
        w.mean_cardinality,
        w.min_cardinality,
        w.max_cardinality,
        w.islands
    ))
}

/// Analyses of one convention share a paragraph.
fn hotspots(done: &[HotspotDone]) -> Vec<String> {
    let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
    for one in done {
        let conventions = sentence(&one.tested.gi.conventions);
        match alike.iter_mut().find(|(known, _)| *known == conventions) {
            Some((_, titles)) => titles.push(&one.title),
            None => alike.push((conventions, vec![&one.title])),
        }
    }
    let said = alike.into_iter().map(|(conventions, titles)| {
        let titles: Vec<String> = titles.into_iter().map(str::to_owned).collect();
        format!("Hot and cold spots of {}. {conventions}", listed(&titles))
    });
    said.collect()
}

/// `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn labels(study: &Study, names: &[String]) -> Vec<String> {
    names.iter().map(|name| study.label(name)).collect()
}

/// All conventions in one sentence.
fn sentence(conventions: &Conventions) -> String {
    let words =
        conventions.iter().map(|(name, choice)| format!("{}: {choice}", name.replace('_', " ")));
    let mut words = words.collect::<Vec<_>>().join("; ");
    if let Some(first) = words.get(..1).map(str::to_uppercase) {
        words.replace_range(..1, &first);
    }
    format!("{words}.")
}
