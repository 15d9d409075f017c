//! Finds the pictures among the kept files of runs.
//!
//! The record of a run has digests of names; the names are in `files/<identity>.json`, which `restudy gc` leaves there.
//! A copy of the folder without `files/` has the names that its report shows: the digests decide whether a name found
//! there is one of the run. So a report can be made again wherever it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::kept::{self, FILES, words};
use crate::{
    digest::Digest,
    experiment::{Picture, Pictures},
    spec::is_inside,
};

/// The extensions of pictures that browsers show.
const PICTURES: [&str; 6] = ["gif", "jpeg", "jpg", "png", "svg", "webp"];

/// The reports of a results folder, which link pictures.
const REPORTS: [&str; 2] = ["report.html", "report.md"];

/// The number of hexadecimal digits of an identity.
const DIGITS: usize = 64;

fn is_picture(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    let extension = extension.map(str::to_ascii_lowercase);
    extension.is_some_and(|extension| PICTURES.contains(&extension.as_str())) && is_inside(name)
}

/// Returns the pictures of each run, given its rows in the record.
#[must_use]
pub fn pictures(results: &Path, runs: &[(Digest, &[f64])]) -> Vec<Pictures> {
    let mut linked = None;
    let mut of_run = |(run, rows): &(Digest, &[f64])| {
        let mut names: BTreeSet<String> = kept::list(results, run).unwrap_or_default().into_keys().collect();
        let mut found = named(rows, &names);
        if found.contains(&None) {
            let linked = linked.get_or_insert_with(|| linked_names(results));
            names.extend(linked.get(run).into_iter().flatten().cloned());
            found = named(rows, &names);
        }
        let unnamed = found.iter().filter(|name| name.is_none()).count();
        let shown = found.into_iter().flatten().filter(|name| is_picture(name));
        let all = shown.map(|name| Picture { path: format!("{FILES}/{run}/{name}"), name }).collect();
        Pictures { all, unnamed }
    };
    runs.iter().map(&mut of_run).collect()
}

/// The name of each row, if it is one of `names`.
fn named(rows: &[f64], names: &BTreeSet<String>) -> Vec<Option<String>> {
    let known: Vec<_> = names.iter().map(|name| (words(Digest::of(name.as_bytes())), name)).collect();
    let name = |row: &[f64]| known.iter().find(|(own, _)| own.as_slice() == &row[..8]).map(|(_, name)| (*name).clone());
    rows.chunks_exact(16).map(name).collect()
}

/// The names of files that the reports in a results folder link, by run.
fn linked_names(results: &Path) -> BTreeMap<Digest, BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for report in REPORTS {
        let text = fs::read(results.join(report)).unwrap_or_default();
        for (run, name) in links(&String::from_utf8_lossy(&text)) {
            found.entry(run).or_default().insert(name);
        }
    }
    found
}

/// The runs and the names of files in addresses of the form `files/<identity>/<name>`.
fn links(text: &str) -> Vec<(Digest, String)> {
    let sign = format!("{FILES}/");
    let link = |(at, _): (usize, &str)| {
        let rest = &text[at + sign.len()..];
        let (run, rest) = rest.split_at_checked(DIGITS)?;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.%/".contains(&byte);
        let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        Some((run.parse().ok()?, decoded(rest[..end].strip_prefix('/')?)?))
    };
    text.match_indices(&sign).filter_map(link).collect()
}

/// An address without percent-encoding.
fn decoded(address: &str) -> Option<String> {
    let mut pieces = address.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_extension() {
        assert!(["a.png", "b/c.JPG", "a b.svg", "ü#%.webp", ".x.gif"].into_iter().all(is_picture));
        assert!(!["a.txt", "png", ".png", "a.png/b", "../a.png", "/a.png", "a.png.gz"].into_iter().any(is_picture));
    }

    #[test]
    fn names_are_those_of_the_digests_wherever_they_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let run = Digest::of(b"run");
        let names = ["a b#%\"ü.png", "model.pt", "z/y.svg"];
        let rows: Vec<f64> =
            names.iter().flat_map(|name| [Digest::of(name.as_bytes()), Digest::of(b"")]).flat_map(words).collect();
        let of = || pictures(folder.path(), &[(run, &rows)]).remove(0);
        assert_eq!(of(), Pictures { all: Vec::new(), unnamed: 3 });
        let other = Digest::of(b"other");
        let report = format!(
            "<img src=\"files/{run}/a%20b%23%25%22%C3%BC.png\"> files/{run}/forged.png files/{run}/%zz files/{run} [z](files/{other}/z/y.svg) files/"
        );
        fs::write(folder.path().join("report.html"), &report).unwrap();
        let path = |name: &str| Picture { name: name.into(), path: format!("files/{run}/{name}") };
        assert_eq!(of(), Pictures { all: vec![path(names[0])], unnamed: 2 });
        fs::write(folder.path().join("report.md"), report.replace(&other.to_string(), &run.to_string())).unwrap();
        assert_eq!(of(), Pictures { all: vec![path(names[0]), path(names[2])], unnamed: 1 });
    }
}
