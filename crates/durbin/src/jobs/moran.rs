//! `durbin moran`: global statistics of a layer, or of every period of a panel, in one table.

mod statistic;
mod table;

use durbin_core::{Conventions, Missing, Progress, Warning};
use durbin_hotspot::{Assumption, Compat, GlobalOptions, Sampling};
use durbin_weights::{Islands, Summary, Transform};
use serde::Serialize;

use super::{
    followed::named,
    matrices::{Matrices, Matrix},
    source::{FieldSource, Sample},
};
use crate::{Error, WeightsChoice, choice::WeightsDefaults};

pub use statistic::GlobalStatistic;

const DEFAULTS: WeightsDefaults = WeightsDefaults {
    transform: Transform::Row,
    islands: Islands::Keep,
    kept_islands: None,
    self_links: true,
};

/// What `durbin moran` is asked to do.
#[derive(Debug, Clone)]
pub struct MoranJob {
    /// The fields.
    pub source: FieldSource,
    /// Which weights.
    pub weights: WeightsChoice,
    /// Which statistics, of each field and period.
    pub statistics: Vec<GlobalStatistic>,
    /// The neighbours' variable of the bivariate one.
    pub with: Option<String>,
    /// How categories are drawn under the null of join counts.
    pub sampling: Sampling,
    /// Assumption, permutations, seed.
    pub options: GlobalOptions,
    /// Follow this program's conventions.
    pub compat: Option<Compat>,
    /// A `.csv`, `.md` or `.tex` for the table, if it is to be written.
    pub output: Option<String>,
    /// Replace it if it exists.
    pub overwrite: bool,
}

/// One statistic of one field in one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GlobalRow {
    /// The field.
    pub field: String,
    /// Label of the period; `None` where there is no time.
    pub period: Option<String>,
    /// Which statistic.
    pub statistic: GlobalStatistic,
    /// The neighbours' variable (bivariate Moran).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Which joins, such as `a:a`, `a:b` or `different` (join counts).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// The statistic.
    pub value: f64,
    /// Its expectation.
    pub expected: f64,
    /// Its variance.
    pub variance: f64,
    /// `(value − expected) / √variance`.
    pub z: f64,
    /// Normal p-value.
    pub p_value: f64,
    /// Pseudo p-value of the permutations, if there were any.
    pub p_sim: Option<f64>,
    /// `randomization` or `normality`; of join counts the sampling.
    pub assumption: &'static str,
    /// Units counted in n.
    pub n: usize,
    /// Units without neighbours.
    pub islands: usize,
}

/// All rows, and what must be known to read them.
#[derive(Debug, Serialize)]
pub struct MoranResult {
    /// By field, period and statistic.
    pub results: Vec<GlobalRow>,
    /// Units read.
    pub n: usize,
    /// Units without neighbours.
    pub islands: usize,
    /// Units left out for missing values, field by field.
    pub dropped: usize,
    /// Values filled by interpolation.
    pub filled: usize,
    /// Permutations of all values.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
    /// The program whose conventions were followed.
    pub compat: Option<Compat>,
    /// Every choice behind the numbers; where statistics differ, with the statistic's name.
    pub conventions: Conventions,
    /// Summary of W (of the first field, where fields have different gaps).
    pub weights: Summary,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

/// What is collected over fields, periods and statistics.
#[derive(Default)]
struct Found {
    rows: Vec<GlobalRow>,
    conventions: Vec<(&'static str, Conventions)>,
    warnings: Vec<Warning>,
}

/// The values of a field in every period: numbers, with those of the neighbours' variable, and categories.
struct Values {
    numbers: Option<Vec<Vec<f64>>>,
    with: Option<Vec<Vec<f64>>>,
    categories: Option<Vec<Vec<Option<String>>>>,
}

impl MoranJob {
    /// Computes, and writes the table if that is asked for.
    ///
    /// # Errors
    /// Input that cannot be read or joined, weights that cannot be built, a field that is constant,
    /// missing or no number in some period, an output that exists.
    pub fn run(&self, progress: &dyn Progress) -> Result<MoranResult, Error> {
        self.check()?;
        progress.begin("read", 0);
        let sample = self.source.read(false, &self.weights)?;
        progress.end();
        let mut matrices = Matrices::new(&self.weights, DEFAULTS, sample.site());
        let mut found = Found { warnings: sample.warnings.clone(), ..Found::default() };
        let mut weights = None;
        for field in &self.source.fields {
            let values = self.values(field, &sample, &mut found)?;
            let periods = sample.periods();
            let gap = |period: usize, unit: usize| values.gap(period, unit);
            let kept = sample.complete(field, periods.len(), gap, &mut found.warnings)?;
            let matrix = matrices.of(&kept)?;
            found.warn(&matrix.warnings);
            for (at, period) in periods.iter().enumerate() {
                let rows = self
                    .tested(field, &values, at, &kept, &matrix, &mut found, progress)
                    .map_err(|source| Error::of_period(&sample.file, field, period, source))?;
                let period = (!period.is_empty()).then(|| period.clone());
                let rows = rows.into_iter();
                found.rows.extend(rows.map(|row| GlobalRow { period: period.clone(), ..row }));
            }
            weights.get_or_insert_with(|| matrix.summary.clone());
        }
        let weights =
            weights.ok_or_else(|| Error::Usage("--field F names what to test".to_owned()))?;
        let result = MoranResult {
            n: sample.ids().len(),
            islands: weights.islands,
            dropped: found.warnings.iter().map(Warning::dropped).sum(),
            filled: found.warnings.iter().map(Warning::filled).sum(),
            permutations: self.options.permutations,
            seed: self.options.seed,
            compat: self.compat,
            conventions: named(merged(&found.conventions), self.compat),
            results: found.rows,
            weights,
            warnings: found.warnings,
        };
        if let Some(path) = &self.output {
            table::write(&result.table(), path, self.overwrite)?;
        }
        Ok(result)
    }

    /// Options that contradict each other.
    fn check(&self) -> Result<(), Error> {
        self.weights.check()?;
        self.source.check()?;
        let asked = |statistic| self.statistics.contains(&statistic);
        let usage = |words: &str| Err(Error::Usage(words.to_owned()));
        if asked(GlobalStatistic::Bivariate) != self.with.is_some() {
            return usage(
                "--statistic bivariate and --with G go together: I of a field and of its neighbours' G",
            );
        }
        if asked(GlobalStatistic::JoinCounts) && self.source.missing == Missing::Interpolate {
            return usage("--missing interpolate cannot fill the categories of join counts");
        }
        if self.compat == Some(Compat::Arcgis) && self.options.assumption == Assumption::Normality {
            return usage("--compat arcgis is randomization: leave out --assumption normality");
        }
        if let Some(path) = &self.output {
            table::check(path)?;
            crate::files::refuse_existing(path, self.overwrite)?;
            let inputs = self.source.inputs().into_iter().flatten();
            inputs.into_iter().try_for_each(|input| crate::files::refuse_input(path, input))?;
            self.weights.refuse_output(path)?;
        }
        Ok(())
    }

    fn values(&self, field: &str, sample: &Sample, found: &mut Found) -> Result<Values, Error> {
        let numeric = self.statistics.iter().any(|kind| *kind != GlobalStatistic::JoinCounts);
        let categorical = self.statistics.contains(&GlobalStatistic::JoinCounts);
        let mut filled = Vec::new();
        let mut numbers = |field: &str| sample.numbers(field, &mut filled);
        let values = Values {
            numbers: if numeric { Some(numbers(field)?) } else { None },
            with: self.with.as_ref().map(|with| numbers(with)).transpose()?,
            categories: if categorical { Some(sample.categories(field)?) } else { None },
        };
        found.warn(&filled);
        Ok(values)
    }

    #[expect(clippy::too_many_arguments, reason = "one field in one period")]
    fn tested(
        &self,
        field: &str,
        values: &Values,
        period: usize,
        kept: &[usize],
        matrix: &Matrix,
        found: &mut Found,
        progress: &dyn Progress,
    ) -> Result<Vec<GlobalRow>, durbin_hotspot::Error> {
        let of = |lists: &Option<Vec<Vec<f64>>>| -> Vec<f64> {
            let list = lists.as_ref().map(|lists| &lists[period]);
            list.map(|list| kept.iter().map(|&row| list[row]).collect()).unwrap_or_default()
        };
        let words = values.categories.as_ref().map(|lists| {
            kept.iter().map(|&row| lists[period][row].as_deref().unwrap_or_default()).collect()
        });
        let data = statistic::Data {
            field,
            numbers: of(&values.numbers),
            with: self.with.as_deref().map(|name| (name, of(&values.with))),
            categories: words.unwrap_or_default(),
            weights: &matrix.weights,
            sampling: self.sampling,
        };
        let mut rows = Vec::new();
        for &kind in &self.statistics {
            let options = match self.compat {
                Some(program) => program.global(self.options, kind.name()),
                None => self.options,
            };
            let tested = kind.test(&data, &options, progress)?;
            rows.extend(tested.rows);
            found.warn(&tested.warnings);
            if !found.conventions.iter().any(|(known, _)| *known == kind.name()) {
                found.conventions.push((kind.name(), tested.conventions));
            }
        }
        Ok(rows)
    }
}

impl Values {
    fn gap(&self, period: usize, unit: usize) -> bool {
        let nan = |lists: &Option<Vec<Vec<f64>>>| {
            lists.as_ref().is_some_and(|lists| lists[period][unit].is_nan())
        };
        let words = self.categories.as_ref();
        nan(&self.numbers)
            || nan(&self.with)
            || words.is_some_and(|lists| lists[period][unit].is_none())
    }
}

impl Found {
    /// Each warning once, whatever the number of fields and periods.
    fn warn(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
            }
        }
    }
}

/// What all statistics share under its own name, the rest with the statistic's.
fn merged(all: &[(&'static str, Conventions)]) -> Conventions {
    let shared = |name: &str, choice: &str| {
        all.iter().all(|(_, one)| one.iter().any(|known| known == (name, choice)))
    };
    let mut merged = Conventions::new();
    for (at, (statistic, conventions)) in all.iter().enumerate() {
        for (name, choice) in conventions.iter() {
            if !shared(name, choice) {
                merged = merged.with(format!("{statistic} {name}"), choice);
            } else if at == 0 {
                merged = merged.with(name, choice);
            }
        }
    }
    merged
}
