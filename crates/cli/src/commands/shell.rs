//! What is generated from the definition of the commands: completions, manual pages, usage as JSON.

use std::{fs, io::Write, path::Path};

use clap::{ArgAction, CommandFactory};
use durbin::Error;
use serde_json::{Value, json};

use super::Context;
use crate::args::{Cli, CompletionsArgs, ManArgs};

pub fn completions(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "durbin", &mut script);
    to_stdout(&script)
}

pub fn man(args: &ManArgs, context: &Context) -> Result<(), Error> {
    let mut command = Cli::command();
    // Names the pages of subcommands durbin-run and so on, and gives them the options of every command.
    command.build();
    let Some(folder) = &args.dir else {
        return to_stdout(&page(&command)?);
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut written = Vec::new();
    let commands = std::iter::once(&command)
        .chain(command.get_subcommands().filter(|one| one.get_name() != "help"));
    for command in commands {
        let name = match command.get_name() {
            "durbin" => "durbin".to_owned(),
            name => format!("durbin-{name}"),
        };
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page(&command.clone().display_name(name))?).map_err(failed(&path))?;
        written.push(path.display().to_string());
    }
    context.print(&json!({ "written": written }), || written.join("\n"))
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(failed(Path::new("manual page")))?;
    Ok(page)
}

/// Every command with its arguments and options.
pub fn usage_as_json() -> Result<(), Error> {
    let mut command = Cli::command();
    command.build();
    let text = format!("{:#}\n", usage(&command));
    to_stdout(text.as_bytes())
}

fn usage(command: &clap::Command) -> Value {
    let about = command.get_about().map(ToString::to_string);
    let details = command.get_long_about().map(ToString::to_string);
    let arguments: Vec<Value> =
        command.get_arguments().filter(|argument| !argument.is_hide_set()).map(argument).collect();
    let commands: Vec<Value> = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .map(usage)
        .collect();
    let mut usage = json!({
        "name": command.get_name(),
        "description": about,
        "details": details,
        "arguments": arguments,
    });
    if let Some(version) = command.get_version() {
        usage["version"] = json!(version);
    }
    if !commands.is_empty() {
        usage["commands"] = json!(commands);
    }
    usage
}

fn argument(argument: &clap::Arg) -> Value {
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let repeats = matches!(argument.get_action(), ArgAction::Append);
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    let name = match argument.get_long() {
        Some(long) => format!("--{long}"),
        None => argument.get_id().to_string(),
    };
    let metavar = argument.get_value_names().and_then(|names| names.first());
    json!({
        "name": name,
        "short": argument.get_short().map(|short| format!("-{short}")),
        "positional": argument.is_positional(),
        "required": argument.is_required_set(),
        "takes_value": takes_value,
        "repeats": repeats,
        "metavar": metavar.filter(|_| takes_value).map(ToString::to_string),
        "choices": (!values.is_empty()).then_some(values),
        "default": (takes_value && !defaults.is_empty()).then_some(defaults.join(",")),
        "description": argument.get_help().map(ToString::to_string),
    })
}

fn to_stdout(bytes: &[u8]) -> Result<(), Error> {
    std::io::stdout().lock().write_all(bytes).map_err(failed(Path::new("standard output")))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |source| Error::File { path: path.display().to_string(), source }
}
