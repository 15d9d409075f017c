//! Tests of runs that are computed together.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ops::ControlFlow,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::{
    digest::{Outcome, Record},
    measure::{Direction, Measurement},
    run::{
        CustomExperiment, Declared, End, Handover, Log, PrepareOptions, RunError, execute, prepare, register_custom,
        verify,
    },
    seed::{Draws, Seed},
    store::Checkpoint,
    sweep::{self, Study},
};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// The number of dice per step.
    dice: u64,
}

/// Throws dice; `run_together` advances all runs step by step.
struct Dice {
    name: &'static str,
    together: usize,
    /// The seed of the run that panics.
    panics: Option<u64>,
    /// Counts the calls of `run_together`.
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

impl CustomExperiment for Dice {
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
        let mut begins = vec![1; runs.len()];
        for ((begin, (_, log)), draws) in begins.iter_mut().zip(&mut *runs).zip(&mut draws) {
            if let Some((step, _)) = log.resumed() {
                *begin = step + 1;
                (0..step * settings.dice).for_each(|_| _ = draws.below(6));
            }
        }
        for step in 1..=STEPS {
            for (lane, (seed, log)) in runs.iter_mut().enumerate() {
                if ends[lane].is_ok() && step >= begins[lane] {
                    ends[lane] = self
                        .step(settings, *seed, &mut draws[lane], step, log)
                        .and_then(|()| log.hand_over(step, || vec![step as u8]));
                }
            }
            // Stops at the first interrupted run; the other runs keep `Ok` though they are not complete.
            if ends.contains(&Err(End::Over)) {
                break;
            }
        }
        ends
    }
}

fn records(dice: Dice) -> Vec<Record> {
    let name = dice.name;
    register_custom(dice).unwrap();
    let study = study(name);
    let prepared = prepare(&study, &PrepareOptions::default()).unwrap();
    let mut watched = Vec::new();
    let watch = &mut |lane: usize, _: &_| {
        watched.push(lane);
        ControlFlow::Continue(())
    };
    let records = prepared.run(&prepared.tasks(), watch, &|| false).unwrap().unwrap();
    let calls = |lane: usize| watched.iter().filter(|other| **other == lane).count();
    assert!((0..records.len()).all(|lane| calls(lane) >= records[lane].observations.len()), "{watched:?}");
    records
}

fn study(name: &str) -> Study {
    let text = format!(
        "[study]\nquestion = \"?\"\n[experiment]\nname = \"{name}\"\n[sweep]\n\"settings.dice\" = [1, 2]\nseeds = 5\n"
    );
    sweep::parse("dice", Path::new("dice.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The results that do not depend on the name of the experiment.
fn numbers(records: &[Record]) -> Vec<(Vec<f64>, String)> {
    let values =
        |record: &Record| record.observations.iter().flat_map(|observation| observation.values.clone()).collect();
    records.iter().map(|record| (values(record), record.outcome.text())).collect()
}

#[test]
fn grouping_changes_no_bit() {
    static GROUPS: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];
    let of = |name, together, groups| records(Dice { name, together, panics: None, groups });
    let alone = of("dice-1", 1, &GROUPS[0]);
    assert!(alone.iter().any(|record| matches!(record.outcome, Outcome::Converged { .. })), "some end early");
    assert_eq!(numbers(&of("dice-2", 2, &GROUPS[1])), numbers(&alone));
    assert_eq!(numbers(&of("dice-9", 9, &GROUPS[2])), numbers(&alone));
    // Each trial has five runs: two groups of two and a single run, or one group of five.
    assert_eq!(GROUPS.each_ref().map(|groups| groups.load(Ordering::Relaxed)), [0, 4, 2]);
}

#[test]
fn a_panic_fails_one_run() {
    static GROUPS: AtomicUsize = AtomicUsize::new(0);
    let dice = |name, panics, together| Dice { name, together, panics, groups: &GROUPS };
    let [whole, spoilt] = [dice("dice-a", None, 1), dice("dice-b", Some(3), 5)].map(|dice| numbers(&records(dice)));
    for (place, (whole, spoilt)) in whole.iter().zip(&spoilt).enumerate() {
        if place % 5 == 3 {
            assert_eq!(spoilt.1, "failed panic: a die fell off the table");
        } else {
            assert_eq!(spoilt, whole, "run {place}");
        }
    }
}

#[test]
fn a_wrong_number_of_results_is_refused() {
    struct Miscounted;
    impl CustomExperiment for Miscounted {
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
    register_custom(Miscounted).unwrap();
    let study = study("dice-c");
    let prepared = prepare(&study, &PrepareOptions::default()).unwrap();
    let refused = prepared.run(&prepared.tasks(), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap_err();
    assert!(
        matches!(refused, RunError::Source { message, .. } if message.contains("computed 5 runs together, but returned 1"))
    );
}

/// A handover in memory, with one time at which checkpoints are due.
#[derive(Default)]
struct MemoryHandover {
    states: RefCell<BTreeMap<usize, Checkpoint<'static>>>,
    finished: RefCell<BTreeMap<usize, Record>>,
    /// The number of calls of `due`; checkpoints are due at the sixth.
    calls: Cell<usize>,
}

impl Handover for MemoryHandover {
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>> {
        let states = self.states.borrow();
        let Checkpoint { step, points, chain, state } = states.get(&lane)?;
        let (points, chain) = (points.to_vec().into(), chain.to_vec().into());
        Some(Checkpoint { step: *step, points, chain, state: state.to_vec().into() })
    }

    fn due(&self) -> bool {
        self.calls.set(self.calls.get() + 1);
        self.calls.get() == 6
    }

    fn keep(&self, lane: usize, Checkpoint { step, points, chain, state }: &Checkpoint<'_>) {
        let (points, chain) = (points.to_vec().into(), chain.to_vec().into());
        let state = Checkpoint { step: *step, points, chain, state: state.to_vec().into() };
        self.states.borrow_mut().insert(lane, state);
    }

    fn finished(&self, lane: usize, record: Record) {
        self.finished.borrow_mut().insert(lane, record);
    }
}

#[test]
fn every_run_of_a_group_continues_from_its_checkpoint() {
    static GROUPS: AtomicUsize = AtomicUsize::new(0);
    register_custom(Dice { name: "dice-d", together: 5, panics: None, groups: &GROUPS }).unwrap();
    let study = study("dice-d");
    let prepared = prepare(&study, &PrepareOptions::default()).unwrap();
    let whole = prepared.run(&prepared.tasks(), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap().unwrap();
    let kept = MemoryHandover::default();
    // The second trial, whose runs rarely end early: with a double six.
    let tasks = &prepared.tasks()[5..];
    let mut measured = 0;
    let watch = &mut |_: usize, _: &_| {
        measured += 1;
        if measured == 14 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(prepared.resume(tasks, watch, &|| false, &kept).unwrap(), None, "it was broken off");
    assert_eq!(kept.states.borrow().len(), 5, "each lane kept its state");
    assert!(kept.states.borrow().values().all(|state| (1..STEPS).contains(&state.step)));
    // Stopped runs are not finished, even if `run_together` returns `Ok` for them.
    for (lane, record) in kept.finished.borrow().iter() {
        assert_eq!(record, &whole[5 + lane]);
    }
    assert!(kept.finished.borrow().len() < 5);
    let watch = &mut |_: usize, _: &_| ControlFlow::Continue(());
    assert_eq!(prepared.resume(tasks, watch, &|| false, &kept).unwrap(), Some(Vec::new()), "all are handed over");
    assert_eq!(kept.finished.take().into_values().collect::<Vec<_>>(), whole[5..]);
}

#[test]
fn a_verification_shows_values_that_depend_on_the_group() {
    struct Counted;
    impl CustomExperiment for Counted {
        type Settings = Settings;

        fn declare(&self) -> Declared {
            Declared::new("dice-e", 1).measuring([Measurement::new("sum", Direction::Higher)])
        }

        fn run(&self, _: &Settings, _: Seed, log: &mut Log<'_>) -> Result<(), End> {
            log.measure(1, [("sum", 1.0)])
        }

        fn together(&self, _: &Settings) -> usize {
            5
        }

        fn run_together(&self, _: &Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
            let all = runs.len() as f64;
            runs.iter_mut().map(|(_, log)| log.measure(1, [("sum", all)])).collect()
        }
    }
    register_custom(Counted).unwrap();
    let study = study("dice-e");
    let prepared = prepare(&study, &PrepareOptions::default()).unwrap();
    let stop = AtomicBool::new(false);
    let values = |is_verification: bool| {
        let sums = Mutex::new(Vec::new());
        let take = |records: Vec<Record>| {
            sums.lock().unwrap().extend(records.iter().map(|record| record.observations[0].values[0]));
            Ok::<_, RunError>(())
        };
        let compute = if is_verification { verify } else { execute };
        assert!(compute(&*prepared, &prepared.tasks(), &take, &|_| {}, &stop).unwrap());
        sums.into_inner().unwrap()
    };
    assert!(values(false).iter().all(|sum| *sum > 1.0), "the sweep computes them together");
    assert_eq!(values(true), [1.0; 10]);
}
