//! `sweep`: all runs are computed, none twice, and the bytes depend on the specification alone.

use std::{collections::BTreeMap, fs, time::SystemTime};

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, assert_same, stable, with};

#[test]
fn a_first_sweep_writes_every_file_and_names_the_folder() {
    let place = Workspace::new(SPEC);
    let answer = place.run("sweep moons.toml").ends(0);
    assert_snapshot!(stable(&answer.out));
    assert_snapshot!(stable(&answer.err), @"moons: 6 of 6 runs to do, 960 steps");
    let answers = place.answers("results/moons");
    let names: Vec<_> = answers.keys().map(String::as_str).filter(|name| !name.ends_with(".seg")).collect();
    assert_eq!(
        names,
        [
            "figures/seeds.png",
            "figures/seeds.svg",
            "manifest.json",
            "metrics.parquet",
            "points.parquet",
            "report.html",
            "report.md",
            "runs.parquet",
            "segments/experiment",
            "segments/finishing",
            "segments/index",
            "segments/lock",
            "study.toml",
            "summary.csv",
            "weights.parquet",
        ]
    );
    assert_eq!(answers.len(), names.len() + 1, "all runs are in one segment");
    assert_eq!(place.files("results/moons").len(), answers.len() + 1, "one entry in the journal");
}

/// The modification time of each file.
fn times(place: &Workspace) -> BTreeMap<String, SystemTime> {
    let path = |file: &String| place.path("results/moons").join(file);
    place
        .files("results/moons")
        .keys()
        .map(|file| (file.clone(), fs::metadata(path(file)).unwrap().modified().unwrap()))
        .collect()
}

#[test]
fn a_second_sweep_does_nothing() {
    let place = Workspace::swept();
    let (files, written) = (place.files("results/moons"), times(&place));
    let answer = place.run("sweep moons.toml").ends(0);
    assert_snapshot!(answer.out, @"nothing to do: all 6 runs and the report are in results/moons");
    assert_eq!(answer.err, "");
    assert_eq!(place.computed("sweep moons.toml"), 0);
    assert_same(&place.files("results/moons"), &files, "nothing is written");
    assert_eq!(times(&place), written);
}

#[test]
fn more_seeds_and_values_cost_only_the_new_runs() {
    let place = Workspace::swept();
    place.write("moons.toml", with("seeds = 3", "seeds = 5"));
    assert_eq!(place.computed("sweep moons.toml"), 4);
    place.write("moons.toml", with("seeds = 3", "seeds = 5").replace("[1, 3]", "[1, 2, 3]"));
    assert_eq!(place.computed("sweep moons.toml"), 5);
    let at_once = Workspace::new(&with("seeds = 3", "seeds = 5").replace("[1, 3]", "[1, 2, 3]"));
    assert_eq!(at_once.computed("sweep moons.toml"), 15);
    let (one, other) = (place.answers("results/moons"), at_once.answers("results/moons"));
    assert_same(&one, &other, "piece by piece or at once");
}

#[test]
fn another_figure_trains_nothing_and_removes_the_old_one() {
    let place = Workspace::swept();
    place.write("moons.toml", with("[figures.seeds]\nstrip", "[figures.last]\nfinal"));
    assert_eq!(place.computed("sweep moons.toml"), 0);
    let figures: Vec<_> = place.files("results/moons/figures").into_keys().collect();
    assert_eq!(figures, ["last.png", "last.svg"]);
    place.run("verify results/moons").ends(0);
}

#[test]
fn fewer_seeds_train_nothing_and_keep_the_runs_for_later() {
    let place = Workspace::swept();
    place.write("moons.toml", with("seeds = 3", "seeds = 2"));
    assert_eq!(place.computed("sweep moons.toml"), 0);
    assert_eq!(place.manifest().runs.len(), 4);
    place.run("verify results/moons").ends(0);
    place.write("moons.toml", SPEC);
    assert_eq!(place.computed("sweep moons.toml"), 0);
    assert_same(&place.answers("results/moons"), &Workspace::swept().answers("results/moons"), "there and back");
}

#[test]
fn a_setting_on_the_command_line_equals_one_in_the_file() {
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --set train.epochs=2 --set sweep.seeds=2").ends(0);
    let written = Workspace::new(&with("epochs = 4", "epochs = 2").replace("seeds = 3", "seeds = 2"));
    written.run("sweep moons.toml").ends(0);
    assert_same(&place.answers("results/moons"), &written.answers("results/moons"), "--set and file");
    assert_snapshot!(place.run("sweep moons.toml --set train.epoch=2").refused(2));
}

#[test]
fn the_bytes_depend_on_the_specification_alone() {
    let expected = Workspace::swept().answers("results/moons");
    for how in ["--threads 1", "--threads 2", "--threads 4", "--portable", "--portable --threads 1 --quiet"] {
        let place = Workspace::new(SPEC);
        place.run(&format!("sweep moons.toml {how}")).ends(0);
        assert_same(&place.answers("results/moons"), &expected, how);
    }
    let place = Workspace::new(SPEC);
    for piece in ["--set sweep.seeds=1", "--set model.hidden=3 --set sweep.seeds=2", "--set sweep.seeds=[2]", ""] {
        // The figures need the axis, so that the second specification sets it to a list of one value.
        let piece = piece.replace("--set model.hidden=3", "--set sweep.\"model.hidden\"=[3]");
        place.run(&format!("sweep moons.toml --threads 1 {piece}")).ends(0);
    }
    assert_same(&place.answers("results/moons"), &expected, "piece by piece");
}

#[test]
fn the_working_directory_does_not_matter() {
    let points: String = (0..40).map(|i| format!("{},{},{}\n", i % 7, i * i % 11, i % 2)).collect();
    let spec = with(
        "[data.double-moon]\ntrain = 40\nvalidation = 40",
        "[data.csv]\nfile = \"data/points.csv\"\nlabel = \"class\"",
    );
    let place = Workspace::new("");
    place.write("mine/moons.toml", spec);
    place.write("mine/data/points.csv", format!("x,y,class\n{points}"));
    place.write("mine/deeper/elsewhere/file", "");
    place.run("sweep mine/moons.toml").ends(0);
    let expected = place.answers("results/moons");
    place.run("sweep ./mine/../mine/moons.toml --results ./results").ends(0).says("nothing to do");
    let specification = place.path("mine/moons.toml").display().to_string();
    let results = place.path("results").display().to_string();
    place.run(&format!("sweep {specification} --results {results}")).ends(0).says("nothing to do");
    for (from, back) in [("mine", ".."), ("mine/deeper/elsewhere", "../../..")] {
        fs::remove_dir_all(place.path("results")).unwrap();
        let mut command =
            place.command(&["sweep", &format!("{back}/mine/moons.toml"), "--results", &format!("{back}/results")]);
        assert!(command.current_dir(place.path(from)).output().unwrap().status.success());
        assert_same(&place.answers("results/moons"), &expected, from);
    }
    place.run("verify results/moons").ends(0);
    // The whole folder is moved.
    fs::rename(place.path("mine"), place.path("yours")).unwrap();
    fs::rename(place.path("yours/data"), place.path("mine")).unwrap();
    place.write(
        "yours/moons.toml",
        with(
            "[data.double-moon]\ntrain = 40\nvalidation = 40",
            "[data.csv]\nfile = \"../mine/points.csv\"\nlabel = \"class\"",
        ),
    );
    assert_eq!(place.computed("sweep yours/moons.toml"), 0, "a file is known by its content");
}

#[test]
fn a_study_can_be_swept_from_the_specification_in_its_results() {
    let place = Workspace::swept();
    fs::copy(place.path("results/moons/study.toml"), place.path("moons.toml")).unwrap();
    place.run("sweep moons.toml").ends(0).says("nothing to do");
}

#[test]
fn the_stored_specification_is_that_of_the_study() {
    let place = Workspace::swept();
    let before = place.answers("results/moons");
    place.run("sweep results/moons/study.toml").ends(0);
    assert_same(&place.answers("results/moons"), &before, "swept from the copy");
    assert!(!place.path("results/study").exists());
    fs::remove_file(place.path("moons.toml")).unwrap();
    let plan = place.run("plan results/moons/study.toml --json").ends(0).out;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["reasons"].as_object().map(serde_json::Map::len), Some(0), "{plan}");
}
