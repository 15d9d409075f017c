//! `ls`: all studies and their states.

use std::fs;

use serde_json::Value;

use crate::workspace::{SPEC, Workspace};

#[test]
fn ls_lists_every_study_and_its_state() {
    let place = Workspace::swept();
    let output = place.run("ls nowhere").refused(2);
    assert!(output.contains("there is no folder nowhere"), "{output}");
    let output = place.run("ls moons.toml").refused(2);
    assert!(output.contains("moons.toml is a file, not a results folder"), "{output}");
    for name in ["edited", "cut", "newer", "contract", "damaged"] {
        place
            .files("results/moons")
            .iter()
            .for_each(|(path, bytes)| place.write(&format!("results/{name}/{path}"), bytes));
    }
    fs::create_dir(place.path("results/not-a-study")).unwrap();
    let edit = |name: &str, file: &str, from: &str, to: &str| {
        let path = format!("results/{name}/{file}");
        let text = place.text(&path);
        assert!(text.contains(from), "{from} is not in {text}");
        place.write(&path, text.replacen(from, to, 1));
    };
    edit("edited", "study.toml", "epochs = 4", "epochs = 5");
    fs::remove_file(place.path("results/cut/manifest.json")).unwrap();
    edit("newer", "manifest.json", "\"format\": 1", "\"format\": 99");
    edit("contract", "manifest.json", "\"contract\": 1", "\"contract\": 0");
    edit("damaged", "manifest.json", "{", "");
    let report = place.run("ls --json").ends(0).out;
    let report: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let states: Vec<_> =
        report.iter().map(|entry| (entry["study"].as_str().unwrap(), entry["state"].as_str().unwrap())).collect();
    let expected = [
        ("contract", "other contract"),
        ("cut", "unfinished"),
        ("damaged", "damaged"),
        ("edited", "changed"),
        ("moons", "complete"),
        ("newer", "newer format"),
    ];
    assert_eq!(states, expected);
    let moons = &report[4];
    assert_eq!((&moons["done"], &moons["asked"]), (&6.into(), &6.into()));
    assert_eq!(moons["root"], place.manifest().root.to_string());
    assert!(moons["computed"].as_u64().is_some());
    assert_eq!(report[1]["done"], 6, "runs of a sweep that was cut off are counted");
    place.run("ls").ends(0).says("How many hidden units do forty points need?");
    assert_eq!(place.run("ls results").ends(0).out, place.run("ls").ends(0).out);
    let empty = Workspace::new(SPEC);
    fs::create_dir(empty.path("results")).unwrap();
    empty.run("ls").ends(0).says("no study in results");
}

#[cfg(unix)]
#[test]
fn a_summary_that_is_a_pipe_is_not_waited_for() {
    let place = Workspace::swept();
    place.run("sweep moons.toml --quiet --results other").ends(0);
    let summary = place.path("other/moons/summary.csv");
    fs::remove_file(&summary).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&summary).status().unwrap().success());
    place.run("diff results/moons other/moons").ends(0);
}
