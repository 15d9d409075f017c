//! The curve of a row is drawn from all of its runs, or not at all.

use std::fs;

use restudy::{
    digest::Record,
    store::{self, segment},
};

use crate::{tamper::put, workspace::Workspace};

/// Which of the two rows have a curve, and what is said beside the table.
fn curves(place: &Workspace, code: i32) -> ([bool; 2], String) {
    let answer = place.run("show results/moons").ends(code);
    let rows = answer.out.lines().skip_while(|line| !line.starts_with("model.hidden"));
    let rows: Vec<_> = rows.skip(1).take(2).collect();
    ([0, 1].map(|row| rows[row].contains(|c| ('▁'..='█').contains(&c))), answer.err)
}

/// The segments with some of their runs alone.
fn keep(place: &Workspace, which: impl Fn(&Record) -> bool) {
    let (mut records, _) = store::load(&place.path("results/moons")).unwrap();
    records.retain(|_, record| which(record));
    let segments = place.path("results/moons/segments");
    for entry in fs::read_dir(&segments).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|ending| ending == "seg") || entry.ends_with("index") {
            fs::remove_file(entry).unwrap();
        }
    }
    let bytes = segment::encode(records.values());
    fs::write(segments.join(segment::file_name(&bytes)), bytes).unwrap();
}

const SAID: &str =
    "error by epoch: a row has a curve only if all measurements of its runs are stored and match the manifest";

#[test]
fn a_row_that_lacks_the_measurements_of_a_run_has_no_curve() {
    let place = Workspace::swept();
    let last = place.manifest().runs.last().unwrap().id;
    keep(&place, |record| record.id != last);
    assert_eq!(curves(&place, 0), ([true; 2], String::new()), "metrics.parquet has all of them");
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let (drawn, said) = curves(&place, 0);
    assert_eq!(drawn, [true, false]);
    assert!(said.contains(SAID) && said.contains("those of 1 of 6 runs are not"), "{said}");
    // None of the rows is drawn from runs of another row.
    let said = place.run("show results/moons --where hidden=1").ends(0).err;
    assert!(!said.contains(SAID), "{said}");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let (drawn, said) = curves(&place, 0);
    assert!(drawn == [false; 2] && said.contains("those of 6 of 6 runs are not"), "{said}");
}

#[test]
fn nor_has_one_whose_measurements_are_not_those_of_the_manifest() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    manifest.measurements.as_mut().unwrap()[0].0[0] ^= 1;
    put(&place, &manifest);
    let (drawn, said) = curves(&place, 4);
    assert_eq!(drawn, [false, true]);
    assert!(said.contains(SAID) && said.contains("those of 1 of 6 runs are not"), "{said}");
    // A damaged segment, where no table has what it held.
    let place = Workspace::swept();
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let segments = place.files("results/moons/segments").into_keys();
    let file = format!("results/moons/segments/{}", segments.into_iter().find(|name| name.ends_with(".seg")).unwrap());
    let whole = place.read(&file);
    place.write(&file, &whole[..whole.len() - 1]);
    let (drawn, said) = curves(&place, 4);
    assert!(drawn != [true; 2] && said.contains("those of 1 of 6 runs are not"), "{said}");
}
