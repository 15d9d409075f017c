//! Runs in containers, by podman. `.ci/programs` makes the image and runs these tests.

use std::{
    fs,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::place::Place;

const IMAGE: &str = "localhost/restudy-test:1";

/// The digest of the image.
fn digest() -> String {
    let words = ["image", "inspect", "--format", "{{.Digest}}", IMAGE];
    let output = Command::new("podman").args(words).output().expect("podman, which .ci/programs installs");
    assert!(output.status.success(), "{IMAGE} is made by .ci/programs: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Tests look for containers that were left behind, so one runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A study of a script that runs in a container.
fn contained(script: &str, command: &str, sweep: &str) -> Place {
    Place::with(script, &format!("container = \"{IMAGE}@{}\"\n{command}", digest()), sweep)
}

/// Waits until podman has no container, and no process is left.
#[track_caller]
fn leaves_no_container(place: &Place) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let output = Command::new("podman").args(["ps", "--all", "--quiet"]).output().unwrap();
        let left = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if left.is_empty() {
            break;
        }
        assert!(Instant::now() < until, "containers left behind: {left}");
        std::thread::sleep(Duration::from_millis(100));
    }
    place.ends_every_process(Duration::from_secs(30));
    place.leaves_nothing(Duration::from_secs(30));
}

#[test]
#[ignore = "needs podman and an image: .ci/programs"]
fn runs_in_a_container_see_the_image_and_their_folder() {
    let _alone = alone();
    let script = "[ -e /etc/os-release ] && exit 4\n[ \"$(hostname)\" = restudy ] || exit 5\n\
                  touch /inside 2>/dev/null && exit 6\ngrep -q : /proc/net/dev || exit 7\n\
                  [ $(grep -vc -e lo: -e '|' /proc/net/dev) = 0 ] || exit 8\n\
                  echo kept > kept.txt\necho \"{\\\"loss\\\": 1.$1}\"";
    let place = contained(script, "keep = [\"kept.txt\"]\nversions = [[\"busybox\", \"uname\"]]", "seeds = 2");
    place.run("sweep study.toml --quiet").ends(0);
    place.run("verify results/study --quiet").ends(0);
    let report = place.workspace.text("results/study/report.md");
    assert!(report.contains(&digest()) && report.contains("without network"), "{report}");
    leaves_no_container(&place);
    // Another image is another study; another name of the same image is not.
    let spec = place.workspace.text("study.toml");
    place.workspace.write("study.toml", spec.replace("restudy-test:1@", "restudy-test@"));
    assert_eq!(place.workspace.computed("sweep study.toml"), 0);
}

#[test]
#[ignore = "needs podman and an image: .ci/programs"]
fn a_container_ends_with_its_run() {
    let _alone = alone();
    let script = "trap '' TERM INT\n(trap '' TERM INT; while :; do sleep 1; done) &\nsetsid sleep 1000 &\n\
                  echo \"{\\\"loss\\\": 1}\"\nwhile :; do sleep 1; done";
    let place = contained(script, "time-limit = \"2 s\"", "seeds = 1");
    let said = place.run("sweep study.toml --progress none").ends(3).err;
    assert!(said.contains("time limit"), "{said}");
    leaves_no_container(&place);
    // A killed restudy leaves nothing behind, either.
    let place = contained(script, "", "seeds = 1");
    let mut child = place.command(&["sweep", "study.toml", "--quiet"]).spawn().unwrap();
    let is_running = || {
        let output = Command::new("podman").args(["ps", "--quiet"]).output().unwrap();
        !output.stdout.is_empty()
    };
    let until = Instant::now() + Duration::from_secs(30);
    while !is_running() {
        assert!(Instant::now() < until, "no container has started");
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    leaves_no_container(&place);
}

#[test]
#[ignore = "needs podman and an image: .ci/programs"]
fn what_an_image_lacks_is_said() {
    let _alone = alone();
    let place = contained("", "", "seeds = 1");
    let spec = place.workspace.text("study.toml");
    place.workspace.write("study.toml", spec.replace("\"sh\", ", "\"python3\", "));
    let said = place.run("sweep study.toml --quiet").ends(2).err;
    assert!(said.contains("program.missing") && said.contains("`python3`"), "{said}");
    let other = digest().replace(char::is_alphanumeric, "0");
    let other = other.replacen("000000", "sha256", 1);
    place.workspace.write("study.toml", spec.replace(&digest(), &other));
    let said = place.run("sweep study.toml --quiet").ends(2).err;
    assert!(said.contains("program.container") && said.contains("podman pull"), "{said}");
    assert!(!fs::exists(place.workspace.path("results/study/manifest.json")).unwrap());
    leaves_no_container(&place);
}

#[test]
fn an_image_needs_a_digest_and_a_run_its_own_folder() {
    for (lines, says) in [
        ("container = \"python:3.12\"", "`podman pull python:3.12`"),
        ("container = \"python@sha256:12\"", "an image with its digest"),
        ("hermetic = false\ncontainer = \"a@sha256:@\"", "cannot be false beside `command.container`"),
    ] {
        let place = Place::new("", &lines.replace(":@", &format!(":{}", "0a".repeat(32))));
        let said = place.run("check study.toml").ends(2).err;
        assert!(said.replace("\n  │ ", "").replace("\n        ", " ").contains(says), "{says} is not in {said}");
    }
}
