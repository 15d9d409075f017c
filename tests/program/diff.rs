//! `diff`: what differs between two studies.

use std::fs;

use insta::assert_snapshot;
use restudy::{digest::Digest, results::Manifest};
use serde_json::Value;

use crate::bisect::{spoil, twice};
use crate::workspace::{Workspace, stable, with};

#[test]
fn diff_shows_only_differences() {
    let place = twice();
    let same = place.run("diff results/moons theirs/moons").ends(0);
    assert_snapshot!(stable(&same.out), @"same specification and same results: 6 runs, by digests of every bit");
    let spec =
        with("epochs = 4", "epochs = 5").replace("[1, 3]", "[3, 5]").replace("seeds = 3", "seeds = [0, 1, 2, 7]");
    place.write("other.toml", spec.replace("forty", "some"));
    place.run("sweep other.toml --quiet").ends(0);
    assert_snapshot!(stable(&place.run("diff results/moons results/other").ends(4).out));
    let report: Value =
        serde_json::from_str(&place.run("diff results/moons results/other --json").ends(4).out).unwrap();
    assert_eq!((&report["equal"], &report["shared-runs"]), (&false.into(), &0.into()));
    spoil(&place, 2, false);
    let differing = place.run("diff results/moons theirs/moons").ends(4);
    assert_snapshot!(stable(&differing.out));
    // The runs of a manifest are believed only if they give its root.
    let manifest = place.text("theirs/moons/manifest.json");
    let digest = Manifest::read(&place.path("theirs/moons")).unwrap().runs[1].digest.to_string();
    place.write("theirs/moons/manifest.json", manifest.replace(&digest, &Digest([7; 32]).to_string()));
    for command in ["diff results/moons theirs/moons", "diff theirs/moons results/moons"] {
        assert!(place.run(command).refused(2).contains("is not that of the runs it lists"));
    }
    for command in ["verify --bisect results/moons theirs/moons", "verify --bisect theirs/moons results/moons"] {
        assert!(place.run(command).refused(2).contains("is not that of the runs it lists"));
    }
    // The machine is reported, but is no difference.
    let place = twice();
    for file in fs::read_dir(place.path("theirs/moons/journal")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| {
            let mut entry: Value = serde_json::from_str(line).unwrap();
            if entry["machine"].is_string() {
                entry["machine"] = "a quite different one".into();
                // Older versions wrote lines without a sum; with a wrong sum the line would be rejected.
                entry.as_object_mut().unwrap().remove("sum");
            }
            format!("{entry}\n")
        });
        fs::write(&path, lines.collect::<String>()).unwrap();
    }
    place.run("diff results/moons theirs/moons").ends(0).says("| a quite different one");
}

#[test]
fn diff_lists_trials_in_the_order_of_the_study() {
    let spec = with("[1, 3]", "[1, 2, 10]");
    let place = Workspace::new(&spec);
    place.write("other.toml", spec.replace("epochs = 4", "epochs = 5"));
    for name in ["moons", "other"] {
        place.run(&format!("sweep {name}.toml -q")).ends(0);
    }
    let output = place.run("diff results/moons results/other").ends(4).out;
    let mut rows: Vec<_> = output.lines().filter_map(|line| line.trim().strip_prefix("model.hidden = ")).collect();
    rows.iter_mut().for_each(|row| *row = row.split(':').next().unwrap());
    rows.dedup();
    assert_eq!(rows, ["1", "2", "10"]);
}

#[test]
fn large_and_small_numbers_have_an_exponent() {
    let spec = with("\"model.hidden\" = [1, 3]", "\"train.learning-rate\" = [1e300, 1e-200]");
    let place = Workspace::new(&spec.replace("by = \"model.hidden\"", "by = \"train.learning-rate\""));
    place.run("why moons.toml").ends(0).says("(train.learning-rate = 1e300, seed 0)");
}
