use crate::{report::results::Results, stats::Interval, table::summary, tests::fixture};

/// The headline of trials with these validation errors and intervals, and which of them is marked.
fn of(errors: &[(f64, f64, f64)], chance: Option<f64>) -> (Option<String>, Option<usize>) {
    let hidden: Vec<u32> = (1..=errors.len() as u32).collect();
    let study = fixture::study(&hidden, &[0.02], 5);
    let records = fixture::records(&study, 2);
    let mut summary = summary(&study, &fixture::rows(&study, &records));
    summary.axes.truncate(1);
    for (trial, &(mean, low, high)) in summary.trials.iter_mut().zip(errors) {
        trial.values.truncate(1);
        let own = &mut trial.finals[3];
        (own.mean, own.interval) = (mean, Interval { low, high });
    }
    let results = Results::beside(&summary, chance);
    (results.headline(), results.rows.iter().position(|row| row.best))
}

#[test]
fn a_trial_that_is_told_apart_is_the_best() {
    let (said, best) = of(&[(0.2, 0.1, 0.3), (0.05, 0.0, 0.1), (0.5, 0.4, 0.6)], Some(0.5));
    let said = said.unwrap();
    assert_eq!(best, Some(1));
    assert_eq!(
        said,
        "Lowest mean validation error: 5.00 % [0.00, 10.00] at model.hidden = 2. The interval of 1 more trial overlaps with that one."
    );
    assert_eq!(of(&[(0.2, 0.1, 0.3)], None), (None, None));
}

#[test]
fn where_nothing_is_told_apart_nothing_is_marked() {
    let (said, best) = of(&[(0.2, 0.1, 0.3), (0.15, 0.05, 0.25), (0.3, 0.2, 0.4)], Some(0.5));
    assert_eq!(best, None);
    assert_eq!(
        said.unwrap(),
        "No trial stands out: the lowest mean validation error is 15.00 % [5.00, 25.00], at model.hidden = 2, and the intervals of \
         both others overlap with that one."
    );
    let (said, best) = of(&[(0.0, 0.0, 0.0); 2], Some(0.5));
    assert_eq!(best, None);
    assert_eq!(
        said.unwrap(),
        "Both trials have the same mean validation error, 0.00 % [0.00, 0.00]: none is the best."
    );
}

#[test]
fn intervals_overlap_as_they_are_read() {
    let said = |low: f64| of(&[(0.0, 0.0, 0.0), (0.01, low, 0.02), (0.5, 0.4, 0.6)], None).0.unwrap();
    assert!(said(0.000_03).ends_with("The interval of 1 more trial overlaps with that one."));
    assert!(said(0.000_06).ends_with("at model.hidden = 1."));
}

#[test]
fn a_constant_answer_is_never_the_best() {
    let (said, best) = of(&[(0.37, 0.37, 0.37), (0.63, 0.63, 0.63)], Some(0.37));
    assert_eq!(best, None);
    assert!(said.unwrap().contains("naming the more frequent class always errs on 37.00 % of the points"));
    // Below it, it is one.
    assert_eq!(of(&[(0.36, 0.35, 0.365), (0.63, 0.63, 0.63)], Some(0.37)).1, Some(0));
}
