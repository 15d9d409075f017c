//! The processes of runs: all of them end with their run, with the sweep, and with restudy itself.

use std::{
    io::Read,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::place::Place;

const MEASURED: &str = "echo '{\"loss\": 1}'\n";

#[test]
fn a_time_limit_ends_what_ignores_the_request() {
    let script =
        format!("{MEASURED}trap '' TERM\n(trap '' TERM; while true; do sleep 1; done) &\nwhile true; do sleep 1; done");
    let place = Place::with(&script, "time-limit = \"300 ms\"", "seeds = 1");
    let began = Instant::now();
    assert!(place.swept(3).contains("failed (time limit)"));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    place.ends_every_process(Duration::from_secs(5));
    place.leaves_nothing(Duration::from_secs(5));
}

#[test]
fn what_a_program_leaves_behind_ends_with_its_run() {
    // In its own group it ends with the program, in another session with the sweep.
    let script = format!("{MEASURED}sleep 100 &\nsetsid sleep 100 >/dev/null 2>&1 &\n");
    let place = Place::with(&script, "", "seeds = 3");
    let began = Instant::now();
    assert_eq!(place.outcomes(), ["completed"; 3]);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    place.ends_every_process(Duration::from_secs(10));
    place.leaves_nothing(Duration::from_secs(5));
}

#[test]
fn interrupts_end_every_process_and_the_sweep_continues() {
    for signal in ["INT", "TERM"] {
        let script = format!("{MEASURED}[ -e ../../go ] && exit 0\n(setsid sleep 100) &\nsleep 100");
        let place = Place::with(&script, "", "seeds = 4");
        let mut child = place.command(&["sweep", "study.toml", "--quiet"]).stderr(Stdio::piped()).spawn().unwrap();
        thread::sleep(Duration::from_millis(700));
        assert!(
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success()
        );
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        assert!(said.contains(" in progress are discarded") && !said.contains("training"), "{said}");
        place.ends_every_process(Duration::from_secs(5));
        place.leaves_nothing(Duration::from_secs(5));
        place.workspace.write("scratch/go", "");
        place.run("sweep study.toml --quiet").ends(0);
        place.run("verify results/study --quiet").ends(0);
    }
}

#[test]
fn a_killed_restudy_leaves_no_process_and_no_folder() {
    let script = format!(
        "{MEASURED}trap '' TERM\n(setsid sh -c \"trap '' TERM; sleep 100; sleep 100\") &\nsleep 100; sleep 100"
    );
    let place = Place::with(&script, "", "seeds = 4");
    let mut child = place.command(&["sweep", "study.toml", "--quiet"]).spawn().unwrap();
    thread::sleep(Duration::from_millis(700));
    assert!(place.processes().len() > 2, "{:?}", place.processes());
    child.kill().unwrap();
    child.wait().unwrap();
    place.ends_every_process(Duration::from_secs(10));
    place.leaves_nothing(Duration::from_secs(5));
}

#[test]
fn a_program_that_is_missing_is_one_message_and_loses_nothing() {
    let spec = |program: &str, inputs: &str| {
        format!(
            "[study]\nquestion = \"Does it start?\"\n[command]\nrun = [\"{program}\"]\ninputs = [{inputs}]\n[measurements]\n\
             loss = {{ direction = \"lower\", objective = true }}\n[sweep]\nseeds = 2\n"
        )
    };
    for (program, inputs, expected) in [
        ("no-such-program", "", "is not in any folder of PATH"),
        ("./run.sh", "", "is not an input"),
        ("run.sh", "\"run.sh\"", "write \"./run.sh\""),
        ("/no/such/program", "", "does not exist"),
        ("./run.sh", "\"run.sh\"", "make it executable"),
    ] {
        let place = Place::of("#!/bin/sh\n", &spec(program, inputs));
        let message = place.run("sweep study.toml --progress none").refused(2);
        let message = crate::workspace::flat(&message);
        assert!(message.contains(expected) && message.contains("program.missing"), "{program}: {message}");
        place.leaves_nothing(Duration::from_secs(5));
    }
}

#[test]
fn no_more_runs_at_a_time_than_the_processors() {
    let script = "n=$(ls -d ../run-* | wc -l)\nsleep 0.2\necho \"{\\\"loss\\\": $n}\"";
    for (command, most) in [("processors = 4", 1.0), ("processors = 2", 2.0), ("devices = [\"a\"]", 1.0)] {
        let place = Place::with(script, command, "seeds = 6");
        place.run("sweep study.toml --threads 4 --quiet").ends(0);
        let shown = place.run("show results/study --runs --json").out;
        let losses: Vec<f64> = shown
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?["measured"]["loss"].as_f64())
            .collect();
        assert!(losses.len() == 6 && losses.iter().all(|loss| *loss <= most), "{command}: {losses:?} {shown}");
    }
}

#[test]
fn a_run_that_needs_more_memory_than_is_free_runs_alone_and_this_is_said_once() {
    let place = Place::with(MEASURED, "memory = \"99 TB\"", "seeds = 3");
    let said = place.swept(0);
    assert_eq!(said.matches("command.memory is 99 TB, and only ").count(), 1, "{said}");
    assert!(said.contains("were started one at a time"), "{said}");
    let place = Place::with(MEASURED, "memory = \"1 MB\"", "seeds = 3");
    assert!(!place.swept(0).contains("command.memory"));
}

#[test]
fn a_background_process_that_prints_ends_with_its_program() {
    let script = "(while :; do echo log; sleep 0.01; done) &\necho \"{\\\"loss\\\": $1}\"";
    let place = Place::new(script, "");
    place.run("sweep study.toml --quiet").ends(0);
    place.ends_every_process(Duration::from_secs(5));
}
