use std::sync::atomic::AtomicU64;

use restudy::sweep::Study;

use super::*;
use crate::{asking::study_from, own::own};

const TEXT: &str = r#"
[study]
question = "Does it?"
[data.double-moon]
train = 60
validation = 40
[train]
epochs = 3
[sweep]
"model.hidden" = [2, 3]
seeds = 3
"#;

fn study(axes: &str) -> Study {
    study_from("small", &TEXT.replace("\"model.hidden\" = [2, 3]", axes)).unwrap()
}

fn refused(study: &Study, own: &Own) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let answer = crate::answers::compute(study, Some(own), folder.path());
    let empty = !folder.path().join("small").exists();
    answer.err().map(|error| {
        assert!(empty, "something was stored");
        error.to_string().split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
    })
}

/// Plain steps that take rate, order and initial parameters from these functions.
fn steps(rate: fn(&Job<'_>) -> f64, order: fn(&Job<'_>, u64) -> Vec<u32>, initial: fn(&Job<'_>) -> Params) -> Own {
    own("plain", 1, move |job: &Job, log: &mut Log| {
        let mut params = initial(job);
        log.measure(0, &params)?;
        for (step, i) in (1..=job.steps()).zip(order(job, job.steps())) {
            let (x, y) = job.example(i);
            restudy::train::step(&mut params, x, y, rate(job));
            log.measure(step, &params)?;
        }
        Ok(params)
    })
}

fn rate(job: &Job<'_>) -> f64 {
    job.rate()
}

fn initial(job: &Job<'_>) -> Params {
    job.initial()
}

fn drawn(job: &Job<'_>, steps: u64) -> Vec<u32> {
    job.order().take(steps as usize).collect()
}

#[test]
fn an_axis_that_is_not_read_is_refused() {
    let rates = study("\"train.learning-rate\" = [0.1, 0.2]");
    let deaf = steps(|_| 0.1, drawn, initial);
    let message = refused(&rates, &deaf).unwrap();
    assert!(message.contains("the axis `train.learning-rate` changes nothing: under 0.1 and under 0.2"), "{message}");
    assert!(message.contains("tried on 6 runs") && message.contains("nothing was stored"), "{message}");

    let zeros = steps(rate, drawn, |job| Params::zeros(job.split.train.d, 2));
    for axis in ["\"model.hidden\" = [2, 3]", "\"model.init\" = [\"normal\", \"he\"]"] {
        assert!(refused(&study(axis), &zeros).is_some_and(|message| message.contains("changes nothing")), "{axis}");
    }
    let in_turn =
        steps(rate, |job, steps| (0..steps).map(|i| i as u32 % job.split.train.len() as u32).collect(), initial);
    let sampling = study("\"train.sampling\" = [\"with-replacement\", \"shuffle\"]");
    assert!(refused(&sampling, &in_turn).is_some());
    // One of two axes is ignored; then two zipped axes, for which stored runs prove nothing.
    assert!(refused(&study("\"model.hidden\" = [2, 3]\n\"train.learning-rate\" = [0.1, 0.2]"), &deaf).is_some());
    let zipped = "\"model.hidden\" = [2, 3]\n\"train.learning-rate\" = [0.1, 0.2]\nzip = [[\"model.hidden\", \"train.learning-rate\"]]";
    assert!(refused(&study(zipped), &deaf).is_some());
}

#[test]
fn axes_that_are_read_or_applied_by_the_engine_are_swept() {
    let plain = steps(rate, drawn, initial);
    for axis in [
        "\"train.learning-rate\" = [0.1, 0.2]",
        "\"model.hidden\" = [2, 3]",
        "\"model.init\" = [\"normal\", \"he\"]",
        "\"train.sampling\" = [\"with-replacement\", \"shuffle\"]",
        "\"train.epochs\" = [2, 3]",
        "\"stop.loss-below\" = [0.01, 0.02]",
        "\"data.double-moon.noise\" = [0.0, 0.1]",
        "\"train.learning-rate\" = [0.1]",
    ] {
        assert_eq!(refused(&study(axis), &plain), None, "{axis}");
    }
    // The axis is read only in the last of 180 steps of the wider network.
    let late = own("late", 1, |job: &Job, log: &mut Log| {
        let mut params = job.initial();
        for step in 0..=job.steps() {
            if step == job.steps() && params.h() == 3 {
                params.bo = job.rate();
            }
            log.measure(step, &params)?;
        }
        Ok(params)
    });
    assert_eq!(refused(&study("\"model.hidden\" = [2, 3]\n\"train.learning-rate\" = [0.1, 0.2]"), &late), None);
}

#[test]
fn failed_and_random_runs_prove_nothing() {
    let rates = study("\"train.learning-rate\" = [0.1, 0.2]");
    assert_eq!(refused(&rates, &own("odd", 1, |_: &Job, _: &mut Log| Err("no such thing".into()))), None);
    assert_eq!(refused(&rates, &own("odd", 1, |_: &Job, _: &mut Log| panic!("out of ideas"))), None);
    let count = AtomicU64::new(0);
    let chance = own("chance", 1, move |job: &Job, log: &mut Log| {
        let mut params = job.initial();
        params.bo = count.fetch_add(1, Ordering::Relaxed) as f64;
        (0..=job.steps()).try_for_each(|step| log.measure(step, &params))?;
        Ok(params)
    });
    let message = refused(&rates, &chance).unwrap();
    assert!(message.contains("gives another result each time"), "{message}");
}

#[test]
fn stored_runs_that_differ_prove_that_an_axis_is_read() {
    let study = study("\"train.learning-rate\" = [0.1, 0.2]");
    let plain = steps(rate, drawn, initial);
    let folder = tempfile::tempdir().unwrap();
    crate::answers::compute(&study, Some(&plain), folder.path()).unwrap();
    let network = NetworkExperiment::new(&study, restudy::train::Simd::best()).unwrap();
    let stored = restudy::store::load(&folder.path().join("small")).unwrap().0;
    assert!(differs(0, network.study(), &plain.tasks(&network), &stored));
    let one: BTreeMap<_, _> = stored.into_iter().take(1).collect();
    assert!(!differs(0, network.study(), &plain.tasks(&network), &one), "one run alone proves nothing");
}
