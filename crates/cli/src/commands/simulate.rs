use durbin::{Error, core::Progress, jobs::SimulateJob, report};

use super::{Context, source};
use crate::args::SimulateArgs;

pub fn simulate(args: &SimulateArgs, context: &Context) -> Result<(), Error> {
    let to_stdout = match &args.output {
        Some(output) => context.layer_to_stdout(output)?,
        None => false,
    };
    let seed = context.seed.unwrap_or(12345);
    let mut job = match (&args.file, &args.boundaries) {
        (Some(file), _) => SimulateJob::read(file, seed)?,
        (None, Some(boundaries)) => {
            let (first, last) = args.periods;
            SimulateJob {
                boundaries: source(boundaries, args.boundaries_layer.as_ref(), args.id.as_ref()),
                without: args.without.clone(),
                periods: (first..=last).map(|period| period.to_string()).collect(),
                truth: args.truth(),
                indicators: Vec::new(),
                former: Vec::new(),
                weights: args.weights.choice(),
                seed,
                replicate: None,
                estimator: args.estimator,
                clean: false,
                destination: None,
            }
        }
        (None, None) => {
            return Err(Error::Usage("name --boundaries, or a --file that does".to_owned()));
        }
    };
    job.seed = context.seed.unwrap_or(job.seed);
    job.replicate = args.replicate;
    job.estimator = args.estimator;
    job.clean = args.clean;
    job.destination =
        args.output.as_ref().map(|output| args.destination.destination(output, context));
    let result = job.run(&context.progress)?;
    context.progress.end();
    context.warn(&result.warnings);
    if to_stdout {
        return Ok(());
    }
    context.print(&result, || {
        let lines = [
            ("data", "simulated".to_owned()),
            ("units", result.n_units.to_string()),
            ("periods", result.n_periods.to_string()),
            ("seed", result.seed.to_string()),
            ("weights", format!("{}, {} links", result.weights.kind, result.weights.links)),
        ];
        let lines: Vec<(String, String)> =
            lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let head = report::key_values(&lines);
        match &result.replications {
            Some(replicated) => format!("{head}\n{}", report::table::text(&replicated.table())),
            None => head,
        }
    })
}
