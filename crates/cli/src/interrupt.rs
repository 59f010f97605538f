//! Ctrl-C leaves nothing half-written behind.

use std::{io, thread};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
    low_level::emulate_default_handler,
};

/// On Ctrl-C, a termination signal or a closed terminal: removes the files being written, then ends the
/// process as the signal would have.
///
/// # Errors
/// What the system says when the signals cannot be watched.
pub fn remove_temporaries_on_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            durbin::io::remove_temporaries();
            // The default action ends the process at once, with no exit handlers of libraries whose threads
            // are still at work.
            let _ = emulate_default_handler(signal);
        }
    });
    Ok(())
}
