//! `plan`: what a sweep would run, and why.

use std::fs;

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, flat, stable, with};

/// The reasons of a plan, with the number of runs for each.
fn reasons(place: &Workspace) -> String {
    let answer = place.run("plan moons.toml --json").ends(0);
    let plan: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    plan["reasons"].as_object().unwrap().iter().map(|(reason, runs)| format!("{runs}: {reason}\n")).collect()
}

#[test]
fn plan_lists_missing_runs_and_reasons() {
    let place = Workspace::new(SPEC);
    assert_snapshot!(stable(&place.run("plan moons.toml --threads 1").ends(0).out));
    assert!(!place.path("results").exists(), "a plan writes nothing");
    let place = Workspace::swept();
    assert_snapshot!(stable(&place.run("plan moons.toml --threads 1").ends(0).out));
    for (change, expected) in [
        (with("seeds = 3", "seeds = 5"), "4: a new seed\n"),
        (with("[1, 3]", "[1, 2, 3]"), "3: model.hidden is 2, was 1\n"),
        (with("epochs = 4", "epochs = 5"), "6: train.epochs is 5, was 4\n"),
        (
            with("epochs = 4", "epochs = 5\nlearning-rate = 1"),
            "6: train.epochs is 5, was 4, and 1 more setting differs\n",
        ),
        (with("forty", "40"), ""),
    ] {
        place.write("moons.toml", change);
        assert_eq!(reasons(&place), expected);
    }
    place.write("moons.toml", SPEC);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    assert_eq!(reasons(&place), "6: computed before, but its file in segments/ is missing\n");
}

#[test]
fn plan_finds_a_changed_data_file() {
    let spec =
        with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"");
    let place = Workspace::new(&spec);
    let points: String = (0..40).map(|i| format!("{},{},{}\n", i % 7, i * i % 11, i % 2)).collect();
    place.write("points.csv", format!("x,y,class\n{points}"));
    assert_eq!(place.computed("sweep moons.toml"), 6);
    assert_eq!(place.computed("sweep moons.toml"), 0);
    place.write("points.csv", format!("x,y,class\n{points}").replace("\n6,", "\n6.5,"));
    assert_eq!(reasons(&place), "6: its data has changed\n");
    for words in ["verify results/moons --progress none", "verify results/moons --progress none --sample 2"] {
        let output = place.run(words).ends(4).says("data: the specification is unchanged, but its data files");
        assert_eq!(output.out.lines().count(), 2, "the cause, without its consequences: {}", output.out);
    }
    assert_eq!(place.computed("sweep moons.toml"), 6);
    place.run("verify results/moons").ends(0);
    // The same bytes, under another path and name.
    fs::rename(place.path("points.csv"), place.path("elsewhere.txt")).unwrap();
    place.write("other.csv", format!("x,y,class\n{points}"));
    let refused = flat(&place.run("verify results/moons").refused(2));
    assert!(refused.contains("cannot read points.csv: ") && refused.contains("--data FILE"), "{refused}");
    let files = "--data other.csv --data elsewhere.txt";
    place.run(&format!("verify results/moons --progress none {files}")).ends(0).says("every bit is the same");
    let refused = flat(&place.run("verify results/moons --data other.csv").refused(2));
    assert!(refused.contains("no file given with --data is the data of the runs in results/moons"), "{refused}");
    place.run("verify results/moons --data nowhere.csv").refused(1);
    let refused = flat(&Workspace::swept().run("verify results/moons --data moons.toml").refused(2));
    assert!(refused.contains("uses no data file"), "{refused}");
}
