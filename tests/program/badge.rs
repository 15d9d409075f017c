//! The badge of a verification: written if everything is proven, compared on every push.

use std::{fs, process::Command};

use serde_json::Value;

use crate::workspace::{Workspace, assert_same, flat, with};

const WRITE: &str = "verify results/moons --badge moons.svg";
const CHECK: &str = "verify results/moons --badge moons.svg --check";

fn root(place: &Workspace) -> String {
    place.manifest().root.short()
}

/// A folder with results and their badge.
fn badged() -> Workspace {
    let place = Workspace::swept();
    place.run(WRITE).ends(0).says("badge  wrote moons.svg");
    place
}

/// Replaces the results by those of another specification.
fn sweep_anew(place: &Workspace) {
    place.write("moons.toml", with("epochs = 4", "epochs = 5"));
    place.run("sweep moons.toml").ends(0);
}

#[test]
fn proven_results_get_a_badge() {
    let place = Workspace::swept();
    let files = place.files("results");
    place.run(WRITE).ends(0).says("proven").says("badge  wrote moons.svg");
    let badge = place.text("moons.svg");
    assert!(badge.contains(&format!("<title>restudy: 6 runs verified, root {}</title>", root(&place))), "{badge}");
    assert_same(&place.files("results"), &files, "the folder stays as it is");

    let written = fs::metadata(place.path("moons.svg")).unwrap().modified().unwrap();
    place.run(WRITE).ends(0).says("badge  moons.svg is unchanged");
    assert_eq!(fs::metadata(place.path("moons.svg")).unwrap().modified().unwrap(), written);
    place.run(CHECK).ends(0).says("badge  moons.svg is current");
    assert_eq!(place.run(&format!("{CHECK} --quiet")).ends(0).out, "");

    let other = Workspace::swept();
    other.run(&format!("{WRITE} --threads 1 --portable")).ends(0);
    assert_eq!(other.text("moons.svg"), badge, "the same bytes everywhere");
}

#[test]
fn the_badge_of_a_sample_counts_its_runs() {
    let place = badged();
    let whole = place.text("moons.svg");
    let sampled = place.run(&format!("{CHECK} --sample 2")).ends(4);
    let root = root(&place);
    let object = format!(
        "badge  moons.svg is out of date: it says \"6 runs verified, root {root}\", \
         not \"2 of 6 runs verified, root {root}\"; \
         write it with `restudy verify results/moons --badge moons.svg --sample 2`"
    );
    sampled.says("proven: 2 of 6 runs").says(&object);
    assert_eq!(place.text("moons.svg"), whole);

    place.run("verify results/moons --sample 30% --badge moons.svg").ends(0).says("badge  wrote moons.svg");
    assert!(place.text("moons.svg").contains(&format!("<title>restudy: 2 of 6 runs verified, root {root}</title>")));
    place.run(&format!("{CHECK} --sample 2 --sample-seed today")).ends(0);
    for other in ["", "--sample 1", "--sample 100%"] {
        place.run(&format!("{CHECK} {other}")).ends(4).says("is out of date");
    }
}

#[test]
fn unproven_results_get_no_badge() {
    let place = Workspace::swept();
    place.edit("summary.csv", "1", "2");
    let object =
        place.run(WRITE).ends(4).says("badge  moons.svg was neither written nor compared: the verification failed");
    assert!(object.out.contains("NOT proven"), "{}", object.out);
    assert!(!place.path("moons.svg").exists());

    let place = badged();
    let badge = place.text("moons.svg");
    place.edit("report.md", "moons", "moans");
    for words in [WRITE, CHECK] {
        place.run(words).ends(4).says("the verification failed");
        assert_eq!(place.text("moons.svg"), badge, "it stays as it was");
    }
}

#[test]
fn a_badge_that_is_older_than_the_results_is_found() {
    let place = badged();
    let (badge, old) = (place.text("moons.svg"), root(&place));
    sweep_anew(&place);
    let new = root(&place);
    assert_ne!(old, new);
    let object = place.run(CHECK).ends(4).says("proven: 6 of 6 runs");
    let remedy = "restudy verify results/moons --badge moons.svg";
    let expected = format!(
        "badge  moons.svg is out of date: it says \"6 runs verified, root {old}\", \
         not \"6 runs verified, root {new}\"; \
         write it with `{remedy}`"
    );
    object.says(&expected);
    assert_eq!(place.text("moons.svg"), badge, "a check writes nothing");
    place.run(&remedy["restudy ".len()..]).ends(0).says("badge  wrote ");
    place.run(CHECK).ends(0).says("is current");
}

#[test]
fn a_badge_that_is_missing_or_was_edited_is_found() {
    let place = Workspace::swept();
    place.run(CHECK).ends(4).says("badge  moons.svg is missing: it should say \"6 runs verified");
    assert!(!place.path("moons.svg").exists());

    let place = badged();
    let badge = place.text("moons.svg");
    for (from, to) in [("#1a7f37", "#000000"), (">6 runs", ">9 runs"), ("</svg>\n", "</svg>\n\n")] {
        assert!(badge.contains(from));
        place.write("moons.svg", badge.replacen(from, to, 1));
        place.run(CHECK).ends(4).says("is out of date");
    }
    // Line ends of a checkout on Windows.
    place.write("moons.svg", badge.replace('\n', "\r\n"));
    place.run(CHECK).ends(0);
    place.write("moons.svg", [0xff, 0xfe]);
    place.run(CHECK).ends(4).says("it says \"nothing that is a badge\"");
    place.write("moons.svg", "<svg ><title>restudy: \u{1b}[31mred</title>");
    assert!(!place.run(CHECK).ends(4).out.contains('\u{1b}'));
}

#[test]
fn other_files_are_refused_before_anything_is_computed() {
    let place = Workspace::swept();
    place.write("README.md", "# Moons\n");
    let kept = place.files("");
    for (file, why) in [
        ("README.md", "README.md exists and is not a badge of restudy"),
        ("results", "results is not a regular file"),
        ("nowhere/moons.svg", "nowhere/moons.svg is in a folder that does not exist"),
        ("results/moons/moons.svg", "results/moons/moons.svg is inside the results folder"),
        ("results/moons/figures/seeds.svg", "is inside the results folder"),
    ] {
        let object = flat(&place.run(&format!("verify results/moons --badge {file}")).refused(2));
        assert!(object.contains(why) && !object.contains("runs to do"), "{file}: {object}");
    }
    for words in ["verify results/moons --check", "verify --bisect results/moons results/moons --badge moons.svg"] {
        place.run(words).refused(2);
    }
    assert_same(&place.files(""), &kept, "nothing is written");
}

#[test]
fn a_file_that_is_read_only_is_left_alone() {
    let place = badged();
    let badge = place.text("moons.svg");
    sweep_anew(&place);
    let mut permissions = fs::metadata(place.path("moons.svg")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(place.path("moons.svg"), permissions).unwrap();
    let object = flat(&place.run(WRITE).refused(1));
    assert!(object.contains("cannot write moons.svg: it is read-only") && !object.contains("runs to do"), "{object}");
    assert_eq!(place.text("moons.svg"), badge);
    place.run(CHECK).ends(4).says("is out of date");
}

#[test]
fn programs_get_the_state_of_the_badge() {
    let place = Workspace::swept();
    let state = |words: &str, code: i32| {
        let object: Value = serde_json::from_str(&place.run(&format!("{words} --json")).ends(code).out).unwrap();
        assert_eq!(object["badge"]["file"], "moons.svg");
        object["badge"]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(CHECK, 4), "missing");
    assert_eq!(state(WRITE, 0), "written");
    assert_eq!(state(WRITE, 0), "unchanged");
    assert_eq!(state(CHECK, 0), "current");
    assert_eq!(state(&format!("{CHECK} --sample 1"), 4), "stale");
    place.edit("summary.csv", "1", "2");
    assert_eq!(state(CHECK, 4), "unproven");
    let object = place.run("verify results/moons --json");
    assert!(!object.out.contains("badge"), "only where it is asked for: {}", object.out);
}

/// The last step of `action.yml`, as a workflow runs it.
#[cfg(unix)]
#[test]
fn the_action_fails_if_a_run_or_a_badge_differs() {
    let place = Workspace::swept();
    let action = |results: &str, sample: &str| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.github/verify");
        let mut command = Command::new("bash");
        command.arg(script).env("RESTUDY", env!("CARGO_BIN_EXE_restudy")).env("RESULTS", results).env("SAMPLE", sample);
        let output = command.current_dir(place.path("")).env("XDG_CACHE_HOME", place.path("cache")).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = action("results/moons\n", "");
    assert!(code == Some(0) && message.contains("proven: 6 of 6") && !message.contains("badge"), "{message}");
    place.run("verify results/moons --badge results/moons.svg").ends(0);
    let (code, message) = action("\n  results/moons/  \n\n", "");
    assert!(code == Some(0) && message.contains("badge  results/moons.svg is current"), "{message}");
    let (code, message) = action("results/moons", "2");
    assert!(code == Some(4) && message.contains("proven: 2 of 6") && message.contains("is out of date"), "{message}");
    let (code, message) = action("results/nowhere\nresults/moons", "");
    assert!(
        code == Some(2) && message.contains("is current"),
        "one that fails keeps no other from being verified: {message}"
    );
    place.edit("summary.csv", "1", "2");
    let (code, message) = action("results/moons", "");
    assert!(code == Some(4) && message.contains("NOT proven"), "{message}");
    assert_eq!(action(" \n", "").0, Some(2));
}

#[test]
fn the_page_has_commands_that_work_and_inputs_that_exist() {
    let page = include_str!("../../docs/verify-on-push.md");
    let action = include_str!("../../action.yml");
    let place = Workspace::swept();
    let commands: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("restudy ")).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        place.run(&command.replace("results/hidden", "results/moons")).ends(0).says("badge  wrote results/moons.svg");
    }
    let inputs: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("          ")?.split_once(':')).collect();
    assert_eq!(inputs.len(), 3, "{inputs:?}");
    for (name, _) in inputs {
        assert!(action.contains(&format!("\n  {name}:\n    description:")), "action.yml has no input {name}");
    }
    let version = format!("restudy@v{}", env!("CARGO_PKG_VERSION"));
    assert!(page.contains(&version), "`.ci/version` writes the version into the page, too");
}
