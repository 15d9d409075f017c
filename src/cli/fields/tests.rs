use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::{digest::Digest, seed::Seed, sweep, train::Outcome};

fn study() -> Study {
    let text = "[study]\nquestion = \"?\"\n[data.double-moon]\n[sweep]\n\"model.hidden\" = [1, 7, 10]\n\
                \"train.learning-rate\" = [0.02, 0.5, 2]\n\"model.init\" = [\"he\", \"normal\"]\nseeds = 4\n";
    sweep::parse("hidden", Path::new("hidden.toml"), text, &[]).unwrap()
}

fn run(error: f64, diverged: bool) -> Brief {
    Brief {
        id: Digest([1; 32]),
        digest: Digest([2; 32]),
        outcome: if diverged { Outcome::Diverged { epoch: 3 } } else { Outcome::Completed },
        epoch: 3,
        success_epoch: (error == 0.0).then_some(2),
        finals: [vec![0.5, error], vec![0.6, error + 0.1]],
    }
}

fn task(trial: usize, seed: u64) -> Task {
    Task { trial, seed: Seed(seed), id: Digest([1; 32]) }
}

#[test]
fn fields_go_by_their_path_their_end_and_the_names_of_columns() {
    let study = study();
    let fields = Fields::new(&study);
    for (name, field) in [
        ("model.hidden", Field::Axis(0)),
        ("hidden", Field::Axis(0)),
        ("learning-rate", Field::Axis(1)),
        ("learning_rate", Field::Axis(1)),
        ("validation_error", Field::Final(3)),
        ("train-loss", Field::Final(0)),
        ("zero-epoch", Field::SuccessEpoch),
        (" seed ", Field::Seed),
    ] {
        assert_eq!(fields.named(name).unwrap(), field, "{name}");
    }
    assert!(fields.named("hiden").is_err());
}

#[test]
fn invalid_conditions_are_refused() {
    let study = study();
    let fields = Fields::new(&study);
    for text in [
        "hidden",
        "",
        "hidden=many",
        "hidden=",
        "outcome=done",
        "outcome<diverged",
        "init>he",
        "init=glorat",
        "no=1",
        "=3",
    ] {
        assert!(Condition::parse(text, &fields).is_err(), "{text}");
    }
    for text in [
        "hidden = 7",
        "hidden==7",
        "hidden!=7.5",
        "seed>=18446744073709551615",
        "init=he",
        "outcome!=failed",
        "train-error<1e-3",
    ] {
        assert!(Condition::parse(text, &fields).is_ok(), "{text}");
    }
}

#[test]
fn absent_numbers_meet_no_condition_and_come_last() {
    let study = study();
    let fields = Fields::new(&study);
    let run = run(0.5, false);
    let cell = fields.cell(Field::SuccessEpoch, &task(0, 0), &run);
    let holds = |text: &str| Condition::parse(text, &fields).unwrap().holds(cell);
    assert!(!holds("zero-epoch<5") && !holds("zero-epoch>=0") && holds("zero-epoch!=2"));
    for reverse in [false, true] {
        assert_eq!(cell.order(Cell::Int(3), reverse), Ordering::Greater);
    }
    // Neighboring integers that a float cannot distinguish.
    let large = u64::MAX - 1;
    assert!(!Condition::parse(&format!("seed={}", u64::MAX), &fields).unwrap().holds(Cell::Int(large)));
}

proptest! {
    #[test]
    fn conditions_agree_with_naive_comparison(
        trial in 0_usize..18, seed in 0_u64..5, error in prop_oneof![Just(0.0), Just(0.25), 0.0..1.0_f64], diverged: bool,
        sign in 0_usize..6, hidden in 0_u64..12, threshold in prop_oneof![Just(0.25), 0.0..1.0_f64], rate in prop_oneof![Just(0.5), 0.0..3.0_f64],
    ) {
        let study = study();
        let fields = Fields::new(&study);
        let (task, run) = (task(trial, seed), run(error, diverged));
        let sign_text = ["=", "!=", "<", "<=", ">", ">="][sign];
        let naive = |one: f64, other: f64| match sign {
            0 => one == other,
            1 => one != other,
            2 => one < other,
            3 => one <= other,
            4 => one > other,
            _ => one >= other,
        };
        let holds = |text: String| {
            let condition = Condition::parse(&text, &fields).unwrap();
            condition.holds(fields.cell(condition.field(), &task, &run))
        };
        let own = [1.0, 7.0, 10.0][trial / 6];
        prop_assert_eq!(holds(format!("hidden{sign_text}{hidden}")), naive(own, hidden as f64));
        prop_assert_eq!(holds(format!("learning-rate {sign_text} {rate}")), naive([0.02, 0.5, 2.0][trial / 2 % 3], rate));
        prop_assert_eq!(holds(format!("train-error{sign_text}{threshold}")), naive(error, threshold));
        prop_assert_eq!(holds(format!("seed{sign_text}3")), naive(seed as f64, 3.0));
        prop_assert_eq!(holds("outcome=diverged".into()), diverged);
        prop_assert_eq!(holds("init!=he".into()), trial % 2 == 1);
    }
}
