//! Ctrl-C: the process ends as the signal says, and nothing half-written stays behind.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{Scratch, repository};

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_durbin"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Sends Ctrl-C as soon as `now` holds. Returns whether the process was still at work, and how it ended.
fn interrupted(mut child: Child, now: impl Fn() -> bool) -> (bool, std::process::ExitStatus) {
    let patience = Instant::now() + Duration::from_mins(2);
    while !now() {
        if let Some(status) = child.try_wait().unwrap() {
            return (false, status);
        }
        assert!(Instant::now() < patience, "nothing happens");
        thread::sleep(Duration::from_millis(1));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    (killed.success() && !status.success(), status)
}

/// By the signal itself, or as a shell would report it.
fn ended_by_interrupt(status: std::process::ExitStatus) -> bool {
    status.signal() == Some(2) || status.code() == Some(130)
}

/// A draft in the making: a hidden folder.
fn has_draft(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with('.'))
}

#[test]
fn a_study_that_is_interrupted_while_it_writes_leaves_nothing() {
    let scratch = Scratch::new();
    let out = scratch.path("out");
    let study = repository("data/us_counties/study.toml");
    let folder = scratch.path("");
    let drafted = || has_draft(Path::new(&folder)) || has_draft(Path::new(&out));
    let (caught, status) = interrupted(start(&["run", &study, "--out", &out]), drafted);
    assert!(caught, "the study was done before the signal: {status}");
    assert!(ended_by_interrupt(status), "{status}");
    assert!(scratch.entries().is_empty(), "{:?}", scratch.entries());
}

#[test]
fn a_layer_that_is_being_replaced_stays_as_it_was() {
    let scratch = Scratch::new();
    let output = scratch.path("hot.gpkg");
    let input = repository("data/us_counties/us_counties.gpkg");
    let arguments = ["hotspot", &input, &output, "--field", "fips", "--id", "fips", "--overwrite"];
    assert!(start(&arguments).wait().unwrap().success());
    let before = fs::read(&output).unwrap();
    let folder = scratch.path("");
    // A moment of writing may be missed on a busy machine.
    let caught = (0..20).find_map(|_| {
        let (caught, status) = interrupted(start(&arguments), || has_draft(Path::new(&folder)));
        caught.then_some(status)
    });
    let status = caught.unwrap_or_else(|| panic!("never caught while writing"));
    assert!(ended_by_interrupt(status), "{status}");
    assert_eq!(scratch.entries(), ["hot.gpkg"]);
    assert!(fs::read(&output).unwrap() == before, "the layer was touched");
}

#[test]
fn an_interrupt_while_computing_ends_at_once_and_leaves_nothing() {
    let scratch = Scratch::new();
    let output = scratch.path("hot.gpkg");
    let input = repository("data/us_counties/us_counties.gpkg");
    let arguments = ["hotspot", &input, &output, "--field", "fips", "--permutations", "9999999"];
    let begun = Instant::now();
    let computing = || begun.elapsed() > Duration::from_millis(700);
    let (caught, status) = interrupted(start(&arguments), computing);
    assert!(caught && ended_by_interrupt(status), "{status}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(scratch.entries().is_empty(), "{:?}", scratch.entries());
}
