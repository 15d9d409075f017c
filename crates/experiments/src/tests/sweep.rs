use std::{collections::BTreeSet, path::Path, time::Instant};

use proptest::prelude::*;
use serde_json::json;

use crate::{
    data::Source,
    experiments::OfNetwork,
    seed::Seed,
    sweep::{AxisValue, Study},
    tests::fixture::parse,
};

const HEAD: &str = "[study]\nquestion = \"?\"\n[data.double-moon]\n";

fn study(text: &str) -> Study {
    parse("study", Path::new("experiments/study.toml"), text, &[]).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn sweep(text: &str) -> Study {
    study(&format!("{HEAD}[sweep]\n{text}"))
}

fn values(study: &Study) -> Vec<Vec<String>> {
    study.trials.iter().map(|trial| trial.values.iter().map(ToString::to_string).collect()).collect()
}

/// Parses the resolved text of a study from its results folder.
fn reparsed(study: &Study) -> Study {
    let text = study.to_toml(Path::new("results/study"));
    parse("study", Path::new("results/study/study.toml"), &text, &[])
        .unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

#[test]
fn a_study_without_a_sweep_is_one_run() {
    let study = study(HEAD);
    assert_eq!((study.run_count(), study.seeds.as_slice(), study.axes.len()), (1, &[Seed(0)][..], 0));
    assert_eq!(reparsed(&study), study);
}

#[test]
fn the_last_axis_varies_fastest_and_values_are_those_of_the_settings() {
    let study = sweep("\"model.hidden\" = [1, 5]\n\"train.learning-rate\" = [2, 0.2]\nseeds = [7, 3]");
    assert_eq!(values(&study), [["1", "2"], ["1", "0.2"], ["5", "2"], ["5", "0.2"]]);
    assert_eq!(study.axes[1].values, [AxisValue::Float(2.0), AxisValue::Float(0.2)]);
    assert_eq!(study.trials[2].setting().model.hidden, 5);
    assert_eq!(study.trials[2].setting().train.learning_rate, 2.0);
    assert_eq!(study.seeds, [Seed(7), Seed(3)]);
    assert_eq!(reparsed(&study), study);
}

#[test]
fn zipped_axes_pair_their_values_and_may_repeat() {
    let study = sweep(
        "\"train.epochs\" = [10, 10, 20]\n\"model.init\" = [\"he\", \"normal\"]\n\"model.hidden\" = [1, 2, 1]\n\
         zip = [[\"model.hidden\", \"train.epochs\"]]",
    );
    assert_eq!(study.axes[0].values, [AxisValue::Int(10), AxisValue::Int(20)]);
    assert_eq!(values(&study)[..3], [["10", "he", "1"], ["10", "normal", "1"], ["10", "he", "2"]]);
    assert_eq!(study.trials.len(), 6);
    assert_eq!(reparsed(&study), study);
}

#[test]
fn exclusions_remove_matching_trials() {
    let study = sweep(
        "\"model.hidden\" = [1, 2]\n\"train.learning-rate\" = [2.0, 0.2]\n\
         exclude = [{ \"model.hidden\" = 1, \"train.learning-rate\" = 2 }]",
    );
    assert_eq!(values(&study), [["1", "0.2"], ["2", "2"], ["2", "0.2"]]);
    assert_eq!(reparsed(&study), study);
}

#[test]
fn random_search_is_drawn_once_and_resolved_to_lists() {
    let text = "\"train.learning-rate\" = { log-uniform = [0.001, 1] }\n\"model.hidden\" = { uniform = [1, 3] }\n\
                \"model.init\" = [\"he\", \"normal\"]\nrandom = { trials = 20, seed = 4 }";
    let study = sweep(text);
    assert_eq!(study.trials.len(), 20);
    assert_eq!(study, sweep(text));
    assert!(study.axes[0].log && !study.axes[1].log);
    let rates = study.trials.iter().map(|trial| trial.setting().train.learning_rate);
    assert!(rates.clone().all(|rate| (0.001..=1.0).contains(&rate)) && rates.clone().any(|rate| rate < 0.03));
    let hidden: BTreeSet<_> = study.trials.iter().map(|trial| trial.setting().model.hidden).collect();
    assert_eq!(hidden.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(reparsed(&study), study);
}

#[test]
fn random_draws_are_stable() {
    let study = sweep("\"train.learning-rate\" = { log-uniform = [0.001, 1] }\nrandom = { trials = 2, seed = 1 }");
    let rates: Vec<_> = study.trials.iter().map(|trial| trial.setting().train.learning_rate.to_bits()).collect();
    let pinned = [4_575_595_323_025_137_563, 4_567_297_279_010_494_512];
    assert_eq!(rates, pinned, "pinned: a change is a new contract version");
}

#[test]
fn single_items_of_lists_and_absent_settings_can_be_swept() {
    let study = sweep("\"data.double-moon.offset.1\" = [-1, 0.5]\n\"stop.loss-below\" = [0.1]");
    let offsets: Vec<_> =
        study.trials.iter().map(|trial| trial.json()["data"]["double-moon"]["offset"].clone()).collect();
    assert_eq!(offsets, [json!([0.8, -1.0]), json!([0.8, 0.5])]);
    assert_eq!(study.trials[0].setting().stop.loss_below, Some(0.1));
    assert_eq!(reparsed(&study), study);
}

#[test]
fn the_command_line_fixes_what_is_swept_and_keeps_the_axis() {
    let text = format!(
        "{HEAD}[sweep]\n\"model.hidden\" = [1, 2]\n\"train.learning-rate\" = [2, 0.2]\n\
         exclude = [{{ \"model.hidden\" = 1, \"train.learning-rate\" = 2 }}]"
    );
    let sets = ["model.hidden=9", "model.init=he", "sweep.seeds=3", "study.question=Why so?"].map(str::to_owned);
    let study = parse("x", Path::new("x.toml"), &text, &sets).unwrap();
    assert_eq!(values(&study), [["9", "2"], ["9", "0.2"]]);
    assert_eq!(study.run_count(), 6);
    assert_eq!(study.spec.study.question, "Why so?");
    let text = study.to_toml(Path::new(""));
    assert_eq!(parse("x", Path::new("x.toml"), &text, &[]).unwrap(), study);
}

#[test]
fn paths_are_relative_to_the_specification() {
    let head = "[study]\nquestion = \"?\"\n[data.csv]\nfile = \"data/a.csv\"\n";
    let study = study(&format!("{head}[sweep]\n\"data.csv.file\" = [\"data/a.csv\", \"../b.csv\"]"));
    assert_eq!(study.axes[0].values, ["experiments/data/a.csv", "b.csv"].map(|file| AxisValue::String(file.into())));
    assert_eq!(reparsed(&study), study);
    assert!(study.to_toml(Path::new("results/study")).contains("[\"../../experiments/data/a.csv\", \"../../b.csv\"]"));
    assert!(study.canonical_toml().contains("[\"a.csv\", \"b.csv\"]"));
    let set = ["data.csv.file=here.csv".to_owned()];
    let study = parse("x", Path::new("experiments/x.toml"), head, &set).unwrap();
    assert_eq!(study.trials[0].data().clone().files_mut()[0], "here.csv");
}

#[test]
fn the_settings_of_a_trial_are_complete_flat_and_sorted() {
    let settings = study(HEAD).trials[0].settings();
    let text: Vec<_> = settings.iter().map(|(path, value)| format!("{path} {value}")).collect();
    assert_eq!(
        text,
        [
            "data.double-moon.noise 0.6",
            "data.double-moon.offset.0 0.8",
            "data.double-moon.offset.1 -1.8",
            "data.double-moon.radius 2",
            "data.double-moon.seed 0",
            "data.double-moon.train 1000",
            "data.double-moon.validation 1000",
            "evaluate.every.epochs 1",
            "evaluate.metrics.0 loss",
            "evaluate.metrics.1 error",
            "model.hidden 7",
            "model.init normal",
            "train.epochs 100",
            "train.learning-rate 0.02",
            "train.sampling with-replacement",
        ]
    );
}

#[test]
fn figures_and_answers_survive() {
    let text = "[study]\nquestion = \"A \\\"b\\\" \\\\ c\\t?\"\nanswer = \"One.\\n\\nTwo \\\"\\\"\\\".\\n\"\n[data.xor]\n\
                [sweep]\n\"model.hidden\" = [1, 3]\n[figures.all-curves]\ncurves = { by = \"model.hidden\" }\n\
                [figures.x]\nstrip = { at = { \"model.hidden\" = 3 } }";
    let study = study(text);
    assert_eq!(study.spec.figures.len(), 2);
    assert_eq!(reparsed(&study), study);
    assert_eq!(reparsed(&study).to_toml(Path::new("")), study.to_toml(Path::new("")));
}

#[test]
fn a_large_grid_is_checked_quickly() {
    let text = format!(
        "{HEAD}[sweep]\n\"model.hidden\" = {{ from = 1, to = 100, steps = 100 }}\n\
         \"train.learning-rate\" = {{ from = 0.001, to = 1, steps = 100, scale = \"log\" }}"
    );
    let start = Instant::now();
    assert_eq!(study(&text).trials.len(), 10_000);
    // 720 trials must take less than 50 ms; this is a generous bound for a busy machine.
    assert!(start.elapsed().as_millis() < 700, "{:?}", start.elapsed());
}

fn axes() -> impl Strategy<Value = (Vec<u32>, Vec<u32>, Vec<u64>)> {
    let different = |set: BTreeSet<u32>| set.into_iter().rev().collect::<Vec<_>>();
    (
        prop::collection::btree_set(1_u32..50, 1..6).prop_map(different),
        prop::collection::btree_set(1_u32..50, 1..6).prop_map(different),
        prop::collection::btree_set(any::<u64>(), 1..5).prop_map(|set| set.into_iter().collect()),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_grid_is_the_product_in_order_without_repetition((hidden, epochs, seeds) in axes(), out in 0_usize..36) {
        let exclude = format!(
            "exclude = [{{ \"model.hidden\" = {}, \"train.epochs\" = {} }}]\n",
            hidden[out % hidden.len()], epochs[out / 6 % epochs.len()]
        );
        let few = hidden.len().min(epochs.len()) < 2;
        let text = format!("\"model.hidden\" = {hidden:?}\n\"train.epochs\" = {epochs:?}\nseeds = {seeds:?}\n");
        let whole = sweep(&text);
        prop_assert_eq!(whole.run_count(), hidden.len() * epochs.len() * seeds.len());
        let pairs: Vec<_> = whole.trials.iter().map(|t| (t.setting().model.hidden, t.setting().train.epochs)).collect();
        let product: Vec<_> = hidden.iter().flat_map(|&h| epochs.iter().map(move |&e| (h, u64::from(e)))).collect();
        prop_assert_eq!(&pairs, &product);
        prop_assert_eq!(reparsed(&whole), whole.clone());
        if !few {
            let part = sweep(&(text + &exclude));
            let kept: Vec<_> = whole.trials.iter().filter(|trial| part.trials.contains(trial)).cloned().collect();
            prop_assert_eq!(part.trials.len() + 1, whole.trials.len());
            prop_assert_eq!(&kept, &part.trials);
            prop_assert_eq!(reparsed(&part), part);
        }
    }

    #[test]
    fn any_numbers_survive_in_the_resolved_text(
        rates in prop::collection::btree_set(1_u64..0x7FEF_FFFF_FFFF_FFFF, 1..5), noise in 0.0..1e300_f64, seed: u64,
    ) {
        let rates: Vec<f64> = rates.into_iter().map(f64::from_bits).collect();
        let text = format!(
            "[study]\nquestion='?'\n[data.double-moon]\nnoise = {noise:?}\nseed = {seed}\n[sweep]\n\"train.learning-rate\" = {rates:?}"
        );
        let study = study(&text);
        let found: Vec<_> = study.trials.iter().map(|trial| trial.setting().train.learning_rate).collect();
        prop_assert_eq!(found, rates);
        prop_assert_eq!(reparsed(&study), study);
    }
}
