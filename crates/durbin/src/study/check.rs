//! What a study file may say beyond its grammar.

use durbin_sdm::{BiasCorrection, Effects, Model, SpecError};

use super::Study;
use crate::Error;

/// Names of the tables and pictures a study writes beside its layers.
const RESERVED: [&str; 17] = [
    "coefficients",
    "impacts",
    "sdm_tests",
    "gmm",
    "gmm_tests",
    "gmm_impacts",
    "gmm_impacts_long_run",
    "hotspot_bins",
    "panel",
    "preparation",
    "spikes",
    "descriptives",
    "measures",
    "spatial_weights",
    "layer_styles",
    "robustness",
    "robustness_summary",
];

/// Refuses, as wrong usage, sections and words that later versions bring.
pub(super) fn later(sections: &toml::Table, file: &str) -> Result<(), Error> {
    let refused = |what: String| {
        let version = env!("CARGO_PKG_VERSION");
        Err(Error::Usage(format!("{file}: {what} not available yet in durbin {version}")))
    };
    for section in ["simulate"] {
        if sections.contains_key(section) {
            return refused(format!("section [{section}] is"));
        }
    }
    let models = sections.get("sdm").and_then(toml::Value::as_array);
    for (key, value) in models.into_iter().flatten().filter_map(toml::Value::as_table).flatten() {
        let Some(word) = value.as_str() else { continue };
        let parsed = match key.as_str() {
            "model" => word.parse::<Model>().err(),
            "effects" => word.parse::<Effects>().err(),
            "bias_correction" => word.parse::<BiasCorrection>().err(),
            _ => None,
        };
        if let Some(SpecError::NotYet { .. }) = parsed {
            return refused(format!("{key} = \"{word}\" is"));
        }
    }
    Ok(())
}

/// Refuses a study that contradicts itself.
pub(super) fn consistent(study: &Study) -> Result<(), Error> {
    super::indices::check(study)?;
    super::robustness::check(study)?;
    super::figures::check(study)?;
    super::captions::check(study)?;
    let hotspots = study.hotspot.iter().map(|hotspot| hotspot.layer.as_str());
    let effects = study.sdm.iter().filter_map(|sdm| sdm.effects_layer.as_ref());
    let indices: Vec<String> = study.index.iter().flat_map(super::indices::names).collect();
    let indices = indices.iter().map(String::as_str);
    let figures = study.figure.iter().map(|figure| figure.name.as_str());
    let layers: Vec<&str> = hotspots
        .chain(effects.map(|layer| layer.name.as_str()))
        .chain(indices)
        .chain(figures)
        .collect();
    for (at, layer) in layers.iter().enumerate() {
        name(study, layer)?;
        if layers[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(layer)) {
            return Err(study
                .wrong(format!("two layers or figures are named `{layer}`: rename one of them")));
        }
    }
    for hotspot in &study.hotspot {
        if hotspot.change.is_some() == hotspot.period.is_some() {
            return Err(study.wrong(format!(
                "[[hotspot]] `{}` needs either change = {{ from = …, to = … }} or period = …",
                hotspot.layer
            )));
        }
    }
    for (at, sdm) in study.sdm.iter().enumerate() {
        let corrections = sdm.bias_correction.to_vec();
        if corrections.is_empty() {
            return Err(study.wrong("[[sdm]] bias_correction is an empty list: name at least one"));
        }
        if (1..corrections.len()).any(|at| corrections[..at].contains(&corrections[at])) {
            return Err(study.wrong("[[sdm]] bias_correction names one of them twice"));
        }
        let from = sdm.effects_layer.as_ref().and_then(|layer| layer.from);
        if from.is_some_and(|from| !corrections.contains(&from)) {
            return Err(study.wrong(
                "[[sdm]] effects_layer.from names a bias correction that is not among bias_correction",
            ));
        }
        if study.sdm[..at].iter().any(|earlier| earlier.name == sdm.name) {
            return Err(study.wrong("each [[sdm]] needs a name of its own: name = \"…\""));
        }
    }
    for (at, gmm) in study.gmm.iter().enumerate() {
        if study.gmm[..at].iter().any(|earlier| earlier.name == gmm.name) {
            return Err(study.wrong("each [[gmm]] needs a name of its own: name = \"…\""));
        }
    }
    Ok(())
}

/// A layer's name is the name of its map's files too.
fn name(study: &Study, layer: &str) -> Result<(), Error> {
    let unusable = layer.trim().is_empty()
        || layer.starts_with(['.', ' '])
        || layer.contains(['/', '\\', '"'])
        || layer.chars().any(char::is_control);
    if unusable {
        return Err(study.wrong(format!("`{layer}` cannot name a layer and its files")));
    }
    let taken = RESERVED.iter().any(|name| name.eq_ignore_ascii_case(layer))
        || [
            "impacts_",
            "comparison",
            "influence",
            "influential",
            "sdm_tests_",
            "specification_curve_",
            "gpkg_",
            "rtree_",
            "sqlite_",
        ]
        .iter()
        .any(|prefix| layer.to_ascii_lowercase().starts_with(prefix));
    if taken {
        return Err(
            study.wrong(format!("`{layer}` names something else in the results: rename the layer"))
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn refused(replace: (&str, &str), more: &str) -> Error {
        let study = r#"
            [study]
            title = "A study"
            [boundaries]
            file = "units.gpkg"
            id = "name"
            [panel]
            file = "panel.csv"
            id = "name"
            time = "year"
            [weights]
            kind = "queen"
            [[sdm]]
            y = "y"
            x = ["a", "b"]
            bias_correction = ["none", "lee-yu"]
        "#;
        assert!(study.contains(replace.0));
        let text = format!("{}\n{more}", study.replace(replace.0, replace.1));
        Study::parse(&text, Path::new("study.toml")).unwrap_err()
    }

    const AS_IT_IS: (&str, &str) = ("", "");

    #[track_caller]
    fn says(error: &Error, words: &str) {
        assert!(error.to_string().contains(words) && !error.is_usage(), "{error}");
    }

    #[test]
    fn a_hot_spot_is_of_a_change_or_of_a_level() {
        says(&refused(AS_IT_IS, "[[hotspot]]\nfield = \"y\""), "either change");
    }

    #[test]
    fn a_figure_shows_maps_of_the_study_and_circles_of_its_indices() {
        let maps = "[[index]]\nname = \"V\"\npositive = [\"a\", \"b\"]\nmaps = [1]\n\
                    [[hotspot]]\nlayer = \"h\"\nfield = \"y\"\nperiod = 1\n";
        let figure = |rest: &str| {
            format!("{maps}[[figure]]\nname = \"f\"\ntitle = \"F\"\nlayers = {rest}\n")
        };
        says(&refused(AS_IT_IS, &figure("[]")), "layers is empty");
        says(&refused(AS_IT_IS, &figure("[\"V_2\"]")), "makes no map `V_2`");
        says(&refused(AS_IT_IS, &figure("[\"h\"]\nsymbols = [\"V\"]")), "`h` is not");
        says(&refused(AS_IT_IS, &figure("[\"V_1\"]\nsymbols = [\"Q\"]")), "no [[index]] `Q`");
    }

    #[test]
    fn layers_have_names_of_their_own_that_files_can_have() {
        let hotspot =
            |layer: &str| format!("[[hotspot]]\nlayer = {layer:?}\nfield = \"y\"\nperiod = 1\n");
        says(&refused(AS_IT_IS, &hotspot("h").repeat(2)), "two layers");
        for layer in ["../h", "", "a/b", ".h"] {
            says(&refused(AS_IT_IS, &hotspot(layer)), "cannot name a layer");
        }
        for layer in ["coefficients", "Impacts_1", "rtree_x"] {
            says(&refused(AS_IT_IS, &hotspot(layer)), "something else");
        }
    }

    #[test]
    fn a_layer_of_effects_comes_from_a_fit_that_there_is() {
        let effects =
            ("y = \"y\"", "y = \"y\"\neffects_layer = { name = \"e\", from = \"transform\" }");
        says(&refused(effects, ""), "effects_layer.from");
        says(&refused(("[\"none\", \"lee-yu\"]", "[]"), ""), "empty list");
    }

    #[test]
    fn models_are_told_apart_by_name() {
        says(&refused(AS_IT_IS, "[[sdm]]\ny = \"y\"\nx = [\"a\"]"), "name of its own");
    }

    #[test]
    fn what_later_versions_bring_is_wrong_usage() {
        assert!(refused(AS_IT_IS, "[simulate]").is_usage());
    }
}
