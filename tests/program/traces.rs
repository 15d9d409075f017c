//! Results with the same root that differ in the middle of a run: commands compare what no root binds.

use std::fs;

use restudy::{digest::Record, results::Manifest};
use serde_json::Value;

use crate::{
    stored_runs::{forge, middle},
    workspace::{Workspace, flat},
};

/// Changes the measurement of epoch 2 of the runs with one hidden unit.
fn some(record: &mut Record) {
    if record.kept.shapes[0][0] == 1 {
        middle(record);
    }
}

/// Results, and a copy whose manifest a sweep made from three forged runs; with the output of that sweep.
fn forged() -> (Workspace, String) {
    let place = Workspace::swept();
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("theirs/moons/{path}"), bytes));
    forge(&place, "theirs/moons", some);
    fs::remove_file(place.path("theirs/moons/manifest.json")).unwrap();
    let message = place.run("sweep moons.toml --results theirs --progress none").ends(0).err;
    let [ours, theirs] = ["results", "theirs"].map(|name| manifest(&place, name));
    assert!(ours.root == theirs.root && ours.measurements != theirs.measurements);
    (place, message)
}

fn manifest(place: &Workspace, results: &str) -> Manifest {
    Manifest::read(&place.path(results).join("moons")).unwrap()
}

fn without(place: &Workspace, what: &str) {
    for results in ["results", "theirs"] {
        let path = place.path(results).join("moons").join(what);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
}

#[test]
fn a_sweep_names_the_stored_runs_that_it_does_not_check() {
    let (place, message) = forged();
    let note =
        "6 stored runs were used unchecked: no manifest lists them; `restudy verify theirs/moons` computes them again";
    assert!(message.contains(note), "{message}");
    place.run("verify theirs/moons --progress none").ends(4).says("its stored measurement of epoch 2");
    // Listed runs, new folders and newly computed runs need no notice.
    for words in ["sweep moons.toml", "sweep moons.toml --render", "sweep moons.toml --results new"] {
        let message = place.run(&format!("{words} --progress none")).ends(0).err;
        assert!(!message.contains("used unchecked"), "{words}: {message}");
    }
    let message = place.run("sweep moons.toml --set sweep.seeds=4 --progress none").ends(0).err;
    assert!(!message.contains("used unchecked"), "{message}");
}

#[test]
fn diff_compares_what_no_root_binds() {
    let (place, _) = forged();
    let kind = "earlier measurements of runs with equal results\n";
    let compared = || {
        let answer = place.run("diff results/moons theirs/moons").ends(4).says("6 runs in common").says(kind);
        assert_eq!(answer.out.matches("\n  run ").count(), 3, "{}", answer.out);
        assert!(!answer.out.contains("results of the same run") && !answer.out.contains("of every bit"));
    };
    compared();
    without(&place, "segments");
    compared();
    let report: Value = serde_json::from_str(&place.run("diff results/moons theirs/moons --json").ends(4).out).unwrap();
    assert_eq!((&report["equal"], &report["unbound-runs"]), (&false.into(), &0.into()));
    // Early manifests have no digest for each run; the table that binds them has rows for each.
    for results in ["results", "theirs"] {
        let early = Manifest { measurements: None, restudy: "0.1.0".into(), ..manifest(&place, results) };
        place.write(&format!("{results}/moons/manifest.json"), early.to_text());
    }
    compared();
    without(&place, "metrics.parquet");
    place.run("diff results/moons theirs/moons").ends(4).says("some runs, by the table metrics");
    place.run("diff results/moons results/moons").ends(0).says("by digests of every bit");
    // Of runs in different studies nothing is known then.
    place.run("sweep moons.toml --set sweep.seeds=4 --results more --quiet").ends(0);
    let answer = place.run("diff results/moons more/moons").ends(4);
    let report: Value = serde_json::from_str(&place.run("diff results/moons more/moons --json").ends(4).out).unwrap();
    assert_eq!(report["unbound-runs"], 6, "{}", answer.out);
    let same = "by digests of the last measurement of each run; no digest covers the earlier measurements of";
    place.run("verify --bisect results/moons more/moons").ends(0).says(same);
}

#[test]
fn bisect_compares_every_measurement() {
    let (place, _) = forged();
    let bisect = "verify --bisect results/moons theirs/moons";
    let answer = place.run(bisect).ends(4).says("3 of 6 runs that both have differ");
    let answer = answer.says("they end the same, and first differ in the measurement of epoch 2 (step 80)");
    assert!(answer.out.contains("one of the two was changed later"), "{}", answer.out);
    let report: Value = serde_json::from_str(&place.run(&format!("{bisect} --steps --json")).ends(4).out).unwrap();
    let first = &report["runs"][0];
    assert_eq!((&first["agree"]["epoch"], &first["differ"]["epoch"]), (&1.into(), &2.into()));
    assert_eq!((&report["this-program"][0], &report["this-program"][1]["epoch"]), (&"whole".into(), &1.into()));
    let judged = place.run(&format!("{bisect} --steps")).ends(4);
    assert!(!judged.out.contains("first step that differs"), "no step differs: {}", judged.out);
    without(&place, "segments");
    let answer = place.run(&format!("{bisect} --steps")).ends(4);
    let answer =
        answer.says("the segments of both folders show where").says("this program computes exactly this result");
    answer.says("theirs/moons: this program ends the same, with other measurements before");
}

#[test]
fn merge_shows_the_values_of_both_results() {
    let (place, _) = forged();
    let (records, _) = restudy::store::load(&place.path("results/moons")).unwrap();
    let error = flat(&place.run("merge all/moons results/moons theirs/moons --progress none").refused(4));
    assert!(error.contains("has two results that differ, first at epoch 2:"), "{error}");
    let record = records.values().find(|record| error.contains(&format!("run {} has", record.id.short()))).unwrap();
    let metric = "evaluate.metrics.1 on the training points";
    let value = record.observations[2].values[1];
    assert!(error.contains(&format!("{metric} {value:?} (measurements {})", record.measurements().short())), "{error}");
    assert!(error.contains(&format!("{metric} 0.0 (measurements ")), "{error}");
    // The journal has the end of a run, not its measurements: so it does not show who computed these.
    assert_eq!(
        error.matches("for a run with the same end, which does not identify these measurements").count(),
        2,
        "{error}"
    );
    assert!(error.contains("the journal names ") && !error.contains("), computed by "), "{error}");
    assert!(!place.path("all").exists(), "nothing was written");
}
