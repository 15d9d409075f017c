//! `why` and `plan` name a specification that was edited after a sweep, and not the data.

use std::fs;

use serde_json::Value;

use crate::workspace::{SPEC, Workspace, flat, with};

fn why(place: &Workspace, words: &str) -> String {
    let output = place.run(words).ends(0).out;
    assert!(!output.contains("data"), "{output}");
    output
}

#[test]
fn an_edited_study_toml_is_compared_with_the_specification_that_made_the_results() {
    let place = Workspace::swept();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    let output = why(&place, "why results/moons");
    assert!(output.contains("6 runs, the first ") && output.contains("\n  train.epochs: 4 → 5\n"), "{output}");
    let report: Value = serde_json::from_str(&place.run("why results/moons --json").ends(0).out).unwrap();
    assert_eq!(report["reasons"][0]["changed"], serde_json::json!(["train.epochs: 4 → 5"]));
    // A folder `experiments`, where specifications usually are.
    fs::create_dir(place.path("experiments")).unwrap();
    fs::rename(place.path("moons.toml"), place.path("experiments/moons.toml")).unwrap();
    assert_eq!(why(&place, "why results/moons"), output);
    let planned = place.run("plan experiments/moons.toml --set train.epochs=6").ends(0);
    planned.says("6 runs to do: train.epochs is 6, was 4");
}

#[test]
fn a_lost_specification_is_reported() {
    let place = Workspace::swept();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    place.write("moons.toml", with("epochs = 4", "epochs = 5"));
    for words in ["why results/moons", "why moons.toml", "why moons.toml hidden=1,seed=0"] {
        let output = why(&place, words);
        assert!(output.contains("specification: study.toml is not that of the results"), "{output}");
    }
    let output = why(&place, "plan moons.toml");
    assert!(output.contains("6 runs to do: study.toml was changed since the results were made"), "{output}");
}

#[test]
fn an_edited_specification_is_compared_run_by_run() {
    // The files that an interrupted sweep leaves.
    let place = Workspace::swept();
    let more = with("seeds = 3", "seeds = 4").replace("[1, 3]", "[1, 3, 5]");
    place.edit("study.toml", "count = 3", "count = 4");
    place.write("moons.toml", &more);
    let output = why(&place, "plan moons.toml");
    assert!(
        output.contains("2 runs to do: a new seed") && output.contains("4 runs to do: model.hidden is 5, was "),
        "{output}"
    );
    let output = why(&place, "why moons.toml");
    assert!(output.contains("  seed: new") && !output.contains("specification:"), "{output}");
}

#[test]
fn a_run_removed_from_the_manifest_is_no_other_data() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    manifest.runs[3].id.0[0] ^= 1;
    manifest.root = restudy::digest::root(manifest.runs.iter().map(|run| (run.id, run.digest)));
    crate::tamper::put(&place, &manifest);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let output = flat(&why(&place, "why moons.toml hidden=3,seed=0"));
    assert!(output.contains("manifest: it was edited: it does not list this run"), "{output}");
    let output = why(&place, "plan moons.toml");
    assert!(output.contains("1 run to do: the manifest was edited: it does not list this run"), "{output}");
    assert_eq!(place.text("moons.toml"), SPEC);
}
