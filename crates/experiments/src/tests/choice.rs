use crate::{
    report::{results::Results, results_table},
    run,
    seed::Seed,
    stats::Constant,
    table::{Baseline, Summary, summary},
    tests::fixture,
};

/// A summary of trials with these validation errors, by seed; everything else is made up.
fn of(errors: &[&[f64]], constant: Option<Constant>) -> Summary {
    let baseline = constant.map_or(Baseline::None, Baseline::Constant);
    let hidden: Vec<u32> = (1..=errors.len() as u32).collect();
    let study = fixture::study(&hidden, &[0.02], errors[0].len() as u64);
    let mut records = fixture::records(&study, 2);
    for (record, error) in records.iter_mut().zip(errors.iter().flat_map(|errors| errors.iter())) {
        let last = record.observations.last_mut().unwrap();
        last.values[3] = *error;
    }
    let mut summary = summary(&study, &fixture::rows(&study, &records)).with_baseline(baseline);
    // The single learning rate would be an axis in the sentence.
    summary.axes.truncate(1);
    summary
}

fn headline(errors: &[&[f64]]) -> String {
    results_table(&of(errors, None)).headline.unwrap()
}

#[test]
fn the_best_trial_is_named_with_its_evidence() {
    let summary = of(&[&[0.2; 12], &[0.1; 12], &[0.3; 12]], None);
    let table = results_table(&summary);
    assert_eq!(
        table.headline.as_deref(),
        Some(
            "Lowest mean validation error: 10.00 % in all runs at model.hidden = 2. It is better than each of the other 2 trials \
             (12 seeds, signed-rank tests, p ≤ 0.001 after correction for 2 comparisons)."
        )
    );
    assert_eq!(table.best, Some(1));
    assert_eq!(Results::new(&summary).rows.iter().filter(|row| row.best).count(), 1);
}

#[test]
fn tied_trials_are_listed() {
    let sentence = headline(&[&[0.2; 12], &[0.1; 12], &[0.1; 12]]);
    assert_eq!(
        sentence,
        "Lowest mean validation error: 10.00 % in all runs, the same under every seed in 2 trials (model.hidden = 2, 3). They are better than \
         the other one (12 seeds, signed-rank test, p ≤ 0.001 after correction for 2 comparisons)."
    );
    assert!(
        headline(&[&[0.1; 12], &[0.1; 12]])
            .starts_with("Both trials have the same validation error under each of 12 seeds, 10.00 %")
    );
    assert_eq!(results_table(&of(&[&[0.1; 12], &[0.1; 12]], None)).best, None);
}

#[test]
fn indistinguishable_trials_are_named_with_the_reason() {
    let noisy: Vec<f64> = (0..12).map(|i| 0.1 + if i % 2 == 0 { 0.05 } else { -0.04 }).collect();
    assert_eq!(
        headline(&[&[0.4; 12], &[0.1; 12], &noisy]),
        "No trial stands out: the lowest mean validation error is 10.00 % in all runs, at model.hidden = 2, and over 12 seeds 1 other trial \
         cannot be told apart from it: model.hidden = 3. The other one is worse (p ≤ 0.001 after correction for 2 comparisons)."
    );
    assert_eq!(
        headline(&[&[0.2; 4], &[0.1; 4]]),
        "No trial stands out: the lowest mean validation error is 10.00 % in all runs, at model.hidden = 2, but 4 seeds cannot show that \
         one of two trials is better. That takes at least 6."
    );
}

#[test]
fn one_seed_gives_no_verdict() {
    let table = results_table(&of(&[&[0.2], &[0.1]], None));
    assert_eq!((table.headline, table.best), (None, None));
    assert_eq!(crate::report::verdict(&of(&[&[0.2], &[0.1]], None)), None);
}

#[test]
fn a_constant_answer_is_a_row_and_must_be_beaten_in_counts() {
    let constant = Some(Constant { wrong: 48, points: 100, seen: 100, fixed: true, divided: false });
    let table = results_table(&of(&[&[0.47; 12], &[0.45; 12]], constant));
    assert_eq!(
        table.headline.as_deref(),
        Some(
            "No trial is shown to be better than a constant answer: always naming the more frequent class errs on 48 of 100 points, and the \
             lowest mean validation error, 45.00 % in all runs, at model.hidden = 2, is 45 of 100. A difference of this size may be luck of \
             these points."
        )
    );
    assert_eq!(table.best, None);
    assert_eq!(table.constant.unwrap(), ["constant answer", "–", "–", "48.00", "–", "–"]);
    let worse = results_table(&of(&[&[0.5; 12], &[0.49; 12]], constant)).headline.unwrap();
    assert!(worse.ends_with("is 49 of 100."), "{worse}");
    let table = results_table(&of(&[&[0.2; 12], &[0.1; 12]], constant));
    assert_eq!(table.best, Some(1));
}

#[test]
fn the_constant_answer_of_generated_data_is_known() {
    let study = fixture::study(&[1, 7], &[0.02], 3);
    let constant = Constant { wrong: 500, points: 1000, seen: 1000, fixed: true, divided: false };
    assert_eq!(run::baseline(&study, &[]), Baseline::Constant(constant));
    let two = fixture::study_of(
        "[study]\nquestion = \"?\"\n[data.circles]\n[sweep]\n\"data.circles.noise\" = [0.01, 0.02]\nseeds = 2\n",
    );
    assert!(matches!(run::baseline(&two, &[]), Baseline::Unknown(why) if why.contains("different points")));
    let records = fixture::records(&two, 2);
    let summary = summary(&two, &fixture::rows(&two, &records)).with_baseline(run::baseline(&two, &[]));
    let table = results_table(&summary);
    assert!(
        table.best.is_none()
            && table.headline.unwrap().starts_with("No trial is named the best: the trials see different points")
    );
}

#[test]
fn a_trial_is_named_by_its_index_in_the_study() {
    let mut summary = of(&[&[0.2; 12], &[0.1; 12], &[0.3; 12]], None);
    summary.trials.rotate_left(1);
    let table = results_table(&summary);
    assert_eq!(table.best, Some(0), "the same trial in another order");
    assert!(table.headline.unwrap().contains("model.hidden = 2"));
    summary.trials.remove(0);
    assert_eq!(results_table(&summary).best, None, "the best trial is not shown");
    assert_eq!(summary.trials[0].decides.get(&Seed(3)), Some(&0.3));
}

#[test]
fn fractional_counts_are_called_averages() {
    let constant = Some(Constant { wrong: 4, points: 100, seen: 100, fixed: true, divided: false });
    let mixed: Vec<f64> = (0..12).map(|i| if i % 4 == 0 { 0.02 } else { 0.03 }).collect();
    let sentence = results_table(&of(&[&mixed, &[0.2; 12]], constant)).headline.unwrap();
    assert!(
        sentence.contains("errs on 4 of 100 points") && sentence.contains("is on average 2.8 of 100. A difference"),
        "{sentence}"
    );
    let one = of(&[&[0.05; 12]], constant);
    assert!(
        results_table(&one).headline.unwrap().starts_with("The trial is not shown to be better than a constant answer")
    );
    assert_eq!(
        results_table(&of(
            &[&[0.0; 12]],
            Some(Constant { wrong: 48, points: 100, seen: 100, fixed: true, divided: false })
        ))
        .headline,
        None
    );
}

#[test]
fn ties_with_the_leader_do_not_count_as_others() {
    let noisy: Vec<f64> = (0..12).map(|i| 0.1 + if i % 2 == 0 { 0.05 } else { -0.04 }).collect();
    let sentence = headline(&[&[0.1; 12], &[0.1; 12], &noisy]);
    assert!(
        sentence.contains("the same under every seed in 2 trials (model.hidden = 1, 2), and over 12 seeds 1 other trial cannot be told apart from them: model.hidden = 3"),
        "{sentence}"
    );
}
