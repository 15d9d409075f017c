use restudy::sweep::Study;

use super::*;
use crate::{
    answers::{ExpectFailures, StudyResults},
    asking::study_from,
    claims::expect_panic,
    show::Show,
};

const TEXT: &str = r#"
[study]
question = "Does it?"
[data.double-moon]
train = 60
validation = 40
[train]
epochs = 3
learning-rate = 0.1
[sweep]
"model.hidden" = [2, 3]
seeds = 3
"#;

fn study() -> Study {
    study_from("small", TEXT).unwrap()
}

/// The steps of the library, with a factor on the learning rate.
fn plain(name: &str, version: u32, factor: f64) -> Own {
    own(name, version, move |job: &Job, log: &mut Log| {
        let mut params = job.initial();
        log.measure(0, &params)?;
        let rate = factor * job.setting.train.learning_rate;
        for (step, i) in (1..=job.steps()).zip(job.order()) {
            let (x, y) = job.example(i);
            restudy::train::step(&mut params, x, y, rate);
            log.measure(step, &params)?;
        }
        Ok(params)
    })
}

fn compute(own: &Own, folder: &std::path::Path) -> Result<StudyResults> {
    crate::answers::compute(&study(), Some(own), folder)
}

/// Runs an experiment that ends as `run` does, and returns its first outcome.
fn ends(run: fn(&Job<'_>, &mut Log<'_>) -> Result<Params>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let answers = compute(&own("odd", 1, run), folder.path()).unwrap();
    answers.outcomes("model.hidden=2").unwrap()[0].clone()
}

#[test]
fn the_steps_of_the_library_give_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = crate::answers::compute(&study(), None, folder.path()).unwrap();
    let ours =
        crate::answers::compute(&Study { name: "own".into(), ..study() }, Some(&plain("plain", 1, 1.0)), folder.path())
            .unwrap();
    for seed in 0..3 {
        let (one, other) = (theirs.run("model.hidden=3", seed).unwrap(), ours.run("model.hidden=3", seed).unwrap());
        assert_eq!((one.points(), one.params()), (other.points(), other.params()));
        assert_ne!(one.id, other.id);
    }
    let proof = ours.prove().unwrap();
    assert!(proof.proven && proof.computed == 6);
    assert!(ours.bundle().data()["text/plain"].contains("plain, version 1"));
}

#[test]
fn another_experiment_needs_another_version() {
    let folder = tempfile::tempdir().unwrap();
    let first = compute(&plain("plain", 1, 1.0), folder.path()).unwrap();
    assert_eq!(compute(&plain("plain", 1, 1.0), folder.path()).unwrap().root(), first.root());
    let refused = compute(&plain("plain", 1, 0.5), folder.path()).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(refused);
    let second = compute(&plain("plain", 2, 0.5), folder.path()).unwrap();
    assert_ne!(second.root(), first.root());
    assert_eq!(second.runs().height(), 6);
}

#[test]
fn failures_of_a_run_are_its_outcome() {
    let output = [
        ends(|_, _| Err("no such thing".into())),
        ends(|_, _| panic!("out of ideas")),
        ends(|job, _| Ok(job.initial())),
        ends(|job, log| {
            log.measure(0, &job.initial())?;
            log.measure(2, &job.initial())?;
            Ok(job.initial())
        }),
        ends(|job, log| {
            (0..=job.steps()).try_for_each(|step| log.measure(step, &job.initial()))?;
            Ok(Params::zeros(2, 2))
        }),
        ends(|_, log| {
            log.measure(0, &Params::zeros(3, 1))?;
            Ok(Params::zeros(3, 1))
        }),
    ];
    insta::assert_snapshot!(output.map(|outcome| format!("{outcome:?}")).join("\n"));
    let diverged = ends(|job, log| {
        let mut params = job.initial();
        for step in 0..=job.steps() {
            log.measure(step, &params)?;
            params.bo = f64::INFINITY;
        }
        Ok(params)
    });
    assert_eq!(diverged, Outcome::Diverged { epoch: 1 });
}

#[test]
fn failed_runs_fail_the_sweep_unless_expected() {
    let folder = tempfile::tempdir().unwrap();
    let odd = own("odd", 1, |job, log| {
        log.measure(0, &job.initial())?;
        if job.seed.0 == 1 { Err("no such thing".into()) } else { panic!("out of ideas") }
    });
    let swept = |own: &Own| crate::answers::refuse_failures(compute(own, &folder.path().join(own.name())).unwrap());
    let error = swept(&odd).map(|_| ()).unwrap_err().to_string();
    assert!(
        error.contains("6 of 6 runs failed; the first, model.hidden = 2, seed 0, said: panic: out of ideas"),
        "{error}"
    );
    assert!(error.contains("expect_failures"), "{error}");
    let answers = swept(&odd).expect_failures().unwrap();
    assert_eq!(answers.failed(), 6);
    let proof = answers.prove().unwrap();
    let output = proof.bundle().data()["text/plain"].clone();
    assert!(output.contains("proven that 6 of 6 runs failed") && !output.contains("small: proven\n"), "{output}");
    let error = swept(&plain("plain", 1, 1.0)).expect_failures().map(|_| ()).unwrap_err();
    assert_eq!(error.message(), "failures were expected, and none of 6 runs failed");
    let error = Err("no folder".into()).expect_failures().map(|_| ()).unwrap_err();
    assert_eq!(error.message(), "no folder");
}

#[test]
fn names_are_valid_for_folders() {
    assert!(plain("with-momentum-9", 1, 1.0).require_name().is_ok());
    for name in ["", "Plain", "a/b", "..", "a b"] {
        assert!(plain(name, 1, 1.0).require_name().unwrap_err().to_string().contains("lowercase"), "{name}");
    }
    assert!(expect_panic(|| panic!("again")).contains("again"), "expected panics still work after panics of runs");
}
