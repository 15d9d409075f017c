use super::*;
use crate::{digest::Digest, results::manifest::TableEntry};

fn manifest(runs: u64) -> Manifest {
    let digest = |text: &str| Digest::of(text.as_bytes());
    let entry = |seed: u64| RunEntry {
        id: digest(&format!("id {seed}")),
        trial: 3,
        seed,
        digest: digest(&seed.to_string()),
        trace: "0123abcd".into(),
    };
    Manifest {
        format: FORMAT,
        contract: CONTRACT,
        statistics: Some(2),
        restudy: "0.1.0".into(),
        study: "moons".into(),
        experiment: Some("mine \"1\"".into()),
        declared: Some("circle 1".into()),
        specification: digest("specification"),
        root: digest("root"),
        tables: [("runs".into(), TableEntry { rows: 2, digest: digest("runs") })].into(),
        files: [("a [].md".into(), digest("a")), ("\"runs\": []".into(), digest("b"))].into(),
        data: Vec::new(),
        runs: (0..runs).map(entry).collect(),
        measurements: Some((0..runs).map(|seed| digest(&format!("measured {seed}"))).collect()),
    }
}

#[test]
fn a_manifest_and_its_head_are_read_in_every_layout() {
    for runs in [0, 1, 5] {
        let folder = tempfile::tempdir().unwrap();
        let manifest = manifest(runs);
        let path = folder.path().join("manifest.json");
        let text = manifest.to_text();
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
        assert_eq!(text.lines().count(), 25 + 2 * runs as usize, "{text}");
        let head = Manifest { runs: Vec::new(), measurements: None, ..manifest.clone() };
        // In the layout of this program, in that of a tool, and on one line.
        for text in [text, serde_json::to_string_pretty(&manifest).unwrap(), serde_json::to_string(&manifest).unwrap()]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
            assert_eq!(Manifest::read_head(folder.path()).unwrap(), head);
        }
    }
}

#[test]
fn a_cut_or_newer_manifest_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = manifest(2).to_text();
    for (text, head_too, says) in [
        (text[..text.len() - 40].to_owned(), false, "EOF"),
        (text[..100].to_owned(), true, "EOF"),
        (text.replacen("\"format\": 1", "\"format\": 9, \"new\": {}", 1), true, "has format 9"),
        (text.replacen("\"statistics\": 2", "\"statistics\": 3", 1), true, "has statistics version 3"),
        (text.replacen("\"statistics\": 2", "\"statistics\": 0", 1), true, "is no valid version"),
        (text.replacen("\"statistics\": 2", "\"statistics\": \"two\"", 1), true, "is no valid version"),
        (text.replacen("\"runs\": [", "\"rums\": [", 1), true, "missing field"),
    ] {
        std::fs::write(folder.path().join("manifest.json"), text).unwrap();
        let error = Manifest::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
        assert_eq!(Manifest::read_head(folder.path()).is_err(), head_too);
    }
}

/// An edited manifest is refused with this message; reading only its head fails only if `head_too`.
#[track_caller]
fn refused(from: &str, to: &str, head_too: bool, says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let text = manifest(2).to_text();
    assert!(text.contains(from), "{from}");
    std::fs::write(folder.path().join("manifest.json"), text.replacen(from, to, 1)).unwrap();
    let error = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
    assert_eq!(Manifest::read_head(folder.path()).is_err(), head_too, "{to}");
}

#[test]
fn duplicate_keys_are_refused() {
    let root = format!("  \"root\": \"{}\",\n", "0".repeat(64));
    refused("  \"root\"", &format!("{root}  \"root\""), true, "twice");
    refused("  \"runs\": [", &format!("{root}  \"runs\": ["), true, "twice");
    refused("\n  ]\n}", &format!("\n  ],\n{}\n}}", root.trim_end().trim_end_matches(',')), false, "twice");
    refused("  \"runs\": [", "  \"runs\": [],\n  \"runs\": [", true, "twice");
    refused("  \"runs\": [", "  \"new\": {\"a\": 1, \"a\": 2},\n  \"runs\": [", true, "twice");
    refused("\"seed\":0", "\"new\":1,\"seed\":0,\"new\":1", false, "twice");
    refused("\"rows\": 2", "\"rows\": 3,\n      \"rows\": 2", true, "twice");
}

#[test]
fn labels_are_single_lines() {
    refused("\"0.1.0\"", r#""0.1.0\n""#, true, "`restudy` is");
    refused("mine", r"mi\u202ene", true, "`experiment` is");
    refused("a [].md", r"a\u001b.md", true, "is not a file of its folder");
}

#[test]
fn the_name_of_a_study_is_a_valid_file_name() {
    let folder = tempfile::tempdir().unwrap();
    for (study, good) in [
        ("moons", true),
        ("two moons.v2 ☾", true),
        ("..moons", true),
        ("", false),
        (".", false),
        ("..", false),
        ("/tmp/moons", false),
        ("../moons", false),
        ("a/b", false),
        ("moons/", false),
        ("./moons", false),
        ("moons\u{1b}[2J", false),
        ("moons\n", false),
        ("moons\0", false),
        ("moons\u{9b}2J", false),
        ("moons\u{202e}", false),
        ("moons\u{2028}", false),
    ] {
        let manifest = Manifest { study: study.into(), ..manifest(1) };
        std::fs::write(folder.path().join("manifest.json"), manifest.to_text()).unwrap();
        for read in [Manifest::read(folder.path()), Manifest::read_head(folder.path())] {
            assert_eq!(read.is_ok(), good, "{study:?}");
        }
    }
}
