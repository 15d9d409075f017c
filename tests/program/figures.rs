//! `figures`: draws figures from stored tables.

use std::fs;

use insta::assert_snapshot;

use crate::workspace::{Workspace, assert_same, with};

#[test]
fn figures_are_drawn_from_the_tables_alone() {
    let place = Workspace::swept();
    let before = place.answers("results/moons");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    place.run("figures results/moons --check").ends(0).says("all 2 figure files are current");
    fs::remove_file(place.path("results/moons/figures/seeds.png")).unwrap();
    place.edit("figures/seeds.svg", "<", " <");
    let answer = place.run("figures results/moons --check").ends(4);
    assert_snapshot!(answer.out, @"
    results/moons/figures/seeds.png is missing
    results/moons/figures/seeds.svg is not what the tables give
    ");
    assert!(!place.path("results/moons/figures/seeds.png").exists(), "a check writes nothing");
    assert_snapshot!(place.run("figures results/moons").ends(0).out, @"drew 2 figure files: 2 changed");
    assert_snapshot!(place.run("figures results/moons").ends(0).out, @"drew 2 figure files: 0 changed");
    let mut after = place.answers("results/moons");
    after.extend(
        before
            .iter()
            .filter(|(path, _)| path.ends_with(".seg") || path.ends_with("/index"))
            .map(|(path, bytes)| (path.clone(), bytes.clone())),
    );
    assert_same(&after, &before, "the same bytes");
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    assert_snapshot!(place.run("figures results/moons").refused(2));
}

#[test]
fn the_trials_with_the_best_means_are_not_called_the_best() {
    let widths: Vec<_> = (1..=41).map(|width: u32| width.to_string()).collect();
    let place =
        Workspace::new(&with("[1, 3]", &format!("[{}]", widths.join(", "))).replace("epochs = 4", "epochs = 1"));
    let output = place.run("sweep moons.toml").ends(0).out;
    assert!(!output.contains("these are the best"), "{output}");
    let line = output.lines().find(|line| line.starts_with("shown are the 40")).unwrap();
    assert!(
        line.contains("of 41 trials with the lowest mean validation error, which does not make any of them the best"),
        "{line}"
    );
}
