//! How long steps tell that they are alive.

/// Watches long steps; implemented where a terminal is known.
pub trait Progress: Sync {
    /// A stage of `steps` steps begins; 0 when their number is unknown.
    fn begin(&self, stage: &str, steps: u64);
    /// `steps` more steps are done.
    fn advance(&self, steps: u64);
    /// The stage is over.
    fn end(&self);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
