use super::fixture;
use crate::{
    digest::Outcome,
    table::{runs, summary, summary_of_csv, summary_of_table},
};

#[test]
fn a_table_gives_the_summary_of_its_runs() {
    let study = fixture::study(&[1, 7], &[0.02, 2.0], 7);
    let mut records = fixture::records(&study, 4);
    records[3].outcome = Outcome::Failed { message: "no".into() };
    records[3].observations.clear();
    let rows = fixture::rows(&study, &records);
    let read = summary_of_table(&study, &runs(&study, &rows)).unwrap();
    assert_eq!(read.to_csv(), summary(&study, &rows).to_csv());
    let again = summary_of_csv(&study, &read.to_csv()).unwrap();
    assert_eq!(again.to_csv(), read.to_csv());
    // A changed number is accepted here: the caller compares the file with the manifest.
    let (rest, last) = (again.to_csv(), read.trials.last().unwrap().failed);
    let changed = format!("{}{}\n", rest.trim_end().strip_suffix(&last.to_string()).unwrap(), last + 7);
    assert_eq!(summary_of_csv(&study, &changed).unwrap().trials.last().unwrap().failed, last + 7);
    let other = read.to_csv().replace("\n2,7,", "\n2,8,");
    assert_ne!(other, read.to_csv());
    let more = read.to_csv() + &rest[rest.trim_end().rfind('\n').unwrap() + 1..];
    for wrong in [other, more, String::new(), "trial,runs\n0,1\n".into()] {
        assert!(summary_of_csv(&study, &wrong).is_none(), "{wrong}");
    }
    assert!(read.trials.iter().any(|trial| trial.diverged > 0) && read.trials[0].failed == 1);
    assert!(summary_of_table(&study, &crate::table::weights(&study, &rows)).is_none());
}
