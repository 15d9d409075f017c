//! A manifest that is damaged, forged in one place, or missing: every command reports it, and ends with the documented
//! exit code.

use std::fs;

use serde_json::Value;

use crate::workspace::{Workspace, flat};

/// A manifest that is cut off near its end, or continues after it, is as damaged as one without a beginning.
#[test]
fn a_manifest_that_cannot_be_read_is_damaged_for_every_command() {
    let whole = Workspace::swept().text("results/moons/manifest.json");
    let cut = |from_end: usize| whole[..whole.len() - from_end].to_owned();
    let pair = whole.replacen("\"trace\":\"", "\"trace\":", 1);
    for text in [cut(3), cut(200), cut(whole.len() / 2), format!("{whole}garbage"), format!("{whole}{whole}"), pair] {
        let place = Workspace::swept();
        place.write("results/moons/manifest.json", text);
        let object: Value = serde_json::from_str(&place.run("ls --json").ends(0).out).unwrap();
        assert_eq!((&object["state"], &object["root"]), (&"damaged".into(), &Value::Null));
        for words in [
            "status results/moons",
            "status moons.toml",
            "show results/moons",
            "compare results/moons hidden=1 hidden=3",
            "verify results/moons",
            "verify results/moons --sample 2",
        ] {
            let message = place.run(words).refused(4);
            assert!(flat(&message).contains("manifest.json is not a manifest: "), "{words}: {message}");
        }
    }
    // A manifest of a newer restudy is not damaged.
    let place = Workspace::swept();
    place.edit("manifest.json", "\"format\": 1", "\"format\": 2");
    place.run("ls").ends(0).says("newer format");
    place.run("status results/moons").refused(2);
}

#[test]
fn results_without_a_manifest_are_reported_as_unbound() {
    let place = Workspace::swept();
    fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
    let status = place.run("status results/moons").ends(0);
    let status = status.says("UNBOUND   manifest.json is missing: nothing vouches for the runs and for");
    assert!(status.out.contains("runs.parquet") && status.out.contains("report.md"), "{}", status.out);
    assert!(!status.out.contains("NOT MADE"), "{}", status.out);
    let notice = "manifest.json is missing: nothing vouches for these results";
    for words in ["show results/moons", "show results/moons --runs", "compare results/moons hidden=1 hidden=3"] {
        let answer = place.run(words).ends(0);
        assert_eq!(answer.err.matches(notice).count(), 1, "{words}: {}", answer.err);
    }
    let object = place.run("show results/moons --json").ends(0).out;
    let object: Vec<Value> = object.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&object[0]["vouched-for"], &object[0]["manifest"], object.len()),
        (&false.into(), &false.into(), 1 + 6)
    );
    let object: Value = serde_json::from_str(&place.run("status results/moons --json").ends(0).out).unwrap();
    assert!(object["unbound"].as_array().unwrap().contains(&"report.html".into()), "{object}");
    // A sweep restores it, and it covers the results again.
    assert_eq!(place.computed("sweep moons.toml"), 0);
    assert_eq!(place.run("show results/moons").ends(0).err, "");
    // In a folder without results, `status` reports that.
    for name in ["manifest.json", "summary.csv", "runs.parquet", "metrics.parquet", "weights.parquet", "report.md"] {
        fs::remove_file(place.path("results/moons").join(name)).unwrap();
    }
    ["points.parquet", "report.html"]
        .iter()
        .for_each(|name| drop(fs::remove_file(place.path("results/moons").join(name))));
    place.run("status results/moons").ends(0).says("NOT MADE  all runs are stored, but tables and report are missing");
}

#[test]
fn merge_reports_a_manifest_with_another_root() {
    let place = Workspace::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    let mut manifest = place.manifest();
    manifest.root.0[0] ^= 1;
    place.write("theirs/moons/manifest.json", manifest.to_text());
    let notice = "theirs/moons/manifest.json: its root is not that of the runs it lists";
    let answer = place.run("merge new/moons theirs/moons --progress none").ends(0);
    assert!(answer.err.contains(notice) && answer.err.contains("merged nevertheless"), "{}", answer.err);
    let answer = place.run("merge theirs/moons results/moons --progress none").ends(0);
    assert!(answer.err.contains(notice) && answer.err.contains("written again"), "{}", answer.err);
    let answer = place.run("merge theirs/moons results/moons --progress none").ends(0);
    assert_eq!(answer.err, "");
}

#[test]
fn a_wrong_trace_is_reported_where_manifests_are_compared() {
    let place = Workspace::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    let mut manifest = place.manifest();
    let trace = &mut manifest.runs[2].trace;
    let other = if &trace[8..12] == "beef" { "dead" } else { "beef" };
    trace.replace_range(8..12, other);
    place.write("theirs/moons/manifest.json", manifest.to_text());
    let output = "traces of 1 run that ends the same: one of the two manifests is wrong";
    for words in ["diff results/moons theirs/moons", "verify --bisect results/moons theirs/moons"] {
        place.run(words).ends(4).says(output);
    }
    let object = place.run("verify --bisect results/moons theirs/moons --json").ends(4).out;
    let object: Value = serde_json::from_str(&object).unwrap();
    assert_eq!((&object["differ"], &object["other-traces"]), (&0.into(), &1.into()));
    let verified = place.run("verify theirs/moons --progress none").ends(4);
    verified.says("from epoch 2 on, though its digest is: the trace is wrong");
}
