use durbin::{Error, jobs::IndexJob};

use super::{Context, source};
use crate::args::IndexArgs;

pub fn index(args: &IndexArgs, context: &Context) -> Result<(), Error> {
    let to_stdout = context.layer_to_stdout(&args.output)?;
    let job = IndexJob {
        source: source(&args.panel, args.layer.as_ref(), None),
        id: args.id.clone(),
        time: args.time.clone(),
        spec: args.spec()?,
        missing: args.missing,
        parts: args.parts,
        coupling: args.coupling,
        destination: args.destination.destination(&args.output, context),
    };
    let result = job.run(&context.progress)?;
    context.warn(&result.warnings);
    if to_stdout {
        return Ok(());
    }
    context.print(&result, || durbin::report::table::text(&result.table))
}
