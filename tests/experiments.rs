//! Tests that every shipped specification is valid, that its committed results are its results, and that its answer is
//! true.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{fs, path::Path};

use restudy::{
    results::{Manifest, verify},
    run::NetworkExperiment,
    sweep,
    train::Simd,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped specifications, relative to the project.
fn shipped() -> Vec<String> {
    let files = fs::read_dir(root().join("experiments")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    names.sort();
    names
}

/// The rows of `summary.csv` of a study: cells by column name.
fn summary(name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = fs::read_to_string(root().join("results").join(name).join("summary.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

fn number(row: &std::collections::BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn every_specification_is_valid_and_answered() {
    assert_eq!(shipped(), ["breast-cancer", "grid", "hidden", "init", "learning-rate", "restarts"]);
    for name in shipped() {
        let study = sweep::load(&root().join(format!("experiments/{name}.toml")), &[]).unwrap();
        assert!(
            !study.spec.study.question.is_empty() && study.spec.study.answer.is_some(),
            "{name} has question and answer"
        );
        let folder = root().join("results").join(&name);
        let manifest = Manifest::read(&folder).unwrap();
        let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
        let differences = verify::claims(&study, &network.tasks(), &manifest, &folder);
        assert!(differences.is_empty(), "{name}: run `restudy sweep` again: {differences:#?}");
        let text = fs::read_to_string(folder.join("study.toml")).unwrap();
        let stored = sweep::parse(&name, &folder.join("study.toml"), &text, &[]).unwrap();
        assert_eq!(stored.trials.len(), study.trials.len());
        let network = NetworkExperiment::new(&stored, Simd::best()).unwrap();
        assert!(
            verify::claims(&stored, &network.tasks(), &manifest, &folder).is_empty(),
            "{name}: study.toml says the same"
        );
    }
}

#[test]
fn one_and_two_hidden_units_never_separate_the_moons_and_seven_do() {
    for row in summary("hidden") {
        let (h, share, error) =
            (number(&row, "model.hidden"), number(&row, "zero_share"), number(&row, "train_error_mean"));
        match h as u32 {
            1 | 2 => assert!(share == 0.0 && error > 0.06 && error < 0.13, "{row:?}"),
            5 => assert!(share > 0.8, "{row:?}"),
            _ => assert!(share == 1.0 && error == 0.0, "{row:?}"),
        }
    }
}

#[test]
fn a_rate_of_two_is_unstable_and_a_small_one_has_not_converged() {
    for row in summary("learning-rate") {
        let (rate, share, error) =
            (number(&row, "train.learning-rate"), number(&row, "zero_share"), number(&row, "train_error_mean"));
        match rate {
            2.0 => assert!(share == 0.0 && error > 0.2, "{row:?}"),
            0.002 => assert!(share < 0.5 && error < 0.05, "{row:?}"),
            _ => assert!(share > 0.9, "{row:?}"),
        }
    }
}

#[test]
fn uniform_initialization_gets_stuck_and_normal_hardly_ever() {
    for row in summary("init") {
        let share = number(&row, "zero_share");
        match row["model.init"].as_str() {
            "uniform" => assert!((0.3..0.9).contains(&share) && number(&row, "train_error_mean") > 0.01, "{row:?}"),
            _ => assert!(share > 0.9, "{row:?}"),
        }
    }
}

#[test]
fn under_uniform_initialization_a_restart_does_not_always_succeed() {
    for row in summary("restarts") {
        let share = number(&row, "zero_share");
        match row["model.init"].as_str() {
            "uniform" => assert!((0.5..0.9).contains(&share), "{row:?}"),
            _ => assert!(share == 1.0, "{row:?}"),
        }
    }
}

#[test]
fn width_and_rate_hardly_interact() {
    for row in summary("grid") {
        let (h, rate) = (number(&row, "model.hidden"), number(&row, "train.learning-rate"));
        let share = number(&row, "zero_share");
        if h < 5.0 || rate == 2.0 || rate == 0.002 {
            assert!(share == 0.0, "{row:?}");
        } else {
            assert!(share > 0.9 && (h < 10.0 || share == 1.0), "{row:?}");
        }
    }
}

#[test]
fn hidden_units_do_not_help_on_the_tumors() {
    let best = summary("breast-cancer").into_iter().filter(|row| number(row, "train.learning-rate") == 0.002);
    let intervals: Vec<_> =
        best.map(|row| (number(&row, "validation_error_low"), number(&row, "validation_error_high"))).collect();
    assert_eq!(intervals.len(), 5);
    let (highest_low, lowest_high) =
        intervals.iter().fold((0.0_f64, 1.0_f64), |(low, high), interval| (low.max(interval.0), high.min(interval.1)));
    assert!(highest_low < lowest_high && highest_low > 0.01, "every interval overlaps every other: {intervals:?}");
}
