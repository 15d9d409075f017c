mod folds;
mod forms;
mod groups;
mod work_queue;

use std::{
    ops::ControlFlow,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use super::*;
use crate::{
    experiment::Contradiction,
    measure::{Direction, Measurement},
    seed::Draws,
    store::segment,
    sweep,
};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// The number of steps.
    #[serde(default = "five")]
    steps: u64,
    /// The error that a run makes.
    #[serde(default)]
    wrong: Wrong,
    /// A structure, and so a section.
    #[serde(default)]
    walk: Walk,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Wrong {
    #[default]
    Nothing,
    Undeclared,
    Backwards,
    Panic,
    NaN,
    Silent,
    Error,
    NotStored,
    Early,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Walk {
    /// The length of a step.
    length: f64,
}

impl Default for Walk {
    fn default() -> Self {
        Self { length: 1.0 }
    }
}

fn five() -> u64 {
    5
}

/// A random walk on a line; the field is the name of the experiment.
struct Walker(&'static str);

impl Experiment for Walker {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new(self.0, 3)
            .measuring([
                Measurement { split: true, ..Measurement::new("place", Direction::Higher) },
                Measurement::new("distance", Direction::Lower),
            ])
            .decided_by("distance")
            .succeeding("home", "distance", 0.0, "the place where it began")
            .keeping(["last"])
    }

    fn steps(&self, settings: &Settings) -> u64 {
        settings.steps
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let mut draws = Draws::own(seed, 0);
        let mut place = 0.0;
        for step in 1..=settings.steps {
            place += if draws.unit() < 0.5 { settings.walk.length } else { -settings.walk.length };
            match settings.wrong {
                Wrong::Panic => panic!("no ground at {step}"),
                Wrong::Error => Err("x".parse::<u32>().unwrap_err())?,
                Wrong::Silent => return Ok(()),
                _ => {}
            }
            let distance: f64 = if settings.wrong == Wrong::NaN && step == 3 { f64::NAN } else { place.abs() };
            let name = if settings.wrong == Wrong::Undeclared { "height" } else { "distance" };
            let at = if settings.wrong == Wrong::Backwards { 7 - step } else { step };
            // The place is measured at every second step.
            let places = [("train.place", place), ("validation.place", -place)];
            log.measure(at, places.into_iter().filter(|_| step.is_multiple_of(2)).chain([(name, distance)]))?;
            if settings.wrong == Wrong::Early && step == 2 {
                log.keep("last", 1, &[place])?;
                return Err(End::Converged);
            }
        }
        if settings.wrong == Wrong::NotStored { Ok(()) } else { log.keep("last", 1, &[place]) }
    }
}

fn study(name: &'static str, rest: &str) -> Study {
    register(Walker(name)).unwrap();
    let text = format!("[study]\nquestion = \"Where to?\"\n[experiment]\nname = \"{name}\"\nversion = 3\n{rest}");
    sweep::parse("walk", Path::new("walk.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}"))
}

fn records(study: &Study) -> Vec<Record> {
    let prepared = crate::run::prepare(study, &PrepareOptions::default()).unwrap();
    let tasks = prepared.tasks();
    let records = prepared.run(&tasks, &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap().unwrap();
    for (task, record) in tasks.iter().zip(&records) {
        assert!(prepared.fits(task, record) && record.is_in_shape() && record.last_link_holds(), "{record:?}");
    }
    records
}

#[test]
fn settings_are_sections_and_can_be_swept() {
    let study = study("walker-a", "[walk]\nlength = 0.5\n[sweep]\n\"settings.steps\" = [2, 4]\nseeds = 3\n");
    assert_eq!(study.trials.len(), 2);
    let settings: Vec<_> =
        study.trials[1].settings().into_iter().map(|(path, value)| format!("{path}={value}")).collect();
    assert_eq!(settings, ["settings.steps=4", "settings.wrong=nothing", "walk.length=0.5"]);
    let text = study.canonical_toml();
    let reread = sweep::parse("walk", Path::new("walk.toml"), &text, &[]).unwrap();
    assert_eq!((reread.canonical_toml(), &reread), (text, &study));
}

#[test]
fn runs_are_reproducible_and_survive_their_segment() {
    let study = study("walker-b", "[sweep]\n\"walk.length\" = [0.5, 2]\nseeds = 4\n");
    let first = records(&study);
    // Bytes are compared: equality of numbers ignores the sign of zero, and NaN differs from itself.
    assert!(segment::encode(&records(&study)) == segment::encode(&first));
    assert!(first.iter().all(|record| record.outcome == Outcome::Completed && record.own.is_some()));
    // A value that was not measured is NaN.
    assert!(
        first[0].observations[0].values[0].is_nan()
            && first[0].observations[1].values[0] == -first[0].observations[1].values[1]
    );
    let bytes = segment::encode(&first);
    let (read, damage) = segment::decode(Path::new(&segment::file_name(&bytes)), &bytes).unwrap();
    assert!(damage.is_none());
    assert_eq!(segment::encode(&read), bytes);
    assert_eq!(
        read.iter().map(Record::digest).collect::<Vec<_>>(),
        first.iter().map(Record::digest).collect::<Vec<_>>()
    );
    for place in 12..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let (_, damage) = segment::decode(Path::new("x.seg"), &changed).unwrap();
        assert!(damage.is_some(), "byte {place}");
    }
}

#[test]
fn errors_are_outcomes_with_a_reason() {
    let outcome = |wrong: &str| {
        let study = study("walker-c", &format!("[settings]\nwrong = \"{wrong}\"\n"));
        records(&study).swap_remove(0)
    };
    for (wrong, says) in [
        (
            "undeclared",
            "failed it measured `height`, which it did not declare; declared are: train.place, validation.place, distance",
        ),
        ("backwards", "failed step 5 (epoch 5) was measured after step 6 (epoch 6)"),
        ("panic", "failed panic: no ground at 1"),
        ("error", "failed invalid digit found in string"),
        ("silent", "failed it measured nothing"),
        ("not-stored", "failed it did not keep `last`, which it declared"),
        ("na-n", "diverged 3"),
        ("early", "converged 2"),
        ("nothing", "completed"),
    ] {
        assert_eq!(outcome(wrong).outcome.text(), says, "{wrong}");
    }
    assert_eq!(outcome("na-n").observations[2].values[2], f64::INFINITY);
}

#[test]
fn identities_are_of_name_version_settings_and_seed() {
    let ids = |name: &'static str, rest: &str| {
        let study = study(name, rest);
        crate::run::prepare(&study, &PrepareOptions::default())
            .unwrap()
            .tasks()
            .into_iter()
            .map(|task| task.id)
            .collect::<Vec<_>>()
    };
    let plain = ids("walker-d", "");
    assert_eq!(plain, ids("walker-d", "[walk]\nlength = 1\n"), "writing a default changes nothing");
    assert_ne!(plain, ids("walker-e", ""));
    assert_ne!(plain, ids("walker-d", "[walk]\nlength = 2\n"));
    assert_eq!(plain[0].to_string(), PINNED, "pinned: stored results have this identity");
}

const PINNED: &str = "d186e493790c4de5daaea86c03b9005a276dc7d75641b085997dd276728f9c9e";

#[test]
fn an_interrupted_run_has_no_record() {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let study = study("walker-f", "");
    let prepared = crate::run::prepare(&study, &PrepareOptions::default()).unwrap();
    let watch = &mut |_: usize, _: &Observation| {
        if CALLS.fetch_add(1, Ordering::Relaxed) == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(prepared.run(&prepared.tasks(), watch, &|| false).unwrap(), None);
}

#[test]
fn a_declaration_that_contradicts_itself_is_not_registered() {
    struct Twice;
    impl Experiment for Twice {
        type Settings = Settings;

        fn declare(&self) -> Declared {
            Declared::new("twice", 1).measuring(["a", "a"].map(|name| Measurement::new(name, Direction::Lower)))
        }

        fn run(&self, _: &Settings, _: Seed, _: &mut Log<'_>) -> Result<(), End> {
            Ok(())
        }
    }
    let Err(Contradiction { reason, .. }) = register(Twice) else { panic!("it was registered") };
    assert_eq!(reason, "two measurements are named `a`");
}

#[test]
fn results_are_read_without_the_code() {
    let study = study("walker-g", "[sweep]\nseeds = 2\n");
    let declared: Arc<dyn crate::experiment::Kind> =
        Arc::new(crate::experiment::DeclaredKind::new(study.declaration().clone()));
    let text = study.canonical_toml();
    let read = Study { kind: declared, ..study.clone() };
    assert_eq!(read.canonical_toml(), text);
    let tasks = CustomStudy::without_code(&study, Kept::default()).unwrap().tasks();
    assert_eq!(tasks, crate::run::prepare(&study, &PrepareOptions::default()).unwrap().tasks());
}

#[test]
fn confirming_runs_have_the_identities_of_plain_runs() {
    let confirm = "[sweep]\n\"settings.steps\" = [2, 4]\nseeds = 2\nconfirm = { best = 1, seeds = 3, from = 50 }\n";
    let study = study("walker-confirm", confirm);
    let plain = Study { confirm: None, seeds: (50..53).map(Seed).collect(), ..study.clone() };
    let expected = crate::run::prepare(&plain, &PrepareOptions::default()).unwrap().tasks();
    let prepared = crate::run::prepare(&study, &PrepareOptions::default()).unwrap();
    assert_eq!([0, 1].map(|trial| prepared.confirming(trial)).concat(), expected);
    assert_eq!(CustomStudy::without_code(&study, Kept::default()).unwrap().confirming(1), expected[3..]);
    assert_eq!(prepared.tasks().len(), 4);
}
