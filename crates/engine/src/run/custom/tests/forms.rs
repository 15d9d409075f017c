//! Tests of settings of every form, and of continued runs.

use std::cell::RefCell;

use super::*;
use crate::store::Checkpoint;

/// Settings that may be empty or absent, or alternatives.
#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Forms {
    #[serde(default)]
    method: Method,
    #[serde(default)]
    momentum: Option<Momentum>,
    #[serde(default)]
    stop: Stop,
    #[serde(default)]
    shift: i64,
    /// A setting that is read but not written.
    #[serde(default, skip_serializing)]
    #[expect(dead_code, reason = "only read")]
    lost: u64,
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Method {
    Plain { warm: Option<u64> },
    Halton { skip: Option<u64> },
}

impl Default for Method {
    fn default() -> Self {
        Self::Plain { warm: None }
    }
}

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Momentum {
    rate: f64,
    decay: Option<f64>,
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Stop {
    #[default]
    Never,
    After {
        steps: u64,
    },
}

struct Formal;

impl Experiment for Formal {
    type Settings = Forms;

    fn declare(&self) -> Declared {
        Declared::new("formal", 1).measuring([Measurement::new("sum", Direction::Lower)]).keeping(["first"])
    }

    fn run(&self, _: &Forms, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let (mut step, mut sum) = (0, 0.0);
        if let Some((done, state)) = log.resumed() {
            (step, sum) = (done, f64::from_le_bytes(state.try_into().expect("eight bytes")));
        } else {
            log.keep("first", 1, &[Draws::own(seed, 0).unit()])?;
        }
        while step < 6 {
            step += 1;
            sum += Draws::own(seed, u32::try_from(step).unwrap()).unit();
            log.measure(step, [("sum", sum)])?;
            log.hand_over(step, || sum.to_le_bytes().to_vec())?;
        }
        Ok(())
    }
}

fn formal(rest: &str) -> Study {
    register(Formal).unwrap();
    let text = format!("[study]\nquestion = \"q\"\n[experiment]\nname = \"formal\"\n{rest}");
    sweep::parse("formal", Path::new("formal.toml"), &text, &[]).unwrap()
}

#[test]
fn different_settings_have_different_identities_and_a_text_that_reads_back() {
    let all = [
        "",
        "[method.plain]\nwarm = 1",
        "[method.halton]",
        "[settings]\nmomentum = { rate = 0.5 }",
        "[settings]\nmomentum = { rate = 0.5, decay = 0.1 }",
        "[settings]\nstop = { after = { steps = 3 } }",
        "[settings]\nshift = -1",
        "[settings]\nshift = 1",
    ];
    let mut ids = std::collections::BTreeSet::new();
    for rest in all {
        let study = formal(rest);
        let text = study.canonical_toml();
        let again = sweep::parse("formal", Path::new("formal.toml"), &text, &[]);
        assert_eq!(again.unwrap_or_else(|error| panic!("{text}\n{error}")).trials, study.trials, "{text}");
        assert!(ids.insert(crate::run::prepare(&study, &PrepareOptions::default()).unwrap().tasks()[0].id), "{rest}");
    }
}

#[test]
fn settings_that_cannot_be_kept_are_refused() {
    register(Formal).unwrap();
    let text = "[study]\nquestion = \"q\"\n[experiment]\nname = \"formal\"\n[settings]\nlost = 1";
    let error = sweep::parse("formal", Path::new("formal.toml"), text, &[]).unwrap_err().to_string();
    assert!(error.contains("settings.lost is read, but not written"), "{error}");
    let text = "[study]\nquestion = \"q\"\n[experiment]\nname = \"formal\"\n[settings]\nshift = -9007199254740993";
    let error = sweep::parse("formal", Path::new("formal.toml"), text, &[]).unwrap_err().to_string();
    assert!(error.contains("settings.shift is below -9007199254740992"), "{error}");
}

/// Keeps the checkpoint after the third step, and the finished runs.
#[derive(Default)]
struct Third(RefCell<Option<Checkpoint<'static>>>, RefCell<Vec<Record>>);

impl Handover for Third {
    fn kept(&self, _: usize) -> Option<Checkpoint<'static>> {
        let kept = self.0.borrow();
        let Checkpoint { step, points, chain, state } = kept.as_ref()?;
        Some(Checkpoint { step: *step, points: points.clone(), chain: chain.clone(), state: state.clone() })
    }

    fn due(&self) -> bool {
        true
    }

    fn keep(&self, _: usize, checkpoint: &Checkpoint<'_>) {
        if checkpoint.step == 3 {
            let (points, chain) = (checkpoint.points.to_vec().into(), checkpoint.chain.to_vec().into());
            let state = checkpoint.state.to_vec().into();
            *self.0.borrow_mut() = Some(Checkpoint { step: 3, points, chain, state });
        }
    }

    fn finished(&self, _: usize, record: Record) {
        self.1.borrow_mut().push(record);
    }
}

#[test]
fn stored_arrays_survive_an_interruption() {
    let study = formal("");
    let prepared = crate::run::prepare(&study, &PrepareOptions::default()).unwrap();
    let on = &mut |_: usize, _: &Observation| ControlFlow::Continue(());
    let whole = prepared.run(&prepared.tasks(), on, &|| false).unwrap().unwrap();
    assert_eq!(whole[0].outcome, Outcome::Completed);
    let third = Third::default();
    assert_eq!(prepared.resume(&prepared.tasks(), on, &|| false, &third).unwrap(), Some(Vec::new()));
    assert_eq!(third.1.take(), whole);
    assert!(third.0.borrow().is_some());
    let mut watched = 0;
    let resumed = prepared.resume(
        &prepared.tasks(),
        &mut |_, _| {
            watched += 1;
            ControlFlow::Continue(())
        },
        &|| false,
        &third,
    );
    resumed.unwrap().unwrap();
    assert_eq!((third.1.take(), watched), (whole.clone(), 6));
    // A checkpoint with a wrong chain is refused: the run starts again, with the same result.
    third.0.borrow_mut().as_mut().unwrap().chain.to_mut()[0] = Digest::of(b"another");
    assert_eq!(prepared.resume(&prepared.tasks(), on, &|| false, &third).unwrap(), Some(Vec::new()));
    assert_eq!(third.1.take(), whole);
}

#[test]
fn missing_settings_are_named() {
    #[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    struct Needs {
        needed: u64,
        also: u64,
    }
    struct Needing;
    impl Experiment for Needing {
        type Settings = Needs;

        fn declare(&self) -> Declared {
            Declared::new("needing", 1).measuring([Measurement::new("x", Direction::Lower)])
        }

        fn run(&self, _: &Needs, _: Seed, log: &mut Log<'_>) -> Result<(), End> {
            log.measure(1, [("x", 1.0)])
        }
    }
    register(Needing).unwrap();
    let head = "[study]\nquestion = \"q\"\n[experiment]\nname = \"needing\"\n[sweep]\n";
    let parsed = |rest: &str| sweep::parse("needing", Path::new("needing.toml"), &format!("{head}{rest}"), &[]);
    // If every setting without a default is swept, no section is needed.
    assert_eq!(parsed("\"settings.needed\" = [1, 2]\n\"settings.also\" = [3]\n").unwrap().trials.len(), 2);
    let error = format!("{:?}", parsed("\"settings.needed\" = [1, 2]\n").unwrap_err());
    assert!(error.contains("the section `[settings]` is missing") && error.contains("also = ..."), "{error}");
    let misspelt = "[study]\nquestion = \"q\"\n[experiment]\nname = \"needding\"\n";
    let error = sweep::parse("needing", Path::new("needing.toml"), misspelt, &[]).unwrap_err();
    assert!(format!("{error:?}").contains("did you mean `needing`?"), "{error:?}");
}
