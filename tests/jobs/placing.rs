//! Where the results of a study go: whole, in the place of others on request alone.

use std::fs;

use crate::{
    cigarettes::{STUDY, run},
    support::{Scratch, durbin, refused, repository},
};

#[test]
fn results_of_an_earlier_run_are_replaced_only_on_request() {
    let scratch = Scratch::new();
    run(&scratch);
    scratch.write("out/notes.txt", "mine");
    let (study, out) = (repository(STUDY), scratch.path("out"));
    let before = fs::read(scratch.path("out/study.gpkg")).unwrap();
    let message = refused(&["run", &study, "--out", &out], 1);
    assert!(message.contains("--overwrite"), "{message}");
    assert_eq!(fs::read(scratch.path("out/study.gpkg")).unwrap(), before);
    durbin(&["run", &study, "--out", &out, "--overwrite"]).assert().success();
    assert_eq!(fs::read_to_string(scratch.path("out/notes.txt")).unwrap(), "mine");
}

#[test]
fn files_in_the_way_are_refused_and_stay() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("out/tables")).unwrap();
    scratch.write("out/tables/coefficients.csv", "mine");
    let (study, out) = (repository(STUDY), scratch.path("out"));
    let message = refused(&["run", &study, "--out", &out], 1);
    assert!(message.contains("coefficients.csv"), "{message}");
    assert_eq!(fs::read_to_string(scratch.path("out/tables/coefficients.csv")).unwrap(), "mine");
    let left = fs::read_dir(&out).unwrap().count();
    assert_eq!(left, 1, "nothing new beside it");
}

#[test]
fn a_run_that_cannot_be_placed_changes_nothing() {
    let scratch = Scratch::new();
    run(&scratch);
    let before = fs::read(scratch.path("out/tables/impacts.csv")).unwrap();
    fs::remove_file(scratch.path("out/report.html")).unwrap();
    fs::create_dir(scratch.path("out/report.html")).unwrap();
    let manifest = fs::read(scratch.path("out/manifest.json")).unwrap();
    scratch.write("out/tables/impacts.csv", "older");
    refused(&["run", &repository(STUDY), "--out", &scratch.path("out"), "--overwrite"], 1);
    assert_eq!(fs::read_to_string(scratch.path("out/tables/impacts.csv")).unwrap(), "older");
    assert_eq!(fs::read(scratch.path("out/manifest.json")).unwrap(), manifest);
    assert_ne!(before, b"older");
}
