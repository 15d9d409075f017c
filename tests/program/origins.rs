//! The origin of runs: reports on unknown origins and damaged journals.

use std::fs;

use crate::workspace::{Workspace, assert_same};

/// A study whose first half was computed by another process.
fn half() -> Workspace {
    let place = Workspace::new(crate::workspace::SPEC);
    place.run("sweep moons.toml --shard 1/2 --quiet").ends(0);
    place
}

/// Whether the manifest has an unmarked version; false if this program is built from changed sources, whose mark comes
/// first.
fn is_clean(place: &Workspace) -> bool {
    let clean = !place.manifest().restudy.contains("+dirty.");
    if !clean {
        eprintln!("NOT TESTED: unknown origins, since this program is built from changed sources");
    }
    clean
}

/// The sources of the program in the journal.
fn sources(place: &Workspace) -> [serde_json::Value; 3] {
    let file = fs::read_dir(place.path("results/moons/journal")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(file).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    ["commit", "dirty", "patch"].map(|key| line["origin"][key].clone())
}

#[test]
fn a_hook_of_another_repository_does_not_mark_this_program() {
    let place = Workspace::swept();
    let expected = sources(&place);
    let other = Workspace::new(crate::workspace::SPEC);
    other.write("Cargo.toml", "of the other repository");
    let git = |words: &[&str]| {
        let own = ["-c", "user.name=a", "-c", "user.email=a@b"];
        let done = std::process::Command::new("git").current_dir(other.path("")).args(own).args(words).output();
        done.is_ok_and(|output| output.status.success())
    };
    if !(git(&["init", "-q"]) && git(&["add", "Cargo.toml"]) && git(&["commit", "-q", "-m", "x"])) {
        eprintln!("NOT TESTED: a hook of another repository, since git cannot make one here");
        return;
    }
    let mut command = other.command(&["sweep", "moons.toml", "--quiet"]);
    command.env("GIT_DIR", other.path(".git")).env("GIT_INDEX_FILE", other.path(".git/index"));
    assert!(command.status().unwrap().success());
    assert_eq!(sources(&other), expected);
}

#[test]
fn runs_in_no_journal_and_no_manifest_are_marked() {
    let (place, known) = (half(), half());
    fs::remove_dir_all(place.path("results/moons/journal")).unwrap();
    for place in [&place, &known] {
        place.run("sweep moons.toml --quiet").ends(0);
    }
    assert_same(&known.answers("results/moons"), &Workspace::swept().answers("results/moons"), "in two parts");
    if !is_clean(&known) {
        return;
    }
    assert_eq!(place.manifest().restudy, format!("{}+unknown", known.manifest().restudy));
    let words = "no journal says which process computed some of the runs";
    place.run("status results/moons").ends(0).says(words);
    assert!(!known.run("status results/moons").ends(0).out.contains(words));
    assert!(place.text("results/moons/report.md").contains("no journal has them"));
    place.run("verify results/moons -q").ends(0);
    // Nothing is to be done, and rendering changes nothing: the origin is still unknown.
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    place.run("sweep moons.toml --quiet --set sweep.seeds=4").ends(0);
    place.run("sweep moons.toml --quiet").ends(0);
    assert!(place.manifest().restudy.ends_with("+unknown"));
    // A manifest with the run knows its origin, without any journal.
    fs::remove_dir_all(known.path("results/moons/journal")).unwrap();
    known.run("sweep moons.toml --quiet --set sweep.seeds=4").ends(0);
    assert!(!known.manifest().restudy.contains('+'), "{}", known.manifest().restudy);
}

#[test]
fn a_changed_line_of_the_journal_is_reported() {
    let place = half();
    let file = fs::read_dir(place.path("results/moons/journal")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, whole.replacen("\"runs\":{\"", "\"runs\":{ \"", 1)).unwrap();
    let words = "a line of the journal was changed or cut off";
    for command in ["status moons.toml", "sweep moons.toml --progress none", "status results/moons"] {
        let answer = place.run(command).ends(0);
        assert!(answer.err.contains(words), "{command}: {}", answer.err);
    }
    if is_clean(&place) {
        assert!(place.manifest().restudy.ends_with("+unknown"), "the content of the changed line is unknown");
    }
    fs::write(&file, whole).unwrap();
    assert!(!place.run("status results/moons").ends(0).err.contains(words));
}
