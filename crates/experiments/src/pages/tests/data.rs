//! Tests the sentences on data, on unscaled inputs, and on trials that are no better than others.

use std::fs;

use super::{input, summed_up};
use crate::{
    data::Source,
    digest::Digest,
    experiments::OfNetwork,
    report::{Input, html, markdown},
    run::{DataFacts, firsts},
    seed::Seed,
    sweep::Study,
    table::Summary,
    tests::fixture,
};

/// A study of a file with forty rows, one in four of class -1, whose first input is far from 1.
fn of_file(settings: &str) -> (Study, DataFacts) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    let row = |i: i32| format!("{},{},{}\n", 1000 * i, i % 5, if i % 4 == 0 { -1 } else { 1 });
    fs::write(&file, format!("a,b,label\n{}", (0..40).map(row).collect::<String>())).unwrap();
    let study = fixture::study_of(&format!(
        "[study]\nquestion = \"q\"\n[data.csv]\nfile = {:?}\n{settings}\n[sweep]\n\"model.hidden\" = [1, 7]\nseeds = 6\n",
        file.display().to_string()
    ));
    let split = study.trials[0].data().load(Seed(0)).unwrap();
    let facts = DataFacts::new(0, vec![Digest([0xef; 32])], &split);
    (study, facts)
}

fn pages(study: &Study, summary: &Summary, facts: &[DataFacts]) -> [String; 2] {
    let input = Input { data: facts, ..input(study, summary) };
    [markdown(&input), html(&input)]
}

#[test]
fn a_file_is_described_from_the_manifest() {
    let (study, facts) = of_file("seed = \"per-run\"");
    let summary = summed_up(&study);
    for page in pages(&study, &summary, std::slice::from_ref(&facts)) {
        for fact in [
            &format!("rows.csv (BLAKE3 {})", "ef".repeat(32)),
            "40 points with 2 inputs: 10 of class −1, which is 25.0 %, and 30 of class +1, 75.0 %",
            "chosen at random for every run by its seed, is held out: 30 to train with",
            "under seed 0",
            "None: inputs are as the file has them",
        ] {
            assert!(page.contains(fact), "{fact}: {page}");
        }
    }
    // A manifest of an earlier version has no facts.
    let [page, in_html] = pages(&study, &summary, &[]);
    assert!(page.contains("The number of points of each class is unknown") && page.contains("rows.csv, read"));
    assert!(page.contains("this manifest does not record the number of points"), "{page}");
    assert!(in_html.contains("The number of points of each class is unknown"));
}

#[test]
fn unscaled_inputs_get_a_notice_next_to_the_answer() {
    let (study, facts) = of_file("");
    let summary = summed_up(&study);
    let says = "Inputs are not scaled: input 1 of rows.csv has a standard deviation of 1";
    let [page, in_html] = pages(&study, &summary, std::slice::from_ref(&facts));
    assert!(page.find(says).unwrap() < page.find("## Results").unwrap(), "{page}");
    assert_eq!(page.matches(says).count(), 2, "next to the answer and in the checklist: {page}");
    assert!(in_html.find(says).unwrap() < in_html.find("<main").unwrap(), "{in_html}");
    let (study, facts) = of_file("standardise = true");
    for page in pages(&study, &summed_up(&study), std::slice::from_ref(&facts)) {
        assert!(!page.contains("not scaled") && page.contains("shifted and scaled to mean 0"), "{page}");
    }
}

#[test]
fn a_generator_is_described_from_its_settings() {
    let study = fixture::study(&[1, 7], &[0.02], 5);
    let [page, _] = pages(&study, &summed_up(&study), &[]);
    for fact in [
        "Generator double-moon, drawn once, with data seed 2014: every run sees the same points",
        "2000 points with 2 inputs: 1000 of class −1, which is 50.0 %",
        "1000 to validate with (500 and 500)",
    ] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
}

#[test]
fn several_data_sets_have_a_line_each() {
    let study = fixture::study_of(
        "[study]\nquestion = \"q\"\n[data.circles]\n[sweep]\n\"data.circles.noise\" = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1]\n\
         \"model.hidden\" = [1, 7]\nseeds = 2\n",
    );
    assert_eq!(firsts(&study).len(), 10);
    let [page, _] = pages(&study, &summed_up(&study), &[]);
    assert!(page.contains("- **Set 8.** 2 trials: data.circles.noise = 0.08. Generator circles"), "{page}");
    assert!(page.contains("- **More.** 2 further data sets, given in study.toml."), "{page}");
}

#[test]
fn a_report_in_which_nothing_was_learned_marks_no_trial() {
    let (study, facts) = of_file("");
    let mut summary = summed_up(&study);
    for trial in &mut summary.trials {
        let error = &mut trial.finals[3];
        (error.mean, error.interval.low, error.interval.high) = (0.5, 0.5, 0.5);
        trial.decides.values_mut().for_each(|error| *error = 0.5);
    }
    let summary = summary.with_baseline(crate::run::baseline(&study, std::slice::from_ref(&facts)));
    let [page, in_html] = pages(&study, &summary, std::slice::from_ref(&facts));
    let says = "No trial is shown to be better than a constant answer";
    assert!(page.find(says).unwrap() < page.find("## Results").unwrap(), "{page}");
    assert!(!page.contains("| **1**") && !page.contains("| **7**") && page.contains("No trial was selected"), "{page}");
    assert!(in_html.contains(says) && !in_html.contains("class=\"best\""), "{in_html}");
}
