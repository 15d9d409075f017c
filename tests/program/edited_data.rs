//! Data files that were edited after a sweep: every command names them, and none calls the study unfinished.

use crate::workspace::{Workspace, flat, with};

fn points(last: &str) -> String {
    let row = |i: i32| format!("{i},{},{}\n", i * 7 % 11, i % 2);
    format!("x,y,class\n{}{last}", (0..40).map(row).collect::<String>())
}

/// A finished study with an axis of two data files.
fn two_files() -> Workspace {
    let data = "[data.csv]\nfile = \"a.csv\"\nlabel = \"class\"";
    let axes = "\"data.csv.file\" = [\"a.csv\", \"b.csv\"]\n\"model.hidden\" = [1, 3]";
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", data)
        .replace("\"model.hidden\" = [1, 3]", axes)
        .replace("by = \"model.hidden\"", "by = \"model.hidden\", at = { \"data.csv.file\" = \"b.csv\" }");
    let place = Workspace::new(&spec);
    place.write("a.csv", points(""));
    place.write("b.csv", points("40,3,1\n"));
    place.run("sweep moons.toml --quiet").ends(0);
    place
}

#[test]
fn verify_names_the_data_file_that_was_edited() {
    let place = two_files();
    place.write("b.csv", points("41,3,0\n"));
    let cause = "its data files are not those of the runs: b.csv changed since 6 of 12 runs learned from it";
    for words in ["verify results/moons --progress none", "verify results/moons --progress none --sample 3"] {
        let answer = place.run(words).ends(4).says(cause);
        assert_eq!(answer.out.lines().count(), 2, "the cause, and none of what follows from it: {}", answer.out);
        let report = place.run(&format!("{words} --json")).ends(4).out;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!((&report["differences"][0]["what"], &report["computed"]), (&"data".into(), &0.into()));
        assert!(report["differences"][0]["how"].as_str().unwrap().contains(cause), "{report}");
        assert_eq!(report["differences"].as_array().unwrap().len(), 1);
    }
    // With the original file, under any name, the results are proven.
    place.write("was.csv", points("40,3,1\n"));
    place.run("verify results/moons --progress none --data was.csv").ends(0);
    // Two exchanged files are both named; a manifest that was forged too is reported with them.
    place.write("a.csv", points("40,3,1\n"));
    place.write("b.csv", points(""));
    place.run("verify results/moons --progress none").ends(4).says("a.csv and b.csv changed since 12 of 12 runs");
    place.run("status results/moons").ends(0).says("a.csv and b.csv have changed since");
    let mut manifest = place.manifest();
    manifest.root.0[0] ^= 1;
    crate::tamper::put(&place, &manifest);
    let out = place.run("verify results/moons --progress none").ends(4).out;
    assert!(out.starts_with("data: ") && out.contains("its root is not that of the runs it lists"), "{out}");
}

#[test]
fn an_early_manifest_names_the_file_by_its_runs() {
    let place = two_files();
    let early = restudy::results::Manifest { data: Vec::new(), restudy: "0.1.0".into(), ..place.manifest() };
    crate::tamper::put(&place, &early);
    std::fs::remove_file(place.path("results/moons/segments/data")).unwrap();
    place.write("b.csv", points("41,3,0\n"));
    place.run("verify results/moons --progress none").ends(4).says("b.csv changed since 6 of 12 runs");
}

#[test]
fn a_finished_study_whose_data_was_edited_is_not_called_unfinished() {
    let place = two_files();
    place.write("b.csv", points("41,3,0\n"));
    let output = flat(&place.run("show moons.toml").ends(0).err);
    assert!(
        output.contains("its data file b.csv was changed since the results in results/moons were made"),
        "{output}"
    );
    assert!(
        output.contains("6 runs of 12 are missing for the current study; compute them with `restudy sweep moons.toml`"),
        "{output}"
    );
    assert!(!output.contains("not finished"), "{output}");
    place
        .run("status moons.toml")
        .ends(0)
        .says("CHANGED   the data is not that of these results: b.csv has changed since");
    let report = place.run("status results/moons --json").ends(0).out;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["data-unchanged"], &report["data-edited"]), (&false.into(), &serde_json::json!(["b.csv"])));
    let refused = place.run_words(&["compare", "moons.toml", "file=a.csv,hidden=1", "file=b.csv,hidden=1"]).refused(2);
    assert!(flat(&refused).contains(": its data file b.csv was changed since"), "{refused}");
    // The results themselves are unchanged.
    assert_eq!(place.run("show results/moons").ends(0).err, "");
    // More seeds are another specification, not an unfinished study.
    let place = Workspace::swept();
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    let output = flat(&place.run("show moons.toml").ends(0).err);
    assert!(
        output.contains("its specification was changed since") && output.contains("2 runs of 8 are missing"),
        "{output}"
    );
}

#[test]
fn folders_whose_data_differ_are_not_merged_in_either_order() {
    let place = two_files();
    place.write("b.csv", points("41,3,0\n"));
    place.run("sweep moons.toml --quiet --results other").ends(0);
    let before = (place.files("results"), place.files("other"));
    for [one, other] in [["results/moons", "other/moons"], ["other/moons", "results/moons"]] {
        let output = format!("the data of {other} differs from that of {one}: b.csv help:");
        for words in [format!("merge new/moons {one} {other}"), format!("merge {one} {other}")] {
            let refused = flat(&place.run(&words).refused(2));
            assert!(refused.contains(&output), "{words}: {refused}");
        }
    }
    assert!(!place.path("new").exists() && before == (place.files("results"), place.files("other")));
    // Shards have no manifest, but record their data.
    place.run("sweep moons.toml --quiet --shard 1/2 --results a").ends(0);
    place.write("b.csv", points("40,3,1\n"));
    place.run("sweep moons.toml --quiet --shard 2/2 --results b").ends(0);
    let refused = flat(&place.run("merge new/moons a/moons b/moons").refused(2));
    assert!(refused.contains("the data of b/moons differs from that of a/moons: b.csv"), "{refused}");
    place.run("merge new/moons b/moons results/moons").ends(0);
}

#[test]
fn why_reads_the_current_content_of_data_files() {
    let place = two_files();
    place.run("why results/moons").ends(0).says("a sweep would train nothing");
    place.write("b.csv", points("41,3,0\n"));
    let of_folder = place.run("why results/moons").ends(0).says("not in results/moons: 6 of 12 runs").out;
    assert_eq!(of_folder, place.run("why moons.toml").ends(0).out);
    // The comparison is with the runs of the same file and its original content.
    assert!(of_folder.contains("(data.csv.file = b.csv, model.hidden = 1, seed 0)\n  nearest"), "{of_folder}");
    let was = restudy::digest::Digest::of(points("40,3,1\n").as_bytes());
    assert!(of_folder.contains("data: the file was changed; it is now blake3:"), "{of_folder}");
    assert!(of_folder.contains(&format!(", and was blake3:{was}")), "{of_folder}");
    // Without the files, no change is known.
    ["a.csv", "b.csv"].iter().for_each(|name| std::fs::remove_file(place.path(name)).unwrap());
    place.run("why results/moons").ends(0).says("a sweep would train nothing");
}

#[test]
fn runs_of_other_trials_in_the_manifest_are_no_edited_data() {
    for place in [Workspace::swept(), two_files()] {
        let mut manifest = place.manifest();
        let (first, second) = (manifest.runs[0].seed, manifest.runs[1].seed);
        (manifest.runs[0].seed, manifest.runs[1].seed) = (second, first);
        crate::tamper::put(&place, &manifest);
        for words in ["status results/moons", "status moons.toml"] {
            let output = place.run(words).ends(4).says("WRONG     manifest.json: it lists run ").out;
            assert!(!output.contains("edited since") && !output.contains("data is not"), "{output}");
            let report = place.run(&format!("{words} --json")).ends(4).out;
            let report: serde_json::Value = serde_json::from_str(&report).unwrap();
            assert_eq!((&report["data-unchanged"], &report["data-edited"]), (&true.into(), &serde_json::json!([])));
        }
        let output = place.run("verify results/moons --progress none").ends(4).out;
        assert!(!output.contains("changed since"), "{output}");
    }
}

#[test]
fn exchanged_files_and_values_leave_the_manifest_valid() {
    for early in [false, true] {
        let place = two_files();
        if early {
            let early = restudy::results::Manifest { data: Vec::new(), restudy: "0.1.0".into(), ..place.manifest() };
            crate::tamper::put(&place, &early);
            std::fs::remove_file(place.path("results/moons/segments/data")).unwrap();
        }
        place.write("a.csv", points("40,3,1\n"));
        place.write("b.csv", points(""));
        for words in ["status moons.toml", "status results/moons"] {
            let output = place.run(words);
            let output = if early { output } else { output.ends(0) };
            assert!(!output.out.contains("wrong trial or seed"), "{}", output.out);
            output.says("CHANGED   the data is not that of these results: a.csv and b.csv have changed since");
        }
    }
    // The same runs in another order.
    let place = Workspace::swept();
    place.write("moons.toml", with("[1, 3]", "[3, 1]"));
    let output = place.run("status moons.toml").ends(0).says("CHANGED   moons.toml is not the specification").out;
    assert!(!output.contains("WRONG") && !output.contains("the data"), "{output}");
    assert_eq!(place.run("show moons.toml").ends(0).err, "");
}
