//! Runs that an experiment does together.

use std::{
    ops::ControlFlow,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{
    digest::{Outcome, Record},
    measure::{Direction, Measurement},
    run::{Declared, End, How, Log, OwnExperiment, RunError, prepare, register_own},
    seed::{Draws, Seed},
    sweep::{self, Study},
};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// How many dice are thrown a step.
    dice: u64,
}

/// Throws dice, and its runs step by step together.
struct Dice {
    name: &'static str,
    /// How many runs are done together.
    together: usize,
    /// The seed whose run panics.
    panics: Option<u64>,
    /// How many groups there were.
    groups: &'static AtomicUsize,
}

const STEPS: u64 = 4;

impl Dice {
    fn step(
        &self,
        settings: &Settings,
        seed: Seed,
        draws: &mut Draws,
        step: u64,
        log: &mut Log<'_>,
    ) -> Result<(), End> {
        assert!(self.panics != Some(seed.0), "a die fell off the table");
        let sum: u32 = (0..settings.dice).map(|_| 1 + draws.below(6)).sum();
        log.measure(step, [("sum", f64::from(sum))])?;
        if u64::from(sum) == 6 * settings.dice { Err(End::Converged) } else { Ok(()) }
    }
}

impl OwnExperiment for Dice {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new(self.name, 1).measuring([Measurement::new("sum", Direction::Higher)])
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let mut draws = Draws::own(seed, 0);
        (1..=STEPS).try_for_each(|step| self.step(settings, seed, &mut draws, step, log))
    }

    fn together(&self, _: &Settings) -> usize {
        self.together
    }

    fn run_together(&self, settings: &Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        self.groups.fetch_add(1, Ordering::Relaxed);
        let mut draws: Vec<_> = runs.iter().map(|(seed, _)| Draws::own(*seed, 0)).collect();
        let mut ends: Vec<Result<(), End>> = runs.iter().map(|_| Ok(())).collect();
        for step in 1..=STEPS {
            for (((seed, log), draws), end) in runs.iter_mut().zip(&mut draws).zip(&mut ends) {
                if end.is_ok() {
                    *end = self.step(settings, *seed, draws, step, log);
                }
            }
        }
        ends
    }
}

fn records(dice: Dice) -> Vec<Record> {
    let name = dice.name;
    register_own(dice).unwrap();
    let study = study(name);
    let own = prepare(&study, &How::default()).unwrap();
    let mut told = Vec::new();
    let watch = &mut |lane: usize, _: &_| {
        told.push(lane);
        ControlFlow::Continue(())
    };
    let records = own.run(&own.tasks(), watch, &|| false).unwrap().unwrap();
    let told_of = |lane: usize| told.iter().filter(|own| **own == lane).count();
    assert!((0..records.len()).all(|lane| told_of(lane) >= records[lane].points.len()), "{told:?}");
    records
}

fn study(name: &str) -> Study {
    let text = format!(
        "[study]\nquestion = \"?\"\n[experiment]\nname = \"{name}\"\n[sweep]\n\"settings.dice\" = [1, 2]\nseeds = 5\n"
    );
    sweep::parse("dice", Path::new("dice.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}"))
}

/// What is the same whatever the experiment is called.
fn numbers(records: &[Record]) -> Vec<(Vec<f64>, String)> {
    let values = |record: &Record| record.points.iter().flat_map(|point| point.values.clone()).collect();
    records.iter().map(|record| (values(record), record.outcome.text())).collect()
}

#[test]
fn company_changes_no_bit() {
    static GROUPS: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];
    let of = |name, together, groups| records(Dice { name, together, panics: None, groups });
    let alone = of("dice-1", 1, &GROUPS[0]);
    assert!(alone.iter().any(|record| matches!(record.outcome, Outcome::Converged { .. })), "some end early");
    assert_eq!(numbers(&of("dice-2", 2, &GROUPS[1])), numbers(&alone));
    assert_eq!(numbers(&of("dice-9", 9, &GROUPS[2])), numbers(&alone));
    // Five runs a trial; the last of three groups of at most two is alone.
    assert_eq!(GROUPS.each_ref().map(|groups| groups.load(Ordering::Relaxed)), [0, 4, 2]);
}

#[test]
fn a_panic_is_that_of_one_run() {
    static GROUPS: AtomicUsize = AtomicUsize::new(0);
    let dice = |name, panics, together| Dice { name, together, panics, groups: &GROUPS };
    let [whole, spoilt] = [dice("dice-a", None, 1), dice("dice-b", Some(3), 5)].map(|own| numbers(&records(own)));
    for (place, (whole, spoilt)) in whole.iter().zip(&spoilt).enumerate() {
        if place % 5 == 3 {
            assert_eq!(spoilt.1, "failed panic: a die fell off the table");
        } else {
            assert_eq!(spoilt, whole, "run {place}");
        }
    }
}

#[test]
fn answers_for_other_runs_are_refused() {
    struct Miscounted;
    impl OwnExperiment for Miscounted {
        type Settings = Settings;

        fn declare(&self) -> Declared {
            Declared::new("dice-c", 1).measuring([Measurement::new("sum", Direction::Higher)])
        }

        fn run(&self, _: &Settings, _: Seed, log: &mut Log<'_>) -> Result<(), End> {
            log.measure(1, [("sum", 1.0)])
        }

        fn together(&self, _: &Settings) -> usize {
            5
        }

        fn run_together(&self, _: &Settings, _: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
            vec![Ok(())]
        }
    }
    register_own(Miscounted).unwrap();
    let study = study("dice-c");
    let own = prepare(&study, &How::default()).unwrap();
    let refused = own.run(&own.tasks(), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap_err();
    assert!(matches!(refused, RunError::Data { message, .. } if message.contains("did 5 runs together and says of 1")));
}
