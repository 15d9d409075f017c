//! `why`: the part of its identity that makes a run new.

use std::fs;

use insta::assert_snapshot;
use restudy::digest::Digest;

use crate::workspace::{Workspace, stable, with};

#[test]
fn why_names_the_new_settings_of_a_run() {
    let place = Workspace::swept();
    let mut output = String::new();
    let mut ask = |words: &[&str]| {
        output += &format!("$ restudy {}\n{}\n\n", words.join(" "), stable(&place.run_words(words).ends(0).out));
    };
    ask(&["why", "moons.toml"]);
    ask(&["why", "moons.toml", "hidden=3,seed=1"]);
    ask(&["why", "results/moons"]);
    ask(&["why", "moons.toml", "--set", "sweep.seeds=5"]);
    ask(&["why", "moons.toml", "--set", "sweep.\"model.hidden\"=[1,3,9]"]);
    ask(&["why", "moons.toml", "hidden=3,seed=7", "--set", "train.epochs=5", "--set", "sweep.seeds=[7]"]);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    ask(&["why", "moons.toml"]);
    place.edit("manifest.json", "\"contract\": 1", "\"contract\": 0");
    ask(&["why", "moons.toml"]);
    fs::remove_dir_all(place.path("results/moons")).unwrap();
    ask(&["why", "moons.toml"]);
    assert_snapshot!(output);
}

#[test]
fn why_finds_a_changed_file() {
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i * 7 % 11, ["-1", "1"][i % 2])).collect();
    let data = "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"";
    let place = Workspace::new(&with("[data.double-moon]\ntrain = 40\nvalidation = 40", data));
    place.write("points.csv", format!("x,y,class\n{rows}"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("points.csv", format!("x,y,class\n{rows}41,3,1\n"));
    let output = place.run("why moons.toml").ends(0);
    let digest = Digest::of(&place.read("points.csv"));
    place
        .run("why moons.toml --set sweep.seeds=600")
        .ends(0)
        .says("not in results/moons: 1\u{202f}200 of 1\u{202f}200 runs");
    output
        .says("not in results/moons: 6 of 6 runs")
        .says(&format!("data: the file was changed; it is now blake3:{digest}"));
}
