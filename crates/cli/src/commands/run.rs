use std::path::PathBuf;

use durbin::{Error, study};

use super::Context;
use crate::args::RunArgs;

pub fn run(args: &RunArgs, context: &Context) -> Result<(), Error> {
    let mut study = study::Study::read(&args.study)?;
    if let Some(seed) = context.seed {
        study.study.seed = seed;
    }
    if let Some(number) = args.specification {
        let result = study::specification(&study, number, &context.progress)?;
        context.warn(&result.warnings);
        return context.print(&result, || result.text());
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("out").join(study.stem()));
    let outcome = study::run(&study, &out, args.overwrite, args.embed_project, &context.progress)?;
    context.warn(&outcome.warnings);
    context.print(&outcome, || {
        let files: Vec<String> =
            outcome.files.iter().map(|file| format!("  {}/{file}", outcome.out)).collect();
        format!("{}\n\n{}\nwritten:\n{}", outcome.title, outcome.text, files.join("\n"))
    })
}
