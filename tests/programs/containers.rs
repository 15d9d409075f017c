//! Programs in containers: the arguments of podman and apptainer, recorded by scripts in their place.

use std::{fs, os::unix::fs::PermissionsExt, process::Command, time::Duration};

use serde_json::Value;

use crate::{place::Place, workspace::Answer};

const DIGEST: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

const PODMAN: &str = include_str!("podman.sh");

/// Stands for apptainer, as the other script does for podman.
const APPTAINER: &str = r#"#!/bin/bash
echo "$*" >> "$DOUBLE/calls"
while [[ $1 != docker://* ]]; do
  case $1 in --pwd=*) cd "${1#*=}" ;; esac
  shift
done
[ -e "$DOUBLE/broken" ] && { echo 'FATAL:   container creation failed' >&2; exit 255; }
shift
while IFS='=' read -r -d '' name value; do
  [[ $name == APPTAINERENV_* ]] && variables+=("${name#APPTAINERENV_}=$value")
done < /proc/self/environ
exec env -i PATH=/usr/bin:/bin HOME=/root "${variables[@]}" "$@"
"#;

/// A study whose container is run by a script.
struct Double {
    place: Place,
    name: &'static str,
}

impl Double {
    fn new(name: &'static str, script: &str, command: &str) -> Self {
        let container = format!("container = \"quay.io/lab/tools:1@{DIGEST}\"\n{command}");
        let place = Place::new(script, &container);
        let text = if name == "podman" { PODMAN } else { APPTAINER };
        place.workspace.write(&format!("bin/{name}"), text);
        let program = place.workspace.path("bin").join(name);
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
        place.workspace.write("double/there", "");
        Self { place, name }
    }

    /// Runs restudy where no other program for containers is on the path.
    fn run(&self, words: &str) -> Answer {
        let words: Vec<_> = words.split_whitespace().collect();
        // What restudy itself and the script need.
        for tool in ["sh", "bash", "env", "touch", "locale"] {
            let link = self.place.workspace.path("bin").join(tool);
            if !link.exists() {
                let _ = std::os::unix::fs::symlink(format!("/usr/bin/{tool}"), link);
            }
        }
        let mut command = self.place.command(&words);
        command.env("PATH", self.place.workspace.path("bin")).env("DOUBLE", self.place.workspace.path("double"));
        command.env("SECRET", "1");
        answer(command)
    }

    fn calls(&self, what: &str) -> Vec<String> {
        let calls = fs::read_to_string(self.place.workspace.path("double/calls")).unwrap_or_default();
        calls.lines().filter(|line| line.contains(what)).map(str::to_owned).collect()
    }

    fn forget_calls(&self) {
        let _ = fs::remove_file(self.place.workspace.path("double/calls"));
    }
}

pub fn answer(command: Command) -> Answer {
    let output = assert_cmd::Command::from_std(command).timeout(Duration::from_secs(120)).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

const MEASURED: &str = "env | sort >&2; echo $1 > model.txt; echo \"{\\\"loss\\\": $1}\"";

#[test]
fn a_run_sees_its_folder_and_a_short_environment() {
    for name in ["podman", "apptainer"] {
        let command =
            "keep = [\"model.txt\"]\nversions = [[\"echo\", \"tools 5\"]]\nenvironment = { RATE = \"r {seed}\" }";
        let double = Double::new(name, MEASURED, command);
        double.run("sweep study.toml --quiet").ends(0);
        double.run("verify results/study --progress none").ends(0).says("every bit is the same");
        let log = double.run("show results/study --log seed=0").ends(0).out;
        for line in ["LANG=C.UTF-8", "PYTHONHASHSEED=0", "RATE=r 0", "RESTUDY_SEED=0", "PATH=/usr/bin:/bin"] {
            assert!(log.lines().any(|own| own == line), "{line} is not in\n{log}");
        }
        assert!(!log.contains("SECRET") && !log.contains("USER=") && !log.contains("TMPDIR="), "{log}");
        let call = double.calls("sh run.sh 0").remove(0);
        let isolated: &[&str] = match name {
            "podman" => &[
                " --network=none ",
                " --read-only ",
                " --pull=never ",
                " --init ",
                " --rm ",
                " --entrypoint= ",
                " --env=HOME=/tmp ",
            ],
            _ => &[" --containall ", " --network=none ", " --no-eval ", " docker://"],
        };
        let image = format!("quay.io/lab/tools@{DIGEST} sh run.sh 0");
        assert!(isolated.iter().all(|word| call.contains(word)) && call.ends_with(&image), "{call}");
        let recorded = double.place.workspace.files("results/study/versions");
        assert!(recorded.into_values().any(|bytes| String::from_utf8_lossy(&bytes).contains("tools 5")));
        assert!(!double.calls("echo tools 5").is_empty(), "{name}");
        let report = double.place.workspace.text("results/study/report.md");
        assert!(report.contains("in a container of the image") && report.contains("the digest of the image are part"));
        double.place.leaves_nothing(Duration::from_secs(5));
    }
}

#[test]
fn the_digest_identifies_a_run_and_the_name_does_not() {
    let double = Double::new("podman", MEASURED, "");
    double.run("sweep study.toml --quiet").ends(0);
    let computed = |spec: &str| {
        double.place.workspace.write("study.toml", spec);
        double.forget_calls();
        double.run("sweep study.toml --quiet").ends(0);
        double.calls("sh run.sh").len()
    };
    let spec = double.place.workspace.text("study.toml");
    assert_eq!(computed(&spec.replace("tools:1@", "tools@")), 0);
    assert_eq!(computed(&spec.replace("aabbccddeeff\"", "aabbccddee00\"")), 2);
    // Without a container, nothing in the identity hints at one.
    let plain: String =
        spec.lines().filter(|line| !line.starts_with("container")).map(|line| format!("{line}\n")).collect();
    assert_eq!(computed(&plain), 0);
    assert!(!double.place.workspace.text("results/study/experiment.json").contains("contain"));
}

#[test]
fn an_image_needs_a_digest_and_a_folder_of_its_own() {
    let said = |container: &str| {
        let place = Place::new(MEASURED, container);
        let answer = place.run("check study.toml");
        assert_eq!(answer.code, Some(2), "{} {}", answer.out, answer.err);
        crate::workspace::flat(&answer.err)
    };
    let tag = said("container = \"python:3.12\"");
    assert!(
        tag.contains("write container = \"python@sha256:...\"") && tag.contains("podman pull python:3.12"),
        "{tag}"
    );
    assert!(said("container = \"a b\"").contains("IMAGE@sha256"));
    let elsewhere = said(&format!("container = \"a@{DIGEST}\"\nhermetic = false"));
    assert!(elsewhere.contains("sees the folder of its run alone"), "{elsewhere}");
}

#[test]
fn what_cannot_start_is_one_message_and_no_result() {
    let refuses = |double: &Double, code: &str, expected: &str| {
        let answer = double.run("sweep study.toml --progress none");
        let said = crate::workspace::flat(&answer.err);
        assert!(answer.code == Some(2) && said.contains(code) && said.contains(expected), "{:?} {said}", answer.code);
        assert!(double.place.workspace.files("results/study/segments").keys().all(|name| !name.ends_with(".seg")));
    };
    let double = Double::new("podman", MEASURED, "");
    fs::remove_file(double.place.workspace.path("double/there")).unwrap();
    refuses(&double, "program.container", "cannot pull it: Error: no such host");
    double.place.workspace.write("double/pulls", "");
    double.place.workspace.write("double/broken", "");
    refuses(&double, "program.container", "Error: no space for a container");
    fs::remove_file(double.place.workspace.path("double/broken")).unwrap();
    fs::remove_file(double.place.workspace.path("double/there")).unwrap();
    double.forget_calls();
    double.run("sweep study.toml --quiet").ends(0);
    assert_eq!(double.calls("pull --quiet").len(), 1, "once for all runs");
    let other = Double::new("apptainer", MEASURED, "");
    other.place.workspace.write("double/broken", "");
    refuses(&other, "program.container", "apptainer cannot start a container");
    let spec = double.place.workspace.text("study.toml");
    let missing = Double::new("podman", MEASURED, "");
    missing.place.workspace.write("study.toml", spec.replace("\"sh\"", "\"no-such-program\""));
    refuses(&missing, "program.missing", "has no program `no-such-program`");
    fs::remove_file(missing.place.workspace.path("bin").join(missing.name)).unwrap();
    refuses(&missing, "program.missing", "neither `podman` nor `apptainer` is in any folder of PATH");
    // An exit code that podman uses, too, is the result of a program that has started.
    let own = Double::new("podman", "exit 125", "");
    own.run("sweep study.toml --quiet").ends(3);
}

#[test]
fn conditions_are_varied_inside_the_container() {
    let script = "echo \"{\\\"loss\\\": $(umask | tr -d 0)$(echo $HOME | wc -c)}\"";
    let double = Double::new("podman", script, "");
    double.run("sweep study.toml --quiet").ends(0);
    let said: Value = serde_json::from_str(double.run("verify results/study --vary --json").out.trim()).unwrap();
    let causes: Vec<_> =
        said["causes"].as_array().unwrap().iter().map(|cause| cause["conditions"][0].clone()).collect();
    assert_eq!(causes, ["home", "umask"], "{said}");
    let not_varied = &said["not-varied"][0];
    assert!(not_varied["condition"] == "locale" && not_varied["why"].as_str().unwrap().contains("image"), "{said}");
    let homes = double.calls("/other");
    assert!(!homes.is_empty() && homes.iter().all(|call| call.matches("--volume=").count() == 2), "{homes:?}");
}

#[test]
fn a_container_is_ended_by_its_name() {
    let double = Double::new("podman", "sleep 100", "time-limit = \"200 ms\"");
    double.run("sweep study.toml --quiet").ends(3);
    for what in ["kill --signal=KILL restudy-", "rm --force --ignore restudy-"] {
        assert!(double.calls(what).len() >= 2, "{what}");
    }
    double.place.ends_every_process(Duration::from_secs(5));
    double.place.leaves_nothing(Duration::from_secs(5));
}
