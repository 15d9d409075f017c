use std::fs;

use super::*;
use crate::store::{
    Instructions,
    journal::{self, Journal, Origins, Request, damage, files},
};

/// An entry that is the same on every machine.
fn entry() -> Entry {
    let own = Entry::of_this_machine("0.1.0", Instructions::NONE, &Request::default());
    Entry { started: 100, origin: crate::store::Origin::default(), ..own }
}

/// The lines of a process that committed two segments, and their runs.
fn text() -> (Vec<u8>, Vec<Record>) {
    let records = crate::store::tests::records(0..3);
    let commit = |file: &str, records: &[Record]| {
        let commit = Commit::new(Path::new(file), records, Duration::from_millis(1234));
        line(&Commit { committed: 109, ..commit })
    };
    let text = line(&entry()) + &commit("a.seg", &records[..1]) + &commit("b.seg", &records[1..]);
    (text.into_bytes(), records)
}

/// The text without the sums of its lines, as older versions wrote it.
fn without_sums(text: &[u8]) -> String {
    let text = std::str::from_utf8(text).unwrap();
    text.lines().map(|line| format!("{}}}\n", line.rsplit_once(SUM).unwrap().0)).collect()
}

fn put(folder: &Path, name: &str, text: &[u8]) {
    fs::create_dir_all(folder.join("journal")).unwrap();
    fs::write(folder.join("journal").join(name), text).unwrap();
}

#[test]
fn a_line_ends_with_the_sum_of_the_text_before() {
    let run = &crate::store::tests::records(0..1)[0];
    let text = line(&Commit { committed: 17, ..Commit::new(Path::new("a.seg"), [run], Duration::from_millis(250)) });
    let (id, digest) = (run.id.short(), run.digest().short());
    let before = format!(r#"{{"committed":17,"after":0.25,"segment":"a.seg","runs":{{"{id}":"{digest}"}}"#);
    assert_eq!(text, format!("{before},\"sum\":\"{}\"}}\n", Digest::of(before.as_bytes()).short()));
    let read: Commit = read(text.trim_end().as_bytes()).unwrap();
    assert_eq!(read.runs, Runs(vec![(short(run.id), short(run.digest()))]));
}

#[test]
fn the_duration_of_a_killed_process_ends_with_its_last_commit() {
    let (text, _) = text();
    let seconds = |text: &[u8]| ProcessLog::parse(text).entry.unwrap().seconds;
    assert_eq!(seconds(&text), 1.234);
    let older = without_sums(&text).replace("\"after\":1.234,", "");
    assert_eq!((seconds(older.as_bytes()), ProcessLog::parse(older.as_bytes()).damaged), (9.0, 0));
}

#[test]
fn changed_lines_are_damage_and_torn_ones_are_not() {
    let (text, _) = text();
    let lines: Vec<_> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let torn = &lines[1][..lines[1].len() / 2];
    let damaged = |parts: &[&[u8]]| {
        let log = ProcessLog::parse(&parts.concat());
        (log.commits.len(), log.damaged)
    };
    assert_eq!(damaged(&lines), (2, 0));
    assert_eq!(damaged(&[lines[0], torn]), (0, 0), "torn by a kill");
    assert_eq!(damaged(&[lines[0], torn, b"\n", lines[2]]), (1, 1), "its end is gone");
    assert_eq!(damaged(&[lines[0], torn, b"\n", lines[1], lines[2]]), (2, 0), "it was written again");
    assert_eq!(damaged(&[lines[0], torn, lines[2]]), (0, 1), "its end and the next line's beginning are gone");
    let unknown = line(&serde_json::json!({ "tended": 5 }));
    assert_eq!(damaged(&[lines[0], unknown.as_bytes(), lines[1]]), (1, 0), "of a newer version");
    let older = without_sums(&text);
    assert_eq!(damaged(&[older.as_bytes()]), (2, 0), "of an older version");
    assert_eq!(damaged(&[older.replacen("\"runs\":{", "\"runs\":[", 1).as_bytes()]), (1, 1));
    assert_eq!([without_torn_end(&[lines[0], torn].concat()), without_torn_end(&text)], [lines[0], &text]);
}

/// Covers a plain and a gathered journal.
#[test]
fn every_flipped_bit_is_reported_or_harmless() {
    let (own, records) = text();
    let other = (line(&Entry { started: 200, ..entry() }) + &line(&entry())).into_bytes();
    let head = |name: &str| line(&serde_json::json!({ "process": name })).into_bytes();
    let gathered = [head("1-2-3.jsonl"), own.clone(), head("1-2-4.jsonl"), other].concat();
    for (name, whole) in [("1-2-3.jsonl", own), ("gathered-0123456789ab.jsonl", gathered)] {
        let folder = tempfile::tempdir().unwrap();
        let all = || {
            let origins = Origins::read(folder.path());
            let of = |run: &Record| origins.of(run.id, run.digest());
            (origins.entries(), records.iter().map(of).collect::<Vec<_>>())
        };
        put(folder.path(), name, &whole);
        assert_eq!(damage(folder.path()), []);
        let before = all();
        assert!(before.1.iter().all(|names| names.len() == 1));
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << bit;
                put(folder.path(), name, &flipped);
                let reported = damage(folder.path());
                assert!(
                    reported.len() == 1 || reported.is_empty() && all() == before,
                    "{name}: byte {place}, bit {bit}"
                );
            }
        }
    }
}

#[test]
fn every_line_that_a_process_writes_has_a_sum() {
    let folder = tempfile::tempdir().unwrap();
    let records = crate::store::tests::records(0..1);
    let mut own = Journal::new(folder.path(), &entry());
    own.committed(Path::new("a.seg"), &records);
    own.finish(&Entry { computed: 1, seconds: 0.5, ..entry() }).unwrap();
    let text = fs::read(&files(folder.path())[0]).unwrap();
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    assert_eq!(lines.filter(|line| sum_holds(line.trim_ascii_end()) == Some(true)).count(), 3);
    assert_eq!((journal::read(folder.path())[0].computed, journal::read(folder.path())[0].seconds), (1, 0.5));
}
