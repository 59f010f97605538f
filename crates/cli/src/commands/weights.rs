use durbin::{Error, jobs::WeightsJob, weights::Summary};

use super::{Context, source};
use crate::args::WeightsArgs;

pub fn weights(args: &WeightsArgs, context: &Context) -> Result<(), Error> {
    let job = WeightsJob {
        input: source(&args.input, args.layer.as_ref(), args.id.as_ref()),
        output: args.output.clone(),
        overwrite: args.overwrite,
        weights: args.weights.choice(),
    };
    let result = job.run()?;
    context.warn(&result.warnings);
    context.print(&result, || summary(&result.summary))
}

fn summary(w: &Summary) -> String {
    let symmetry = match (w.symmetric_pattern, w.symmetric) {
        (_, true) => "symmetric",
        (true, false) => "symmetric links, asymmetric weights",
        (false, false) => "asymmetric",
    };
    let facts = [
        ("weights", w.kind.clone()),
        ("units", w.n.to_string()),
        ("links", w.links.to_string()),
        ("nonzero", format!("{:.4} %", w.percent_nonzero)),
        ("least neighbours", w.min_cardinality.to_string()),
        ("mean neighbours", format!("{:.4}", w.mean_cardinality)),
        ("most neighbours", w.max_cardinality.to_string()),
        ("islands", w.islands.to_string()),
        ("components", w.components.to_string()),
        ("symmetry", symmetry.to_owned()),
    ];
    durbin::report::key_values(&facts.map(|(name, fact)| (name.to_owned(), fact)))
}
