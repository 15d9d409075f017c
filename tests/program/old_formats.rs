//! A folder of restudy 0.1.0: resumed, merged and verified by this version.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    stored_runs::{forge, last, middle},
    workspace::Workspace,
};

/// The folder as `results/moons`; its study is called `early`.
fn early() -> Workspace {
    let place = Workspace::new("");
    copy(&fixture("early"), &place, "results/moons");
    place
}

/// Results of 0.1.0 for `e/files.toml`, with two files as an axis and a figure of one of them: the files are named by
/// paths from here.
fn files() -> Workspace {
    let place = Workspace::new("");
    copy(&fixture("early-files"), &place, ".");
    place
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn copy(from: &Path, place: &Workspace, into: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let into = format!("{into}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() { copy(&path, place, &into) } else { place.write(&into, fs::read(&path).unwrap()) }
    }
}

#[test]
fn it_is_proven_and_its_figures_are_compared_with_its_manifest() {
    let place = early();
    assert_eq!((place.manifest().restudy.as_str(), place.manifest().measurements), ("0.1.0", None));
    let files = place.files("results/moons");
    for sample in ["", "--sample 1", "--sample 1 --files"] {
        let answer = place.run(&format!("verify results/moons --progress none {sample}")).ends(0);
        answer.says("rendered by 0.1.0").says("proven");
    }
    assert_eq!(place.files("results/moons"), files);
    for forgery in [middle, last] {
        let place = early();
        forge(&place, "results/moons", forgery);
        place.run("verify results/moons --progress none").ends(4).says("4 differences");
        place.run("verify results/moons --progress none --sample 1").ends(4).says("4 differences");
    }
}

#[test]
fn a_sweep_and_a_merge_take_its_runs_over() {
    let place = early();
    let before = place.manifest();
    place.write("moons.toml", fs::read(place.path("results/moons/study.toml")).unwrap());
    fs::rename(place.path("results/moons"), place.path("results/early")).unwrap();
    fs::rename(place.path("moons.toml"), place.path("early.toml")).unwrap();
    place.run("merge results/joined results/early --progress none").ends(0).says("4 runs merged from 1 folder");
    let answer = place.run("sweep early.toml --progress none").ends(0);
    answer.says("4 runs (0 new)");
    for folder in ["results/early", "results/joined"] {
        let now = restudy::results::Manifest::read(&place.path(folder)).unwrap();
        assert_eq!((&now.root, &now.tables, &now.runs), (&before.root, &before.tables, &before.runs));
        assert_eq!(now.specification, before.specification);
        assert!(now.measurements.is_some() && now.restudy != before.restudy);
        place.run(&format!("verify {folder} --progress none")).ends(0).says("every bit is the same");
    }
}

#[test]
fn results_with_files_as_an_axis_are_proven_from_any_folder() {
    let place = files();
    let proven = |from: &str, folder: &str| {
        let mut command = place.command(&["verify", folder, "--progress", "none"]);
        let output = command.current_dir(place.path(from)).output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains("every bit of runs and tables is the same"), "{text}");
    };
    place.run("show results/files").ends(0).says("e/data/b.csv");
    // The names are in the summary, in the table of runs, or in no file: then they are found by the digest of the
    // table.
    for gone in ["nothing", "summary.csv", "runs.parquet"] {
        let _ = fs::remove_file(place.path(&format!("results/files/{gone}")));
        proven(".", "results/files");
        proven("e", "../results/files");
        proven("results/files", ".");
    }
    let text = place.text("results/files/study.toml");
    place.write("results/files/study.toml", text.replace("e/data/b.csv\" } }", "e/data/a.csv\" } }"));
    place.run("verify results/files --progress none").ends(4).says("study.toml");
}
