use durbin::{
    Error,
    hotspot::{LocalOptions, Significance},
    jobs::{LisaJob, LisaResult, LisaStatistic},
};

use super::{Context, hotspot::found};
use crate::args::LisaArgs;

pub fn lisa(args: &LisaArgs, context: &Context) -> Result<(), Error> {
    let to_stdout = context.layer_to_stdout(&args.output)?;
    let job = LisaJob {
        source: args.fields.source(&args.input, Some(&args.change)),
        weights: args.weights.choice(),
        statistic: args.statistic,
        options: LocalOptions {
            permutations: args.permutations,
            seed: context.seed.unwrap_or(LocalOptions::default().seed),
            significance: Significance { level: args.alpha, correction: args.correction },
            ..LocalOptions::default()
        },
        compat: args.compat,
        destination: args.destination.destination(&args.output, context),
    };
    let results = job.run(&context.progress)?;
    context.warn(results.iter().flat_map(|result| &result.warnings));
    if to_stdout { Ok(()) } else { context.print_each(&results, summary) }
}

fn summary(result: &LisaResult) -> String {
    let statistic = match result.statistic {
        LisaStatistic::Moran => "local Moran's I",
        LisaStatistic::Geary => "local Geary's C",
    };
    let w = &result.weights;
    let mut lines = vec![
        ("field".to_owned(), result.field.clone()),
        ("units".to_owned(), result.n.to_string()),
        ("statistic".to_owned(), statistic.to_owned()),
        ("weights".to_owned(), format!("{}, {} links", w.kind, w.links)),
        ("level".to_owned(), format!("{}, correction {}", result.alpha, result.correction.name())),
    ];
    lines.extend(found(&result.clusters));
    durbin::report::key_values(&lines)
}
