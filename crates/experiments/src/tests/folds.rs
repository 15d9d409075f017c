//! Tests trials on the folds of a cross-validation.

use std::path::Path;

use super::fixture::{parse, records, rows};
use crate::{
    digest::Outcome,
    experiments::OfNetwork,
    measure::Range,
    run::baseline,
    seed::Seed,
    stats::{self, Constant},
    sweep::Study,
    table::{self, Baseline, summary, summary_of_csv, summary_of_table},
};

const HEAD: &str = "[study]\nquestion = 'q'\n[data.csv]\nfile = 'iris_petals.csv'\n";

fn read(data: &str, sweep: &str) -> Result<Study, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/data/folds.toml");
    let text = format!("{HEAD}{data}\n[sweep]\n{sweep}\n");
    parse("folds", &file, &text, &[]).map_err(|error| format!("{error} {error:?}"))
}

fn study() -> Study {
    read("validation = { folds = 3 }", "'model.hidden' = [1, 7]\nseeds = 6").unwrap()
}

#[test]
fn every_trial_includes_its_folds() {
    let study = study();
    assert_eq!((study.trials.len(), study.compared(), study.folds, study.run_count()), (6, 2, 3, 36));
    assert_eq!(study.axes.iter().map(|axis| axis.path.as_str()).collect::<Vec<_>>(), ["model.hidden", "data.csv.fold"]);
    assert_eq!(study.compared_axes().len(), 1);
    let written = |trial: usize| study.settings(&study.trials[trial]);
    let folds: Vec<_> =
        (0..6).map(|trial| written(trial).into_iter().find(|(path, _)| path == "data.csv.fold").unwrap().1).collect();
    assert_eq!(folds.iter().map(ToString::to_string).collect::<Vec<_>>(), ["0", "1", "2", "0", "1", "2"]);
    let again = parse("folds", Path::new("folds.toml"), &study.canonical_toml(), &[]).unwrap();
    assert_eq!((again.folds, again.trials.len()), (3, 6));
    assert!(!study.canonical_toml().contains("fold ="), "{}", study.canonical_toml());
    assert_eq!(study.trial_named(["hidden=7"]).unwrap(), 3);
    assert_eq!(study.folds_named(["hidden=7"]).unwrap(), 3..6);
    assert_eq!(study.folds_named(["hidden=7", "fold=1"]).unwrap(), 4..5);
    assert!(study.trial_named(["hidden=7", "fold=1"]).unwrap_err().message.contains("a fold is named"));
    assert!(study.folds_named(["fold=1"]).is_err());
}

#[test]
fn one_fold_is_a_trial_like_any() {
    let one = read("validation = { folds = 3 }\nfold = 1", "'model.hidden' = [1, 7]").unwrap();
    assert_eq!((one.folds, one.trials.len()), (1, 2));
    let swept = read("validation = { folds = 3 }", "'data.csv.fold' = [0, 2]").unwrap();
    assert_eq!((swept.folds, swept.trials.len(), swept.compared()), (1, 2, 2));
    // The same run, with a named fold or as one of all folds.
    assert_eq!(one.settings(&one.trials[0]), study().settings(&study().trials[1]));
}

#[test]
fn impossible_folds_are_refused() {
    for (data, sweep, expected) in [
        ("validation = { folds = 1 }", "", "expected a whole number of folds, 2 or more"),
        ("validation = { folds = 1001 }", "", "expected from 2 to 1000 folds"),
        ("validation = { folds = 3 }\nfold = 3", "", "expected a whole number below 3"),
        ("fold = 0", "", "expected the number of folds beside it"),
        ("validation = { folds = 3 }\nfold = [0, 1]", "", "leave it out: every fold is held out in turn"),
        ("validation = { folds = 3 }", "'data.csv.validation.folds' = [2, 3]", "cannot be swept"),
        ("validation = { folds = 1000 }", "seeds = 2000", "2000000 runs, at most"),
        (
            "validation = { folds = 3 }",
            "'model.hidden' = [1, 7]\nconfirm = { best = 2, seeds = 5, from = 1000 }",
            "there are 2 trials",
        ),
        (
            "validation = { folds = 1000 }",
            "'model.hidden' = [1, 7]\nseeds = 400\nconfirm = { best = 1, seeds = 900, from = 1000 }",
            "800000 runs and 900000 that confirm",
        ),
    ] {
        let message = read(data, sweep).unwrap_err();
        assert!(message.contains(expected), "{data} {sweep}: {message}");
    }
}

#[test]
fn values_are_means_over_the_folds_seed_by_seed() {
    let study = study();
    let records = records(&study, 4);
    let rows = rows(&study, &records);
    let whole = summary(&study, &rows);
    assert_eq!(whole.axes.len(), 1);
    assert_eq!(whole.trials.iter().map(|trial| (trial.trial, trial.runs)).collect::<Vec<_>>(), [(0, 6), (3, 6)]);
    let value = |trial: usize, seed: usize| records[trial * 6 + seed].observations[4].values[3];
    let means: Vec<f64> = (0..6).map(|seed| stats::mean(&[value(3, seed), value(4, seed), value(5, seed)])).collect();
    let found = whole.trials[1].finals[3];
    assert_eq!(found.mean, stats::mean(&means));
    assert_eq!(
        found.interval,
        stats::Within::new(0.95).mean(&means, Range::Share),
        "an interval over 6 seeds, not 18 runs"
    );
    assert_eq!(whole.trials[1].decides.values().copied().collect::<Vec<_>>(), means);
    let all: Vec<f64> =
        (3..6).flat_map(|trial| (0..6).map(move |seed| (trial, seed))).map(|(t, s)| value(t, s)).collect();
    let narrow = stats::Within::new(0.95).mean(&all, Range::Share);
    assert_ne!(found.interval, narrow);
    // The summary survives its table and its text.
    let csv = whole.to_csv();
    assert_eq!(summary_of_table(&study, &table::runs(&study, &rows)).unwrap().to_csv(), csv);
    assert!(csv.starts_with("trial,model.hidden,runs,") && csv.lines().nth(2).unwrap().starts_with("3,7,6,"), "{csv}");
    assert_eq!(summary_of_csv(&study, &csv).unwrap().to_csv(), csv);
}

#[test]
fn a_seed_counts_once_all_of_its_folds_are_stored() {
    let study = study();
    let mut records = records(&study, 4);
    records[0].outcome = Outcome::Failed { message: "no".into() };
    records[0].observations.clear();
    records[1].outcome = Outcome::Diverged { epoch: 4 };
    let of_fold_one = &mut records[8];
    of_fold_one.observations.iter_mut().for_each(|point| point.values[1] = 0.0);
    let first = |records: &[_]| summary(&study, &rows(&study, records)).trials[0].clone();
    let trial = first(&records);
    assert_eq!((trial.runs, trial.failed, trial.diverged), (5, 1, 1));
    assert_eq!(trial.success_share, 0.0, "one of three folds reached zero under seed 2");
    for place in [2, 14] {
        records[place].observations.iter_mut().filter(|point| point.epoch > 2).for_each(|point| point.values[1] = 0.0);
    }
    let trial = first(&records);
    assert_eq!((trial.success_share, trial.success_epoch_median), (0.2, 3.0), "at the last epoch of the three");
    let some = summary(&study, &rows(&study, &records)[..17]);
    assert_eq!(some.trials[0].runs, 4, "seed 5 lacks the last fold");
}

#[test]
fn a_constant_answer_is_measured_on_the_points_of_all_folds() {
    let study = study();
    let network = crate::run::prepare(&study, &crate::run::PrepareOptions::default()).unwrap();
    let facts = restudy_engine::results::facts(&*network).unwrap();
    assert_eq!(facts.len(), 3, "each fold has facts of its own");
    let expected = Constant { wrong: 50, points: 100, seen: 100, fixed: true, divided: false };
    assert_eq!(baseline(&study, &facts), Baseline::Constant(expected));
    // The folds of any division cover all rows.
    let seeds = read("validation = { folds = 3 }", "'data.csv.seed' = [1, 2]").unwrap();
    assert_eq!(baseline(&seeds, &facts), Baseline::Constant(expected));
    let anew = read("validation = { folds = 3 }\nseed = 'per-run'", "").unwrap();
    assert_eq!(baseline(&anew, &facts), Baseline::Constant(Constant { divided: true, ..expected }));
    let swept = read("validation = { folds = 3 }", "'data.csv.fold' = [0, 2]").unwrap();
    assert!(matches!(baseline(&swept, &facts), Baseline::Unknown(_)), "other points are not ranked");
}

#[test]
fn the_seed_divides_and_every_row_is_held_out_once() {
    let study = study();
    let held = |seed: u64| -> Vec<Vec<f64>> {
        (0..3)
            .map(|trial| crate::data::Source::load(study.trials[trial].data(), Seed(seed)).unwrap().validation.x)
            .collect()
    };
    let all = |folds: &[Vec<f64>]| {
        let mut all = folds.concat();
        all.sort_by(f64::total_cmp);
        all
    };
    assert_eq!(held(0).iter().map(Vec::len).sum::<usize>(), 200);
    assert_eq!(all(&held(0)), all(&held(1)));
    assert_ne!(held(0), held(1));
}
