//! Names of studies, which become file names.

use std::fs;

use super::{
    check::{commands, words},
    checked,
};
use crate::workspace::{SPEC, Workspace, assert_same, flat};

#[test]
fn invisible_names_and_names_like_options_are_refused() {
    let place = Workspace::new(SPEC);
    for name in [
        "-x",
        "--help",
        "a\nb",
        "a\u{1b}[2J",
        "a\u{7f}",
        "a\u{85}b",
        "a\u{9b}2J",
        "a\u{202e}b",
        "a\u{2066}",
        "a\u{200e}",
        "a\u{61c}b",
        "a\u{200b}b",
        "a\u{feff}",
        "a\u{2028}b",
        "a\tb",
        "a\rb",
    ] {
        let file = format!("{name}.toml");
        place.write(&file, SPEC);
        let before = place.files("");
        for command in ["sweep", "check", "plan", "status"] {
            let answer = checked(place.run_words(&[command, "--", &file]));
            let message = answer.refused(2);
            assert!(flat(&message).contains("a study cannot be named"), "{name:?}: {message}");
        }
        assert_same(&place.files(""), &before, name);
        fs::remove_file(place.path(&file)).unwrap();
    }
}

#[test]
fn folders_with_odd_names_stay_readable() {
    for name in ["-x", "a b", "a\u{202e}b", "a\nproven: b", "$(touch owned)", "it's", "~", "*", "=x"] {
        let place = Workspace::swept();
        fs::rename(place.path("results"), place.path(name)).unwrap();
        let folder = format!("{name}/moons");
        for command in ["status", "show", "verify", "figures", "report"] {
            let answer = checked(place.run_words(&[command, "--", &folder]).ends(0));
            for command in commands(&answer.out, "prove     ") {
                let read = words(&place, &command);
                assert_eq!(read[..2], ["restudy", "verify"], "{command}");
                assert_eq!(place.path(&read[2]).canonicalize().unwrap(), place.path(&folder).canonicalize().unwrap());
                let words: Vec<_> = read[1..].iter().map(String::as_str).collect();
                checked(place.run_words(&words).ends(0));
            }
        }
        let json = place.run_words(&["status", "--json", "--", &folder]).ends(0).out;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["study"], "moons");
        // The advised command computes missing tables again.
        fs::remove_file(place.path(&folder).join("runs.parquet")).unwrap();
        fs::remove_file(place.path(&folder).join("metrics.parquet")).unwrap();
        let message = checked(place.run_words(&["figures", "--theme", "paper", "--", &folder]).ends(2)).err;
        let command = message.split('`').nth(1).unwrap_or_default();
        let command = message.lines().find(|line| line.contains("restudy sweep")).map_or(command, |_| command);
        let read = words(&place, command);
        assert_eq!(read[..2], ["restudy", "sweep"], "{message}");
        let words: Vec<_> = read[1..].iter().map(String::as_str).collect();
        checked(place.run_words(&words).ends(0));
        assert!(place.path(&folder).join("runs.parquet").exists(), "{message}");
        assert!(!place.path("owned").exists());
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_not_text_are_in_json_too() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let place = Workspace::swept();
    let odd = OsStr::from_bytes(b"d\xff");
    fs::rename(place.path("results"), place.path("").join(odd)).unwrap();
    for line in [
        &["ls"][..],
        &["ls", "--json"],
        &["sweep", "moons.toml", "--json", "--results"],
        &["plan", "moons.toml", "--json", "--results"],
    ] {
        let mut command = place.command(line);
        let output = command.arg(odd).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mut command = place.command(&["status"]);
    let printed =
        String::from_utf8(command.arg(place.path("").join(odd).join("moons")).output().unwrap().stdout).unwrap();
    let command = commands(&printed, "prove     ").remove(0);
    assert!(command.contains("\\377"), "{command}");
}
