//! One specification of a robustness grid by itself.

use durbin_core::Progress;
use durbin_weights::Summary;

use super::{Study, results, robustness};
use crate::{
    Error,
    jobs::{SdmResult, StandardErrors},
};

/// Fits specification `number`, from 1, of the study's robustness grid alone; nothing is written.
///
/// # Errors
/// A study without a grid, a number it does not have, and whatever keeps this specification from being estimated.
pub fn specification(
    study: &Study,
    number: usize,
    progress: &dyn Progress,
) -> Result<SdmResult, Error> {
    let Some(asked) = &study.robustness else {
        return Err(Error::Usage(format!(
            "--specification: {} has no section [robustness]",
            study.path().display()
        )));
    };
    let mut warnings = Vec::new();
    let gathered = results::gather(study, progress, &mut warnings)?;
    let grid = gathered.grid(study, asked)?;
    let all = grid.specifications();
    let Some(one) = number.checked_sub(1).and_then(|at| all.get(at)) else {
        return Err(Error::Usage(format!(
            "--specification {number}: the grid has specifications 1 to {}",
            all.len()
        )));
    };
    let (fit, w) =
        robustness::fit_one(study, &grid, one, &gathered.panel, gathered.site(), &mut warnings)?;
    let failed = |source| Error::Sdm { file: study.panel.file.clone(), source };
    warnings.extend(fit.warnings.iter().cloned());
    Ok(SdmResult {
        impacts: fit.impacts().map_err(failed)?,
        long_run: fit.long_run_impacts().map_err(failed)?,
        fit,
        standard_errors: StandardErrors::Delta,
        tests: Vec::new(),
        comparison: None,
        influence: None,
        weights: Summary::of(&w),
        log: Vec::new(),
        warnings,
    })
}
