//! The commands that messages advise work, on the folder that was named.

use std::fs;

use crate::{
    stored_runs::{forge, last},
    workspace::{Workspace, flat},
};

/// The first command between backticks that begins with these words.
fn quoted(text: &str, begins: &str) -> String {
    let text = flat(text);
    let command = text.split('`').skip(1).step_by(2).find(|command| command.starts_with(begins));
    command.unwrap_or_else(|| panic!("no `{begins}` in {text}")).to_owned()
}

fn follow(place: &Workspace, command: &str) {
    place.run(&format!("{} --progress none", command.strip_prefix("restudy ").unwrap())).ends(0);
}

/// Copies the results to a folder of another name.
fn copied(place: &Workspace, folder: &str) {
    for (path, bytes) in place.files("results/moons") {
        place.write(&format!("{folder}/{path}"), bytes);
    }
}

#[test]
fn advice_for_a_renamed_or_copied_folder_repairs_that_folder() {
    for (folder, from) in [("elsewhere/b", ""), ("results/b", ""), ("elsewhere/b", "elsewhere"), ("b", "b")] {
        for words in ["show FOLDER", "show FOLDER --runs", "compare FOLDER hidden=1 hidden=3", "figures FOLDER"] {
            let place = Workspace::swept();
            copied(&place, folder);
            fs::remove_dir_all(place.path(&format!("{folder}/segments"))).unwrap();
            fs::remove_file(place.path(&format!("{folder}/runs.parquet"))).unwrap();
            let (original, spec) = (place.files("results/moons"), place.text("moons.toml"));
            let named = if from == folder { "." } else { folder.strip_prefix(&format!("{from}/")).unwrap_or(folder) };
            let run = |words: &str| {
                let mut command = place.command(&words.split_whitespace().collect::<Vec<_>>());
                let output = command.current_dir(place.path(from)).output().unwrap();
                String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
            };
            let printed = run(&words.replace("FOLDER", named));
            assert!(flat(&printed).contains("which renames the study from moons to b"), "{printed}");
            let advised = quoted(&printed, "restudy sweep");
            run(&format!("{} --progress none", advised.strip_prefix("restudy ").unwrap()));
            assert!(place.path(&format!("{folder}/runs.parquet")).exists(), "{words}: {advised} from {from}");
            place.run(&format!("verify {folder} --progress none")).ends(0);
            place.run(&format!("show {folder} --runs")).ends(0);
            assert!(place.files("results/moons") == original && place.text("moons.toml") == spec, "{advised}");
        }
    }
}

#[test]
fn status_of_a_renamed_folder_advises_a_sweep_that_works() {
    let place = Workspace::swept();
    copied(&place, "elsewhere/b");
    let segments = place.path("elsewhere/b/segments");
    for entry in fs::read_dir(&segments).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|ending| ending == "seg") {
            fs::write(&entry, b"RESTUDY").unwrap();
        }
    }
    let printed = place.run("status elsewhere/b").ends(4);
    let printed = printed.says("renamed   the folder is named b and its study moons").says("MISSING   segments/ has 0");
    let advised = quoted(&printed.out, "restudy sweep");
    assert_eq!(advised, "restudy sweep elsewhere/b/study.toml --results elsewhere");
    follow(&place, &advised);
    assert!(!place.path("elsewhere/moons").exists());
    place.run("status elsewhere/b").ends(0);
    assert!(!place.run("status results/moons").ends(0).out.contains("renamed"));
}

#[test]
fn advice_on_a_forged_segment_is_accepted_by_a_sweep() {
    for words in ["status results/moons", "show results/moons", "show results/moons --runs"] {
        let place = Workspace::swept();
        forge(&place, "results/moons", last);
        fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
        let answer = place.run(words);
        assert_eq!(answer.code, Some(4), "{}", answer.err);
        let printed = answer.out + &answer.err;
        assert!(flat(&printed).contains("no sweep continues beside segments/"), "{printed}");
        let sweep = quoted(&printed, "restudy sweep");
        place.run(sweep.strip_prefix("restudy ").unwrap()).ends(4);
        let verify = quoted(&printed, "restudy verify");
        let out = place.run(verify.strip_prefix("restudy ").unwrap()).ends(4).out;
        assert!(out.contains("segments/") && !out.contains("manifest.json"), "it names the segment: {out}");
        let printed = flat(&printed);
        let (_, name) = printed.split_once("no sweep continues beside ").unwrap();
        let file = place.path(&format!("results/moons/{}", name.split(": ").next().unwrap()));
        fs::rename(&file, file.with_extension("aside")).unwrap();
        follow(&place, &sweep);
        place.run("verify results/moons --progress none").ends(0);
        place.run("status results/moons").ends(0);
    }
}

#[test]
fn advice_on_a_damaged_experiment_file_is_to_repair_it_first() {
    let place = Workspace::swept();
    place.write("results/moons/segments/experiment", "garbage");
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    let file = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    place.write(&format!("results/moons/segments/{file}"), "cut");
    let printed = place.run("status results/moons").ends(4).out;
    assert!(printed.contains("repair segments/experiment first, as its message says"), "{printed}");
    place.run("sweep moons.toml").refused(2);
    fs::remove_file(place.path("results/moons/segments/experiment")).unwrap();
    follow(&place, &quoted(&printed, "restudy sweep"));
    place.run("status results/moons").ends(0);
}
