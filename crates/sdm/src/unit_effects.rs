//! Effects unit by unit.

use durbin_core::{Column, Conventions, Estimate};
use serde::Serialize;

use crate::{
    Error, Fit, convention,
    delta::{Effect, Functional},
    design::Term,
    multiplier::UnitSums,
};

/// Effects of one regressor in every unit, `n` each.
///
/// With `E_k = (I − ρW)⁻¹(I·β_k + W·θ_k)`: entry `ij` is what a unit change in `j` does to `i`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitEffect {
    /// The regressor.
    pub variable: String,
    /// `(E_k)_ii`.
    pub direct: Vec<Estimate>,
    /// Received from the others: row sum less the diagonal.
    pub spill_in: Vec<Estimate>,
    /// Sent to the others: column sum less the diagonal.
    pub spill_out: Vec<Estimate>,
    /// Row sum: the response to the same change everywhere. The same for all units where the rows of W
    /// have one sum.
    pub total: Vec<Estimate>,
}

/// Effects of all regressors in every unit, with delta-method errors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitEffects {
    /// The regressors, in the order of the specification.
    pub variables: Vec<String>,
    /// Unit keys, `n`.
    pub ids: Vec<String>,
    /// One entry per regressor.
    pub effects: Vec<UnitEffect>,
    /// How they were computed.
    pub conventions: Conventions,
    /// Whether the model lets a change in one unit reach another.
    pub(crate) spills: bool,
    /// Whether lags in time have run their course.
    long_run: bool,
}

impl UnitEffects {
    /// The effects within the period.
    pub(crate) fn new(fit: &Fit) -> Result<Self, Error> {
        let conventions = convention::of_effects(&fit.spec);
        Ok(Self::over(fit, &*fit.reach.units()?, Effect::new, conventions))
    }

    /// The effects in the long run, of a dynamic model.
    pub(crate) fn long_run(fit: &Fit) -> Result<Option<Self>, Error> {
        let Some(reach) = &fit.long_run else { return Ok(None) };
        let conventions = convention::of_long_run();
        let effects = Self::over(fit, &*reach.units()?, Effect::long_run, conventions);
        Ok(Some(Self { long_run: true, ..effects }))
    }

    fn over(
        fit: &Fit,
        sums: &UnitSums,
        effect: fn(&Fit, &Term) -> Effect,
        conventions: Conventions,
    ) -> Self {
        let effects: Vec<UnitEffect> = fit
            .terms
            .iter()
            .map(|term| {
                let effect = effect(fit, term);
                let each = |of: &dyn Fn(usize) -> Functional| -> Vec<Estimate> {
                    (0..fit.n_units).map(|i| effect.estimate(of(i))).collect()
                };
                let of = |values, i| Functional::of_unit(sums.rho, values, i);
                let direct = |i| of(&sums.diagonal, i);
                let received = |i| of(&sums.rows, i);
                let sent = |i| of(&sums.columns, i);
                UnitEffect {
                    variable: term.variable.clone(),
                    direct: each(&direct),
                    spill_in: each(&|i| received(i).less(direct(i))),
                    spill_out: each(&|i| sent(i).less(direct(i))),
                    total: each(&received),
                }
            })
            .collect();
        let moves = |e: &UnitEffect| e.spill_out.iter().any(|sent| sent.std_error > 0.0);
        Self {
            variables: fit.spec.x.clone(),
            ids: fit.ids.clone(),
            spills: effects.iter().any(moves),
            effects,
            conventions,
            long_run: false,
        }
    }

    /// The columns `P_direct`, `P_direct_se`, `P_spill_in`, … of a layer, in the order of `ids`; of the long run
    /// `P_long_run_direct` and so on.
    pub fn columns(&self) -> Vec<Column> {
        let (infix, when) =
            if self.long_run { ("long_run_", " in the long run") } else { ("", "") };
        let mut columns = Vec::with_capacity(8 * self.effects.len());
        for UnitEffect { variable, direct, spill_in, spill_out, total } in &self.effects {
            let kinds = [
                ("direct", "effect on itself", direct),
                ("spill_in", "effect received from the others", spill_in),
                ("spill_out", "effect sent to the others", spill_out),
                ("total", "effect of a change everywhere", total),
            ];
            for (kind, words, values) in kinds {
                let name = format!("{variable}_{infix}{kind}");
                columns.push(
                    Column::float(&name, values.iter().map(|v| v.estimate))
                        .alias(format!("{variable}: {words}{when}")),
                );
                columns.push(
                    Column::float(format!("{name}_se"), values.iter().map(|v| v.std_error))
                        .alias(format!("{variable}: {words}{when}, standard error")),
                );
            }
        }
        columns
    }
}
