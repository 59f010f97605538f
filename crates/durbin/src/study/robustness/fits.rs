//! The fits of a robustness grid, sharing what they have in common.

use durbin_core::{Estimate, Panel, Progress, Warning};
use durbin_sdm::{Fit, Model, Prepared, PreparedPanel};
use durbin_weights::Weights;
use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::grid::{Grid, Sample, Specification};
use crate::{
    Error, WeightsChoice,
    choice::Site,
    jobs::sdm::DEFAULTS,
    study::{Study, prepare},
};

/// A specification with what it found, or why it could not be estimated.
pub(in crate::study) struct Row {
    pub specification: Specification,
    pub n_units: usize,
    pub n_periods: usize,
    pub found: Result<Found, String>,
}

pub(in crate::study) struct Found {
    pub log_likelihood: f64,
    pub coefficients: Coefficients,
    pub quantities: Vec<Measured>,
}

/// All coefficients, ρ and λ, with their covariance.
pub(in crate::study) struct Coefficients {
    pub names: Vec<String>,
    pub estimates: Vec<f64>,
    pub covariance: Array2<f64>,
}

pub(in crate::study) struct Measured {
    /// The regressor by its name in the model; empty for ρ and λ.
    pub variable: String,
    /// `rho`, `lambda`, `coefficient`, `direct`, `indirect`, `total`.
    pub quantity: &'static str,
    pub estimate: Estimate,
}

/// All fits, in the order of their numbers whatever the number of threads.
///
/// `ln|I − ρW|` is set up once for each W over each set of units; rows of a sample are cut and winsorised once, and what
/// specifications make of them by one W is lagged, demeaned and multiplied once.
pub(in crate::study) fn fit_all(
    study: &Study,
    grid: &Grid,
    panel: &Panel,
    site: Site,
    progress: &dyn Progress,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Row>, Error> {
    let specifications = grid.specifications();
    progress.begin("robustness", specifications.len() as u64);
    let winsorised = grid.winsorise.len();
    let panels: Vec<Panel> = (0..grid.samples.len() * winsorised)
        .into_par_iter()
        .map(|at| cut(panel, &grid.samples[at / winsorised], grid.winsorise[at % winsorised]))
        .collect();

    let mut unit_sets: Vec<&[usize]> = Vec::new();
    let set_of: Vec<usize> = grid
        .samples
        .iter()
        .map(|sample| {
            unit_sets.iter().position(|set| *set == sample.units).unwrap_or_else(|| {
                unit_sets.push(&sample.units);
                unit_sets.len() - 1
            })
        })
        .collect();
    let mut matrices = Vec::new();
    for kind in &grid.weights {
        let choice = choice(study, kind)?;
        let mut noticed = Vec::new();
        for (at, set) in unit_sets.iter().enumerate() {
            let mut said = Vec::new();
            // Weights that some sample does not have leave its rows without a fit, not the study without a grid.
            matrices.push(build(&choice, site, set, &mut said).map_err(|e| e.to_string()));
            let sample = set_of.iter().position(|of| *of == at).unwrap_or(0);
            let name = &grid.samples[sample].name;
            noticed.extend(said.into_iter().map(|warning| (name.as_str(), warning)));
        }
        warnings.extend(of_weights(kind, &noticed));
    }
    let prepared: Vec<Result<Prepared, &String>> =
        matrices.iter().map(|built| built.as_ref().map(Prepared::new)).collect();
    if grid.models.iter().any(|model| !matches!(model, Model::Ols | Model::Slx)) {
        // Before the fits: a fit that waits for another's set-up would idle, and its error is repeated by them.
        prepared.par_iter().flatten().for_each(Prepared::set_up);
    }
    // Specifications of one sample, share and W come one after another, and share lags and cross-products too.
    let together = grid.transformations.len() * grid.models.len() * grid.effects.len();
    let rows = specifications
        .par_chunks(together.max(1))
        .flat_map(|group| {
            let one = &group[0];
            let panel = &panels[one.sample * winsorised + one.winsorise];
            let w = &prepared[one.weights * unit_sets.len() + set_of[one.sample]];
            let data = w.as_ref().map(|w| PreparedPanel::new(panel, w));
            let row = |one: &Specification| {
                let found = data.as_ref().map_err(|reason| (**reason).clone()).and_then(|data| {
                    let fit = grid.spec(one).fit_prepared_panel(data);
                    fit.and_then(|fit| found(grid, one, &fit)).map_err(|error| error.to_string())
                });
                progress.advance(1);
                Row {
                    specification: *one,
                    n_units: panel.n_units(),
                    n_periods: panel.n_periods(),
                    found,
                }
            };
            group.par_iter().map(row).collect::<Vec<Row>>()
        })
        .collect();
    progress.end();
    Ok(rows)
}

/// One specification by itself: its fit and its weights, nothing shared.
pub(in crate::study) fn fit_one(
    study: &Study,
    grid: &Grid,
    one: &Specification,
    panel: &Panel,
    site: Site,
    warnings: &mut Vec<Warning>,
) -> Result<(Fit, Weights), Error> {
    let sample = &grid.samples[one.sample];
    let w = build(&choice(study, &grid.weights[one.weights])?, site, &sample.units, warnings)?;
    let panel = cut(panel, sample, grid.winsorise[one.winsorise]);
    let failed = |source| Error::Sdm { file: study.panel.file.clone(), source };
    let fit = grid.spec(one).fit(&panel, &w).map_err(failed)?;
    Ok((fit, w))
}

fn choice(study: &Study, kind: &str) -> Result<WeightsChoice, Error> {
    let mut choice = study.weights_choice_of(kind)?;
    choice.snap = choice.snap.filter(|_| choice.spec.compares_borders());
    Ok(choice)
}

/// The weights of some of the units, as if there were no others.
fn build(
    choice: &WeightsChoice,
    site: Site,
    units: &[usize],
    said: &mut Vec<Warning>,
) -> Result<Weights, Error> {
    if units.len() == site.ids.len() {
        return choice.build(site, DEFAULTS, said);
    }
    let ids: Vec<String> = units.iter().map(|&unit| site.ids[unit].clone()).collect();
    let shapes = site.units.map(|all| all.select(units));
    choice.build(Site { ids: &ids, units: shapes.as_ref(), ..site }, DEFAULTS, said)
}

/// Samples whose warnings are told one by one; of more it is said how many there are.
const TOLD: usize = 3;

/// What was noticed about one kind of weights, with the samples it was noticed in.
fn of_weights(kind: &str, noticed: &[(&str, Warning)]) -> Vec<Warning> {
    let told = noticed.iter().take(TOLD).map(|(sample, warning)| {
        format!("weights `{kind}` of the robustness grid, sample `{sample}`: {warning}")
    });
    let more = noticed.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| {
        format!("weights `{kind}` of the robustness grid: {more} more warnings like these, of other samples")
    });
    told.chain(more).map(Warning::Other).collect()
}

fn cut(panel: &Panel, sample: &Sample, share: f64) -> Panel {
    let mut panel = panel.clone();
    panel.keep_periods(sample.periods.clone());
    panel.keep_units(&sample.units);
    if share > 0.0 {
        prepare::winsorise(&mut panel, share);
    }
    panel
}

fn found(grid: &Grid, one: &Specification, fit: &Fit) -> Result<Found, durbin_sdm::Error> {
    let mut quantities = Vec::new();
    let mut add = |variable: &str, quantity, estimate| {
        quantities.push(Measured { variable: variable.to_owned(), quantity, estimate });
    };
    for (name, estimate) in [("rho", fit.rho()), ("lambda", fit.lambda())] {
        if let Some(estimate) = estimate {
            add("", name, estimate);
        }
    }
    let coefficients = fit.coefficients();
    let impacts = fit.impacts()?;
    for impact in &impacts.rows {
        let own = grid.own_name(one, &impact.variable);
        if !grid.interest.iter().any(|name| name == own) {
            continue;
        }
        if let Some((_, estimate)) = coefficients.iter().find(|(name, _)| *name == impact.variable)
        {
            add(own, "coefficient", *estimate);
        }
        add(own, "direct", impact.direct);
        add(own, "indirect", impact.indirect);
        add(own, "total", impact.total);
    }
    // The variance of the errors is not what regions are asked about.
    let kept: Vec<usize> = (0..fit.names.len()).filter(|&at| fit.names[at] != "sigma2").collect();
    let coefficients = Coefficients {
        names: kept.iter().map(|&at| fit.names[at].clone()).collect(),
        estimates: kept.iter().map(|&at| fit.parameters[at]).collect(),
        covariance: fit.covariance.select(Axis(0), &kept).select(Axis(1), &kept),
    };
    Ok(Found { log_likelihood: fit.log_likelihood, coefficients, quantities })
}
