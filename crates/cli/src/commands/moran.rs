use durbin::{
    Error,
    hotspot::GlobalOptions,
    jobs::{MoranJob, MoranResult},
};

use super::Context;
use crate::args::MoranArgs;

pub fn moran(args: &MoranArgs, context: &Context) -> Result<(), Error> {
    let job = MoranJob {
        source: args.fields.source(&args.input, None),
        weights: args.weights.choice(),
        statistics: args.statistic.clone(),
        with: args.with.clone(),
        sampling: args.sampling,
        options: GlobalOptions {
            assumption: args.assumption,
            permutations: args.permutations,
            seed: context.seed.unwrap_or(GlobalOptions::default().seed),
            ..GlobalOptions::default()
        },
        compat: args.compat,
        output: args.output.clone(),
        overwrite: args.overwrite,
    };
    let result = job.run(&context.progress)?;
    context.warn(&result.warnings);
    context.print(&result, || text(&result))
}

fn text(result: &MoranResult) -> String {
    let table = durbin::report::table::text(&result.table());
    let w = &result.weights;
    let facts = [
        ("units".to_owned(), result.n.to_string()),
        ("weights".to_owned(), format!("{}, {}, {} links", w.kind, w.transform.name(), w.links)),
    ];
    let conventions = result.conventions.iter();
    let conventions = conventions.map(|(name, choice)| (name.to_owned(), choice.to_owned()));
    let notes: Vec<(String, String)> = facts.into_iter().chain(conventions).collect();
    format!("{table}\n{}", durbin::report::key_values(&notes))
}
