//! Stored runs that contradict the manifest beside them: what says how to go on says that no sweep does.

use std::fs;

use serde_json::Value;

use crate::{
    place::{Place, flat},
    stored_runs::{forge, last},
    tamper::put,
};

fn json(place: &Place, words: &str, code: i32) -> Value {
    serde_json::from_str(&place.run(&format!("{words} --json")).ends(code).out).unwrap()
}

/// What is changed, how many runs are usable then, and what is refused.
type Case = (fn(&Place), u64, &'static str);

fn edited_digest(place: &Place) {
    let mut manifest = place.manifest();
    manifest.runs[2].digest.0[0] ^= 1;
    put(place, &manifest);
}

fn edited_measurements(place: &Place) {
    let mut manifest = place.manifest();
    manifest.measurements.as_mut().unwrap()[2].0[0] ^= 1;
    put(place, &manifest);
}

fn forged_beside(place: &Place) {
    let files = place.files("results/moons/segments");
    forge(place, "results/moons", last);
    files.iter().filter(|(name, _)| name.ends_with(".seg")).for_each(|(name, bytes)| {
        place.write(&format!("results/moons/segments/{name}"), bytes);
    });
}

const CASES: [Case; 4] = [
    (|place| forge(place, "results/moons", last), 0, "no sweep goes on beside segments/"),
    (edited_digest, 6, "no sweep goes on beside manifest.json: restore it; `restudy verify results/moons` says"),
    (edited_measurements, 5, "no sweep goes on beside segments/"),
    (forged_beside, 6, "no sweep goes on beside segments/"),
];

#[test]
fn where_a_sweep_refuses_status_plan_and_why_say_so() {
    for (change, usable, refused) in CASES {
        let place = Place::swept();
        change(&place);
        place.run("sweep moons.toml --progress none").refused(4);
        for words in ["status results/moons", "status moons.toml"] {
            let said = place.run(words).ends(4).says(&format!("  REFUSED   {refused}")).out;
            assert!(!said.contains("MISSING"), "no run is missing: {said}");
        }
        assert_eq!(json(&place, "status results/moons", 4)["held"], usable);
        let planned = place.run("plan moons.toml").ends(4);
        let says = flat(&planned.err);
        assert!(says.contains(&format!("`restudy sweep` refuses this folder: {refused}")), "{says}");
        assert!(!planned.out.contains("nothing to train") && !planned.out.contains("steps,"), "{}", planned.out);
        let told = json(&place, "plan moons.toml", 4);
        assert_eq!((&told["cached"], &told["missing"]), (&usable.into(), &(6 - usable).into()));
        assert!(told["refused"].as_str().unwrap().contains(refused), "{told}");
        let why = place.run("why moons.toml").ends(4);
        assert!(!why.out.contains("nothing of it would be trained"), "{}", why.out);
        let why = flat(&why.err);
        assert!(why.contains(refused) || why.contains("has two results that differ"), "{why}");
    }
}

#[test]
fn what_is_advised_beside_an_edited_manifest_works() {
    let place = Place::swept();
    let whole = place.text("results/moons/manifest.json");
    edited_digest(&place);
    let place_of = place.manifest().runs[2].id.short();
    place.run("verify results/moons --progress none").ends(4).says(&format!("run {place_of}"));
    place.write("results/moons/manifest.json", &whole);
    place.run("sweep moons.toml --progress none").ends(0);
    // Without it, what is stored is taken at its word.
    edited_digest(&place);
    fs::rename(place.path("results/moons/manifest.json"), place.path("aside.json")).unwrap();
    place.run("sweep moons.toml --progress none").ends(0);
    assert_eq!(place.text("results/moons/manifest.json"), whole);
    place.run("plan moons.toml").ends(0).says("nothing to train");
    assert_eq!(json(&place, "plan moons.toml", 0)["refused"], Value::Null);
}
