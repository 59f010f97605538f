use std::collections::BTreeMap;

use durbin::{
    Error,
    hotspot::{BinsBy, Correction, EmergingOptions, Options},
    jobs::{EmergingJob, EmergingResult, HotspotJob, HotspotResult},
    weights::Summary,
};

use super::Context;
use crate::args::HotspotArgs;

pub fn hotspot(args: &HotspotArgs, context: &Context) -> Result<(), Error> {
    let to_stdout = context.layer_to_stdout(&args.output)?;
    let source = args.fields.source(&args.input, Some(&args.change));
    let weights = args.weights.choice();
    let destination = args.destination.destination(&args.output, context);
    let default = if args.emerging { Correction::Fdr } else { Correction::None };
    let options = Options {
        self_included: !args.no_self,
        correction: args.correction.unwrap_or(default),
        permutations: args.permutations,
        seed: context.seed.unwrap_or(Options::default().seed),
        bins: args.bins_by,
        ..Options::default()
    };
    if args.emerging {
        if args.permutations > 0 && args.bins_by == BinsBy::Normal {
            return Err(Error::Usage(
                "--emerging uses --permutations for its bins alone: add --bins-by permutations"
                    .to_owned(),
            ));
        }
        let options = EmergingOptions { gi: options, ..EmergingOptions::default() };
        let (compat, by_period) = (args.compat, args.by_period);
        let job = EmergingJob { source, weights, options, compat, destination, by_period };
        let results = job.run(&context.progress)?;
        context.warn(results.iter().flat_map(|result| &result.warnings));
        return if to_stdout { Ok(()) } else { context.print_each(&results, patterns) };
    }
    let job = HotspotJob { source, weights, options, compat: args.compat, destination };
    let results = job.run(&context.progress)?;
    context.warn(results.iter().flat_map(|result| &result.warnings));
    if to_stdout { Ok(()) } else { context.print_each(&results, bins) }
}

fn head(field: &str, n: usize, star: bool, weights: &Summary) -> Vec<(String, String)> {
    vec![
        ("field".to_owned(), field.to_owned()),
        ("units".to_owned(), n.to_string()),
        ("statistic".to_owned(), if star { "Gi*" } else { "Gi" }.to_owned()),
        ("weights".to_owned(), format!("{}, {} links", weights.kind, weights.links)),
    ]
}

fn bins(result: &HotspotResult) -> String {
    let mut lines = head(&result.field, result.n, result.self_included, &result.weights);
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

fn patterns(result: &EmergingResult) -> String {
    let mut lines = head(&result.field, result.n, result.self_included, &result.weights);
    lines.push(("periods".to_owned(), result.periods.len().to_string()));
    lines.extend(found(&result.patterns));
    durbin::report::key_values(&lines)
}

/// The classes that occur.
pub fn found(counts: &BTreeMap<&'static str, usize>) -> Vec<(String, String)> {
    let found = counts.iter().filter(|(_, count)| **count > 0);
    found.map(|(label, count)| ((*label).to_owned(), count.to_string())).collect()
}
