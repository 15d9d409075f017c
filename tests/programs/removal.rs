//! `restudy gc`: kept files of chosen runs, and runs that the study does not ask for.

use std::{fs, thread, time::Duration};

use serde_json::Value;

use crate::{place::Place, workspace::Files};

const FOLDER: &str = "results/study";

/// A study of two trials under two seeds, whose runs keep a file and print a line. The measurement is `width.seed`.
fn kept() -> Place {
    let script = "echo $1$2 > model.txt; echo log; echo \"{\\\"loss\\\": $2.$1}\"";
    Place::of(script, &spec("[1, 2, 3]", 2))
}

fn spec(widths: &str, seeds: usize) -> String {
    format!(
        "[study]\nquestion = \"What is left over?\"\n[command]\nrun = [\"sh\", \"run.sh\", \"{{seed}}\", \"{{width}}\"]\n\
         inputs = [\"run.sh\"]\nkeep = [\"model.txt\"]\n[parameters]\nwidth = 1\n\
         [measurements]\nloss = {{ direction = \"lower\", objective = true }}\n[sweep]\n\"parameters.width\" = {widths}\nseeds = {seeds}\n"
    )
}

fn sweep(place: &Place, spec: String) {
    place.workspace.write("study.toml", spec);
    place.run("sweep study.toml --quiet").ends(0);
}

/// The identities of the runs of the current study that are stored.
fn stored(place: &Place) -> Vec<String> {
    let lines = place.run("show results/study --runs --json").ends(0).out;
    let runs = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    runs.filter_map(|run| Some(run.get("run")?.as_str()?.to_owned())).collect()
}

/// The names in `files/`, without those of folders.
fn names(place: &Place, below: &str) -> Vec<String> {
    let entries = fs::read_dir(place.workspace.path(FOLDER).join(below)).unwrap().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn removed(place: &Place) -> Vec<Value> {
    let text = fs::read_to_string(place.workspace.path(FOLDER).join("removed.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The folder of a study with four runs and two that are left over.
fn left_over() -> Place {
    let place = kept();
    sweep(&place, spec("[1, 2, 3]", 2));
    sweep(&place, spec("[1, 2]", 2));
    place
}

#[track_caller]
fn is_clean(place: &Place) {
    assert_eq!(stored(place).len(), 4);
    assert_eq!((names(place, "files").len(), names(place, "logs").len()), (8, 4));
    assert_eq!(removed(place).len(), 2);
    place.run("gc results/study --runs").ends(0).says("nothing to remove");
    place.run("verify results/study --progress none").ends(0).says("every bit is the same");
    place.run("status results/study").ends(0).says("removed   2 runs that the study did not ask for");
}

#[test]
fn runs_that_the_study_does_not_ask_for_are_removed_and_noted() {
    let place = kept();
    sweep(&place, spec("[1, 2, 3]", 2));
    let before = stored(&place);
    place.run("gc results/study --runs").ends(0).says("nothing to remove");
    sweep(&place, spec("[1, 2]", 2));
    let files = place.workspace.files(FOLDER);
    place.run("gc results/study --runs --dry-run").ends(0).says("would be removed: 2 runs");
    assert!(place.workspace.files(FOLDER) == files, "a dry run changes nothing");
    let said: Value = serde_json::from_str(&place.run("gc results/study --runs --json").ends(0).out).unwrap();
    assert_eq!((said["runs"].as_u64(), said["removed"].as_bool()), (Some(2), Some(true)), "{said}");
    is_clean(&place);
    let noted = removed(&place);
    let gone: Vec<_> = noted.iter().map(|run| run["run"].as_str().unwrap().to_owned()).collect();
    assert!(gone.iter().all(|run| before.contains(run) && !stored(&place).contains(run)));
    assert!(noted[0]["outcome"] == "completed" && noted[0]["files"]["model.txt"]["bytes"] == 3, "{}", noted[0]);
    let answer = place.run(&format!("show results/study --log {}", &gone[0][..8])).ends(2);
    assert!(answer.err.contains("run.removed") && answer.err.contains("was removed from"), "{}", answer.err);
    place.run("show results/study --log ffffffff").ends(2);
    // Only what was removed is computed again by the specification that asks for it.
    place.workspace.write("study.toml", spec("[1, 2, 3]", 2));
    assert_eq!(place.workspace.computed("sweep study.toml"), 2);
    assert_eq!(stored(&place), before);
    place.run(&format!("show results/study --log {}", &gone[0][..8])).ends(0).says("log");
    let status: Value = serde_json::from_str(&place.run("status results/study --json").ends(0).out).unwrap();
    assert_eq!(status["removed"], 0);
}

#[test]
fn runs_of_earlier_inputs_are_left_over() {
    let place = kept();
    sweep(&place, spec("[1, 2]", 2));
    place.workspace.write("run.sh", "echo new > model.txt; echo log; echo \"{\\\"loss\\\": $2.$1}\"");
    sweep(&place, spec("[1, 2]", 2));
    place.run("gc results/study --runs").ends(0).says("removed: 4 runs");
    assert_eq!(stored(&place).len(), 4);
    place.run("verify results/study --progress none").ends(0).says("every bit is the same");
}

#[test]
fn runs_of_an_unfinished_study_stay() {
    let place = kept();
    sweep(&place, spec("[1, 2]", 2));
    place.workspace.write("study.toml", spec("[1, 2, 3, 4]", 2));
    place.run("sweep study.toml --quiet --shard 1/2").ends(0);
    let answer = place.run("gc results/study --runs").ends(2);
    assert!(answer.err.contains("gc.unsettled") && answer.err.contains("no finished sweep has seen"), "{}", answer.err);
    place.run("gc results/study --runs --dry-run").ends(2);
    let before = place.workspace.files("results/study/segments");
    place.run("sweep study.toml --quiet").ends(0);
    assert!(place.workspace.files("results/study/segments") != before);
    place.run("gc results/study --runs").ends(0).says("nothing to remove");
    // A folder without a manifest, or with another specification than that of the manifest, is refused.
    place.workspace.write("results/study/study.toml", spec("[1, 2]", 2));
    place.run("gc results/study --runs").ends(2);
    fs::remove_file(place.workspace.path("results/study/manifest.json")).unwrap();
    place.run("gc results/study --runs").ends(2);
}

/// Writes files into the results folder, as a killed removal leaves them.
fn restore(place: &Place, files: &Files, only: &[&str]) {
    for (name, bytes) in files.iter().filter(|(name, _)| only.iter().any(|start| name.starts_with(start))) {
        place.workspace.write(&format!("{FOLDER}/{name}"), bytes);
    }
}

#[test]
fn an_interrupted_removal_is_continued() {
    let place = left_over();
    let before = place.workspace.files(FOLDER);
    place.run("gc results/study --runs --quiet").ends(0);
    is_clean(&place);
    // Killed after the list was written, before an old segment was removed, before the index was written, and before
    // the files were removed.
    for states in [&["segments/", "files/", "logs/"][..], &["segments/", "files/"], &["files/", "logs/"], &["logs/"]] {
        restore(&place, &before, states);
        assert_eq!(stored(&place).len(), 4);
        place.run("gc results/study --runs --quiet").ends(0);
        is_clean(&place);
    }
}

#[test]
fn a_kill_at_any_instant_loses_no_run_of_the_study() {
    let place = left_over();
    let before = place.workspace.files(FOLDER);
    for pause in 0..12 {
        fs::remove_dir_all(place.workspace.path(FOLDER)).unwrap();
        restore(&place, &before, &[""]);
        let mut child = place.command(&["gc", FOLDER, "--runs", "--quiet"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(3 * pause));
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(stored(&place).len(), 4);
        place.run("gc results/study --runs --quiet").ends(0);
        assert_eq!((stored(&place).len(), removed(&place).len(), names(&place, "files").len()), (4, 2, 8));
    }
    is_clean(&place);
}

#[test]
fn files_of_chosen_runs_are_removed() {
    let of = |words: &str| {
        let place = kept();
        sweep(&place, spec("[1, 2, 3]", 2));
        place.run(&format!("gc results/study {words}")).ends(0);
        let left = place.workspace.files("results/study/files");
        let texts = left.iter().filter(|(name, _)| name.ends_with(".txt"));
        let mut texts: Vec<_> = texts.map(|(_, bytes)| String::from_utf8_lossy(bytes).trim().to_owned()).collect();
        texts.sort();
        assert_eq!(left.len() - texts.len(), 6, "every list stays");
        place.run("verify results/study --quiet").ends(0);
        texts.join(" ")
    };
    // Each file has the seed and the width.
    assert_eq!(of("--where width=2"), "01 03 11 13");
    assert_eq!(of("--where loss>1.5 --where seed=0"), "01 11 12 13");
    assert_eq!(of("--keep-best 1"), "01 11");
    assert_eq!(of("--keep-best 2 --where seed=1"), "01 02 03 11 12");
    assert_eq!(of("--keep-best 9"), "01 02 03 11 12 13");
    let place = kept();
    sweep(&place, spec("[1, 2, 3]", 2));
    place.run("gc results/study --where width=2 --logs").ends(0).says("removed: output of 2 runs");
    place.run("gc results/study --where depth=2").ends(2);
    place.run("gc results/study --keep-best 0").ends(2);
    place.run("gc results/study --runs --where width=2").ends(2);
}

#[test]
fn files_that_are_not_of_runs_stay() {
    let place = Place::new("echo $1 > kept.txt; echo '{\"loss\": 1}'", "keep = [\"kept.txt\"]");
    place.run("sweep study.toml --quiet").ends(0);
    place.workspace.write("results/study/files/mine/thesis.tex", "mine");
    place.workspace.write("results/study/logs/notes.txt", "mine");
    place.run("gc results/study --quiet").ends(0);
    place.run("gc results/study --logs --quiet").ends(0);
    assert_eq!(place.workspace.text("results/study/files/mine/thesis.tex"), "mine");
    assert_eq!(place.workspace.text("results/study/logs/notes.txt"), "mine");
    // A link leads to files of others.
    let files = place.workspace.path("results/study/files");
    fs::rename(&files, place.workspace.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(place.workspace.path("elsewhere"), &files).unwrap();
    let answer = place.run("gc results/study").ends(1);
    assert!(answer.err.contains("it is a link"), "{}", answer.err);
}
