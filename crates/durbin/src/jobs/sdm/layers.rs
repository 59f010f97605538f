//! The layers that `durbin sdm` writes: effects per unit, and the strongest from unit to unit.

use std::collections::HashMap;

use durbin_core::{Class, Column, Layer, Metadata, Rgb, Style, Symbol, Units};
use durbin_io::to_wkb;
use durbin_sdm::{Fit, Flow, Influence, UnitEffects};
use durbin_weights::{Weights, representative_points};
use geo_types::{Coord, Geometry, LineString};

use crate::{Error, jobs::destination::with_columns};

const RED: Rgb = Rgb(178, 24, 43);
const BLUE: Rgb = Rgb(33, 102, 172);

/// How far the lines of the first regressor bend; those of each further one bend as much more.
const BEND: f64 = 0.16;

/// Straight pieces of an arc.
const ARC: u32 = 16;

/// What a reader of a layer of effects must know about where it comes from.
pub(crate) fn history(fit: &Fit, weights: &Weights) -> Vec<String> {
    let mut lines = vec![format!("weights: {}, {} links", weights.kind, weights.n_links())];
    lines.extend(fit.conventions.iter().map(|(name, choice)| format!("{name}: {choice}")));
    lines
}

/// The layer `effects`: per unit and variable direct, spill-in, spill-out and total, each with its error; of a dynamic
/// model the same in the long run.
pub(crate) fn effects_layer(
    units: &Units,
    effects: &UnitEffects,
    long_run: Option<&UnitEffects>,
    name: &str,
    history: Vec<String>,
    file: &str,
) -> Result<Layer, Error> {
    let mut columns = effects.columns();
    columns.extend(long_run.map(UnitEffects::columns).unwrap_or_default());
    Ok(Layer {
        name: name.to_owned(),
        style: Some(effects.style()),
        metadata: Metadata {
            title: format!("Effects per unit of {}", effects.variables.join(", ")),
            description: "Direct effect, spill-in received from the others, spill-out sent to them, and \
                          total effect (direct plus spill-in) of each variable, with delta-method errors."
                .to_owned(),
            history,
        },
        ..with_columns(units.layer.clone(), columns, file)?
    })
}

/// The layer of influence: per unit Cook's distance and what leaving it out changes in ρ (or λ) and in the average effects,
/// as it is and in standard errors.
pub(crate) fn influence_layer(
    units: &Units,
    influence: &Influence,
    name: &str,
    mut history: Vec<String>,
    file: &str,
) -> Result<Layer, Error> {
    history.extend(influence.conventions.iter().map(|(name, choice)| format!("{name}: {choice}")));
    Ok(Layer {
        name: name.to_owned(),
        style: Some(influence.style()),
        metadata: Metadata {
            title: "Influence of each unit on the estimates".to_owned(),
            description: "What changes when the unit's equation is left out: Cook's distance of all coefficients, the spatial \
                          parameter and the average effects, each also in standard errors."
                .to_owned(),
            history,
        },
        ..with_columns(units.layer.clone(), influence.columns(), file)?
    })
}

/// The layer `flows`: one line per regressor and pair of units, from the representative point of the unit that changes
/// to that of the unit that responds, bent so that neither directions nor regressors cover each other; wider where the effect is stronger, red above zero, blue below.
pub(crate) fn flows_layer(
    units: &Units,
    flows: &[Flow],
    history: Vec<String>,
    file: &str,
) -> Result<Layer, Error> {
    let points = representative_points(units)
        .map_err(|source| Error::WeightsOf { file: file.to_owned(), source })?;
    let place: HashMap<&str, Option<[f64; 2]>> =
        units.ids.iter().map(String::as_str).zip(points).collect();
    let mut variables: Vec<&str> = flows.iter().map(|flow| flow.variable.as_str()).collect();
    variables.dedup();
    let line = |flow: &Flow| {
        let end = |id: &str| place.get(id).copied().flatten().map(Coord::from);
        let number = variables.iter().position(|variable| *variable == flow.variable).unwrap_or(0);
        let line = arc(end(&flow.from)?, end(&flow.to)?, BEND * (number + 1) as f64);
        to_wkb(&Geometry::LineString(line))
    };
    let number = |name: &str, alias: &str, of: fn(&Flow) -> f64| {
        Column::float(name, flows.iter().map(of)).alias(alias)
    };
    let text = |name: &str, alias: &str, of: fn(&Flow) -> &str| {
        Column::text(name, flows.iter().map(of)).alias(alias)
    };
    let ranks = flows.iter().map(|flow| i64::try_from(flow.rank).unwrap_or(i64::MAX));
    Ok(Layer {
        name: "flows".to_owned(),
        crs: units.layer.crs.clone(),
        undefined_crs: units.layer.undefined_crs.clone(),
        geometry_type: "LINESTRING".to_owned(),
        fid_column: None,
        geometry_column: None,
        fids: (1..).take(flows.len()).collect(),
        geometry: flows.iter().map(line).collect(),
        columns: vec![
            text("variable", "Regressor", |flow| &flow.variable),
            text("from", "Unit that changes", |flow| &flow.from),
            text("to", "Unit that responds", |flow| &flow.to),
            Column::int("rank", ranks).alias("Rank within the regressor"),
            number("effect", "Effect", |flow| flow.effect.estimate),
            number("effect_se", "Effect, standard error", |flow| flow.effect.std_error),
            number("effect_p", "Effect, p-value", |flow| flow.effect.p_value()),
        ],
        style: Some(style(flows)),
        metadata: Metadata {
            title: "The strongest effects from unit to unit".to_owned(),
            description: "For each regressor the largest entries off the diagonal of the matrix of effects: \
                          what a unit change in one unit does to the response of another. Lines join \
                          representative points, bent to the left on their way from the unit that changes, \
                          the more the later the regressor stands in the model."
                .to_owned(),
            history,
        },
    })
}

/// From one end to the other, bent to the left by a share of the way: what goes back bends the other way.
fn arc(from: Coord, to: Coord, bend: f64) -> LineString {
    let way = to - from;
    let over = from + way * 0.5 + Coord { x: -way.y, y: way.x } * (2.0 * bend);
    let at = |step: u32| {
        let t = f64::from(step) / f64::from(ARC);
        from * ((1.0 - t) * (1.0 - t)) + over * (2.0 * t * (1.0 - t)) + to * (t * t)
    };
    (0..=ARC).map(at).collect()
}

/// Three widths to a sign, by the size of the effect.
fn style(flows: &[Flow]) -> Style {
    let largest = flows.iter().map(|flow| flow.effect.estimate.abs()).fold(0.0, f64::max);
    let third = largest / 3.0;
    // The bounds of the weak end at zero from both sides; the outermost reach past every value.
    let bounds = [-2.0 * third, -third, 0.0, third, 2.0 * third, largest * (1.0 + 1e-9)];
    let words = ["strong", "middling", "weak", "weak", "middling", "strong"];
    let widths = [0.8, 0.5, 0.26, 0.26, 0.5, 0.8];
    let classes = (0..6).filter(|&at| {
        let value = |flow: &Flow| flow.effect.estimate;
        let above = |v: f64| at == 0 || v > bounds[at - 1];
        flows.iter().map(value).any(|v| v <= bounds[at] && above(v))
    });
    let class = |at: usize| {
        let (colour, sign) = if at < 3 { (BLUE, "below zero") } else { (RED, "above zero") };
        Class {
            value: bounds[at],
            label: format!("{}, {sign}", words[at]),
            symbol: Symbol::loud(colour, widths[at]),
        }
    };
    Style::Graduated {
        field: "effect".to_owned(),
        title: "Effect on another unit".to_owned(),
        classes: classes.map(class).collect(),
    }
}
