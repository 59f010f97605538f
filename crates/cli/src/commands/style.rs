use durbin::{
    Error,
    jobs::{StyleJob, StyleResult},
};

use super::Context;
use crate::args::StyleArgs;

pub fn style(args: &StyleArgs, context: &Context) -> Result<(), Error> {
    let job = StyleJob {
        file: args.file.clone(),
        layer: args.layer.clone(),
        field: args.field.clone(),
        symbols: args.symbols.clone(),
        look: args.look.choice(),
        title: args.title.clone(),
    };
    let result = job.run()?;
    context.warn(&result.warnings);
    context.print(&result, || text(&result))
}

fn text(result: &StyleResult) -> String {
    let styled = result.styled.iter().map(|one| {
        (one.layer.clone(), format!("{} by {}, {} classes", one.style, one.field, one.classes))
    });
    let left = result.left.iter().map(|layer| (layer.clone(), "left as it is".to_owned()));
    durbin::report::key_values(&styled.chain(left).collect::<Vec<_>>())
}
