//! Limits of the machine: no permission, no room.

use std::{fs, path::Path, process::Command};

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, assert_same, flat, with};

#[test]
fn results_that_cannot_be_written() {
    let place = Workspace::new(SPEC);
    assert_snapshot!("unwritable_proc", place.run("sweep moons.toml --results /proc/nowhere").refused(1));
    assert_snapshot!("unwritable_device", place.run("sweep moons.toml --results /dev/null").refused(2));
    // A full or read-only disk does not affect commands that only read.
    let place = Workspace::swept();
    place.run("status results/moons").ends(0);
}

/// A small mounted file system, unmounted when dropped.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        let done = mount
            .args(["-t", "tmpfs", "-o", options, "none"])
            .arg(at)
            .output()
            .is_ok_and(|output| output.status.success());
        if !done {
            eprintln!("SKIPPED: only root can mount a file system");
        }
        done.then(|| Self(at.into()))
    }

    fn remount(&self, options: &str) {
        assert!(
            Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status().unwrap().success()
        );
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_keeps_files_and_the_same_command_continues() {
    let place = Workspace::swept();
    let expected = place.answers("results/moons");
    for room in ["4k", "40k", "72k", "120k"] {
        let Some(mount) = Mount::new(&place.path("small"), &format!("size={room}")) else { return };
        let message = place.run("sweep moons.toml --results small --progress none").refused(1);
        assert!(message.contains("No space left on device"), "{message}");
        assert!(message.contains("free disk space and repeat the command"), "{message}");
        assert!(!message.contains(".writing-"), "the message contains no temporary name: {message}");
        mount.remount("size=10m");
        place.run("sweep moons.toml --results small --quiet").ends(0);
        let mut after = place.answers("small/moons");
        let study = after.remove("study.toml").unwrap();
        assert_eq!(Some(&study), expected.get("study.toml"));
        after.insert("study.toml".into(), study);
        assert_same(&after, &expected, room);
    }
}

#[test]
fn a_disk_that_fills_up_keeps_the_runs_that_fit() {
    // About 6 kB a run, all committed together at the end.
    let spec = with("epochs = 4", "epochs = 50").replace("seeds = 3", "seeds = 40");
    let whole = Workspace::new(&spec);
    whole.run("sweep moons.toml --quiet").ends(0);
    let place = Workspace::new(&spec);
    let Some(mount) = Mount::new(&place.path("small"), "size=256k") else { return };
    let message = place.run("sweep moons.toml --results small --progress none").refused(1);
    assert!(message.contains("No space left on device"), "{message}");
    assert!(message.contains("free disk space and repeat the command"), "{message}");
    let plan: serde_json::Value =
        serde_json::from_str(&place.run("plan moons.toml --results small --json").ends(0).out).unwrap();
    let kept = plan["cached"].as_u64().unwrap();
    assert!((20..80).contains(&kept), "a disk with room for half of the runs holds {kept} of 80");
    mount.remount("size=10m");
    let answer = place.run("sweep moons.toml --results small --json --progress none").ends(0);
    let answer: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(answer["computed"], 80 - kept);
    assert_same(&place.answers("small/moons"), &whole.answers("results/moons"), "in two pieces");
}

#[test]
fn a_read_only_disk() {
    let place = Workspace::swept();
    let Some(mount) = Mount::new(&place.path("small"), "size=10m") else { return };
    place.run("sweep moons.toml --results small --quiet").ends(0);
    mount.remount("ro");
    place.run("sweep moons.toml --results small").ends(0).says("nothing to do");
    mount.remount("rw");
    fs::remove_file(place.path("small/moons/figures/seeds.svg")).unwrap();
    mount.remount("ro");
    let before = place.files("small");
    place.run("sweep moons.toml --results small").refused(1);
    assert_snapshot!("read_only", place.run("sweep moons.toml --results small --set sweep.seeds=4").refused(1));
    for words in ["new small/other.toml", "proof hidden=3,seed=1 small/moons -o small/run.json"] {
        let printed = flat(&place.run(words).refused(1));
        assert!(printed.contains("choose another place") && !printed.contains("--results"), "{printed}");
    }
    let refuses = |command: &str| {
        let printed = flat(&place.run(&format!("{command} small/moons")).refused(1));
        assert!(printed.contains("cannot write to the results folder small/moons: "), "{printed}");
        assert!(printed.contains(&format!("`restudy {command} small/moons --output DIR`")), "{printed}");
        place.run(&format!("{command} small/moons --output elsewhere-{command}")).ends(0);
    };
    refuses("figures");
    // The report is current.
    place.run("report small/moons").ends(0);
    for words in ["verify small/moons", "status small/moons", "show small/moons", "plan moons.toml --results small"] {
        place.run(words).ends(0);
    }
    place.run("figures small/moons --check").ends(4);
    assert_same(&place.files("small"), &before, "nothing changes on a read-only disk");
    mount.remount("rw");
    fs::write(place.path("small/moons/report.md"), "else").unwrap();
    mount.remount("ro");
    refuses("report");
}

#[cfg(unix)]
#[test]
fn results_have_the_permissions_of_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let place = Workspace::new(SPEC);
    for (umask, wanted) in [("077", 0o600), ("022", 0o644), ("002", 0o664)] {
        let line = format!(
            "umask {umask}; exec '{}' sweep moons.toml --quiet --results {umask}",
            env!("CARGO_BIN_EXE_restudy")
        );
        let mut command = Command::new("sh");
        assert!(command.args(["-c", &line]).current_dir(place.path("")).status().unwrap().success());
        for file in ["manifest.json", "runs.parquet", "figures/seeds.svg", "segments/index"] {
            let mode = fs::metadata(place.path(&format!("{umask}/moons/{file}"))).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, wanted, "{file} under {umask}");
        }
    }
}
