//! Commands show what the manifest binds, even if files beside it were forged or damaged.

use std::fs;

use restudy::results::Manifest;
use serde_json::Value;

use crate::{
    stored_runs::{Forgery, forge, last, middle},
    tamper::put,
    workspace::{Workspace, with},
};

/// The numbers in the output, without statements about the folder.
pub(crate) fn shown(place: &Workspace, words: &str) -> Vec<String> {
    let answer = place.run(words);
    let object = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(mut object) => {
            for side in ["a", "b"] {
                object.get_mut(side).and_then(Value::as_object_mut).map(|side| side.remove("wrong"));
            }
            object.to_string()
        }
        Err(_) => line.to_owned(),
    };
    answer.out.lines().filter(|line| !line.starts_with("{\"findings\"")).map(object).collect()
}

const QUESTIONS: [&str; 4] = [
    "show results/moons",
    "show results/moons --runs",
    "show results/moons --json",
    "compare results/moons hidden=1 hidden=3 --json --metric error",
];

/// The findings in `--json`, and whether the command vouches for what it shows.
fn object(place: &Workspace) -> (String, bool) {
    let line = place.run("show results/moons --json").out.lines().next().unwrap().to_owned();
    let object: Value = serde_json::from_str(&line).unwrap();
    (object["findings"].to_string(), object["vouched-for"] == true)
}

#[test]
fn a_forged_segment_is_reported_and_never_shown() {
    let truth = QUESTIONS.map(|words| shown(&Workspace::swept(), words));
    for (forgery, what) in [(middle as Forgery, "other measurements"), (last, "another digest")] {
        for early in [false, true] {
            let place = Workspace::swept();
            if early {
                put(&place, &Manifest { measurements: None, restudy: "0.1.0".into(), ..place.manifest() });
            }
            forge(&place, "results/moons", forgery);
            assert_eq!(QUESTIONS.map(|words| shown(&place, words)), truth);
            for words in QUESTIONS {
                place.run(words).ends(4);
            }
            let message = place.run("show results/moons").ends(4).err;
            assert!(message.contains(&format!("it has {what} of run")), "{message}");
            assert!(message.contains("read from runs.parquet"), "{message}");
            let (findings, vouched) = object(&place);
            assert!(findings.contains(what) && vouched, "{findings}");
            place.run("status results/moons").ends(4).says(&format!("it has {what} of run"));
            // Without the table no intact copy is here: nothing is shown, or the summary that the manifest binds.
            fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
            let answer = place.run("show results/moons").ends(4);
            assert!(answer.err.contains("read from summary.csv"), "{}", answer.err);
            for words in &QUESTIONS[1..] {
                let answer = place.run(words);
                assert_ne!(answer.code, Some(0), "{words}: {}", answer.out);
            }
            place.run(QUESTIONS[3]).refused(4);
        }
    }
}

#[test]
fn records_replace_a_damaged_table() {
    let place = Workspace::swept();
    let truth = QUESTIONS.map(|words| shown(&place, words));
    place.write("results/moons/runs.parquet", "");
    for (words, truth) in QUESTIONS.iter().zip(&truth) {
        assert_eq!(&shown(&place, words), truth, "{words}");
    }
    let answer = place.run("show results/moons").ends(4);
    assert!(answer.err.contains("runs.parquet: "), "{}", answer.err);
    // An early manifest binds the records by the table of measurements, or by all of them together.
    put(&place, &Manifest { measurements: None, restudy: "0.1.0".into(), ..place.manifest() });
    for _ in ["with the table", "without"] {
        assert_eq!(shown(&place, QUESTIONS[2]), truth[2]);
        let _ = fs::remove_file(place.path("results/moons/metrics.parquet"));
    }
    // Half of the records are lost: the rest is not the study.
    let file = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    let path = format!("results/moons/segments/{file}");
    let whole = place.read(&path);
    place.write(&path, &whole[..whole.len() / 2]);
    let answer = place.run("show results/moons --runs").ends(4);
    assert!(answer.err.contains("without an intact copy"), "{}", answer.err);
    assert!(!answer.err.contains("the study is not finished"), "{}", answer.err);
    assert!(!object(&place).1);
    place.run("compare results/moons hidden=1 hidden=3").ends(4);
}

#[test]
fn a_flipped_byte_in_any_file_is_reported() {
    let spec = with("strip =", "boundary = { by = \"model.hidden\" }\n[figures.more]\nstrip =");
    let place = Workspace::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    assert_eq!(place.run("show results/moons").ends(0).err, "");
    let truth = shown(&place, QUESTIONS[2]);
    let files = place.answers("results/moons");
    let names = files.keys().filter(|name| {
        !["manifest.json", "study.toml"].contains(&name.as_str())
            && !["lock", "finishing", "index", "data", "experiment"].iter().any(|end| name.ends_with(end))
    });
    let mut flipped = 0;
    for name in names {
        let whole = &files[name];
        for part in [1, 3, 5, 7] {
            let at = whole.len() * part / 8;
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            place.write(&format!("results/moons/{name}"), &bytes);
            let status = place.run("status results/moons");
            let message = place.run("show results/moons");
            assert!(status.out.contains(name), "status of byte {at} of {name}: {}", status.out);
            assert!(message.err.contains(name), "show of byte {at} of {name}: {}", message.err);
            let other = message.err.contains("has every value");
            assert!(message.code == Some(if other { 0 } else { 4 }), "byte {at} of {name}: {}", message.err);
            assert_eq!(status.code, message.code);
            assert_eq!(shown(&place, QUESTIONS[2]), truth, "byte {at} of {name}");
            let object: Value = serde_json::from_str(&place.run("status results/moons --json").out).unwrap();
            assert!(object[if other { "in-other-bytes" } else { "findings" }].to_string().contains(name), "{object}");
            flipped += 1;
        }
        place.write(&format!("results/moons/{name}"), whole);
    }
    assert!(flipped > 40, "{flipped}");
    let status = place.run("status results/moons").ends(0).out;
    assert!(!status.contains("WRONG") && !status.contains("DAMAGED"), "{status}");
}

#[test]
fn a_manifest_vouches_only_with_the_root_of_its_runs() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    manifest.runs[2].digest.0[0] ^= 1;
    put(&place, &manifest);
    for words in QUESTIONS {
        let answer = place.run(words).ends(4);
        assert!(answer.err.contains("its root is not that of the runs it lists"), "{words}: {}", answer.err);
    }
    assert!(!object(&place).1);
    place.run("status results/moons").ends(4).says("its root is not that of the runs it lists");
    for words in ["report results/moons --check", "figures results/moons --check"] {
        assert!(place.run(words).refused(2).contains("is not that of the runs it lists"));
    }
    place.write("t.md", "{{ moons: hidden=3 validation.error mean }}");
    let answer = place.run("cite t.md --check").ends(4);
    answer.says("is not that of the runs it lists");
}
