use super::fixture;
use crate::{
    digest::Outcome,
    measure::Range,
    stats,
    sweep::AxisValue,
    table::{self, Statistics, Summary, summary},
};

fn summed_up(hidden: &[u32], rates: &[f64], seeds: u64, runs: usize) -> Summary {
    let study = fixture::study(hidden, rates, seeds);
    let records = fixture::records(&study, 4);
    summary(&study, &fixture::rows(&study, &records)[..runs])
}

#[test]
fn a_trial_has_the_statistics_of_its_last_measurements() {
    let study = fixture::study(&[7, 10], &[0.02], 6);
    let records = fixture::records(&study, 4);
    let summary = summary(&study, &fixture::rows(&study, &records));
    let finals: Vec<f64> = records[6..].iter().map(|record| record.observations[4].values[3]).collect();
    let spread = summary.trials[1].finals[3];
    assert_eq!(spread.mean, stats::mean(&finals));
    assert_eq!(spread.iqm, stats::iqm(&finals));
    assert_eq!(spread.interval, stats::Within::new(0.95).mean(&finals, Range::Share));
    assert_eq!(summary.trials[1].values[0], AxisValue::Int(10));
}

#[test]
fn statistics_1_have_bootstrap_intervals_at_any_confidence() {
    let mut study = fixture::study(&[7, 10], &[0.02], 6);
    study.confidence = 0.99;
    let records = fixture::records(&study, 4);
    let rows = fixture::rows(&study, &records);
    let finals: Vec<f64> = records[6..].iter().map(|record| record.observations[4].values[3]).collect();
    let table = table::runs(&study, &rows);
    let of = |version| table::summary_of_table_as(version, &study, &table).unwrap().trials[1].finals[3];
    assert_eq!(of(Statistics::One).interval, stats::bootstrap_mean(&finals));
    assert_eq!(of(Statistics::Two), summary(&study, &rows).trials[1].finals[3]);
    assert_eq!(of(Statistics::Two).interval, stats::Within::new(0.99).mean(&finals, Range::Share));
}

#[test]
fn zero_error_counts_runs_that_reached_it() {
    let study = fixture::study(&[7], &[0.02], 4);
    let mut records = fixture::records(&study, 4);
    for (record, first) in records.iter_mut().zip([2, 4, 9, 9]) {
        let points = record.observations.iter_mut();
        points.for_each(|point| point.values[1] = if point.epoch < first { 0.1 } else { 0.0 });
    }
    let trial = &summary(&study, &fixture::rows(&study, &records)).trials[0];
    assert_eq!((trial.success_share, trial.success_epoch_median), (0.5, 3.0));
}

#[test]
fn failed_runs_are_counted_and_left_out() {
    let study = fixture::study(&[7], &[2.0], 5);
    let mut records = fixture::records(&study, 4);
    records[0].outcome = Outcome::Failed { message: "no".into() };
    records[0].observations.clear();
    let trial = &summary(&study, &fixture::rows(&study, &records)).trials[0];
    assert_eq!((trial.runs, trial.failed, trial.diverged), (4, 1, 1));
    assert_eq!(trial.finals[0].mean, f64::INFINITY);
    assert!(trial.finals[1].mean.is_finite());
}

#[test]
fn every_line_has_every_cell_and_every_float_survives() {
    let summary = summed_up(&[1, 7], &[0.02, 2.0], 5, 13);
    let csv = summary.to_csv();
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    assert_eq!(header[..5], ["trial", "model.hidden", "train.learning-rate", "runs", "train_loss_mean"]);
    let rows: Vec<_> = lines.collect();
    assert_eq!(rows.len(), 4);
    for (row, trial) in rows.iter().zip(&summary.trials) {
        assert_eq!(row.len(), header.len());
        let place = header.iter().position(|name| *name == "validation_error_high").unwrap();
        let (read, high) = (row[place].parse::<f64>().unwrap(), trial.finals[3].interval.high);
        assert_eq!(read.to_bits(), high.to_bits());
    }
    assert_eq!((rows[1][4], rows[2][3], rows[3][5]), ("1e999", "3", "NaN"));
}

#[test]
fn a_trial_without_runs_is_absent_not_zero() {
    let csv = summed_up(&[1, 7], &[0.02], 2, 2).to_csv();
    let last = csv.lines().last().unwrap();
    assert!(last.starts_with("1,7,0.02,0,NaN,") && last.ends_with(",NaN,NaN,0,0"), "{last}");
}

#[test]
fn cautions_agree_in_number() {
    let study = fixture::study(&[1, 2, 3], &[0.02], 30);
    let records = fixture::records(&study, 2);
    let cautions = |few: usize| {
        let rows = fixture::rows(&study, &records);
        let rows: Vec<_> = rows.into_iter().filter(|row| row.trial >= few || row.seed.0 == 0).collect();
        crate::report::results_table(&summary(&study, &rows)).cautions.join(" ")
    };
    assert!(cautions(1).starts_with("1 of 3 trials has a single run: "), "{}", cautions(1));
    assert!(cautions(2).starts_with("2 of 3 trials have a single run: "), "{}", cautions(2));
}
