//! The output while the program works, and its stream.

use std::process::Stdio;

use crate::workspace::{SPEC, Workspace, stable, with};

#[test]
fn json_progress_is_one_object_a_line_and_nothing_else() {
    let place = Workspace::new(SPEC);
    let answer = place.run("sweep moons.toml --progress json").ends(0);
    assert_eq!(answer.err, "");
    let lines: Vec<serde_json::Value> = answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap_or("answer")).collect();
    assert_eq!((events[0], events[events.len() - 1]), ("started", "answer"));
    assert_eq!(events.iter().filter(|event| **event == "finished").count(), 6);
    assert_eq!(
        (lines[0]["runs"].as_u64(), lines[0]["cached"].as_u64(), lines[0]["steps"].as_u64()),
        (Some(6), Some(0), Some(960))
    );
    let committed = lines.iter().filter(|line| line["event"] == "committed").map(|line| line["runs"].as_u64().unwrap());
    assert_eq!(committed.sum::<u64>(), 6);
    assert_eq!(lines[lines.len() - 1]["computed"], 6);
    assert!(lines.iter().filter(|line| line["event"] == "finished").all(|line| line["validation"]["error"].is_f64()));
}

#[test]
fn plain_progress_goes_to_the_standard_error() {
    let place = Workspace::new(SPEC);
    let plain = place.run("sweep moons.toml --progress plain").ends(0);
    assert_eq!(stable(&plain.err), "moons: 6 of 6 runs to do, 960 steps");
    let other = Workspace::new(SPEC);
    let none = other.run("sweep moons.toml --progress none").ends(0);
    assert_eq!(none.err, "");
    assert_eq!(stable(&none.out), stable(&plain.out), "the results do not depend on it");
    let third = Workspace::new(SPEC);
    let bar = third.run("sweep moons.toml --progress bar").ends(0);
    assert_eq!(stable(&bar.out), stable(&plain.out));
}

#[test]
fn quiet_prints_only_errors() {
    let place = Workspace::new(SPEC);
    for words in [
        "sweep moons.toml -q",
        "sweep moons.toml -q",
        "verify results/moons -q",
        "check moons.toml -q",
        "figures results/moons -q",
    ] {
        let answer = place.run(words).ends(0);
        assert_eq!((answer.out.as_str(), answer.err.as_str()), ("", ""), "{words}");
    }
    place.edit("summary.csv", "0.", "1.");
    place.run("verify results/moons -q").ends(4).says("summary.csv: line 2");
    assert!(!place.run("sweep nothing.toml -q").refused(2).is_empty());
}

#[test]
fn an_answer_in_json_is_one_object() {
    let place = Workspace::new(SPEC);
    for words in [
        "plan moons.toml",
        "check moons.toml",
        "sweep moons.toml",
        "sweep moons.toml",
        "status results/moons",
        "verify results/moons",
        "plan moons.toml",
    ] {
        let answer = place.run(&format!("{words} --json --progress none")).ends(0);
        let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
        assert!(json.is_object() && answer.err.is_empty(), "{words}");
    }
    assert_eq!(
        place.run("show results/moons --json").ends(0).out.lines().filter(|line| line.starts_with('{')).count(),
        7,
        "six runs, and the verdict"
    );
}

/// Runs a command whose output is closed before anything is written.
fn unread(place: &Workspace, words: &[&str]) -> (Option<i32>, String) {
    let mut child = place.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_output_ends_neither_work_nor_program() {
    let place = Workspace::new(SPEC);
    for words in [
        &["sweep", "moons.toml", "--progress", "json"][..],
        &["show", "results/moons", "--runs"],
        &["verify", "results/moons", "--progress", "none"],
        &["schema"],
        &["completions", "bash"],
        &["--help"],
        &["plan", "moons.toml"],
    ] {
        assert_eq!(unread(&place, words), (Some(0), String::new()), "{words:?}");
    }
    place.run("verify results/moons").ends(0);
}

#[test]
fn results_that_cannot_be_printed_are_a_fault() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        eprintln!("SKIPPED: there is no /dev/full");
        return;
    };
    let place = Workspace::swept();
    let mut command = place.command(&["show", "results/moons"]);
    let output = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write to the standard output"));
}

#[test]
fn runs_that_diverge_are_results() {
    let place = Workspace::new(&with("epochs = 4", "epochs = 4\nlearning-rate = 1e300"));
    let answer = place.run("sweep moons.toml --progress json").ends(0);
    let diverged = answer.out.lines().filter(|line| line.contains("\"outcome\":\"diverged\"")).count();
    assert_eq!(diverged, 6, "{}", answer.out);
    place.run("verify results/moons").ends(0);
    place.run("show results/moons --runs").ends(0);
}
