use durbin::{
    Error,
    hotspot::Options,
    jobs::{Change, HotspotJob, HotspotResult},
};
use serde_json::json;

use super::{Context, source};
use crate::args::HotspotArgs;

pub fn hotspot(args: &HotspotArgs, context: &Context) -> Result<(), Error> {
    let to_stdout = args.output == "-";
    if to_stdout && context.json {
        return Err(Error::Usage(
            "--json and OUTPUT - both want standard output: write the layer to a file".to_owned(),
        ));
    }
    let job = HotspotJob {
        input: source(&args.input, args.layer.as_ref(), None),
        id: args.id.clone(),
        time: args.time.clone(),
        boundaries: args.boundaries.source(args.id.as_ref()),
        fields: args.field.clone(),
        change: args.change.clone().map(|(from, to)| Change {
            from,
            to,
            measure: args.change_measure,
        }),
        weights: args.weights.choice(),
        options: Options {
            self_included: !args.no_self,
            correction: args.correction,
            permutations: args.permutations,
            seed: context.seed.unwrap_or(Options::default().seed),
            ..Options::default()
        },
        missing: args.missing,
        output: args.output.clone(),
        output_layer: args.output_layer.clone(),
        existing: args.existing.existing(),
        command: context.command_line.clone(),
    };
    let results = job.run(&context.progress)?;
    for result in &results {
        context.warn(&result.warnings);
    }
    if to_stdout {
        return Ok(());
    }
    let text = || results.iter().map(summary).collect::<Vec<_>>().join("\n");
    match results.as_slice() {
        [one] => context.print(one, text),
        several => context.print(&json!({ "results": several }), text),
    }
}

fn summary(result: &HotspotResult) -> String {
    let mut lines = vec![
        ("field".to_owned(), result.field.clone()),
        ("units".to_owned(), result.n.to_string()),
        ("statistic".to_owned(), if result.self_included { "Gi*" } else { "Gi" }.to_owned()),
        ("weights".to_owned(), format!("{}, {} links", result.weights.kind, result.weights.links)),
    ];
    let words = [
        (3, "hot spots, 99 %"),
        (2, "hot spots, 95 %"),
        (1, "hot spots, 90 %"),
        (0, "not significant"),
        (-1, "cold spots, 90 %"),
        (-2, "cold spots, 95 %"),
        (-3, "cold spots, 99 %"),
    ];
    for (bin, word) in words {
        let count = result.bins.get(&bin).copied().unwrap_or_default();
        lines.push((word.to_owned(), count.to_string()));
    }
    durbin::report::key_values(&lines)
}
