//! How long steps tell that they are alive, on standard error.

use std::{
    io::{IsTerminal, Write},
    sync::Mutex,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use durbin::core::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Kind {
    /// Bars on a terminal, nothing elsewhere.
    #[default]
    Auto,
    /// Bars with rate and remaining time.
    Bar,
    /// A line when a stage begins and ends, and every ten seconds between.
    Plain,
    /// The same as JSON, one object a line.
    Json,
    /// Nothing.
    None,
}

/// One stage at a time.
pub struct Bars {
    kind: Kind,
    stage: Mutex<Option<Stage>>,
}

struct Stage {
    name: String,
    steps: u64,
    done: u64,
    began: Instant,
    told: Instant,
    bar: Option<ProgressBar>,
}

/// Between two lines of one stage.
const PAUSE: Duration = Duration::from_secs(10);

impl Bars {
    /// `--quiet` silences progress as well.
    pub fn new(kind: Kind, quiet: bool) -> Self {
        let kind = match kind {
            _ if quiet => Kind::None,
            Kind::Auto if std::io::stderr().is_terminal() => Kind::Bar,
            Kind::Auto => Kind::None,
            kind => kind,
        };
        Self { kind, stage: Mutex::default() }
    }

    fn with(&self, act: impl FnOnce(&mut Option<Stage>)) {
        // A poisoned lock only means that another thread panicked while drawing.
        act(&mut self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    fn tell(&self, stage: &Stage, event: &str) {
        let seconds = stage.began.elapsed().as_secs_f64();
        let line = match self.kind {
            Kind::Plain => plain(stage, event, seconds),
            Kind::Json => serde_json::json!({
                "event": event,
                "stage": stage.name,
                "done": stage.done,
                "steps": (stage.steps > 0).then_some(stage.steps),
                "seconds": (seconds * 1000.0).round() / 1000.0,
            })
            .to_string(),
            Kind::Auto | Kind::Bar | Kind::None => return,
        };
        // Nobody reads it any more: no reason to stop.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

fn plain(stage: &Stage, event: &str, seconds: f64) -> String {
    let Stage { name, steps, done, .. } = stage;
    let of = if *steps > 0 { format!(" {done} of {steps}") } else { String::new() };
    match event {
        "begin" if *steps > 0 => format!("durbin: {name}: {steps} steps"),
        "begin" => format!("durbin: {name}"),
        "end" => format!("durbin: {name}: done in {seconds:.1} s"),
        _ => format!("durbin: {name}:{of} after {seconds:.0} s"),
    }
}

fn bar(stage: &str, steps: u64) -> ProgressBar {
    let (bar, template) = if steps == 0 {
        (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}")
    } else {
        (ProgressBar::new(steps), "{msg:16} {wide_bar} {pos}/{len} {per_sec} {eta} left")
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(stage.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Progress for Bars {
    fn begin(&self, stage: &str, steps: u64) {
        if self.kind == Kind::None {
            return;
        }
        self.end();
        let now = Instant::now();
        let bar = (self.kind == Kind::Bar).then(|| bar(stage, steps));
        let stage = Stage { name: stage.to_owned(), steps, done: 0, began: now, told: now, bar };
        self.tell(&stage, "begin");
        self.with(|current| *current = Some(stage));
    }

    fn advance(&self, steps: u64) {
        if self.kind == Kind::None {
            return;
        }
        self.with(|stage| {
            let Some(stage) = stage else { return };
            stage.done += steps;
            if let Some(bar) = &stage.bar {
                bar.inc(steps);
            } else if stage.told.elapsed() >= PAUSE {
                stage.told = Instant::now();
                self.tell(stage, "progress");
            }
        });
    }

    fn end(&self) {
        self.with(|current| {
            if let Some(stage) = current.take() {
                match &stage.bar {
                    Some(bar) => bar.finish_and_clear(),
                    None => self.tell(&stage, "end"),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_name_stage_steps_and_time() {
        let now = Instant::now();
        let stage = Stage {
            name: "permute".to_owned(),
            steps: 40,
            done: 10,
            began: now,
            told: now,
            bar: None,
        };
        assert_eq!(plain(&stage, "begin", 0.0), "durbin: permute: 40 steps");
        assert_eq!(plain(&stage, "progress", 12.2), "durbin: permute: 10 of 40 after 12 s");
        assert_eq!(plain(&stage, "end", 1.26), "durbin: permute: done in 1.3 s");
    }
}
