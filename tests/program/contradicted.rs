//! Stored runs that contradict the manifest: commands that compare results report it, and commands that advise a next
//! step report that a sweep refuses.

use std::fs;

use serde_json::Value;

use crate::{
    stored_runs::{forge, last, middle},
    tamper::put,
    workspace::{Workspace, flat},
};

/// Results, and an intact copy beside them.
fn two() -> Workspace {
    let place = Workspace::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    place
}

fn json(place: &Workspace, words: &str, code: i32) -> Value {
    serde_json::from_str(&place.run(&format!("{words} --json")).ends(code).out).unwrap()
}

const COMPARING: [&str; 5] = [
    "diff results/moons theirs/moons",
    "diff theirs/moons results/moons",
    "verify --bisect results/moons theirs/moons",
    "verify --bisect theirs/moons results/moons",
    "verify --bisect results/moons theirs/moons --steps",
];

#[test]
fn results_differ_if_the_stored_runs_of_one_are_forged() {
    let place = two();
    for words in COMPARING {
        assert!(place.run(words).ends(0).out.contains("by digests of every bit"));
    }
    for forgery in [middle, last] {
        forge(&place, "results/moons", forgery);
        for words in COMPARING {
            let output = place.run(words).ends(4).says("results/moons/segments/").says("of run ").out;
            assert!(!output.contains("the same:") && !output.contains("are the same"), "{words}: {output}");
            assert!(!output.contains("theirs/moons/segments/"), "{output}");
        }
        assert_eq!(json(&place, COMPARING[0], 4)["equal"], false);
        let object = json(&place, COMPARING[2], 4);
        assert_eq!((&object["differ"], &object["findings"][0]["folder"]), (&0.into(), &"results/moons".into()));
    }
}

#[test]
fn a_manifest_that_contradicts_its_segments_is_named() {
    let place = two();
    let mut manifest = place.manifest();
    manifest.measurements.as_mut().unwrap()[2].0[0] ^= 1;
    put(&place, &manifest);
    for words in COMPARING {
        place.run(words).ends(4).says("results/moons/segments/").says("other measurements of run ");
    }
    let answer = place.run(COMPARING[4]).ends(4).says("the stored runs are equal to the last bit");
    let answer = answer.says("one manifest contradicts its own segments");
    let answer =
        answer.says("results/moons: this program computes the result in its segments, not the one in its manifest");
    let answer = answer.says("theirs/moons: this program computes exactly this result");
    assert!(!answer.out.contains("show where"), "{}", answer.out);
    assert_eq!(json(&place, COMPARING[2], 4)["runs"][0]["stored-alike"], true);
}

/// A change, the number of runs that are usable after it, and the text of the refusal.
type Case = (fn(&Workspace), u64, &'static str);

fn edited_digest(place: &Workspace) {
    let mut manifest = place.manifest();
    manifest.runs[2].digest.0[0] ^= 1;
    put(place, &manifest);
}

fn edited_measurements(place: &Workspace) {
    let mut manifest = place.manifest();
    manifest.measurements.as_mut().unwrap()[2].0[0] ^= 1;
    put(place, &manifest);
}

fn forged_beside(place: &Workspace) {
    let files = place.files("results/moons/segments");
    forge(place, "results/moons", last);
    files.iter().filter(|(name, _)| name.ends_with(".seg")).for_each(|(name, bytes)| {
        place.write(&format!("results/moons/segments/{name}"), bytes);
    });
}

const CASES: [Case; 4] = [
    (|place| forge(place, "results/moons", last), 0, "no sweep continues beside segments/"),
    (edited_digest, 6, "no sweep continues beside manifest.json: restore it (`restudy verify results/moons` shows"),
    (edited_measurements, 5, "no sweep continues beside segments/"),
    (forged_beside, 6, "no sweep continues beside segments/"),
];

#[test]
fn status_plan_and_why_report_that_a_sweep_refuses() {
    for (change, usable, refused) in CASES {
        let place = Workspace::swept();
        change(&place);
        place.run("sweep moons.toml --progress none").refused(4);
        for words in ["status results/moons", "status moons.toml"] {
            let output = place.run(words).ends(4).says(&format!("  REFUSED   {refused}")).out;
            assert!(!output.contains("MISSING"), "no run is missing: {output}");
        }
        assert_eq!(json(&place, "status results/moons", 4)["held"], usable);
        let planned = place.run("plan moons.toml").ends(4);
        let says = flat(&planned.err);
        assert!(says.contains(&format!("`restudy sweep` refuses this folder: {refused}")), "{says}");
        assert!(!planned.out.contains("nothing to train") && !planned.out.contains("steps,"), "{}", planned.out);
        let object = json(&place, "plan moons.toml", 4);
        assert_eq!((&object["cached"], &object["missing"]), (&usable.into(), &(6 - usable).into()));
        assert!(object["refused"].as_str().unwrap().contains(refused), "{object}");
        let why = place.run("why moons.toml").ends(4);
        assert!(!why.out.contains("a sweep would train nothing"), "{}", why.out);
        let why = flat(&why.err);
        assert!(why.contains(refused) || why.contains("has two results that differ"), "{why}");
    }
}

#[test]
fn advice_on_an_edited_manifest_works() {
    let place = Workspace::swept();
    let whole = place.text("results/moons/manifest.json");
    edited_digest(&place);
    let place_of = place.manifest().runs[2].id.short();
    place.run("verify results/moons --progress none").ends(4).says(&format!("run {place_of}"));
    place.write("results/moons/manifest.json", &whole);
    place.run("sweep moons.toml --progress none").ends(0);
    // Without the manifest, stored results are accepted.
    edited_digest(&place);
    fs::rename(place.path("results/moons/manifest.json"), place.path("aside.json")).unwrap();
    place.run("sweep moons.toml --progress none").ends(0);
    assert_eq!(place.text("results/moons/manifest.json"), whole);
    place.run("plan moons.toml").ends(0).says("nothing to train");
    assert_eq!(json(&place, "plan moons.toml", 0)["refused"], Value::Null);
}
