//! `verify --bisect`: finds where two folders begin to differ.

use std::fs;

use insta::assert_snapshot;
use restudy::{
    digest::{Record, last_link, root},
    results::Manifest,
    store::{self, Store},
};
use serde_json::Value;

use crate::workspace::{Workspace, stable, with};

/// A folder with the results twice.
pub fn twice() -> Workspace {
    let place = Workspace::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    place
}

/// A record that differs from measurement `at` on.
fn altered(record: &Record, at: usize) -> Record {
    let mut spoilt = record.clone();
    let last = spoilt.observations.len() - 1;
    for place in at..=last {
        spoilt.observations[place].values[0] = spoilt.observations[place].values[0].next_up();
        let previous = spoilt.chain[place - 1];
        let parameters: Vec<_> = spoilt.kept.values.clone();
        spoilt.chain[place] = last_link(previous, &spoilt.observations[place], Some(&parameters));
    }
    spoilt
}

/// Puts a changed record of the first run into the other folder, and lists it in the manifest; with its segment or
/// without.
pub fn spoil(place: &Workspace, at: usize, segment: bool) {
    let folder = place.path("theirs/moons");
    let mut manifest = Manifest::read(&folder).unwrap();
    let mut records = store::load(&folder).unwrap().0;
    let id = manifest.runs[0].id;
    let record = altered(&records[&id], at);
    assert!(record.last_link_holds());
    manifest.runs[0].digest = record.digest();
    manifest.runs[0].trace = record.chain.iter().map(|link| format!("{:.4}", link.to_string())).collect();
    manifest.root = root(manifest.runs.iter().map(|run| (run.id, run.digest)));
    manifest.measurements.iter_mut().for_each(|digests| digests[0] = record.measurements());
    place.write("theirs/moons/manifest.json", manifest.to_text());
    records.insert(id, record);
    fs::remove_dir_all(folder.join("segments")).unwrap();
    if segment {
        Store::open(&folder).unwrap().commit(records.values()).unwrap();
    }
}

#[test]
fn the_first_difference_is_found_in_chains_and_in_traces() {
    let place = twice();
    place.run("verify --bisect results/moons theirs/moons").ends(0).says("all 6 runs that both have are the same");
    for segment in [true, false] {
        let place = twice();
        spoil(&place, 3, segment);
        let output = place.run("verify --bisect results/moons theirs/moons").ends(4);
        assert_snapshot!(format!("bisect_{}", if segment { "chains" } else { "traces" }), stable(&output.out));
        let judged = place.run("verify --bisect results/moons theirs/moons --steps").ends(4);
        assert_snapshot!(format!("bisect_{}_steps", if segment { "chains" } else { "traces" }), stable(&judged.out));
        let report = place.run("verify --bisect theirs/moons results/moons --steps --json").ends(4);
        let report: Value = serde_json::from_str(&report.out).unwrap();
        assert_eq!(report["runs"][0]["differ"]["epoch"], 3);
        assert_eq!(report["this-program"][0]["epoch"], 2);
        assert_eq!(report["this-program"][1], "whole");
    }
    let place = twice();
    place.write("other.toml", with("epochs = 4", "epochs = 5"));
    place.run("sweep other.toml --quiet").ends(0);
    let none = place.run("verify --bisect results/moons results/other").refused(2);
    assert_snapshot!(none);
    place.run("verify results/moons theirs/moons").ends(2);
}

#[test]
fn a_step_is_named_if_every_step_was_measured() {
    let spec = with("[sweep]", "[evaluate]\nevery = { steps = 1 }\n\n[sweep]");
    let place = Workspace::new(&spec.replace("epochs = 4", "epochs = 1"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    spoil(&place, 17, true);
    place
        .run("verify --bisect results/moons theirs/moons --steps")
        .ends(4)
        .says("the first step that differs is step 17\n");
}
