//! `verify` on intact results, and its limits.

use std::{collections::BTreeSet, fs};

use insta::assert_snapshot;
use restudy::{
    digest::Digest,
    results::{Manifest, sample},
    run::Task,
    seed::Seed,
    store::{self, Store},
};

use crate::workspace::{Workspace, assert_same, stable, with};

#[test]
fn the_results_of_a_sweep_are_proven() {
    let place = Workspace::swept();
    let files = place.files("results/moons");
    let answer = place.run("verify results/moons").ends(0);
    assert_snapshot!(stable(&answer.out));
    assert_snapshot!(stable(&answer.err), @"moons: 6 of 6 runs to do, 960 steps");
    place.run("verify results/moons --portable --threads 1").ends(0).says("proven");
    assert_same(&place.files("results/moons"), &files, "a verification writes nothing");
}

#[test]
fn specification_and_manifest_are_enough() {
    let place = Workspace::swept();
    for path in
        place.files("results/moons").keys().filter(|path| !["study.toml", "manifest.json"].contains(&path.as_str()))
    {
        fs::remove_file(place.path("results/moons").join(path)).unwrap();
    }
    for folder in ["segments", "journal", "figures"] {
        fs::remove_dir(place.path("results/moons").join(folder)).unwrap();
    }
    let answer = place.run("verify results/moons").ends(0);
    assert_snapshot!(stable(&answer.out));
    place.run("verify results/moons --sample 2").ends(0).says("proven: 2 of 6 runs");
    assert_eq!(place.files("results/moons").len(), 2, "and nothing is added");
    // In another folder and under another name.
    fs::rename(place.path("results/moons"), place.path("clone")).unwrap();
    place.run("verify clone").ends(0);
    let message = place.run("verify results/moons").refused(2);
    assert_snapshot!(message);
}

#[test]
fn a_sample_computes_the_requested_number_of_runs() {
    let place = Workspace::swept();
    for (sample, runs) in [("5%", 1), ("50%", 3), ("100%", 6), ("3", 3), ("1", 1), ("1000", 6), ("17%", 2)] {
        let answer = place.run(&format!("verify results/moons --sample {sample}")).ends(0);
        answer.says(&format!("proven: {runs} of 6 runs computed again"));
    }
    for bad in ["0", "0%", "-1", "101%", "many", "%", "1.5", "NaN%", "5 %%"] {
        let answer = place.run_words(&["verify", "results/moons", &format!("--sample={bad}")]);
        assert!(
            answer.refused(2).contains("expected a number of runs from 1, or a percentage above 0% up to 100%"),
            "{bad}"
        );
    }
}

#[test]
fn results_of_another_version_of_the_program_are_still_proven() {
    let place = Workspace::swept();
    // The version must be the same in every file.
    let made_by = place.manifest().restudy;
    place.edit("manifest.json", &format!("\"restudy\": \"{made_by}\""), "\"restudy\": \"0.0.9\"");
    for sample in ["", "--sample 5"] {
        place.run(&format!("verify results/moons {sample}")).ends(4).says("report.md: it does not name restudy 0.0.9");
    }
    let place = Workspace::swept();
    place.rendered_by("0.0.9");
    for sample in ["", "--sample 5", "--sample 5 --files"] {
        place.run(&format!("verify results/moons {sample}")).ends(0).says("rendered by 0.0.9");
    }
    // Files rendered by that version are compared with the manifest; numbers and tables are computed.
    place.edit("report.md", "40", "41");
    place.run("verify results/moons").ends(4).says("report.md: its bytes do not match the manifest");
    let mut manifest = place.manifest();
    manifest.files.insert("report.md".into(), Digest::of(&place.read("results/moons/report.md")));
    place.write("results/moons/manifest.json", manifest.to_text());
    place.run("verify results/moons").ends(0).says("were compared only with the digests in the manifest");
    place.edit("summary.csv", "0.", "1.");
    manifest.files.insert("summary.csv".into(), Digest::of(&place.read("results/moons/summary.csv")));
    place.write("results/moons/manifest.json", manifest.to_text());
    place.run("verify results/moons").ends(4).says("summary.csv: line 2: its cells differ from those computed");
}

#[test]
fn a_sample_reports_what_it_proves() {
    let place = Workspace::swept();
    let answer = place.run("verify results/moons --sample 3").ends(0);
    assert_snapshot!(stable(&answer.out));
    place.run("verify results/moons --sample 6").ends(0).says("that is: none of 6 runs can be wrong");
    // A clone has no runs, and its manifest may be forged: the output says how the files were compared.
    fs::rename(place.path("results/moons/segments"), place.path("segments")).unwrap();
    assert_snapshot!(stable(&place.run("verify results/moons --sample 3").ends(0).out));
    place.run("verify results/moons --sample 6").ends(0).says("every bit is the same");
    fs::rename(place.path("segments"), place.path("results/moons/segments")).unwrap();
    let object = place.run("verify results/moons --sample 5 --sample-seed tomorrow --json").ends(0);
    let object: serde_json::Value = serde_json::from_str(&object.out).unwrap();
    let sample = &object["sample"];
    assert_eq!(
        (&sample["seed"], &sample["most-wrong"], &sample["confidence"]),
        (&"tomorrow".into(), &1.into(), &0.95.into())
    );
    place.run("verify results/moons --sample-seed tomorrow").refused(2);
}

#[test]
fn a_sample_can_make_the_files_again() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    for name in ["summary.csv", "report.md", "report.html"] {
        let forged = place.text(&format!("results/moons/{name}")).replacen("40", "41", 1);
        manifest.files.insert(name.into(), Digest::of(forged.as_bytes()));
        place.write(&format!("results/moons/{name}"), forged);
    }
    place.write("results/moons/manifest.json", manifest.to_text());
    // A sample alone does not find the change, and reports its limit.
    place
        .run("verify results/moons --progress none --sample 1")
        .ends(0)
        .says("not made again: tables, figures and report");
    for words in ["--sample 1 --files", "--sample 6", ""] {
        let printed = place.run(&format!("verify results/moons --progress none {words}")).ends(4);
        printed.says("summary.csv: ").says("report.md: ").says("report.html: ");
    }
}

#[test]
fn files_that_cannot_be_computed_are_not_proven() {
    let asked = "verify results/moons --progress none --sample 1 --files";
    let json = |place: &Workspace, code: i32| -> serde_json::Value {
        serde_json::from_str(&place.run(&format!("{asked} --json")).ends(code).out).unwrap()
    };
    // A clone has no stored runs: nothing is trained, and the message gives a remedy.
    let place = Workspace::swept();
    fs::rename(place.path("results/moons/segments"), place.path("segments")).unwrap();
    let refused = crate::workspace::flat(&place.run(asked).refused(2));
    assert!(
        refused.contains("has no stored runs (segments/)") && refused.contains("every run and every file again"),
        "{refused}"
    );
    let answer = place.run("verify results/moons --progress none --sample 1").ends(0);
    assert!(!answer.out.contains("--files"), "{}", answer.out);
    place.run("verify results/moons --progress none --sample 6 --files").ends(0).says("every bit is the same");
    // Two of its runs are stored, in a separate segment.
    fs::rename(place.path("segments"), place.path("results/moons/segments")).unwrap();
    let folder = place.path("results/moons");
    let records = store::load(&folder).unwrap().0;
    fs::remove_dir_all(folder.join("segments")).unwrap();
    Store::open(&folder).unwrap().commit(records.values().take(2)).unwrap();
    let answer = place.run(asked).ends(2);
    let answer = answer.says("NOT proven: 1 of 6 runs").says("not made again despite --files: tables, figures and");
    assert!(!answer.out.contains("\nproven"), "{}", answer.out);
    assert!(!place.run("verify results/moons --sample 1").ends(0).out.contains("--files"));
    let object = json(&place, 2);
    assert_eq!((&object["proven"], &object["differences"]), (&false.into(), &serde_json::json!([])));
    assert!(
        object["files-not-made"].as_str().unwrap().contains("4 of its 6 runs have no valid record in segments/"),
        "{object}"
    );
    // Runs that were just trained are not stored for that.
    let other = Workspace::swept();
    other.edit("study.toml", "epochs = 4", "epochs = 5");
    let printed = "none of its 6 runs has a valid record in segments/";
    other.run("verify results/moons --progress none --sample 2 --files").ends(4).says(printed);
    // A damaged segment is a difference.
    let place = Workspace::swept();
    let segment = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    let segment = format!("results/moons/segments/{segment}");
    let whole = place.read(&segment);
    place.write(&segment, &whole[..whole.len() / 2]);
    place.run(asked).ends(4).says("NOT proven").says("cut off or changed").says("valid record in segments/");
    assert!(json(&place, 4)["differences"][0]["what"].as_str().unwrap().starts_with("segments/"));
    place.run("verify results/moons --sample 1").ends(4).says("cut off or changed");
}

#[test]
fn a_sample_seed_chooses_another_sample() {
    let id = |i: u32| Digest::of(&i.to_le_bytes());
    let tasks: Vec<_> = (0..1000).map(|i| Task { trial: 0, seed: Seed(i.into()), id: id(i) }).collect();
    let root = id(7);
    let sample = |root, word| sample(&tasks, 50, root, word);
    let plain = sample(root, None);
    assert_eq!(plain, sample(root, None), "chosen by the root alone");
    let shared = |other: &[Task]| other.iter().filter(|task| plain.contains(task)).count();
    for other in [sample(id(8), None), sample(root, Some("")), sample(root, Some("tomorrow"))] {
        assert_eq!(other.iter().map(|task| task.id).collect::<BTreeSet<_>>().len(), 50);
        assert!(shared(&other) < 15, "{} of 50 are the same", shared(&other));
    }
}

#[test]
fn a_changed_measurement_changes_the_sample() {
    let manifest = Workspace::swept().manifest();
    let whole = restudy::results::claims(&manifest);
    for name in ["metrics", "runs", "weights", "points"] {
        let mut other = manifest.clone();
        other.tables.get_mut(name).unwrap().digest = Digest::of(b"other");
        assert_ne!(restudy::results::claims(&other), whole, "{name}");
    }
    let other = Manifest { root: Digest::of(b"other"), ..manifest.clone() };
    assert_ne!(restudy::results::claims(&other), whole);
    let mut other = manifest.clone();
    other.measurements.as_mut().unwrap()[2] = Digest::of(b"other");
    assert_ne!(restudy::results::claims(&other), whole);
    let other = Manifest { study: "another".into(), ..manifest };
    assert_eq!(restudy::results::claims(&other), whole, "the name of a study does not change the sample");
}

#[test]
fn a_run_that_is_listed_twice_is_no_proof() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    let mut invented = manifest.runs[0].clone();
    invented.digest = Digest::of(b"invented");
    manifest.runs.insert(0, invented);
    manifest.measurements.as_mut().unwrap().insert(0, Digest::of(b"invented"));
    manifest.root = restudy::digest::root(manifest.runs.iter().map(|run| (run.id, run.digest)));
    place.write("results/moons/manifest.json", manifest.to_text());
    for words in ["verify results/moons --sample 6 -q", "verify results/moons -q"] {
        place.run(words).ends(4).says("it lists a run more than once");
    }
}

#[test]
fn an_edited_specification_is_reported_once() {
    let place = Workspace::swept();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    let printed = place.run("verify results/moons --progress none").ends(4);
    let printed = printed.says("study.toml: it is not the specification of the manifest");
    let printed = printed
        .says("runs: the manifest lists 6 runs that are not part of the changed study.toml, and lacks 6 that are");
    assert!(!printed.out.lines().any(|line| line.starts_with("run ")), "{}", printed.out);
}

#[test]
fn no_sweep_is_advised_that_would_be_refused() {
    let place = Workspace::swept();
    let newer = b"RESTUDY\n\x03\0\0\0";
    let file = format!("results/moons/segments/{}", store::segment::file_name(newer));
    place.write(&file, newer);
    let answer = place.run("verify results/moons").ends(4);
    assert!(answer.out.contains("cannot resume from them") && !answer.out.contains("repairs"), "{}", answer.out);
    place.run("sweep moons.toml --render").refused(2);
    place.write(&file, b"nothing");
    place.run("verify results/moons").ends(4).says("`restudy sweep` repairs it");
    place.run("sweep moons.toml --render --quiet").ends(0);
}

#[test]
fn two_files_of_the_same_content_are_two_trials_of_the_same_runs() {
    let place = Workspace::new(
        &with("[data.double-moon]\ntrain = 40\nvalidation = 40\n", "[data.csv]\nfile = \"a.csv\"\n")
            .replace("\"model.hidden\" = [1, 3]", "\"data.csv.file\" = [\"a.csv\", \"b.csv\"]")
            .replace("by = \"model.hidden\"", "by = \"data.csv.file\""),
    );
    let rows: String = (0..40).map(|i| format!("{},{},{}\n", i % 7, i % 5, if i % 2 == 0 { 1 } else { -1 })).collect();
    for file in ["a.csv", "b.csv"] {
        place.write(file, format!("x,y,label\n{rows}"));
    }
    place.run("sweep moons.toml --progress none").ends(0);
    for sample in ["", "--sample 1", "--sample 2 --files"] {
        place.run(&format!("verify results/moons --progress none {sample}")).ends(0).says("proven");
    }
}
