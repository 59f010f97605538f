use durbin::{Error, PanelSource, jobs::SdmJob, sdm::SdmSpec};

use super::{Context, source};
use crate::args::SdmArgs;

pub fn sdm(args: &SdmArgs, context: &Context) -> Result<(), Error> {
    let job = SdmJob {
        panel: PanelSource {
            source: source(&args.panel, args.layer.as_ref(), None),
            id: args.id.clone(),
            time: args.time.clone(),
            boundaries: args.boundaries.source(Some(&args.id)),
        },
        spec: SdmSpec::new(args.y.clone(), args.x.clone())
            .durbin(args.durbin())
            .model(args.model)
            .effects(args.effects())
            .bias_correction(args.bias_correction())
            .dynamic(args.dynamic)
            .vcov(args.vcov)
            .log_determinant(args.logdet),
        log: args.log.clone(),
        weights: args.weights.choice(),
        tests: args.tests,
        compare: args.compare,
        influence: args.influence.map(|count| count as usize),
        error_weights: args.error_weights.clone(),
        standard_errors: args.standard_errors(context.seed.unwrap_or(durbin::DEFAULT_SEED)),
        balance: args.balance,
        missing: args.missing,
        output: args.output.clone(),
        output_layer: args.output_layer.clone(),
        flows: args.flows.map(|count| count as usize),
        tables: args.tables.clone(),
        existing: args.existing.existing(),
        projects: args.projects.projects(),
        command: context.command_line.clone(),
    };
    let result = job.run(&context.progress)?;
    context.warn(args.idle().iter().chain(&result.warnings));
    context.print(&result, || result.text())
}
