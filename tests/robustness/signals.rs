//! Ctrl-C and SIGTERM at any instant: within two seconds the program ends and prints the command that continues.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    kills::{answers, long},
    random::Random,
    workspace::{Workspace, assert_same, with},
};

/// Starts a sweep, sends a signal after a while, and returns the exit code and the last output.
fn signalled(place: &Workspace, signal: &str, after: Duration) -> (Option<i32>, String) {
    let words = ["sweep", "moons.toml", "--threads", "2", "--quiet"];
    let child = place.command(&words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(after);
    // The sweep may have ended by itself.
    let _ = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).stderr(Stdio::null()).status();
    let asked = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2), "{signal} after {after:?} is answered in {:?}", asked.elapsed());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn at_random_instants() {
    let whole = Workspace::new(&long());
    let began = Instant::now();
    whole.run("sweep moons.toml --threads 2 --quiet").ends(0);
    let half = began.elapsed().as_millis() as usize / 2;
    let expected = answers(&whole, "results/moons");
    let (mut random, mut interrupted) = (Random(5), 0);
    let mut place = Workspace::new(&long());
    for number in 0..16 {
        let signal = ["INT", "TERM"][number % 2];
        // Not before the signal handler is installed: until then a signal ends the program at once, and nothing has
        // begun.
        let after = Duration::from_millis(100 + random.below(half) as u64);
        if number % 3 == 0 {
            place = Workspace::new(&long());
        }
        match signalled(&place, signal, after) {
            (Some(130), err) => {
                interrupted += 1;
                assert!(err.contains("runs are stored in results/moons"), "{err}");
                assert!(err.ends_with("restudy sweep moons.toml --threads 2 --quiet\n"), "{err}");
            }
            (Some(0), _) => {
                assert_same(&answers(&place, "results/moons"), &expected, "after signals");
                place = Workspace::new(&long());
            }
            (code, err) => panic!("{signal} after {after:?} ends with {code:?}: {err}"),
        }
    }
    assert!(interrupted > 3, "{interrupted} of the signals came in time");
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&answers(&place, "results/moons"), &expected, "after signals");
}

#[test]
fn between_measurements_hours_apart() {
    let spec = with("epochs = 4", "epochs = 100000000\n\n[evaluate]\nevery = { epochs = 100000000 }");
    for signal in ["INT", "TERM"] {
        let place = Workspace::new(&spec);
        let (code, err) = signalled(&place, signal, Duration::from_millis(700));
        assert_eq!(code, Some(130), "{err}");
        assert!(
            err.contains(
                "0 of 6 runs are stored in results/moons, and 6 more half done; the same command continues from there"
            ),
            "{err}"
        );
        assert!(err.ends_with("restudy sweep moons.toml --threads 2 --quiet\n"), "{err}");
        place.run("plan moons.toml").ends(0);
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let spec = with("epochs = 4", "epochs = 100000000\n\n[evaluate]\nevery = { epochs = 100000000 }");
    let place = Workspace::new(&spec);
    let child = place.command(&["sweep", "moons.toml"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    for _ in 0..2 {
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
        std::thread::sleep(Duration::from_millis(100));
    }
    let asked = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(output.status.code(), Some(130));
    place.run("plan moons.toml").ends(0);
}
