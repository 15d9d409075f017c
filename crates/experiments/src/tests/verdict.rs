use super::fixture;
use crate::{report::verdict, table::summary};

fn of(hidden: &[u32], rates: &[f64], shares: &[f64]) -> Option<String> {
    let study = fixture::study(hidden, rates, 30);
    let records = fixture::records(&study, 4);
    let mut summary = summary(&study, &fixture::rows(&study, &records));
    // The single learning rate would be an axis in the sentence.
    if rates.len() == 1 {
        summary.axes.truncate(1);
    }
    summary.trials.iter_mut().zip(shares).for_each(|(trial, share)| trial.success_share = *share);
    verdict(&summary)
}

#[test]
fn a_sentence_on_one_axis_lists_its_values() {
    let sentence = of(&[1, 2, 5, 7], &[0.02], &[0.0, 0.0, 29.0 / 30.0, 1.0]).unwrap();
    assert_eq!(
        sentence,
        "model.hidden = 7 reaches zero training error in all 30 seeds; 5 in 29 of 30; 1 and 2 never do."
    );
    let sentence = of(&[1, 2, 5], &[0.02], &[0.0, 0.0, 0.5]).unwrap();
    assert_eq!(sentence, "model.hidden = 5 reaches zero training error in 15 of 30; 1 and 2 never do.");
    assert_eq!(of(&[1, 2], &[0.02], &[0.0, 0.0]).unwrap(), "Neither trial reaches zero training error in any run.");
    assert_eq!(
        of(&[1, 2, 5], &[0.02], &[0.0, 0.0, 0.0]).unwrap(),
        "None of the 3 trials reaches zero training error in any run."
    );
    assert_eq!(of(&[1], &[0.02], &[0.0]), None);
}

#[test]
fn a_sentence_on_several_axes_counts_trials() {
    let sentence = of(&[1, 7], &[0.02, 0.2], &[0.0, 1.0, 0.5, 1.0]).unwrap();
    assert_eq!(sentence, "Of 4 trials, 2 reach zero training error in all 30 seeds, 1 in some, and 1 in none.");
}
