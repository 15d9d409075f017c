//! Two folders side by side, and all of them in a list: `verify --bisect`, `diff`, `why`, `ls`.

use std::fs;

use insta::assert_snapshot;
use restudy::{
    digest::{Digest, Record, last_link, root},
    results::Manifest,
    store::{self, Store},
};
use serde_json::Value;

use crate::place::{Place, SPEC, stable, with};

/// A place with the results twice.
fn twice() -> Place {
    let place = Place::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    place
}

/// The record as another program might have made it: different from measurement `at` on.
fn spoilt(record: &Record, at: usize) -> Record {
    let mut spoilt = record.clone();
    let last = spoilt.points.len() - 1;
    for place in at..=last {
        spoilt.points[place].values[0] = spoilt.points[place].values[0].next_up();
        let previous = spoilt.chain[place - 1];
        let parameters: Vec<_> = spoilt.kept.values.clone();
        spoilt.chain[place] = last_link(previous, &spoilt.points[place], Some(&parameters));
    }
    spoilt
}

/// Puts a spoilt record of the first run into the other folder, manifest and all; with its segment or without.
fn spoil(place: &Place, at: usize, segment: bool) {
    let folder = place.path("theirs/moons");
    let mut manifest = Manifest::read(&folder).unwrap();
    let mut records = store::load(&folder).unwrap().0;
    let id = manifest.runs[0].id;
    let record = spoilt(&records[&id], at);
    assert!(record.last_link_holds());
    manifest.runs[0].digest = record.digest();
    manifest.runs[0].trace = record.chain.iter().map(|link| format!("{:.4}", link.to_string())).collect();
    manifest.root = root(manifest.runs.iter().map(|run| (run.id, run.digest)));
    manifest.measurements.iter_mut().for_each(|digests| digests[0] = record.measurements());
    place.write("theirs/moons/manifest.json", manifest.to_text());
    records.insert(id, record);
    fs::remove_dir_all(folder.join("segments")).unwrap();
    if segment {
        Store::open(&folder).unwrap().commit(records.values()).unwrap();
    }
}

#[test]
fn where_two_folders_part_is_found_in_chains_and_in_traces() {
    let place = twice();
    place.run("verify --bisect results/moons theirs/moons").ends(0).says("all 6 runs that both have are the same");
    for segment in [true, false] {
        let place = twice();
        spoil(&place, 3, segment);
        let said = place.run("verify --bisect results/moons theirs/moons").ends(4);
        assert_snapshot!(format!("bisect_{}", if segment { "chains" } else { "traces" }), stable(&said.out));
        let judged = place.run("verify --bisect results/moons theirs/moons --steps").ends(4);
        assert_snapshot!(format!("bisect_{}_steps", if segment { "chains" } else { "traces" }), stable(&judged.out));
        let told = place.run("verify --bisect theirs/moons results/moons --steps --json").ends(4);
        let told: Value = serde_json::from_str(&told.out).unwrap();
        assert_eq!(told["runs"][0]["differ"]["epoch"], 3);
        assert_eq!(told["this-program"][0]["epoch"], 2);
        assert_eq!(told["this-program"][1], "whole");
    }
    let place = twice();
    place.write("other.toml", with("epochs = 4", "epochs = 5"));
    place.run("sweep other.toml --quiet").ends(0);
    let none = place.run("verify --bisect results/moons results/other").refused(2);
    assert_snapshot!(none);
    place.run("verify results/moons theirs/moons").ends(2);
}

#[test]
fn a_step_is_named_where_every_step_was_measured() {
    let spec = with("[sweep]", "[evaluate]\nevery = { steps = 1 }\n\n[sweep]");
    let place = Place::new(&spec.replace("epochs = 4", "epochs = 1"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    spoil(&place, 17, true);
    place
        .run("verify --bisect results/moons theirs/moons --steps")
        .ends(4)
        .says("the first step that differs is step 17\n");
}

#[test]
fn diff_says_only_what_differs() {
    let place = twice();
    let same = place.run("diff results/moons theirs/moons").ends(0);
    assert_snapshot!(stable(&same.out), @"they ask the same, and found the same: 6 runs, by digests over every bit");
    let spec =
        with("epochs = 4", "epochs = 5").replace("[1, 3]", "[3, 5]").replace("seeds = 3", "seeds = [0, 1, 2, 7]");
    place.write("other.toml", spec.replace("forty", "some"));
    place.run("sweep other.toml --quiet").ends(0);
    assert_snapshot!(stable(&place.run("diff results/moons results/other").ends(4).out));
    let told: Value = serde_json::from_str(&place.run("diff results/moons results/other --json").ends(4).out).unwrap();
    assert_eq!((&told["equal"], &told["shared-runs"]), (&false.into(), &0.into()));
    spoil(&place, 2, false);
    let differing = place.run("diff results/moons theirs/moons").ends(4);
    assert_snapshot!(stable(&differing.out));
    // What a manifest says of its runs is taken at its word only if its root is theirs.
    let manifest = place.text("theirs/moons/manifest.json");
    let digest = Manifest::read(&place.path("theirs/moons")).unwrap().runs[1].digest.to_string();
    place.write("theirs/moons/manifest.json", manifest.replace(&digest, &Digest([7; 32]).to_string()));
    for command in ["diff results/moons theirs/moons", "diff theirs/moons results/moons"] {
        assert!(place.run(command).refused(2).contains("is not that of the runs it lists"));
    }
    for command in ["verify --bisect results/moons theirs/moons", "verify --bisect theirs/moons results/moons"] {
        assert!(place.run(command).refused(2).contains("is not that of the runs it lists"));
    }
    // Who made it is said, and does not count.
    let place = twice();
    for file in fs::read_dir(place.path("theirs/moons/journal")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| {
            let mut entry: Value = serde_json::from_str(line).unwrap();
            if entry["machine"].is_string() {
                entry["machine"] = "a quite different one".into();
                // As an older version wrote it, or the line would not be believed.
                entry.as_object_mut().unwrap().remove("sum");
            }
            format!("{entry}\n")
        });
        fs::write(&path, lines.collect::<String>()).unwrap();
    }
    place.run("diff results/moons theirs/moons").ends(0).says("| a quite different one");
}

#[test]
fn diff_has_the_trials_in_the_order_of_their_study() {
    let spec = with("[1, 3]", "[1, 2, 10]");
    let place = Place::new(&spec);
    place.write("other.toml", spec.replace("epochs = 4", "epochs = 5"));
    for name in ["moons", "other"] {
        place.run(&format!("sweep {name}.toml -q")).ends(0);
    }
    let said = place.run("diff results/moons results/other").ends(4).out;
    let mut rows: Vec<_> = said.lines().filter_map(|line| line.trim().strip_prefix("model.hidden = ")).collect();
    rows.iter_mut().for_each(|row| *row = row.split(':').next().unwrap());
    rows.dedup();
    assert_eq!(rows, ["1", "2", "10"]);
}

#[test]
fn why_names_what_is_new_in_a_run() {
    let place = Place::swept();
    let mut said = String::new();
    let mut ask = |words: &[&str]| {
        said += &format!("$ restudy {}\n{}\n\n", words.join(" "), stable(&place.run_words(words).ends(0).out));
    };
    ask(&["why", "moons.toml"]);
    ask(&["why", "moons.toml", "hidden=3,seed=1"]);
    ask(&["why", "results/moons"]);
    ask(&["why", "moons.toml", "--set", "sweep.seeds=5"]);
    ask(&["why", "moons.toml", "--set", "sweep.\"model.hidden\"=[1,3,9]"]);
    ask(&["why", "moons.toml", "hidden=3,seed=7", "--set", "train.epochs=5", "--set", "sweep.seeds=[7]"]);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    ask(&["why", "moons.toml"]);
    place.edit("manifest.json", "\"contract\": 1", "\"contract\": 0");
    ask(&["why", "moons.toml"]);
    fs::remove_dir_all(place.path("results/moons")).unwrap();
    ask(&["why", "moons.toml"]);
    assert_snapshot!(said);
}

#[test]
fn why_sees_that_a_file_was_changed() {
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i * 7 % 11, ["-1", "1"][i % 2])).collect();
    let data = "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"";
    let place = Place::new(&with("[data.double-moon]\ntrain = 40\nvalidation = 40", data));
    place.write("points.csv", format!("x,y,class\n{rows}"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("points.csv", format!("x,y,class\n{rows}41,3,1\n"));
    let said = place.run("why moons.toml").ends(0);
    let digest = Digest::of(&place.read("points.csv"));
    place
        .run("why moons.toml --set sweep.seeds=600")
        .ends(0)
        .says("not in results/moons: 1\u{202f}200 of 1\u{202f}200 runs");
    said.says("not in results/moons: 6 of 6 runs")
        .says(&format!("data: the file was changed; it is now blake3:{digest}"));
}

#[test]
fn a_number_far_from_one_is_not_written_with_all_its_zeros() {
    let spec = with("\"model.hidden\" = [1, 3]", "\"train.learning-rate\" = [1e300, 1e-200]");
    let place = Place::new(&spec.replace("by = \"model.hidden\"", "by = \"train.learning-rate\""));
    place.run("why moons.toml").ends(0).says("(train.learning-rate = 1e300, seed 0)");
}

#[test]
fn ls_lists_every_study_and_its_state() {
    let place = Place::swept();
    let said = place.run("ls nowhere").refused(2);
    assert!(said.contains("there is no folder nowhere"), "{said}");
    let said = place.run("ls moons.toml").refused(2);
    assert!(said.contains("moons.toml is a file, not a folder with results"), "{said}");
    for name in ["edited", "cut", "newer", "contract", "damaged"] {
        place
            .files("results/moons")
            .iter()
            .for_each(|(path, bytes)| place.write(&format!("results/{name}/{path}"), bytes));
    }
    fs::create_dir(place.path("results/not-a-study")).unwrap();
    let edit = |name: &str, file: &str, from: &str, to: &str| {
        let path = format!("results/{name}/{file}");
        let text = place.text(&path);
        assert!(text.contains(from), "{from} is not in {text}");
        place.write(&path, text.replacen(from, to, 1));
    };
    edit("edited", "study.toml", "epochs = 4", "epochs = 5");
    fs::remove_file(place.path("results/cut/manifest.json")).unwrap();
    edit("newer", "manifest.json", "\"format\": 1", "\"format\": 99");
    edit("contract", "manifest.json", "\"contract\": 1", "\"contract\": 0");
    edit("damaged", "manifest.json", "{", "");
    let told = place.run("ls --json").ends(0).out;
    let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let states: Vec<_> =
        told.iter().map(|entry| (entry["study"].as_str().unwrap(), entry["state"].as_str().unwrap())).collect();
    let expected = [
        ("contract", "other contract"),
        ("cut", "unfinished"),
        ("damaged", "damaged"),
        ("edited", "changed"),
        ("moons", "complete"),
        ("newer", "newer format"),
    ];
    assert_eq!(states, expected);
    let moons = &told[4];
    assert_eq!((&moons["done"], &moons["asked"]), (&6.into(), &6.into()));
    assert_eq!(moons["root"], place.manifest().root.to_string());
    assert!(moons["computed"].as_u64().is_some());
    assert_eq!(told[1]["done"], 6, "runs of a sweep that was cut off are counted");
    place.run("ls").ends(0).says("How many hidden units do forty points need?");
    assert_eq!(place.run("ls results").ends(0).out, place.run("ls").ends(0).out);
    let empty = Place::new(SPEC);
    fs::create_dir(empty.path("results")).unwrap();
    empty.run("ls").ends(0).says("no study in results");
}

#[cfg(unix)]
#[test]
fn a_summary_that_is_a_pipe_is_not_waited_for() {
    let place = Place::swept();
    place.run("sweep moons.toml --quiet --results other").ends(0);
    let summary = place.path("other/moons/summary.csv");
    fs::remove_file(&summary).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&summary).status().unwrap().success());
    place.run("diff results/moons other/moons").ends(0);
}
