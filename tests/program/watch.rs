//! `watch`: shows a study again whenever runs arrive, and ends once it is finished.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::workspace::{SPEC, Workspace, assert_same, flat, with};

fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The output and the exit code of a watch that ends.
fn ended(mut child: Child) -> (String, Option<i32>) {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

#[test]
fn a_pipe_gets_a_line_a_change_and_the_end() {
    let place = Workspace::new(SPEC);
    let child = start(place.command(&["watch", "moons.toml", "--every", "100ms"]));
    std::thread::sleep(Duration::from_millis(500));
    place.run("sweep moons.toml --quiet --shard 1/2").ends(0);
    std::thread::sleep(Duration::from_secs(1));
    place.run("sweep moons.toml --quiet").ends(0);
    let (out, code) = ended(child);
    assert_eq!(code, Some(0), "{out}");
    let lines: Vec<_> = out.lines().map(|line| line.split_once("  moons: ").unwrap().1).collect();
    assert_eq!(lines[0], "0 of 6 runs");
    let between = lines.iter().find(|line| line.starts_with("3 of 6 runs"));
    assert!(
        between
            .is_some_and(|line| line.contains("lowest mean validation error so far: ") && line.ends_with("(runs: 3)")),
        "{out}"
    );
    assert_eq!(*lines.last().unwrap(), format!("6 of 6 runs; finished, root {}", place.manifest().root.short()));
    assert!(lines.windows(2).all(|pair| pair[0] != pair[1]), "{out}");
}

#[test]
fn a_finished_study_ends_the_watch_at_once() {
    let place = Workspace::swept();
    let before = place.files("results/moons");
    for words in ["watch moons.toml --json", "watch results/moons --json"] {
        let object: Value = serde_json::from_str(&place.run(words).ends(0).out).unwrap();
        assert_eq!((&object["stored"], &object["runs"], &object["finished"]), (&6.into(), &6.into(), &true.into()));
        assert_eq!(object["root"], place.manifest().root.to_string());
    }
    assert_same(&place.files("results/moons"), &before, "read only");
    // A specification with more seeds is not that of the results.
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    let child = start(place.command(&["watch", "moons.toml", "--json", "--every", "100ms"]));
    std::thread::sleep(Duration::from_millis(500));
    place.run("sweep moons.toml --quiet").ends(0);
    let (out, code) = ended(child);
    let first: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((code, &first["finished"], &first["stored"]), (Some(0), &false.into(), &6.into()), "{out}");
    assert_eq!((&last["finished"], &last["stored"]), (&true.into(), &8.into()), "{out}");
}

#[test]
fn mistakes_are_reported_before_waiting() {
    let place = Workspace::new(SPEC);
    assert!(place.run("watch results/moons").refused(2).contains("folder.missing"));
    for time in ["5h", "1ms", "s"] {
        assert!(flat(&place.run(&format!("watch moons.toml --every {time}")).refused(2)).contains("--every"), "{time}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_watch_alone() {
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --quiet --shard 1/2").ends(0);
    let before = place.files("results/moons");
    let mut child = start(place.command(&["watch", "results/moons"]));
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let ended = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(err.contains("no longer watching; this stops no sweep"), "{err}");
    assert_same(&place.files("results/moons"), &before, "read only");
}

/// `script` of util-linux gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_redrawn_with_the_rows_that_fit() {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("NOT CHECKED: what `watch` draws on a terminal; `script` of util-linux is not installed");
        return;
    }
    let hidden: Vec<_> = (1..=20).map(|hidden| hidden.to_string()).collect();
    let place = Workspace::new(&with("[1, 3]", &format!("[{}]", hidden.join(", "))));
    let watch = format!("stty rows 16 cols 100; exec {} watch moons.toml --every 100ms", env!("CARGO_BIN_EXE_restudy"));
    let mut command = Command::new("script");
    command
        .args(["-qec", &watch, "/dev/null"])
        .current_dir(place.path(""))
        .env("NO_COLOR", "1")
        .env("SHELL", "/bin/sh");
    let child = start(command);
    std::thread::sleep(Duration::from_millis(500));
    place.run("sweep moons.toml --quiet --shard 1/2").ends(0);
    std::thread::sleep(Duration::from_secs(2));
    place.run("sweep moons.toml --quiet").ends(0);
    let (out, code) = ended(child);
    assert_eq!(code, Some(0), "{out}");
    let frames: Vec<_> = out.split("\u{1b}[J").collect();
    assert!(frames.len() >= 3, "{out}");
    assert!(
        frames[0].contains("0 of 60 runs") && frames[0].contains("continue with `restudy sweep moons.toml`"),
        "{out}"
    );
    let between = frames.iter().find(|frame| frame.contains("an unfinished study: numbers will change")).unwrap();
    assert!(between.contains(" trials are shown") && between.lines().count() <= 16, "{between}");
    let last = frames.last().unwrap();
    assert!(
        !last.contains("unfinished") && hidden.iter().all(|hidden| last.contains(&format!("\n{hidden}  "))),
        "{last}"
    );
}
