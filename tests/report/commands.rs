//! The command `report`: from tables alone, into another folder, and without tables.

use std::{fs, process::Command};

use super::Place;

#[test]
fn the_report_is_written_from_tables_and_manifest_alone() {
    let place = Place::swept();
    let report = |words: &[&str]| place.run(&[&["report", "results/moons"], words].concat());
    let files = ["report.html", "report.md"].map(|name| place.path(&format!("results/moons/{name}")));
    let before = files.each_ref().map(|file| fs::read(file).unwrap());
    assert_eq!(report(&["--check"]).status.code(), Some(0));
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    fs::remove_file(&files[0]).unwrap();
    fs::write(&files[1], "else").unwrap();
    let checked = report(&["--check"]);
    let message = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(4));
    assert!(
        message.contains("report.html is missing") && message.contains("report.md is not what the tables give"),
        "{message}"
    );
    assert!(report(&[]).status.success());
    assert_eq!(files.each_ref().map(|file| fs::read(file).unwrap()), before);
    assert_eq!(report(&["--check"]).status.code(), Some(0));
}

#[test]
fn the_report_and_its_figures_are_written_elsewhere() {
    let place = Place::swept();
    let before = fs::read(place.page("moons")).unwrap();
    fs::write(place.page("moons"), "else").unwrap();
    assert!(place.run(&["report", "results/moons", "--output", "copy/here"]).status.success());
    assert_eq!(fs::read(place.path("copy/here/report.html")).unwrap(), before);
    for file in ["report.md", "figures/seeds.svg", "figures/seeds.png"] {
        let [copy, own] =
            ["copy/here", "results/moons"].map(|folder| fs::read(place.path(&format!("{folder}/{file}"))));
        assert_eq!(copy.unwrap(), own.unwrap(), "{file}");
    }
    assert_eq!(fs::read(place.page("moons")).unwrap(), b"else", "nothing is written to the results folder");
    let refused = place.run(&["report", "results/moons", "--output", "results/moons/copy"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_advice_without_tables_works_in_the_folder_alone() {
    let place = Place::swept();
    // The committed files of a study in another folder, without its specification.
    let clone = |study: &str, name: &str| {
        fs::create_dir_all(place.path(&format!("elsewhere/{name}"))).unwrap();
        for file in ["study.toml", "manifest.json", "summary.csv", "report.html", "report.md"] {
            let from = place.path(&format!("results/{study}/{file}"));
            fs::copy(from, place.path(&format!("elsewhere/{name}/{file}"))).unwrap();
        }
    };
    let run = |words: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_restudy"))
            .args(words)
            .current_dir(place.path("elsewhere"))
            .output()
            .unwrap();
        let message = String::from_utf8([command.stdout, command.stderr].concat()).unwrap();
        (command.status.code(), message.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    clone("moons", "moons");
    clone("moons", "renamed");
    clone("petals", "petals");
    for words in [&["report", "moons"][..], &["report", "moons", "--check"], &["figures", "moons", "--check"]] {
        let (code, message) = run(words);
        assert_eq!(code, Some(2));
        assert!(message.contains("`restudy sweep moons/study.toml --results .`"), "{message}");
        assert!(message.contains("its runs are not stored and are trained again"), "{message}");
    }
    let advice = "`restudy sweep renamed/study.toml --results .`, which renames the study from";
    assert!(run(&["report", "renamed"]).1.contains(advice), "{}", run(&["report", "renamed"]).1);
    fs::remove_file(place.path("experiments/data/iris_petals.csv")).unwrap();
    let message = run(&["report", "petals"]).1;
    assert!(message.contains("experiments/data/iris_petals.csv, which is missing: restore it first"), "{message}");
    assert_eq!(run(&["sweep", "moons/study.toml", "--results", ".", "--quiet"]).0, Some(0));
    assert_eq!(run(&["report", "moons", "--check"]), (Some(0), "the report is current".into()));
    fs::remove_file(place.path("elsewhere/moons/metrics.parquet")).unwrap();
    assert!(run(&["report", "moons"]).1.contains("stored runs are not trained again"));
}

#[test]
fn a_report_describes_data_without_their_file_and_is_verified() {
    let place = Place::swept();
    let page = fs::read_to_string(place.path("results/petals/report.md")).unwrap();
    assert!(page.contains("- **Points.** 100 points with 2 inputs: 50 of class −1, which is 50.0 %"), "{page}");
    assert!(page.contains("70 to train with"), "{page}");
    assert_eq!(place.run(&["verify", "results/petals"]).status.code(), Some(0));
    let file = place.path("experiments/data/iris_petals.csv");
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    assert_eq!(place.run(&["report", "results/petals", "--check"]).status.code(), Some(0));
    fs::write(&file, bytes).unwrap();
    // The manifest's description of the data is verified, too.
    let manifest = place.path("results/petals/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replacen("\"inputs\": 2", "\"inputs\": 3", 1)).unwrap();
    for words in [&["verify", "results/petals"][..], &["verify", "results/petals", "--sample", "1"]] {
        let verified = place.run(words);
        let message = String::from_utf8(verified.stdout).unwrap();
        assert_eq!(verified.status.code(), Some(4), "{message}");
        assert!(message.contains("manifest.json"), "{message}");
    }
    // A manifest without a description is of an earlier version: a sweep adds it, and trains nothing.
    let without = |text: &str| {
        let (start, end) = (text.find("  \"data\": [").unwrap(), text.find("  \"runs\": [").unwrap());
        text[..start].to_owned() + &text[end..]
    };
    fs::write(&manifest, without(&text)).unwrap();
    assert!(place.run(&["report", "results/petals"]).status.success());
    assert!(fs::read_to_string(place.path("results/petals/report.md")).unwrap().contains("of each class is unknown"));
    let swept = place.run(&["sweep", "petals.toml"]);
    let message = String::from_utf8([swept.stdout, swept.stderr].concat()).unwrap();
    assert!(message.contains("(0 new)"), "{message}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    assert_eq!(fs::read_to_string(place.path("results/petals/report.md")).unwrap(), page);
}
