use durbin::{Error, PanelSource, jobs::GmmJob};

use super::{Context, source};
use crate::args::{GmmArgs, Wanted};

pub fn gmm(args: &GmmArgs, context: &Context) -> Result<(), Error> {
    let job = GmmJob {
        panel: PanelSource {
            source: source(&args.panel, args.layer.as_ref(), None),
            id: args.id.clone(),
            time: Some(args.time.clone()),
            boundaries: None,
        },
        spec: args.spec(),
        cluster: args.cluster.clone(),
        margins: args.marginal_effect.clone(),
        plot: args.plot.clone(),
        overwrite: args.overwrite,
        missing: args.missing,
    };
    if let Wanted::LeastSquares(effects) = args.estimator {
        let result = job.least_squares(effects, &context.progress)?;
        context.warn(&result.warnings);
        return context.print(&result, || result.text());
    }
    let result = job.run(&context.progress)?;
    context.warn(&result.warnings);
    context.print(&result, || result.text())
}
