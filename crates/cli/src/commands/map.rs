use durbin::{
    Error,
    jobs::{MapJob, MapResult},
};

use super::{Context, source};
use crate::args::MapArgs;

pub fn map(args: &MapArgs, context: &Context) -> Result<(), Error> {
    let job = MapJob {
        input: source(&args.input, args.layer.as_ref(), args.id.as_ref()),
        output: args.output.clone(),
        fields: args.field.clone(),
        look: args.look.choice(),
        title: args.title.clone(),
        labels: args.labels.clone(),
        symbols: args.symbols.clone(),
        width: args.width,
        overwrite: args.overwrite,
    };
    let result = job.run(&context.progress)?;
    context.warn(&result.warnings);
    context.print(&result, || summary(&result))
}

fn summary(result: &MapResult) -> String {
    let mut facts = vec![("written", result.output.clone())];
    if !result.fields.is_empty() {
        let scheme = result.scheme.map_or(String::new(), |scheme| format!(", {}", scheme.name()));
        facts.push(("fields", result.fields.join(", ")));
        facts.push(("style", format!("{}{scheme}", result.style)));
    }
    facts.push(("features", result.features.to_string()));
    if result.missing > 0 {
        facts.push(("without a value", result.missing.to_string()));
    }
    if result.labels_left_out > 0 {
        facts.push(("names without room", result.labels_left_out.to_string()));
    }
    facts.push(("projection", result.projection.clone()));
    let facts: Vec<(String, String)> =
        facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
    let classes: Vec<(String, String)> =
        result.classes.iter().map(|class| (class.label.clone(), class.count.to_string())).collect();
    format!(
        "{}\n{}",
        durbin::report::key_values(&facts).trim_end(),
        durbin::report::key_values(&classes)
    )
}
