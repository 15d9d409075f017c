//! A machine that cannot do what it is asked: no permission, no room.

use std::{fs, path::Path, process::Command};

use insta::assert_snapshot;

use crate::place::{Place, SPEC, assert_same};

#[test]
fn results_that_cannot_be_written() {
    let place = Place::new(SPEC);
    assert_snapshot!("unwritable_proc", place.run("sweep moons.toml --results /proc/nowhere").refused(1));
    assert_snapshot!("unwritable_device", place.run("sweep moons.toml --results /dev/null").refused(2));
    // A full disk or a read-only one does not hinder those who only look.
    let place = Place::swept();
    place.run("status results/moons").ends(0);
}

/// A small file system of its own, as long as it lives.
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
fn a_full_disk_keeps_what_is_there_and_the_same_command_goes_on() {
    let place = Place::swept();
    let expected = place.answers("results/moons");
    for room in ["4k", "40k", "72k", "120k"] {
        let Some(mount) = Mount::new(&place.path("small"), &format!("size={room}")) else { return };
        let message = place.run("sweep moons.toml --results small --progress none").refused(1);
        assert!(message.contains("No space left on device"), "{message}");
        assert!(message.contains("make room and run the same command again"), "{message}");
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
fn a_read_only_disk() {
    let place = Place::swept();
    let Some(mount) = Mount::new(&place.path("small"), "size=10m") else { return };
    place.run("sweep moons.toml --results small --quiet").ends(0);
    fs::remove_file(place.path("small/moons/figures/seeds.svg")).unwrap();
    mount.remount("ro");
    let before = place.files("small");
    assert_snapshot!("read_only", place.run("sweep moons.toml --results small --set sweep.seeds=4").refused(1));
    place.run("figures small/moons").refused(1);
    for words in ["verify small/moons", "status small/moons", "show small/moons", "plan moons.toml --results small"] {
        place.run(words).ends(0);
    }
    place.run("figures small/moons --check").ends(4);
    assert_same(&place.files("small"), &before, "nothing can have changed");
}
