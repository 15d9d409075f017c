//! Failing disks: every fault ends with one message and exit code 1 and leaves the store valid; without the fault, the
//! same command ends at the right bytes.
//!
//! Some faults are real: a file system without room, one without inodes, a read-only one, a folder of another user, a
//! limit on the size of files. Faults of single system calls (EIO, EDQUOT, ENOSPC at the n-th write, sync, rename, open
//! or mkdir) are injected by `strace`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

use crate::{
    kills::answers,
    workspace::{Answer, Files, SPEC, Workspace, assert_same},
};

/// Runs a shell script in the folder; `$RESTUDY` is the program.
fn script(place: &Workspace, through: &[&str], script: &str) -> Output {
    let mut words = through.to_vec();
    words.extend(["sh", "-c", script]);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(place.path("")).env("NO_COLOR", "1");
    command.env("RESTUDY", env!("CARGO_BIN_EXE_restudy"));
    command.output().unwrap_or_else(|error| panic!("NOT CHECKED: {} cannot be run: {error}", words[0]))
}

fn answer(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Asserts exit code 1 and one message with the words of the system and a remedy.
#[track_caller]
fn one_message(output: &Output, words: &str, when: &str) {
    let answer = answer(output);
    assert_eq!(answer.code, Some(1), "{when}: out {} err {} {}", answer.out, answer.err, output.status);
    let err = crate::workspace::flat(&answer.err);
    assert_eq!(err.matches('×').count(), 1, "{when}: one message: {err}");
    assert!(err.contains(words) && err.contains("help:"), "{when}: {err}");
    assert!(!err.contains("panicked") && !err.contains("has a bug"), "{when}: {err}");
}

/// The results of an undisturbed sweep.
fn expected() -> Files {
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --quiet").ends(0);
    answers(&place, "results/moons")
}

/// Asserts that committed runs are stored, and that the same command ends at the right bytes.
#[track_caller]
fn resumes(place: &Workspace, expected: &Files, when: &str) {
    place.run("plan moons.toml").ends(0);
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&answers(place, "results/moons"), expected, when);
    place.run("verify results/moons --quiet").ends(0);
}

/// Fails if namespaces are not available.
fn require_namespace() {
    let can = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    assert!(can.is_ok_and(|output| output.status.success()), "NOT CHECKED: needs root, `unshare -m` and tmpfs");
}

/// Sweeps on a small file system until it is full, makes room, and sweeps again; the results are then copied.
fn full(options: &str, room: &str) -> bool {
    let place = Workspace::new(SPEC);
    fs::create_dir(place.path("results")).unwrap();
    let on_small = format!(
        "mount -t tmpfs -o {options} none results || exit 99
        $RESTUDY sweep moons.toml --progress none; code=$?
        mount -o remount,{room} results || exit 99
        $RESTUDY plan moons.toml >/dev/null || exit 98
        cp -a results kept && exit $code"
    );
    let output = script(&place, &["unshare", "-m"], &on_small);
    if output.status.success() {
        return false;
    }
    one_message(&output, "No space left on device", options);
    assert!(answer(&output).err.contains("free disk space and repeat the command"), "{options}");
    // Copy the files of the full disk to another one.
    fs::remove_dir(place.path("results")).unwrap();
    fs::rename(place.path("kept"), place.path("results")).unwrap();
    resumes(&place, &expected(), options);
    true
}

#[test]
#[ignore = "needs root for namespaces and mounts: run by .ci/robustness"]
fn full_after_every_page() {
    require_namespace();
    let pages = (1..).step_by(2).take_while(|pages| full(&format!("size={}k", 4 * pages), "size=100m")).count();
    let names = (2..).take_while(|names| full(&format!("size=100m,nr_inodes={names}"), "nr_inodes=1000")).count();
    eprintln!("full at {pages} sizes and {names} numbers of files");
    assert!(pages > 10 && names > 5, "the disk was full at several places: {pages}, {names}");
}

#[test]
#[ignore = "needs root for namespaces and mounts: run by .ci/robustness"]
fn read_only() {
    require_namespace();
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --quiet --set sweep.seeds=2").ends(0);
    let on_read_only = "mount --bind results results && mount -o remount,bind,ro results || exit 99
        $RESTUDY status results/moons > /dev/null || exit 98
        $RESTUDY verify results/moons --quiet || exit 98
        $RESTUDY sweep moons.toml --progress none";
    let before = place.files("results");
    one_message(&script(&place, &["unshare", "-m"], on_read_only), "Read-only file system", "read-only");
    assert_same(&place.files("results"), &before, "nothing can have changed");
    resumes(&place, &expected(), "read-only");
}

#[test]
#[ignore = "needs root to become another user: run by .ci/robustness"]
fn without_permission() {
    let as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    for locked in
        ["results", "results/moons", "results/moons/segments", "results/moons/figures", "results/moons/journal"]
    {
        let place = Workspace::new(SPEC);
        let who = script(&place, &as_nobody, "id -u");
        assert_eq!(who.stdout, b"65534\n", "NOT CHECKED: needs root and `setpriv`");
        let open = |path: &str, mode| fs::set_permissions(place.path(path), fs::Permissions::from_mode(mode)).unwrap();
        open("", 0o755);
        if locked == "results" {
            fs::create_dir(place.path(locked)).unwrap();
        } else {
            place.run("sweep moons.toml --quiet --set sweep.seeds=2").ends(0);
            ["", "/segments", "/figures", "/journal"]
                .iter()
                .for_each(|folder| open(&format!("results/moons{folder}"), 0o777));
            place.files("results/moons").keys().for_each(|file| open(&format!("results/moons/{file}"), 0o666));
        }
        open(locked, 0o555);
        let output = script(&place, &as_nobody, "$RESTUDY sweep moons.toml --progress none");
        one_message(&output, "Permission denied", locked);
        assert!(answer(&output).err.contains("check the permissions"), "{locked}");
        open(locked, 0o777);
        let output = script(&place, &as_nobody, "$RESTUDY sweep moons.toml --quiet");
        answer(&output).ends(0);
        assert_same(&answers(&place, "results/moons"), &expected(), locked);
    }
}

#[test]
fn a_limit_on_the_size_of_files() {
    // In blocks of 512 bytes. The signal that the system sends first must not end the program.
    for blocks in [0, 1, 4, 8, 20, 40] {
        let place = Workspace::new(SPEC);
        let output =
            script(&place, &[], &format!("ulimit -f {blocks}; exec $RESTUDY sweep moons.toml --progress none"));
        one_message(&output, "File too large", &format!("{blocks} blocks"));
        if blocks == 1 {
            // Some runs fit into a file, but their journal entries do not, so that their origin is unknown.
            place.run("sweep moons.toml --quiet").ends(0);
            let version = place.manifest().restudy;
            assert!(version.contains("+dirty.") || version.ends_with("+unknown"), "{version}");
            place.run("verify results/moons --quiet").ends(0);
            continue;
        }
        resumes(&place, &expected(), &format!("{blocks} blocks"));
    }
}

/// Injects a fault into the n-th call of one kind; returns false once there are fewer calls.
fn fault(call: &str, errno: &str, nth: u32) -> bool {
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --quiet --set sweep.seeds=2").ends(0);
    let kept = place.run("plan moons.toml --json").ends(0).out;
    // A quiet sweep writes, renames and makes folders only in its results.
    let traced = format!(
        "strace -f -qq -o trace -e trace={call} -e inject={call}:error={errno}:when={nth} \
         $RESTUDY sweep moons.toml --quiet --progress none --threads 1"
    );
    let output = script(&place, &[], &traced);
    let trace = fs::read_to_string(place.path("trace")).unwrap_or_default();
    assert!(!answer(&output).err.contains("strace:"), "NOT CHECKED: {}", answer(&output).err);
    if !trace.contains("INJECTED") {
        assert!(output.status.success(), "{call} {errno} {nth}: {}", answer(&output).err);
        return false;
    }
    let when = format!("{call}, {errno}, number {nth}");
    if output.status.success() {
        // The failure of this call need not be reported; but then the results are right.
        assert_same(&answers(&place, "results/moons"), &expected(), &when);
    } else {
        let words = match errno {
            "EIO" => "Input/output error",
            "EDQUOT" => "Disk quota exceeded",
            _ => "No space left on device",
        };
        // Calls are counted per thread, so that the call that writes the message may fail.
        if trace.lines().any(|line| line.contains("write(2,") && line.contains("INJECTED")) {
            assert_eq!(output.status.code(), Some(1), "{when}");
        } else {
            one_message(&output, words, &when);
        }
    }
    let now: serde_json::Value = serde_json::from_str(&place.run("plan moons.toml --json").ends(0).out).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert!(now["cached"].as_u64() >= kept["cached"].as_u64(), "{when}: what was committed is there");
    resumes(&place, &expected(), &when);
    true
}

#[test]
#[ignore = "needs strace: run by .ci/robustness"]
fn single_calls() {
    assert!(Command::new("strace").arg("-V").output().is_ok(), "NOT CHECKED: needs strace");
    let mut report = Vec::new();
    for (call, errno) in [
        ("write", "EIO"),
        ("write", "EDQUOT"),
        ("fsync", "EIO"),
        ("fsync", "EDQUOT"),
        ("/^rename", "EIO"),
        ("mkdir", "ENOSPC"),
        ("unlink", "EIO"),
    ] {
        let faults = (1..).take_while(|&nth| fault(call, errno, nth)).count();
        report.push(format!("{call} {errno} {faults}"));
        assert!(faults > 0 || call == "mkdir", "{call} was never called");
    }
    eprintln!("faults: {}", report.join(", "));
}
