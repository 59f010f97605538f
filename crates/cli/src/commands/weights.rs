use durbin::{
    Error,
    jobs::{AuditChoice, WeightsJob, WeightsResult},
    report::number::fixed,
};

use super::{Context, source};
use crate::args::WeightsArgs;

pub fn weights(args: &WeightsArgs, context: &Context) -> Result<(), Error> {
    let job = WeightsJob {
        input: source(&args.input, args.layer.as_ref(), args.id.as_ref()),
        output: args.output.clone(),
        wide: args.wide,
        overwrite: args.overwrite,
        weights: args.weights.choice(),
        audit: args
            .audit
            .clone()
            .map(|output| AuditChoice { output, tolerance: args.audit_tolerance }),
        command: context.command_line.clone(),
    };
    let result = job.run()?;
    context.warn(&result.warnings);
    context.print(&result, || summary(&result))
}

fn summary(result: &WeightsResult) -> String {
    let w = &result.summary;
    let symmetry = match (w.symmetric_pattern, w.symmetric) {
        (_, true) => "symmetric",
        (true, false) => "symmetric links, asymmetric weights",
        (false, false) => "asymmetric",
    };
    let mut facts = vec![
        ("weights", w.kind.clone()),
        ("transform", w.transform.words().to_owned()),
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
    if w.self_links > 0 {
        let weight = w.self_weight.map_or("varying".to_owned(), |weight| weight.to_string());
        facts.push(("self links", format!("{}, weight {weight}", w.self_links)));
    }
    if let Some(audit) = &result.audit {
        let area = |area: f64| format!("{} {}\u{b2}", fixed(area, 0), audit.length_unit);
        facts.extend([
            ("gaps", format!("{}, {} of them slivers", audit.gaps, audit.slivers)),
            ("area of slivers", area(audit.sliver_area)),
            ("overlaps", format!("{}, {}", audit.overlaps, area(audit.overlap_area))),
            (
                "near misses",
                format!(
                    "{} within {} {}",
                    audit.near_misses,
                    fixed(audit.tolerance, 1),
                    audit.length_unit
                ),
            ),
            ("invalid geometries", audit.invalid.to_string()),
        ]);
    }
    let counts: Vec<(String, String)> = w
        .cardinality_histogram
        .iter()
        .map(|(neighbours, units)| (format!("{neighbours} neighbour(s)"), units.to_string()))
        .collect();
    let facts: Vec<(String, String)> =
        facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
    format!(
        "{}\n{}",
        durbin::report::key_values(&facts).trim_end(),
        durbin::report::key_values(&counts)
    )
}
