//! Ctrl-C leaves nothing half-written behind.

/// On Ctrl-C or a termination signal: removes the files being written, then exits with 130.
pub fn remove_temporaries_on_ctrl_c() {
    // Without a handler the default action still ends the process; only the clean-up would be missing.
    let _ = ctrlc::set_handler(|| {
        durbin::io::remove_temporaries();
        std::process::exit(130);
    });
}
