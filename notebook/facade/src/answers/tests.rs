use std::fs;

use restudy::{metric::Metric, seed::Seed};

use super::*;
use crate::{
    asking::{Variant, study_from},
    single::{self, measure},
};

const TEXT: &str = r#"
[study]
question = "Does it?"
[data.double-moon]
train = 60
validation = 40
[train]
epochs = 4
[sweep]
"model.hidden" = [2, 3]
"train.learning-rate" = [0.02, 0.1]
seeds = 5
[figures.final]
final = { metric = "error", by = "model.hidden" }
"#;

/// Results in a folder that lives as long as the returned guard.
fn answers() -> (tempfile::TempDir, StudyResults) {
    let folder = tempfile::tempdir().unwrap();
    let answers = compute(&study_from("small", TEXT).unwrap(), None, folder.path()).unwrap();
    (folder, answers)
}

fn text(value: &dyn Show) -> String {
    value.bundle().data()["text/plain"].clone()
}

#[test]
fn a_study_is_computed_once() {
    let (folder, answers) = answers();
    let manifest = fs::read(answers.folder().join("manifest.json")).unwrap();
    let journal = || fs::read_dir(folder.path().join("small/journal")).unwrap().count();
    assert_eq!(journal(), 1);
    let again = compute(answers.study(), None, folder.path()).unwrap();
    assert_eq!((again.root(), journal()), (answers.root(), 1));
    assert_eq!(fs::read(answers.folder().join("manifest.json")).unwrap(), manifest);
    // Stored runs are not trained again for more seeds.
    let more = study_from("small", &TEXT.replace("seeds = 5", "seeds = 6")).unwrap();
    let more = compute(&more, None, folder.path()).unwrap();
    assert_eq!(more.runs().height(), 24);
    let entries: Vec<String> = fs::read_dir(folder.path().join("small/journal"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert!(entries.iter().any(|entry| entry.contains("\"computed\":4,")), "{entries:?}");
}

#[test]
fn a_run_of_a_study_is_the_run_that_is_trained_alone() {
    let (_folder, answers) = answers();
    let run = answers.run("model.hidden=3, train.learning-rate=0.1", 4).unwrap();
    let alone = single::train(&run.setting, run.split(), Seed(4)).unwrap();
    assert_eq!((alone.points(), alone.params()), (run.points(), run.params()));
    assert_ne!(alone.id, run.id, "its identity is another: it belongs to no study");
    let place = "train.learning-rate = 0.1, model.hidden = 3";
    assert_eq!(answers.finals(place, "validation loss").unwrap()[4], run.last("validation loss").unwrap());
    assert_eq!(measure(run.params(), &run.split().validation, Metric::Loss), run.last("validation loss").unwrap());
    assert_eq!(answers.outcomes(place).unwrap(), vec![Outcome::Completed; 5]);
}

#[test]
fn statistics_are_those_of_the_table() {
    let (_folder, answers) = answers();
    let place = "model.hidden=2, train.learning-rate=0.02";
    let spread = answers.spread(place, "training error").unwrap();
    let finals = answers.finals(place, "training error").unwrap();
    assert_eq!((finals.len(), spread.mean), (5, finals.iter().sum::<f64>() / 5.0));
    let paired = answers.paired(place, "model.hidden=3, train.learning-rate=0.02", "training error").unwrap();
    assert_eq!((paired.n, paired.wins + paired.losses + paired.ties), (5, 5));
    let all = answers.first_seeds(5).unwrap();
    let two = answers.first_seeds(2).unwrap();
    assert_eq!((all.root(), two.runs().height()), (answers.root(), 8));
    assert_eq!(two.finals(place, "training error").unwrap(), finals[..2]);
    assert!(text(&two).contains("only some seeds of ") && !text(&all).contains("only some seeds of "));
    assert!(two.prove().unwrap_err().message().contains("only some seeds"));
}

#[test]
fn tables_figures_and_proof() {
    let (_folder, answers) = answers();
    insta::assert_snapshot!(text(&answers.trials()) + "\n\n" + &text(&answers.summary()));
    assert_eq!(answers.metrics().numbers("epoch").unwrap().len(), 20 * 5 * 2);
    assert!(answers.weights().height() > 20);
    let drawn = answers.draw("final = { metric = \"error\", by = \"model.hidden\" }").unwrap();
    assert_eq!(drawn.svg(), answers.figure("final").unwrap().svg());
    assert_eq!(answers.figures().unwrap().len(), 1);
    let proof = answers.prove().unwrap();
    assert!(proof.proven && proof.computed == 20 && proof.root == answers.root());
    assert_eq!(answers.prove_some(3).unwrap().computed, 3);
    let report = answers.folder().join("report.md");
    fs::write(&report, fs::read_to_string(&report).unwrap().replace("Does it?", "It does.")).unwrap();
    let proof = answers.prove().unwrap();
    assert!(!proof.proven);
    assert!(text(&proof).contains("NOT proven") && text(&proof).contains("report.md"), "{}", text(&proof));
}

#[test]
fn errors_name_what_is_missing() {
    let (_folder, answers) = answers();
    let output = [
        answers.spread("model.hidden=4, train.learning-rate=0.02", "training error").unwrap_err(),
        answers.spread("model.hidden=2", "training error").unwrap_err(),
        answers.spread("model.hiden=2", "training error").unwrap_err(),
        answers.spread("2", "training error").unwrap_err(),
        answers.spread("model.hidden=2, train.learning-rate=0.02", "training brier").unwrap_err(),
        answers.run("model.hidden=2, train.learning-rate=0.02", 5).unwrap_err(),
        answers.figure("finale").unwrap_err(),
        answers.draw("final = { metric = \"eror\" }").unwrap_err(),
        answers.first_seeds(6).map(|_| ()).unwrap_err(),
        answers.study().with("small", ["sweep.seeds=2"]).unwrap_err(),
    ];
    insta::assert_snapshot!(output.map(|error| error.to_string()).join("\n\n"));
}

#[test]
fn a_citation_equals_that_of_a_text() {
    let (_folder, answers) = answers();
    let place = "model.hidden=3, train.learning-rate=0.1";
    let error = answers.spread(place, "validation error").unwrap();
    let cited = |query: &str| answers.cite(query).unwrap();
    assert_eq!(cited("hidden=3 learning-rate=0.1 validation.error .2%"), format!("{:.2} %", 100.0 * error.mean));
    assert_eq!(cited("{{ small: hidden=3,learning-rate=0.1 val.error iqm .3 }}"), format!("{:.3}", error.iqm));
    assert_eq!(cited("hidden=3 learning-rate=0.1 runs"), "5");
    // The command line reads the same number from the folder.
    let csv = fs::read_to_string(answers.folder().join("summary.csv")).unwrap();
    let sheet = restudy::report::cite::Sheet::new(answers.study().clone(), &csv).map(std::rc::Rc::new);
    let query = "hidden=2 learning-rate=0.02 train.loss interval .4";
    assert_eq!(restudy::report::cite::number(query, &|_| sheet.clone()).unwrap(), cited(query));
    for (query, reason) in
        [("hidden=3 val.error", "2 trials"), ("other: runs", "not of other"), ("runs sd", "without sd")]
    {
        let output = answers.cite(query).unwrap_err().to_string();
        assert!(output.contains(reason), "{query}: {output}");
    }
}

#[test]
fn confirmation_runs_change_only_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let confirmed = TEXT.replace("seeds = 5", "seeds = 5\nconfirm = { best = 2, seeds = 7, from = 50 }");
    let study = study_from("small", &confirmed).unwrap();
    let answers = compute(&study, None, folder.path()).unwrap();
    let (_other, plain) = self::answers();
    assert_eq!((answers.runs().height(), plain.runs().height()), (34, 20));
    let place = "model.hidden=3, train.learning-rate=0.1";
    assert_eq!(answers.finals(place, "validation error").unwrap(), plain.finals(place, "validation error").unwrap());
    assert_eq!(answers.figure("final").unwrap().svg(), plain.figure("final").unwrap().svg());
    assert!(
        text(&answers.trials()).contains("Under 7 further seeds, which the choice of these 2 of 4 trials had not seen")
    );
    assert!(text(&study).contains("4 trials × 5 seeds + 2 × 7 further seeds = 34 runs"));
    assert!(answers.prove().unwrap().proven);
    assert_eq!(answers.first_seeds(5).unwrap().runs().height(), 20);
    let own = crate::own::own("plain", 1, |job, _| Ok(job.initial()));
    let refused = compute(&study, Some(&own), folder.path()).err().unwrap().to_string();
    assert!(refused.contains("`sweep_own` runs no trials again"), "{refused}");
}
