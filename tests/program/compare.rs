//! `compare`: two trials on the seeds they share.

use insta::assert_snapshot;
use serde_json::Value;

use crate::workspace::{Workspace, flat, with};

fn json(place: &Workspace, words: &str) -> Value {
    serde_json::from_str(&place.run(words).ends(0).out).unwrap()
}

#[test]
fn two_trials_are_compared_and_too_few_seeds_are_reported() {
    let place = Workspace::swept();
    let answer = place.run("compare results/moons hidden=1 hidden=3").ends(0);
    assert_snapshot!(answer.out);
    assert_snapshot!(answer.err, @"
    notice: too few seeds: 3 untied pairs, and at least 6 are needed to show a difference at the 5 % level
    notice: no interval: it needs at least 5 pairs, not 3
    ");
    // The values are those of `show`.
    let report = json(&place, "compare results/moons hidden=1 hidden=3 --json");
    let runs = place.run("show results/moons --json").ends(0).out;
    let runs: Vec<Value> = runs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let error = |place: usize| runs[place]["validation"][1].as_f64().unwrap();
    let difference: f64 = (0..3).map(|seed| error(seed) - error(3 + seed)).sum::<f64>() / 3.0;
    assert!((report["difference"].as_f64().unwrap() - difference).abs() < 1e-12);
    assert_eq!((&report["pairs"], &report["metric"]), (&3.into(), &"error".into()));
    // Exchanged trials give the opposite sign.
    let back = json(&place, "compare results/moons hidden=3 hidden=1 --json");
    assert_eq!((&report["wins"], &report["sign-test"]), (&back["losses"], &back["sign-test"]));
    assert_eq!(
        (&report["decides"], &report["signed-rank-test"]),
        (&"signed-rank-test".into(), &back["signed-rank-test"])
    );
    place
        .run("compare results/moons hidden=1 hidden=3 --metric loss --split train")
        .ends(0)
        .says("train loss, nat; lower is better");
}

#[test]
fn trials_of_two_studies_are_compared() {
    let place = Workspace::swept();
    place.write(
        "more.toml",
        with("seeds = 3", "seeds = 8").replace("[1, 3]", "[2]").replace("train = 40", "train = 50"),
    );
    place.run("sweep more.toml").ends(0);
    let report = json(&place, "compare results/moons hidden=3 results/more hidden=2 --json");
    assert_eq!((&report["pairs"], &report["a"]["runs"], &report["b"]["runs"]), (&3.into(), &3.into(), &8.into()));
    assert_eq!(report["differ"][0]["setting"], "data.double-moon.train");
    assert!(report["notices"].to_string().contains("use different data"), "{report}");
    // A study of one trial needs no settings.
    assert_eq!(json(&place, "compare results/moons hidden=3 results/more --json"), report);
}

#[test]
fn arguments_without_two_trials_are_refused() {
    let place = Workspace::swept();
    let refused = |words: &str| flat(&place.run(&format!("compare {words}")).refused(2));
    assert_snapshot!(refused("results/moons hidden=1"), @"trial.not-two × `results/moons hidden=1` does not name two trials help: give a folder and the settings of two of its trials, `results/hidden hidden=7 hidden=10`, or a folder and settings twice");
    assert_snapshot!(refused("results/moons hidden=1 hidden=2"), @"trial.unknown × no trial of moons is `hidden=2` help: the axes are model.hidden = 1, 3");
    assert_snapshot!(refused("results/moons hidden=1 hidden=3 --metric eror"), @"metric.unknown × there is no metric `eror` help: choose from loss, error, brier, auc");
    assert_snapshot!(refused("results/moons hidden=1 hidden=3 --metric brier"), @"metric.not-recorded × moons does not record the metric brier help: it records loss, error");
    assert_snapshot!(refused("results/moons results/moons hidden=3"), @"trial.several × moons has 2 trials help: add a setting; the axes are model.hidden = 1, 3");
}
