use durbin::{Error, PanelSource, jobs::GmmJob};

use super::{Context, source};
use crate::args::{GmmArgs, Wanted};

pub fn gmm(args: &GmmArgs, context: &Context) -> Result<(), Error> {
    let seed = context.seed.unwrap_or(durbin::DEFAULT_SEED);
    let job = GmmJob {
        panel: PanelSource {
            source: source(&args.panel, args.layer.as_ref(), None),
            id: args.id.clone(),
            time: Some(args.time.clone()),
            boundaries: args.boundaries.source(Some(&args.id)),
        },
        spec: args.spec(),
        neighbours: args.neighbours.terms(),
        weights: args.neighbours.choice(),
        cluster: args.cluster.clone(),
        margins: args.marginal_effect.clone(),
        plot: args.plot.clone(),
        tables: args.tables.clone(),
        overwrite: args.overwrite,
        missing: args.missing,
        unit_roots: args.unit_root.clone(),
        unit_root: args.unit_roots(seed),
    };
    let least_squares = match args.estimator {
        Wanted::LeastSquares(effects) => Some(job.least_squares(effects, &context.progress)?),
        Wanted::BiasCorrected => {
            let how = args.bias_correction(seed);
            Some(job.bias_corrected(&how, &context.progress)?)
        }
        Wanted::Gmm(_) => None,
    };
    if let Some(result) = least_squares {
        context.warn(&result.warnings);
        return context.print(&result, || result.text());
    }
    let result = job.run(&context.progress)?;
    context.warn(&result.warnings);
    context.print(&result, || result.text())
}
