//! Results that end the same, under one root, and differ in the midst of a run: what no root binds is compared all the same.

use std::fs;

use restudy::{digest::Record, results::Manifest};
use serde_json::Value;

use crate::{
    place::{Place, flat},
    stored_runs::{forge, middle},
};

/// The measurement of epoch 2, of the runs with one hidden unit.
fn some(record: &mut Record) {
    if record.params.h() == 1 {
        middle(record);
    }
}

/// Results, and beside them a copy of which three stored runs were forged before a sweep wrote a manifest of them; with what that sweep said.
fn forged() -> (Place, String) {
    let place = Place::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    forge(&place, "theirs/moons", some);
    fs::remove_file(place.path("theirs/moons/manifest.json")).unwrap();
    let said = place.run("sweep moons.toml --results theirs --progress none").ends(0).err;
    let [ours, theirs] = ["results", "theirs"].map(|name| manifest(&place, name));
    assert!(ours.root == theirs.root && ours.measurements != theirs.measurements);
    (place, said)
}

fn manifest(place: &Place, results: &str) -> Manifest {
    Manifest::read(&place.path(results).join("moons")).unwrap()
}

fn without(place: &Place, what: &str) {
    for results in ["results", "theirs"] {
        let path = place.path(results).join("moons").join(what);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
}

#[test]
fn a_sweep_says_which_stored_runs_it_takes_at_their_word() {
    let (place, said) = forged();
    let note = "6 stored runs were taken over as found: no manifest lists them to check them against; `restudy verify \
                theirs/moons` computes them again";
    assert!(said.contains(note), "{said}");
    place.run("verify theirs/moons --progress none").ends(4).says("its stored measurement of epoch 2");
    // Where the manifest lists them, where nothing was stored, and of runs that are computed now, there is nothing to say.
    for words in ["sweep moons.toml", "sweep moons.toml --render", "sweep moons.toml --results new"] {
        let said = place.run(&format!("{words} --progress none")).ends(0).err;
        assert!(!said.contains("taken over"), "{words}: {said}");
    }
    let said = place.run("sweep moons.toml --set sweep.seeds=4 --progress none").ends(0).err;
    assert!(!said.contains("taken over"), "{said}");
}
