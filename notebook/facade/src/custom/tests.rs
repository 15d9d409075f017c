use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use restudy::{
    seed::Draws,
    sweep::{self, Study},
    train::Outcome,
};

use super::*;
use crate::{
    answers::{ExpectFailures, StudyResults, compute, refuse_failures},
    asking::study_from,
};

/// Estimates π by random points, in a square or in pairs; `factor` stands for an edit of the closure.
fn circle(name: &str, version: u64, factor: f64) -> Custom {
    experiment(name, version)
        .about("Points thrown at a square estimate π.")
        .measures([lower("distance"), neutral("estimate")])
        .succeeds("near", "distance", 0.1, "an estimate within 0.1 of π")
        .keeps(["last"])
        .setting("points", 100)
        .about("How many points are thrown.")
        .choice("throw", ["alone", "mirrored"])
        .setting("square.side", 1.0)
        .steps("points")
        .run(move |settings, seed, log| {
            let (points, side) = (settings.whole("points")?, settings.number("square.side")?);
            let images: &[f64] = if settings.text("throw")? == "mirrored" { &[0.0, 1.0] } else { &[0.0] };
            let mut draws = Draws::own(seed, 0);
            let mut inside = 0;
            for _ in 0..points {
                let (x, y) = (draws.unit() * side, draws.unit() * side);
                let at = |image: &&f64| {
                    let x = x - **image * side;
                    x * x + y * y < side * side
                };
                inside += images.iter().filter(at).count();
            }
            let estimate = factor * 4.0 * inside as f64 / (points * images.len() as u64) as f64;
            log.measure(points, [("distance", (estimate - std::f64::consts::PI).abs()), ("estimate", estimate)])?;
            log.keep("last", 2, &[estimate, inside as f64])
        })
        .unwrap()
}

fn study(custom: &Custom) -> Study {
    question(custom).study().unwrap()
}

fn question(custom: &Custom) -> Question {
    custom
        .asks("points", "How many \"points\"?")
        .axis("points", [50, 400])
        .axis("throw", ["alone", "mirrored"])
        .with("square.side", 2)
        .seeds(5)
        .figure(
            "distance",
            "curves = { metric = \"distance\", by = \"settings.points\", at = { \"settings.throw\" = \"alone\" } }",
        )
}

fn swept(study: &Study, folder: &Path) -> Result<StudyResults> {
    refuse_failures(compute(study, None, folder)?)
}

fn text(value: &dyn Show) -> String {
    value.bundle().data()["text/plain"].clone()
}

/// Runs a closure that ends as `run` does, and returns its outcomes.
fn ends(
    name: &str,
    run: impl Fn(&SettingValues, Seed, &mut Log<'_>) -> Result<(), End> + Send + Sync + 'static,
) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let own = experiment(name, 1).measures([lower("value")]).setting("points", 3).run(run).unwrap();
    let study = own.asks("odd", "?").study().unwrap();
    compute(&study, None, folder.path()).unwrap().outcomes("").unwrap()[0].clone()
}

#[test]
fn a_closure_is_swept_shown_and_proven() {
    let folder = tempfile::tempdir().unwrap();
    let question = question(&circle("circle-a", 1, 1.0));
    insta::assert_snapshot!("specification", question.text());
    let study = question.study().unwrap();
    assert_eq!((study.run_count(), study.title().unwrap()), (20, "circle-a 1".into()));
    let answers = swept(&study, folder.path()).unwrap();
    insta::assert_snapshot!("shown", text(&answers.trials()) + "\n\n" + &text(&answers.summary()));
    assert!(text(&answers).contains("circle-a, version 1") && text(&study).contains("circle-a, version 1"));
    let place = "points=400, throw=alone";
    let (spread, finals) = (answers.spread(place, "distance").unwrap(), answers.finals(place, "distance").unwrap());
    assert_eq!((finals.len(), spread.mean), (5, finals.iter().sum::<f64>() / 5.0));
    assert_eq!(answers.curve(place, 3, "distance").unwrap(), [(400, finals[3])]);
    assert_eq!(answers.kept(place, 3, "last").unwrap()[0], answers.finals(place, "estimate").unwrap()[3]);
    assert_eq!(
        answers.cite("points=400 throw=alone distance mean .4").unwrap(),
        format!("{:.4}", spread.mean),
        "citations need no part of the data"
    );
    let paired = answers.paired("points=50, throw=alone", place, "distance").unwrap();
    assert_eq!(paired.wins + paired.losses + paired.ties, 5);
    let near = finals.iter().filter(|distance| **distance <= 0.1).count();
    assert_eq!(answers.success_share(place).unwrap(), near as f64 / 5.0);
    assert!(answers.figure("distance").unwrap().svg().contains("<svg") && answers.figures().unwrap().len() == 1);
    assert!(answers.draw("strip = { metric = \"estimate\", by = \"settings.points\" }").is_ok());
    assert_eq!((answers.runs().height(), answers.first_seeds(2).unwrap().runs().height()), (20, 8));
    let proof = answers.prove().unwrap();
    assert!(proof.proven && proof.computed == 20 && proof.root == answers.root(), "{}", text(&proof));
    assert_eq!(answers.prove_some(3).unwrap().computed, 3);
    for file in ["experiment.json", "study.toml", "manifest.json"] {
        assert!(answers.folder().join(file).is_file(), "{file}");
    }
    // The stock program reads the folder through the stored declaration.
    let kept = sweep::load(&answers.folder().join("study.toml"), &[]).unwrap();
    assert_eq!((kept.title(), kept.run_count()), (study.title(), 20));
}

#[test]
fn what_is_stored_is_not_computed_again() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let folder = tempfile::tempdir().unwrap();
    let counted = || {
        let own = experiment("counted", 1).measures([higher("value")]).setting("by", 0.5).run(|settings, seed, log| {
            RUNS.fetch_add(1, Ordering::Relaxed);
            log.measure(1, [("value", settings.number("by")? * seed.0 as f64)])
        });
        own.unwrap()
    };
    let question = |seeds| counted().asks("counted", "?").axis("by", [0.5, 2.0]).seeds(seeds).study().unwrap();
    let first = swept(&question(3), folder.path()).unwrap();
    assert_eq!(RUNS.swap(0, Ordering::Relaxed), 6);
    assert_eq!(swept(&question(3), folder.path()).unwrap().root(), first.root());
    assert_eq!(RUNS.swap(0, Ordering::Relaxed), 1, "only the run that checks that the closure is the same");
    assert_eq!(swept(&question(4), folder.path()).unwrap().runs().height(), 8);
    assert_eq!(RUNS.swap(0, Ordering::Relaxed), 3);
}

#[test]
fn a_changed_closure_needs_another_version() {
    let folder = tempfile::tempdir().unwrap();
    let first = swept(&study(&circle("circle-b", 1, 1.0)), folder.path()).unwrap();
    assert_eq!(swept(&study(&circle("circle-b", 1, 1.0)), folder.path()).unwrap().root(), first.root());
    let changed = study(&circle("circle-b", 1, 0.5));
    insta::assert_snapshot!("changed", swept(&changed, folder.path()).map(drop).unwrap_err());
    let second = swept(&study(&circle("circle-b", 2, 0.5)), folder.path()).unwrap();
    assert_ne!(second.root(), first.root());
    assert!(second.prove().unwrap().proven);
    // The closure of an earlier cell is replaced, and its studies are refused.
    let error = first.prove().map(drop).unwrap_err().to_string();
    assert!(error.contains("was defined again after the study `points` was made"), "{error}");
    let other = experiment("other", 1).measures([lower("value")]).run(|_, _, log| log.measure(1, [("value", 1.0)]));
    let other = other.unwrap().asks("points", "?").study().unwrap();
    assert!(
        swept(&other, folder.path()).map(drop).unwrap_err().message().contains("belongs to the experiment `circle-b`")
    );
}

#[test]
fn identities_are_those_of_the_specification() {
    let circle = circle("circle-c", 1, 1.0);
    let by_calls = circle.asks("c", "?").axis("throw", ["mirrored", "alone"]).seeds(2).study().unwrap();
    let head = "[study]\nquestion = \"?\"\n[experiment]\nname = \"circle-c\"\n";
    let rest = "[settings]\npoints = 100\n[square]\nside = 1\n[sweep]\n\"settings.throw\" = [\"mirrored\", \"alone\"]\nseeds = 2\n";
    let by_text = study_from("c", &format!("{head}{rest}")).unwrap();
    let ids = |study: &Study| prepared(study).unwrap().tasks().iter().map(|task| task.id).collect::<Vec<_>>();
    assert_eq!(ids(&by_calls), ids(&by_text));
    assert_eq!(by_calls.canonical_toml(), study_from("c", &by_calls.canonical_toml()).unwrap().canonical_toml());
    let flags = experiment("flags", 1)
        .measures([lower("value")])
        .setting("on", false)
        .run(|settings, _, log| log.measure(1, [("value", f64::from(u8::from(settings.flag("on")?)))]));
    let folder = tempfile::tempdir().unwrap();
    let flags =
        swept(&flags.unwrap().asks("flags", "?").axis("on", [false, true]).study().unwrap(), folder.path()).unwrap();
    assert_eq!(flags.finals("on=true", "value").unwrap(), [1.0]);
}

#[test]
fn invalid_specifications_are_refused() {
    let circle = circle("circle-d", 1, 1.0);
    let question = || circle.asks("d", "?");
    let refused = [
        question().axis("pionts", [1, 2]),
        question().with("thorw", "alone"),
        question().with("throw", "mirored"),
        question().with("points", 0.5),
        question().axis("square.side", ["one"]),
        question().figure("f", "curves = { metric = \"distnace\" }"),
    ];
    let output = refused.map(|question| question.study().map(drop).unwrap_err().to_string());
    insta::assert_snapshot!("slips", output.join("\n\n"));
    let made = |outline: Outline| outline.run(|_, _, _| Ok(())).map(drop).unwrap_err().to_string();
    let plain = || experiment("plain", 1).measures([lower("value")]);
    let contradictions = [
        made(experiment("Plain", 1).measures([lower("value")])),
        made(experiment("plain", 1)),
        made(plain().setting("a", 1).setting("a", 2)),
        made(plain().setting("a", 1).setting("a.b", 2)),
        made(plain().setting("study.a", 1)),
        made(plain().setting("a", -1)),
        made(plain().setting("a", f64::NAN)),
        made(plain().setting("A b", 1)),
        made(plain().setting("a", 0.5).steps("a")),
    ];
    insta::assert_snapshot!("contradictions", contradictions.join("\n"));
}

#[test]
fn failures_of_a_run_are_its_outcome() {
    let output = [
        ends("odd-a", |settings, _, _| settings.whole("pionts").map(|_| ()).map_err(End::from)),
        ends("odd-b", |settings, _, _| settings.text("points").map(|_| ()).map_err(End::from)),
        ends("odd-c", |_, _, _| panic!("out of ideas")),
        ends("odd-d", |_, _, _| Err(Error::new("no such thing", ""))?),
        ends("odd-e", |_, _, log| log.measure(1, [("height", 1.0)])),
        ends("odd-f", |_, _, log| log.measure(1, [("value", f64::NAN)])),
    ];
    insta::assert_snapshot!("outcomes", output.map(|outcome| format!("{outcome:?}")).join("\n"));
    let folder = tempfile::tempdir().unwrap();
    let odd = experiment("odd-g", 1).measures([lower("value")]).run(|_, _, _| panic!("out of ideas")).unwrap();
    let swept = || swept(&odd.asks("odd", "?").seeds(2).study().unwrap(), folder.path());
    let error = swept().map(drop).unwrap_err().to_string();
    assert!(error.contains("2 of 2 runs failed") && error.contains("sweep(&study).expect_failures()"), "{error}");
    let answers = swept().expect_failures().unwrap();
    assert!(text(&answers.prove().unwrap()).contains("proven that 2 of 2 runs failed"));
}

#[test]
fn methods_of_the_network_refuse_other_experiments() {
    let folder = tempfile::tempdir().unwrap();
    let answers = swept(&study(&circle("circle-e", 1, 1.0)), folder.path()).unwrap();
    let place = "points=50, throw=alone";
    let own = crate::own::own("plain", 1, |job, _| Ok(job.initial()));
    let output = [
        answers.run(place, 0).map(drop).unwrap_err(),
        answers.zero_share(place).map(drop).unwrap_err(),
        answers.spread(place, "validation error").map(drop).unwrap_err(),
        answers.kept(place, 0, "first").map(drop).unwrap_err(),
        answers.curve(place, 9, "distance").map(drop).unwrap_err(),
        compute(answers.study(), Some(&own), folder.path()).map(drop).unwrap_err(),
    ];
    insta::assert_snapshot!("network", output.map(|error| error.to_string()).join("\n\n"));
}

#[test]
fn an_interrupt_keeps_finished_runs() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Arc::new(AtomicUsize::new(0));
    let own = experiment("slow", 1).measures([lower("value")]).run({
        let seen = Arc::clone(&seen);
        move |_, _, log| {
            seen.fetch_add(1, Ordering::Relaxed);
            log.pause()?;
            log.measure(1, [("value", 1.0)])
        }
    });
    let study = own.unwrap().asks("slow", "?").seeds(3).study().unwrap();
    let prepared = prepared(&study).unwrap();
    let given = prepared.run(&prepared.tasks(), &mut |_, _| std::ops::ControlFlow::Continue(()), &|| true).unwrap();
    assert_eq!((given, seen.load(Ordering::Relaxed)), (None, 1));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
