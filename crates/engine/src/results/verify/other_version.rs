//! Verifies folders that another version of the program wrote.
//!
//! The contract determines the bits of runs and tables in every version; reports and figures depend on the version. So
//! tables and the numbers in `summary.csv` are compared with recomputed ones, and every other file with its digest in
//! the manifest.

use std::path::Path;

use super::{
    Difference,
    files::{Files, bytes_of, compare_table},
};
use crate::{
    digest::Digest,
    escape,
    results::{Manifest, Rendered, attachments},
    run::DataFacts,
    store::version,
    sweep::Study,
    table::{self, Statistics},
};

/// Compares every listed file: tables and numbers with recomputed ones, figures and reports with the manifest.
#[must_use]
pub fn files_of_other_version(folder: &Path, study: &Study, manifest: &Manifest, rendered: &Rendered) -> Files {
    let mut files = Files { found: claims(manifest, &rendered.manifest), ..Files::default() };
    files.found.extend(maker_of_report(folder, manifest));
    for path in rendered.files.keys().filter(|path| *path != "manifest.json" && !path.ends_with(".parquet")) {
        if !manifest.files.contains_key(path) && folder.join(path).exists() {
            files.found.push(Difference::new(path, "it exists, but the manifest does not list it"));
        }
    }
    for (path, digest) in &manifest.files {
        match bytes_of(folder, path) {
            Ok(Some(stored)) if Digest::of(&stored) != *digest => {
                files.found.push(Difference::new(path, "its bytes do not match the manifest"));
            }
            Ok(Some(stored)) if path == "summary.csv" => {
                files.found.extend(summary(study, manifest, rendered).and_then(|own| other_cell(path, &stored, &own)));
            }
            Ok(Some(_)) => {}
            Ok(None) => match attachments::missing(folder, path) {
                Some(difference) => files.found.push(difference),
                None => files.absent.push(path.clone()),
            },
            Err(difference) => files.found.push(difference),
        }
    }
    for name in manifest.tables.keys() {
        let path = format!("{name}.parquet");
        let Some(computed) = rendered.table(name) else { continue };
        match bytes_of(folder, &path) {
            Ok(Some(stored)) => match compare_table(&path, &stored, &computed) {
                Some(difference) => files.found.push(difference),
                None if table::write(&computed) != stored => files.other.push(path),
                None => {}
            },
            Ok(None) => files.absent.push(path),
            Err(difference) => files.found.push(difference),
        }
    }
    files
}

/// `summary.csv` with the intervals of the statistics version in the manifest.
fn summary(study: &Study, manifest: &Manifest, rendered: &Rendered) -> Option<Vec<u8>> {
    match Statistics::of(manifest.statistics) {
        Some(Statistics::OURS) | None => rendered.files.get("summary.csv").cloned(),
        Some(other) => Some(table::summary_of_table_as(other, study, &rendered.table("runs")?)?.to_csv().into_bytes()),
    }
}

/// Checks that the report names the version in the manifest, which no digest covers.
pub(super) fn maker_of_report(folder: &Path, manifest: &Manifest) -> Option<Difference> {
    let report = bytes_of(folder, "report.md").ok()??;
    let says = format!("restudy {}", version::plain(&manifest.restudy));
    let other = !String::from_utf8_lossy(&report).contains(&says);
    other
        .then(|| Difference::new("report.md", format!("it does not name {says} as its renderer, as the manifest does")))
}

/// Compares the claims of a manifest that are the same in every version.
fn claims(theirs: &Manifest, ours: &Manifest) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |same: bool, what: &str| {
        if !same {
            found.push(Difference::new("manifest.json", format!("its {what} differ from those computed")));
        }
    };
    compare(theirs.tables == ours.tables, "digests of tables");
    // The first versions did not store these.
    compare(theirs.data.is_empty() || DataFacts::agree(&ours.data, &theirs.data), "facts of the data");
    compare(theirs.measurements.is_none() || theirs.measurements == ours.measurements, "digests of measurements");
    found
}

/// The first row of a CSV that differs from the computed one. The first versions did not escape formulas.
fn other_cell(path: &str, stored: &[u8], computed: &[u8]) -> Option<Difference> {
    let cells = |bytes: &[u8]| {
        let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes).into_records();
        rows.map(|row| row.map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let (theirs, ours) = (cells(stored), cells(computed));
    if theirs.len() != ours.len() {
        return Some(Difference::new(path, format!("it has {} lines, expected {}", theirs.len(), ours.len())));
    }
    let same = |theirs: &String, ours: &String| theirs == ours || *theirs == escape::csv_text(ours);
    let differs = |(theirs, ours): (&Vec<String>, &Vec<String>)| {
        theirs.len() != ours.len() || !theirs.iter().zip(ours).all(|(theirs, ours)| same(theirs, ours))
    };
    let row = theirs.iter().zip(&ours).position(differs)?;
    Some(Difference::new(path, format!("line {}: its cells differ from those computed", row + 1)))
}
