use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Print the completions of a shell.
///
/// For example: durbin completions bash > ~/.local/share/bash-completion/completions/durbin
#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Print the manual page, or write the pages of all commands into a folder.
#[derive(Args)]
pub struct ManArgs {
    /// Folder for durbin.1, durbin-run.1 and so on; pages of that name are replaced
    pub dir: Option<PathBuf>,
}
