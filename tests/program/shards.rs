//! Studies in shards, and merged folders.

use std::fs;

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, assert_same, flat, stable, with};

/// A study of 24 runs in four groups.
fn spec() -> String {
    with("seeds = 3", "seeds = 12").replace("epochs = 4", "epochs = 8")
}

/// Its results by one sweep.
fn at_once() -> Workspace {
    let place = Workspace::new(&spec());
    place.run("sweep moons.toml --quiet").ends(0);
    place
}

fn number(answer: &str, key: &str) -> u64 {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    answer[key].as_u64().unwrap()
}

#[test]
fn shards_in_one_folder_complete_the_study_and_the_last_writes_the_report() {
    let place = Workspace::new(&spec());
    let answer = place.run("sweep moons.toml --results ./results --shard 2/3 --progress none").ends(0);
    assert_snapshot!(stable(&answer.out));
    assert_eq!(answer.err, "");
    assert!(!place.path("results/moons/manifest.json").exists() && !place.path("results/moons/runs.parquet").exists());
    assert!(place.path("results/moons/study.toml").exists());
    assert_eq!(place.computed("sweep moons.toml --shard 2/3"), 0, "it is done");
    let computed = place.run("sweep moons.toml --shard 1/3 --json --progress none").ends(0).out;
    assert_eq!(number(&computed, "computed") + number(&computed, "missing") + 8, 24);
    place.run("sweep moons.toml --shard=3/3").ends(0).says("root   ");
    assert_same(&place.answers("results/moons"), &at_once().answers("results/moons"), "in parts or at once");
    place.run("sweep moons.toml --shard 3/3").ends(0).says("nothing to do");
    place.run("verify results/moons --progress none").ends(0);
}

#[test]
fn a_plain_sweep_computes_the_missing_runs() {
    let place = Workspace::new(&spec());
    place.run("sweep moons.toml --shard 1/4 --quiet").ends(0);
    assert_eq!(place.computed("sweep moons.toml"), 16);
    assert_same(&place.answers("results/moons"), &at_once().answers("results/moons"), "one part, then all");
}

#[test]
fn invalid_shards() {
    let place = Workspace::new(SPEC);
    assert_snapshot!(place.run("sweep moons.toml --shard 5/4").refused(2));
    for shard in ["0/4", "1", "x/y", "1/0", "1/999999999999"] {
        place.run(&format!("sweep moons.toml --shard {shard}")).refused(2);
    }
    place.run("sweep moons.toml --shard 9/16").ends(0).says("shard 9/16 is done: 0 new");
}

#[test]
fn folders_of_several_machines_become_one() {
    let place = Workspace::new(&spec());
    for (machine, shard) in [("a", "1/3"), ("b", "2/3"), ("c", "3/3")] {
        place.run(&format!("sweep moons.toml --results {machine} --shard {shard} --quiet")).ends(0);
    }
    // Some runs were computed twice.
    place.run("sweep moons.toml --results d --shard 1/2 --quiet").ends(0);
    let before = ["a", "b", "c", "d"].map(|machine| place.files(machine));
    let answer = place.run("merge results/moons a/moons b/moons").ends(0);
    assert!(answer.out.contains("merged from 2 folders") && answer.out.contains("still missing"), "{}", answer.out);
    assert!(!place.path("results/moons/manifest.json").exists());
    merging_again_writes_nothing(&place, "merge results/moons a/moons b/moons");
    let answer = place.run("merge results/moons c/moons d/moons").ends(0);
    assert!(answer.out.contains("12 runs were in more than one folder, the same to the last bit"), "{}", answer.out);
    assert!(answer.out.contains("12 runs were computed by more than one process"), "{}", answer.out);
    place.run("status results/moons").ends(0).says("12 runs were computed by more than one process");
    assert_same(&place.answers("results/moons"), &at_once().answers("results/moons"), "merged or at once");
    assert_eq!(["a", "b", "c", "d"].map(|machine| place.files(machine)), before, "nothing there is touched");
    place.run("merge results/moons c/moons").ends(0).says("nothing to do");
    merging_again_writes_nothing(&place, "merge results/moons d/moons a/moons");
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    let known: serde_json::Value = serde_json::from_str(&place.run("sweep moons.toml --json").ends(0).out).unwrap();
    assert_eq!(known["replicated"], 12, "the journals came along");
}

/// Asserts that no file is written, not even with the same bytes: the times of files and folders stay.
fn merging_again_writes_nothing(place: &Workspace, words: &str) {
    let dates = || {
        let files = place.files("results/moons").into_keys();
        let all = files.chain(["", "segments", "journal", "figures"].map(String::from)).map(|path| {
            let about = fs::metadata(place.path("results/moons").join(&path));
            (path, about.and_then(|about| about.modified()).ok())
        });
        all.collect::<Vec<_>>()
    };
    let before = dates();
    place.run(words).ends(0);
    assert_eq!(dates(), before, "{words}");
}

#[test]
fn unrelated_folders_are_refused() {
    let place = Workspace::new(&spec());
    place.run("sweep moons.toml --shard 1/2 --quiet").ends(0);
    let before = place.files("results");
    place.write("other.toml", spec().replace("epochs = 8", "epochs = 7"));
    place.run("sweep other.toml --results b --quiet").ends(0);
    let refused = |from: &str, code: i32| {
        let message = place.run(&format!("merge results/moons {from}")).refused(code);
        assert_eq!(place.files("results"), before, "nothing is changed: {message}");
        flat(&message)
    };
    assert_snapshot!(refused("b/other", 2));
    assert!(refused("nowhere", 2).contains("there is no folder nowhere"));
    assert!(refused("b", 2).contains("it has no folder `segments`"));
    assert!(refused("results/../results/moons", 2).contains("cannot be merged into itself"));
    place.run("merge results/moons").refused(2);
    // A newer format, in the manifest or in a segment, and a custom experiment.
    place.run("sweep moons.toml --results c --quiet").ends(0);
    let manifest = place.text("c/moons/manifest.json");
    place.write("c/moons/manifest.json", manifest.replacen("\"format\": 1", "\"format\": 2", 1));
    assert!(refused("c/moons", 2).contains("has format 2"));
    place.write("c/moons/manifest.json", manifest.replacen("\"contract\": 1", "\"contract\": 9", 1));
    assert!(refused("c/moons", 2).contains("arithmetic contract 9"));
    place.write(
        "c/moons/manifest.json",
        manifest.replacen("\"specification\"", "\"experiment\": \"own 1\",\n  \"specification\"", 1),
    );
    assert!(refused("c/moons", 2).contains("the experiment `own`, version 1"));
    place.write("c/moons/manifest.json", &manifest);
    let newer = b"RESTUDY\n\x03\0\0\0";
    place.write(&format!("c/moons/segments/{}", restudy::store::segment::file_name(newer)), newer);
    assert!(refused("c/moons", 2).contains("has format 3"));
    let segments: Vec<_> = place.files("c/moons/segments").into_keys().filter(|name| name.ends_with(".seg")).collect();
    assert_eq!(segments.len(), 2);
}

#[test]
fn a_run_with_two_results_names_both_origins() {
    let (place, other) =
        (Workspace::new(&spec()), Workspace::new(&spec().replace("epochs = 8", "epochs = 8\nlearning-rate = 0.5")));
    place.run("sweep moons.toml --shard 1/2 --quiet").ends(0);
    other.run("sweep moons.toml --quiet").ends(0);
    // The result of another run, under the identity of a stored one.
    let (mine, _) = restudy::store::load(&place.path("results/moons")).unwrap();
    let (theirs, _) = restudy::store::load(&other.path("results/moons")).unwrap();
    let forged =
        restudy::digest::Record { id: *mine.keys().next().unwrap(), ..theirs.values().next().unwrap().clone() };
    place.write("b/moons/segments/ffffffff.seg", restudy::store::segment::encode([&forged]));
    let before = place.files("");
    let message = flat(&place.run("merge results/moons b/moons").refused(4));
    let run = forged.id.short();
    assert!(message.contains(&format!("run {run} has two results that differ, first at epoch 0:")), "{message}");
    assert!(message.contains("results/moons/segments/"), "{message}");
    assert!(message.contains("b/moons/segments/ffffffff.seg: "), "{message}");
    for (record, origin) in [(&mine[&forged.id], "process "), (&forged, "a process that is not in the journal")] {
        let digest = format!("(digest {}), computed by {origin}", record.digest().short());
        assert!(message.contains(&digest), "{message}");
    }
    assert!(message.contains(", computed by process "), "{message}");
    assert_eq!(place.files(""), before, "nothing is lost, nothing is changed");
}

#[test]
fn a_folder_of_a_newer_restudy_is_not_touched() {
    let place = Workspace::swept();
    let newer = b"RESTUDY\n\x03\0\0\0and what nobody knows yet";
    // In every format, a file is named by its bytes.
    let name = restudy::store::segment::file_name(newer);
    place.write(&format!("results/moons/segments/{name}"), newer);
    fs::remove_file(place.path("results/moons/segments/lock")).unwrap();
    let before = place.files("results");
    let message = place.run("sweep moons.toml --set sweep.seeds=4").refused(2);
    assert!(flat(&message).contains(&format!("{name} has format 3")), "{message}");
    assert_eq!(place.files("results"), before);
}
