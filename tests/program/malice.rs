//! Specifications and results from somebody who means harm: nothing outside of the results folder is read, written or removed.

use std::fs;

use restudy::digest::Digest;

use crate::place::{Place, SPEC, assert_same, flat, with};

#[test]
fn figures_are_not_drawn_elsewhere() {
    let place = Place::swept();
    for name in ["../escaped", "/tmp/escaped", "a/b", "..", ".", "", "a\\\\b", "A", "con.txt", "-rf", "a\\u0000b"] {
        let spec = with("[figures.seeds]", &format!("[figures.\"{name}\"]"));
        place.write("moons.toml", &spec);
        let before = place.files("results");
        let message = place.run("sweep moons.toml").refused(2);
        assert!(message.contains("a figure cannot be named"), "{message}");
        assert_same(&place.files("results"), &before, name);
        // The same in a results folder that came from elsewhere.
        place.write("results/moons/study.toml", &spec);
        for words in ["figures results/moons", "verify results/moons", "status results/moons"] {
            place.run(words).refused(2);
        }
        place.write("moons.toml", SPEC);
        place.run("sweep moons.toml --quiet").ends(0);
    }
}

#[test]
fn a_manifest_names_files_of_its_folder_only() {
    for path in ["../../secret.txt", "figures/../../../secret.txt", "/etc/hostname", "..", "./../secret"] {
        let place = Place::swept();
        place.write("secret.txt", "mine");
        let mut manifest = place.manifest();
        manifest.files.insert(path.into(), Digest::of(b"mine"));
        let forged = manifest.to_text();
        place.write("results/moons/manifest.json", &forged);
        for words in
            ["verify results/moons", "verify results/moons --sample 1", "status results/moons", "figures results/moons"]
        {
            let message = place.run(words).refused(2);
            assert!(flat(&message).contains("which is not a file of its folder"), "{message}");
        }
        place.run("sweep moons.toml --quiet").ends(0);
        assert_eq!(place.text("secret.txt"), "mine", "{path}");
        assert_same(&place.answers("results/moons"), &Place::swept().answers("results/moons"), path);

        let mut manifest = place.manifest();
        let entry = manifest.tables["runs"].clone();
        manifest.tables.insert(format!("../{path}"), entry);
        place.write("results/moons/manifest.json", manifest.to_text());
        place.run("verify results/moons --sample 1").refused(2);
    }
}

#[test]
fn stale_files_are_removed_only_where_figures_are() {
    let place = Place::swept();
    let mut manifest = place.manifest();
    for path in ["notes.md", "figures/old.svg", "figures/deeper/kept.svg"] {
        place.write(&format!("results/moons/{path}"), "mine");
        manifest.files.insert(path.into(), Digest::of(b"mine"));
    }
    place.write("results/moons/manifest.json", manifest.to_text());
    place.write("moons.toml", with("forty", "40"));
    place.run("sweep moons.toml --quiet").ends(0);
    assert!(!place.path("results/moons/figures/old.svg").exists(), "an old figure goes");
    assert!(
        place.path("results/moons/notes.md").exists() && place.path("results/moons/figures/deeper/kept.svg").exists()
    );
}

#[test]
fn a_specification_in_results_that_points_elsewhere() {
    let place = Place::swept();
    let data =
        "[data.double-moon]\ntrain = 40\nvalidation = 40\nseed = 0\nradius = 2.0\nnoise = 0.6\noffset = [0.8, -1.8]";
    for file in ["/dev/zero", "/dev/random", "/proc/self/mem", "/", "..", "manifest.json"] {
        let text = Place::swept().text("results/moons/study.toml");
        assert!(text.contains(data), "{text}");
        place.write(
            "results/moons/study.toml",
            text.replace(data, &format!("[data.csv]\nfile = \"{file}\"\nlabel = \"x\"")),
        );
        for words in ["verify results/moons", "figures results/moons", "show results/moons"] {
            let message = place.run(words).refused(2);
            assert!(!message.is_empty());
        }
        place.run("plan moons.toml").ends(0);
    }
}

#[cfg(unix)]
#[test]
fn a_specification_without_end() {
    if !std::path::Path::new("/dev/zero").exists() {
        return;
    }
    let place = Place::swept();
    assert!(place.run("check /dev/zero").refused(2).contains("is larger than 16 MB"));
    fs::remove_file(place.path("results/moons/study.toml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", place.path("results/moons/study.toml")).unwrap();
    assert!(place.run("verify results/moons").refused(2).contains("is not a regular file"));
}

#[test]
fn a_name_that_looks_like_a_command() {
    let place = Place::new(SPEC);
    place.write("$(touch owned).toml", SPEC);
    place.run_words(&["sweep", "$(touch owned).toml", "--quiet"]).ends(0);
    place.run_words(&["verify", "results/$(touch owned)"]).ends(0);
    let message = place.run_words(&["sweep", "moons.toml", "--set", "model.hidden=\u{1b}[2J"]).refused(2);
    assert!(!message.is_empty());
}

#[test]
fn different_results_of_one_run_are_said_by_whoever_looks() {
    let place = Place::swept();
    let folder = place.path("results/moons");
    let (runs, _) = restudy::store::load(&folder).unwrap();
    let mut other = runs.values().next().unwrap().clone();
    other.outcome = restudy::train::Outcome::Converged { epoch: 4 };
    place.write("results/moons/segments/other.seg", restudy::store::segment::encode([&other]));
    for words in ["show results/moons", "plan moons.toml"] {
        let answer = place.run(words);
        assert!(answer.err.contains("it holds different results of run"), "{words}: {}", answer.err);
    }
    place.run("sweep moons.toml").ends(4);
}
