//! The sparkline of a trial is drawn from all of its runs, or not at all.

use std::fs;

use restudy::{
    digest::Record,
    store::{self, segment},
};

use crate::{tamper::put, workspace::Workspace};

/// Which of the two rows have a sparkline, and the notices.
fn curves(place: &Workspace, code: i32) -> ([bool; 2], String) {
    let answer = place.run("show results/moons").ends(code);
    let rows = answer.out.lines().skip_while(|line| !line.starts_with("model.hidden"));
    let rows: Vec<_> = rows.skip(1).take(2).collect();
    ([0, 1].map(|row| rows[row].contains(|c| ('▁'..='█').contains(&c))), answer.err)
}

/// Keeps only some runs in the segments.
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
fn a_row_with_missing_measurements_has_no_sparkline() {
    let place = Workspace::swept();
    let last = place.manifest().runs.last().unwrap().id;
    keep(&place, |record| record.id != last);
    assert_eq!(curves(&place, 0), ([true; 2], String::new()), "metrics.parquet has all of them");
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let (drawn, output) = curves(&place, 0);
    assert_eq!(drawn, [true, false]);
    assert!(output.contains(SAID) && output.contains("those of 1 of 6 runs do not"), "{output}");
    // No row is drawn from runs of another row.
    let output = place.run("show results/moons --where hidden=1").ends(0).err;
    assert!(!output.contains(SAID), "{output}");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let (drawn, output) = curves(&place, 0);
    assert!(drawn == [false; 2] && output.contains("those of 6 of 6 runs do not"), "{output}");
}

#[test]
fn a_row_with_other_measurements_than_the_manifest_has_no_sparkline() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    manifest.measurements.as_mut().unwrap()[0].0[0] ^= 1;
    put(&place, &manifest);
    let (drawn, output) = curves(&place, 4);
    assert_eq!(drawn, [false, true]);
    assert!(output.contains(SAID) && output.contains("those of 1 of 6 runs do not"), "{output}");
    // A damaged segment, without a table of its measurements.
    let place = Workspace::swept();
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let segments = place.files("results/moons/segments").into_keys();
    let file = format!("results/moons/segments/{}", segments.into_iter().find(|name| name.ends_with(".seg")).unwrap());
    let whole = place.read(&file);
    place.write(&file, &whole[..whole.len() - 1]);
    let (drawn, output) = curves(&place, 4);
    assert!(drawn != [true; 2] && output.contains("those of 1 of 6 runs do not"), "{output}");
}
