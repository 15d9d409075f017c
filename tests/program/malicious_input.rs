//! Malicious specifications and results: nothing outside of the results folder is read, written or removed.

use std::fs;

use restudy::{
    digest::{Digest, Record, kept, last_link},
    model::Params,
    results::Manifest,
    store::{self, segment},
};

use crate::workspace::{SPEC, Workspace, assert_same, flat, with};

#[test]
fn figures_are_not_drawn_elsewhere() {
    let place = Workspace::swept();
    for name in ["../escaped", "/tmp/escaped", "a/b", "..", ".", "", "a\\\\b", "A", "con.txt", "-rf", "a\\u0000b"] {
        let spec = with("[figures.seeds]", &format!("[figures.\"{name}\"]"));
        place.write("moons.toml", &spec);
        let before = place.files("results");
        let message = place.run("sweep moons.toml").refused(2);
        assert!(message.contains("a figure cannot be named"), "{message}");
        assert_same(&place.files("results"), &before, name);
        // The same in a results folder from an untrusted source.
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
        let place = Workspace::swept();
        place.write("secret.txt", "mine");
        let mut manifest = place.manifest();
        manifest.files.insert(path.into(), Digest::of(b"mine"));
        let forged = manifest.to_text();
        place.write("results/moons/manifest.json", &forged);
        for words in
            ["verify results/moons", "verify results/moons --sample 1", "status results/moons", "figures results/moons"]
        {
            let message = place.run(words).refused(4);
            assert!(flat(&message).contains("which is not a file of its folder"), "{message}");
        }
        place.run("sweep moons.toml --quiet").ends(0);
        assert_eq!(place.text("secret.txt"), "mine", "{path}");
        assert_same(&place.answers("results/moons"), &Workspace::swept().answers("results/moons"), path);

        let mut manifest = place.manifest();
        let entry = manifest.tables["runs"].clone();
        manifest.tables.insert(format!("../{path}"), entry);
        place.write("results/moons/manifest.json", manifest.to_text());
        place.run("verify results/moons --sample 1").refused(4);
    }
}

#[test]
fn stale_files_are_removed_only_where_figures_are() {
    let place = Workspace::swept();
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
fn a_stored_specification_with_paths_outside() {
    let place = Workspace::swept();
    let data =
        "[data.double-moon]\ntrain = 40\nvalidation = 40\nseed = 0\nradius = 2.0\nnoise = 0.6\noffset = [0.8, -1.8]";
    for file in ["/dev/zero", "/dev/random", "/proc/self/mem", "/", "..", "manifest.json"] {
        let text = Workspace::swept().text("results/moons/study.toml");
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
    let place = Workspace::swept();
    assert!(place.run("check /dev/zero").refused(2).contains("is larger than 16 MB"));
    fs::remove_file(place.path("results/moons/study.toml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", place.path("results/moons/study.toml")).unwrap();
    assert!(place.run("verify results/moons").refused(2).contains("is not a regular file"));
}

#[test]
fn a_name_that_looks_like_a_command() {
    let place = Workspace::new(SPEC);
    place.write("$(touch owned).toml", SPEC);
    place.run_words(&["sweep", "$(touch owned).toml", "--quiet"]).ends(0);
    place.run_words(&["verify", "results/$(touch owned)"]).ends(0);
    let message = place.run_words(&["sweep", "moons.toml", "--set", "model.hidden=\u{1b}[2J"]).refused(2);
    assert!(!message.is_empty());
}

#[test]
fn every_command_reports_different_results_of_one_run() {
    let place = Workspace::swept();
    let folder = place.path("results/moons");
    let (runs, _) = store::load(&folder).unwrap();
    let mut other = runs.values().next().unwrap().clone();
    other.outcome = restudy::train::Outcome::Converged { epoch: 4 };
    place.write("results/moons/segments/other.seg", segment::encode([&other]));
    for words in ["plan moons.toml", "show results/moons"] {
        let answer = place.run(words).ends(4);
        assert!(answer.err.contains("segments/other.seg: it has another digest of run"), "{}", answer.err);
    }
    // Without a manifest that decides, neither is shown.
    fs::remove_file(folder.join("manifest.json")).unwrap();
    let answer = place.run("plan moons.toml").ends(4).says("5 runs stored in results/moons");
    assert!(answer.err.contains("segments: it has different results of run"), "{}", answer.err);
    let answer = place.run("show results/moons --runs").ends(4);
    assert!(answer.err.contains("segments: it has different results of run"), "{}", answer.err);
    assert_eq!(answer.out.lines().count(), 3 + 5);
    place.run("status results/moons --json").ends(4).says("it has different results of run");
    place.run("sweep moons.toml").ends(4);
}

#[test]
fn a_study_is_not_proven_outside_of_its_folder() {
    let place = Workspace::swept();
    for study in
        [place.path("evil").display().to_string(), "../evil".into(), "results/evil".into(), "evil\u{1b}[2J".into()]
    {
        let manifest = Manifest { study, ..place.manifest() };
        place.write("results/moons/manifest.json", manifest.to_text());
        let before = place.files(".");
        let message = place.run("proof hidden=3,seed=1 results/moons").refused(4);
        assert!(flat(&message).contains("is no valid file name"), "{message}");
        assert_same(&place.files("."), &before, &manifest.study);
        place.run("verify results/moons").refused(4);
        place.run("sweep moons.toml --quiet").ends(0);
    }
}

#[test]
fn no_text_controls_the_terminal() {
    let place = Workspace::swept();
    place.run("sweep moons.toml --quiet --results other").ends(0);
    let mut manifest = place.manifest();
    for label in ["0\u{1b}]0;owned\u{7}\rmine", "0\nmine", "0\u{202e}mine"] {
        let named = Manifest { restudy: label.into(), ..manifest.clone() };
        place.write("results/moons/manifest.json", named.to_text());
        for words in ["diff results/moons other/moons", "status results/moons", "verify results/moons"] {
            let message = flat(&place.run(words).refused(4));
            assert!(message.contains("`restudy` is \"0\\"), "{words}: {message}");
            assert!(!message.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{message:?}");
        }
    }
    manifest.files.insert("../\u{1b}[2Jx\u{8}".into(), Digest::of(b""));
    place.write("results/moons/manifest.json", manifest.to_text());
    let message = place.run("verify results/moons").refused(4);
    assert!(flat(&message).contains("../?[2Jx?"), "{message:?}");
}

/// Replaces the segments by one with a changed first run, and with valid digests.
fn forge(place: &Workspace, change: impl FnOnce(&mut Record)) {
    let folder = place.path("results/moons");
    let mut records: Vec<_> = store::load(&folder).unwrap().0.into_values().collect();
    let record = &mut records[0];
    change(record);
    let previous = record.chain[record.chain.len() - 2];
    let parameters: Vec<_> = record.kept.values.clone();
    *record.chain.last_mut().unwrap() = last_link(previous, record.observations.last().unwrap(), Some(&parameters));
    fs::remove_dir_all(folder.join("segments")).unwrap();
    let bytes = segment::encode(&records);
    place.write(&format!("results/moons/segments/{}", segment::file_name(&bytes)), bytes);
}

#[test]
fn a_run_of_impossible_shape_is_damage() {
    for shape in 0..4 {
        let place = Workspace::swept();
        forge(&place, |record| match shape {
            0 => _ = record.kept.values.remove(0),
            1 => record.kept.values.extend([0.0; 50]),
            2 => record.kept.shapes[0][1] = 0,
            _ => _ = record.observations.last_mut().unwrap().values.pop(),
        });
        let answer = place.run("sweep moons.toml").ends(0);
        assert!(answer.err.contains("its intact runs are kept"), "{}", answer.err);
        let mut found = place.answers("results/moons");
        found.retain(|path, _| !path.ends_with(".damaged"));
        assert_same(&found, &Workspace::swept().answers("results/moons"), &shape.to_string());
    }
}

#[test]
fn a_run_of_another_shape_is_refused() {
    for shape in 0..3 {
        let place = Workspace::swept();
        forge(&place, |record| match shape {
            0 => record.kept = kept(&Params::zeros(2, 7)),
            1 => record.kept = kept(&Params::zeros(3, record.kept.shapes[0][0])),
            _ => record.observations.iter_mut().for_each(|point| {
                point.values.remove(3);
                point.values.remove(1);
            }),
        });
        let before = place.files("results");
        let message = place.run("sweep moons.toml").refused(4);
        assert!(flat(&message).contains("has a result that does not match its settings"), "{message}");
        assert_same(&place.files("results"), &before, &shape.to_string());
    }
}

#[test]
#[cfg(unix)]
fn names_that_are_not_text_are_accepted() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let place = Workspace::new(SPEC);
    let odd = OsStr::from_bytes(b"d\xff");
    let mut command = place.command(&["sweep", "moons.toml", "--quiet", "--results"]);
    let answer = command.arg(odd).output().unwrap();
    assert_eq!(answer.status.code(), Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
    assert!(place.path("").join(odd).join("moons/manifest.json").is_file());
    // A shard prints the command that continues, as well as its arguments can be shown.
    let mut command = place.command(&["sweep", "moons.toml", "--shard", "1/2", "--set", "sweep.seeds=4", "--results"]);
    let answer = command.arg(odd).output().unwrap();
    assert_eq!(answer.status.code(), Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
}
