//! Flipped bits: `verify` or `sweep` reports each, and the results end up right.
//!
//! Which flips are harmless, and why:
//!
//! - **In a table with the same content.** A Parquet file contains data that are not part of the table: the name of its
//!   writer, statistics, unused offsets, padding. The digest in the manifest covers the content; the test compares it.
//! - **No others.** Every other file is compared byte by byte; checks cover every byte of a segment.
//!
//! A whole verification, which trains again, is run for every flip of `study.toml`, `manifest.json` and `summary.csv`,
//! since these decide what it does. For other files only the comparison is run. A verification does not read segments:
//! a sweep does.

use std::{fs, os::unix::fs::FileExt};

use restudy::table;

use crate::{
    library, readers,
    workspace::{Files, Workspace, assert_same},
};

/// A small study with every kind of file.
pub const TINY: &str = r#"[study]
question = "Q?"

[data.xor]
train = 4
validation = 4

[train]
epochs = 1

[sweep]
"model.hidden" = [1, 2]

[figures.s]
strip = { metric = "error", by = "model.hidden" }
"#;

/// A folder with the tiny study, swept, and its results.
pub(crate) fn swept() -> (Workspace, Files) {
    let place = Workspace::new(TINY);
    library::sweep(TINY, &place.path("results")).unwrap();
    let files = answers(&place);
    assert!(files.len() >= 12, "{:?}", files.keys());
    (place, files)
}

/// All files except the journal, locks, and damaged segments that were renamed.
pub(crate) fn answers(place: &Workspace) -> Files {
    let mut files = crate::kills::answers(place, "results/moons");
    files.retain(|path, _| !path.ends_with(".damaged"));
    files
}

fn restore(place: &Workspace, files: &Files) {
    let segments = place.path("results/moons/segments");
    for entry in fs::read_dir(&segments)
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name() != "lock" && entry.file_name() != "finishing")
    {
        fs::remove_file(entry.path()).unwrap();
    }
    files.iter().for_each(|(path, bytes)| place.write(&format!("results/moons/{path}"), bytes));
}

pub(crate) fn is_segment(path: &str) -> bool {
    path.ends_with(".seg")
}

#[derive(Debug, Default)]
struct Counts {
    detected: usize,
    refused: usize,
    harmless_in_tables: usize,
    swept: usize,
}

/// Flips one bit of every `every`-th byte of every file; in tables, which are decoded, all eight bits if `all`.
fn flip(all: bool, every: usize, sweep_every: usize) -> Counts {
    let (place, files) = swept();
    let results = place.path("results");
    let rendered = library::rendered(&results);
    assert_eq!(library::differing_files(&results, &rendered), [""; 0]);
    assert_eq!(library::verify(&results).unwrap(), [""; 0]);
    let mut counts = Counts::default();
    let chosen = std::env::var("ROBUSTNESS_FILE").ok();
    for (path, bytes) in files.iter().filter(|(path, _)| chosen.as_ref().is_none_or(|name| name == *path)) {
        let file = place.path(&format!("results/moons/{path}"));
        // Changed sources have a mark in the manifest, the digest of a patch: a sweep keeps a mark that it finds, since
        // it cannot know who computed the results. The report contains the mark, so that a verification finds the flip.
        let mark = bytes.windows(7).position(|text| text == b"+dirty.").filter(|_| path == "manifest.json");
        let is_mark = |place: usize| mark.is_some_and(|start| (start + 7..start + 19).contains(&place));
        let decides = ["study.toml", "manifest.json", "summary.csv"].contains(&path.as_str());
        let alone = library::only(&rendered, path);
        // One byte is written in place, since files have up to some hundred thousand bytes.
        let opened = || fs::File::options().write(true).open(&file).unwrap();
        let mut open = opened();
        for place_of in (0..bytes.len()).step_by(every) {
            let bits = if all && path.ends_with(".parquet") { 0..8 } else { place_of % 8..place_of % 8 + 1 };
            for bit in bits {
                let what = format!("{path}, byte {place_of}, bit {bit}");
                let put = |byte: u8| open.write_all_at(&[byte], place_of as u64).unwrap();
                put(bytes[place_of] ^ 1 << bit);
                let what = Panics(what);
                if !path.starts_with("segments/") {
                    let found = if decides {
                        library::verify(&results)
                    } else {
                        Ok(library::differing_files(&results, &alone))
                    };
                    match found {
                        Err(_) => counts.refused += 1,
                        Ok(differences) if !differences.is_empty() => counts.detected += 1,
                        Ok(_) => {
                            assert!(path.ends_with(".parquet"), "{what} is accepted");
                            let flipped = fs::read(&file).unwrap();
                            assert!(has_equal_content(&flipped, bytes), "{what} is accepted and says something else");
                            counts.harmless_in_tables += 1;
                            // It stays: the content is the same.
                            put(bytes[place_of]);
                            continue;
                        }
                    }
                }
                if is_mark(place_of) {
                    put(bytes[place_of]);
                    continue;
                }
                if path.starts_with("segments/") || decides || (place_of / every).is_multiple_of(sweep_every) {
                    counts.swept += 1;
                    sweep_mends(&place, &files, &what.0, &mut counts);
                    // The sweep has replaced the file.
                    open = opened();
                } else {
                    put(bytes[place_of]);
                }
            }
        }
        assert_same(&answers(&place), &files, &format!("after {path}"));
    }
    counts
}

/// Prints the place of a flip if it causes a panic.
struct Panics(String);

impl std::fmt::Display for Panics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("at {}", self.0);
        }
    }
}

fn has_equal_content(one: &[u8], other: &[u8]) -> bool {
    let digest = |bytes| table::logical_digest(&table::read(bytes).unwrap());
    digest(one) == digest(other)
}

/// A sweep either writes the right bytes again, or refuses and changes nothing.
fn sweep_mends(place: &Workspace, files: &Files, what: &str, counts: &mut Counts) {
    let before = answers(place);
    let results = place.path("results");
    match library::sweep(TINY, &results) {
        Ok(notices) => {
            let segment = what.contains(".seg");
            assert!(!segment || !notices.is_empty(), "{what}: a damaged segment is reported");
            assert_same(&answers(place), files, what);
            counts.detected += usize::from(segment);
            if segment {
                restore(place, files);
            }
        }
        Err(message) => {
            let known = [
                "has format",
                "has statistics version",
                "arithmetic contract",
                "contradicts the stored results",
                "differs from another result",
                "does not name the owner of the folder",
                "as the owner of the folder, but manifest.json",
            ];
            assert!(known.iter().any(|words| message.contains(words)), "{what}: {message}");
            assert_same(&answers(place), &before, what);
            counts.refused += 1;
            restore(place, files);
        }
    }
}

#[test]
fn a_bit_of_some_bytes_of_a_store() {
    eprintln!("flips: {:?}", readers::without_noise(|| flip(false, 307, 11)));
}

#[test]
#[ignore = "minutes of flips: run by .ci/run release"]
fn every_byte_of_a_store() {
    let counts = readers::without_noise(|| flip(true, 1, 1999));
    eprintln!("every byte of every file: {counts:?}");
    assert!(counts.harmless_in_tables * 2 < counts.detected, "{counts:?}");
}

/// The runs of another study under the identities of this one: a forger of a segment can compute valid checksums.
#[test]
fn runs_under_false_names() {
    for (from, to) in [
        ("epochs = 1", "epochs = 1\nlearning-rate = 0.5"),
        ("epochs = 1", "epochs = 3"),
        ("[1, 2]", "[5, 9]"),
        ("[sweep]", "[evaluate]\nmetrics = [\"loss\", \"error\", \"brier\"]\n[sweep]"),
        ("train = 4", "train = 9"),
    ] {
        let (place, files) = swept();
        let (path, whole) = files.iter().find(|(path, _)| is_segment(path)).unwrap();
        let names: Vec<_> = library::segment(whole).unwrap().0.iter().map(|record| record.id).collect();
        let forged = library::records(&TINY.replacen(from, to, 1), &names);
        place.write(&format!("results/moons/{path}"), restudy::store::segment::encode(&forged));
        // They contradict the manifest.
        place.run("plan moons.toml").ends(4);
        place.run("sweep moons.toml --progress none").refused(4);
        // Without the manifest they are accepted until they are computed again; nothing else breaks.
        for name in files.keys().filter(|name| !is_segment(name)) {
            fs::remove_file(place.path(&format!("results/moons/{name}"))).unwrap();
        }
        // Runs that these settings cannot produce are refused: another network, other metrics, measurements at other
        // steps.
        if !to.contains("learning-rate") {
            place.run("sweep moons.toml --quiet").refused(4);
            continue;
        }
        place.run("sweep moons.toml --quiet").ends(0);
        place.run("show results/moons --runs").ends(0);
        place.run("verify results/moons -q").ends(4).says("it differs from epoch");
    }
}

#[test]
fn every_bit_of_a_segment() {
    let (_, files) = swept();
    let (_, whole) = files.iter().find(|(path, _)| is_segment(path)).unwrap();
    let (all, _) = library::segment(whole).unwrap();
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << bit;
            if let Ok((kept, damage)) = library::segment(&flipped) {
                assert!(damage.is_some(), "byte {place}, bit {bit} is not noticed");
                assert!(
                    // The first bytes are the file's signature.
                    (kept.len() < all.len() || place < 12) && kept.iter().all(|record| all.contains(record)),
                    "byte {place}, bit {bit}: only whole runs"
                );
            }
        }
    }
}
