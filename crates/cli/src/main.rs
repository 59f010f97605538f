//! The `durbin` command: arguments, progress, exit codes. No statistics.

mod args;
mod commands;
mod interrupt;
mod progress;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, error::ErrorKind};

use args::{Cli, Command};
use commands::Context;
use durbin::core::Progress;

/// Factorisations ask for many small aligned matrices, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command_line = command_line();
    let cli = Cli::parse();
    if let Err(error) = interrupt::remove_temporaries_on_signals() {
        return say_error(&format!("signals cannot be watched: {error}"), 1);
    }
    if let Some(threads) = cli.common.threads
        && let Err(error) =
            rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global()
    {
        return say_error(&error.to_string(), 2);
    }
    let context = Context::new(&cli.common, command_line);
    if cli.json_usage {
        return finish(commands::usage_as_json(), &context);
    }
    let Some(command) = cli.command else {
        let words = "a command is missing; `durbin --help` lists them";
        Cli::command().error(ErrorKind::MissingSubcommand, words).exit();
    };
    let done = match command {
        Command::Run(args) => commands::run(&args, &context),
        Command::Weights(args) => commands::weights(&args, &context),
        Command::Hotspot(args) => commands::hotspot(&args, &context),
        Command::Lisa(args) => commands::lisa(&args, &context),
        Command::Moran(args) => commands::moran(&args, &context),
        Command::Sdm(args) => commands::sdm(&args, &context),
        Command::Doctor => commands::doctor(&context),
        Command::Index(args) => commands::index(&args, &context),
        Command::Gmm(args) => commands::gmm(&args, &context),
        Command::Map(args) => commands::map(&args, &context),
        Command::Simulate(args) => commands::simulate(&args, &context),
        Command::Style(args) => commands::style(&args, &context),
        Command::Completions(args) => commands::completions(&args),
        Command::Man(args) => commands::man(&args, &context),
    };
    finish(done, &context)
}

/// The exit status, with the error said.
fn finish(done: Result<(), durbin::Error>, context: &Context) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            context.progress.end();
            let status = if error.is_usage() { 2 } else { 1 };
            say_error(&error.to_string(), status)
        }
    }
}

/// The command as typed, for the history of layers: arguments quoted where a shell needs it, passwords left out.
fn command_line() -> String {
    let quoted = std::env::args().skip(1).map(|argument| {
        let argument = durbin::io::without_passwords(&argument);
        let plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+".contains(c);
        if !argument.is_empty() && argument.chars().all(plain) {
            argument
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    std::iter::once("durbin".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

#[expect(clippy::print_stderr, reason = "errors go to standard error")]
fn say_error(message: &str, status: u8) -> ExitCode {
    eprintln!("durbin: error: {message}");
    ExitCode::from(status)
}
