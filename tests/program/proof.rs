//! `proof` and `check-proof`: one run, proven against the root without the rest of its study.

use std::{collections::BTreeSet, fs};

use insta::assert_snapshot;
use restudy::{digest::Digest, proof::RunProof};
use serde_json::Value;

use crate::workspace::{Workspace, stable, with};

/// The proof of a run, and the text of its file.
fn proof(place: &Workspace, run: &str) -> (RunProof, String) {
    let answer = place.run(&format!("proof {run} results/moons -o -")).ends(0);
    (serde_json::from_str(&answer.out).unwrap(), answer.out)
}

#[test]
fn a_number_is_checked_against_the_published_root_without_the_rest() {
    let place = Workspace::swept();
    let root = place.manifest().root;
    let answer = place.run("proof hidden=3,seed=1 results/moons -o number.json").ends(0);
    assert_snapshot!(stable(&answer.out));
    fs::remove_dir_all(place.path("results")).unwrap();
    assert_snapshot!(place.text("number.json"));
    let checked = place.run(&format!("check-proof number.json --root {root}")).ends(0);
    assert_snapshot!(stable(&checked.out));
    place.run("check-proof number.json").ends(0).says("the root comes from the file itself");
    place
        .run(&format!("check-proof number.json --root {root} --recompute"))
        .ends(0)
        .says("trained again with the same bits");
    let other = Digest([7; 32]);
    place.run(&format!("check-proof number.json --root {other}")).ends(4).says("not the published root");
    place.run("check-proof number.json --root 12ab").refused(2);
    let report: Value =
        serde_json::from_str(&place.run("check-proof number.json --recompute --json").ends(0).out).unwrap();
    assert_eq!((&report["holds"], &report["recomputed"], &report["seed"]), (&true.into(), &true.into(), &1.into()));
}

#[test]
fn a_run_is_found_by_its_identity_or_its_settings() {
    let place = Workspace::swept();
    let id = place.manifest().runs[4].id;
    let by_settings = proof(&place, "model.hidden=3,seed=1").1;
    assert_eq!(proof(&place, &id.to_string()).1, by_settings);
    assert_eq!(place.run(&format!("proof {} -o -", id.short())).ends(0).out, by_settings, "found under --results");
    assert_eq!(place.run("proof hidden=3,seed=1 -o -").ends(0).out, by_settings);
    place.run(&format!("proof {}", id.short())).ends(0);
    assert_eq!(place.text(&format!("moons-{}.proof.json", id.short())), by_settings);
    let mut messages = String::new();
    for words in ["hidden=3", "hidden=4,seed=0", "units=3,seed=0", "hidden", "seed=0,", "seed=0"] {
        messages += &place.run_words(&["proof", words, "results/moons"]).refused(2);
        messages += "\n";
    }
    messages += &place.run("proof hidden=9,seed=0").refused(2);
    let first = &id.to_string()[..1];
    for words in [format!("proof {first} results/moons"), format!("proof {first}")] {
        let output = place.run(&words).refused(2);
        assert!(
            output.contains("is too short to select a run") && output.contains("at least the first 4 digits"),
            "{output}"
        );
    }
    assert_snapshot!(messages);
}

#[test]
fn specification_and_manifest_give_the_same_proof() {
    let place = Workspace::swept();
    let whole = proof(&place, "hidden=1,seed=2").1;
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    assert_eq!(proof(&place, "hidden=1,seed=2").1, whole, "the run is trained again");
}

/// The paths of all values in a tree.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{}", key.replace('/', "~1")), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| leaves(value, &format!("{path}/{i}"), found))
        }
        _ => found.push(path.to_owned()),
    }
}

fn altered(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(whole) => (whole + 1).into(),
            None => number.as_f64().unwrap().next_up().into(),
        },
        // Change the last digit of a digest, or any other text.
        Value::String(text) => {
            let last = if text.ends_with('0') { '1' } else { '0' };
            format!("{}{last}", &text[..text.len() - 1]).into()
        }
        other => panic!("{other} is not in a proof"),
    }
}

#[test]
fn a_change_of_any_field_is_found() {
    let place = Workspace::swept();
    let (good, text) = proof(&place, "hidden=3,seed=1");
    assert_eq!(good.validate(), Vec::<String>::new());
    let tree: Value = serde_json::from_str(&text).unwrap();
    let mut paths = Vec::new();
    leaves(&tree, "", &mut paths);
    assert!(paths.len() > 30, "{paths:?}");
    for path in &paths {
        let mut changed = tree.clone();
        let field = changed.pointer_mut(path).unwrap();
        *field = altered(field);
        let faults = serde_json::from_value::<RunProof>(changed).unwrap().validate();
        assert!(faults.iter().any(|fault| fault.starts_with("seal")), "{path}: {faults:?}");
        // A forger can compute the seal: every field except the label is bound otherwise, too.
        let bound = faults.iter().any(|fault| !fault.starts_with("seal"));
        assert_eq!(bound, path != "/study" && path != "/seal", "{path}: {faults:?}");
    }
}

#[test]
fn missing_added_and_exchanged_fields_are_found() {
    let place = Workspace::swept();
    let (_, text) = proof(&place, "hidden=3,seed=1");
    let (other, _) = proof(&place, "hidden=3,seed=2");
    let tree: Value = serde_json::from_str(&text).unwrap();
    let refused = |tree: Value, what: &str| {
        let holds = serde_json::from_value::<RunProof>(tree)
            .is_ok_and(|proof| proof.validate().iter().all(|fault| fault.starts_with("seal")));
        assert!(!holds, "{what}");
    };
    let keys = |at: &str| tree.pointer(at).unwrap().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for at in ["", "/run", "/final", "/run/settings", "/final/train", "/final/validation"] {
        for key in keys(at).into_iter().filter(|key| key != "seal") {
            let mut changed = tree.clone();
            changed.pointer_mut(at).unwrap().as_object_mut().unwrap().shift_remove(&key);
            refused(changed, &format!("without {at}/{key}"));
        }
        let mut changed = tree.clone();
        changed.pointer_mut(at).unwrap().as_object_mut().unwrap().insert("more".into(), 1.into());
        refused(changed, &format!("{at} with more"));
    }
    let theirs = serde_json::to_value(other).unwrap();
    for key in ["digest", "final", "path", "run"] {
        let mut changed = tree.clone();
        changed[key] = theirs[key].clone();
        refused(changed, &format!("{key} of another run"));
    }
    place.write("odd.json", text.replace("\"seed\": 1", "\"seed\": 2"));
    let output = place.run("check-proof odd.json").ends(4);
    assert_snapshot!(stable(&output.out));
    place.write("none.json", "{}");
    place.run("check-proof none.json").refused(2);
}

#[test]
fn diverged_runs_and_runs_on_files_are_proven() {
    let spec = with("[train]\nepochs = 4", "[train]\nepochs = 4\nlearning-rate = 1e200");
    let place = Workspace::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    let (diverged, text) = proof(&place, "hidden=3,seed=1");
    assert!(diverged.outcome.starts_with("diverged") && diverged.last.parameters.is_none(), "{text}");
    place.write("d.json", &text);
    place.run("check-proof d.json --recompute").ends(0);
    place.write("d.json", text.replace("\"diverged ", "\"converged "));
    place.run("check-proof d.json").ends(4);

    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i * 7 % 11, ["-1", "1"][i % 2])).collect();
    let spec = with(
        "[data.double-moon]\ntrain = 40\nvalidation = 40",
        "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"\nstandardise = true",
    );
    let place = Workspace::new(&spec);
    place.write("points.csv", format!("x,y,class\n{rows}"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("c.json", proof(&place, "hidden=3,seed=1").1);
    let wanted = place.run("check-proof c.json --recompute").refused(2);
    assert!(wanted.contains(&Digest::of(&place.read("points.csv")).to_string()[..40]), "{wanted}");
    fs::rename(place.path("points.csv"), place.path("moved.csv")).unwrap();
    place.write("other.csv", "x,y,class\n1,2,1\n");
    place.run("check-proof c.json --recompute --data other.csv --data moved.csv").ends(0).says("trained again");
}

#[test]
fn proofs_of_all_runs_are_of_one_root() {
    let place = Workspace::swept();
    let ids: Vec<_> = place.manifest().runs.iter().map(|run| run.id.short()).collect();
    let roots: BTreeSet<_> = ids
        .iter()
        .map(|id| proof(&place, id).0)
        .map(|proof| {
            assert_eq!(proof.validate(), Vec::<String>::new());
            proof.root
        })
        .collect();
    assert_eq!(roots.into_iter().collect::<Vec<_>>(), [place.manifest().root]);
}

#[test]
fn a_setting_of_a_hundred_thousand_parts() {
    let place = Workspace::swept();
    let (mut proof, _) = proof(&place, "hidden=3,seed=1");
    proof.run.settings.insert(vec!["data"; 100_000].join("."), 1.into());
    assert!(
        proof.validate().iter().any(|fault| fault.contains("is not the path of a setting")),
        "{:?}",
        proof.validate()
    );
    place.write("deep.json", proof.to_text());
    place.run("check-proof deep.json --recompute").ends(4);
}
