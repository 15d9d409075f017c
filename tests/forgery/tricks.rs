//! Tricks that worked once, or could work, under the published root. Each ends with 4, with and without `--recompute`.

use serde_json::{Map, Value as Json, json};

use crate::{
    seal::{climb, conclude, identify, line, proof, sealed},
    workspace::{Workspace, with},
};

/// Checks that a forgery is refused under the root, with this text.
#[track_caller]
fn refused(place: &Workspace, text: &str, root: &str, what: &str, says: &str) {
    place.write("x.json", text);
    for more in ["", " --recompute", " --json"] {
        let mut answer = place.run(&format!("check-proof x.json --root {root}{more}")).ends(4);
        if more == " --json" {
            let report: Json = serde_json::from_str(&answer.out).unwrap();
            assert_eq!(report["holds"], false);
            let faults = report["faults"].as_array().unwrap();
            answer.out = faults.iter().map(|fault| format!("{}\n", fault.as_str().unwrap())).collect();
        }
        assert!(answer.out.contains(says) && answer.err.is_empty(), "{what}{more}: {}{}", answer.out, answer.err);
        assert!(more == " --json" || answer.out.contains("NOT proven: x.json"), "{what}: {}", answer.out);
        assert!(!answer.out.lines().any(|line| line.starts_with("proven")), "{what}: {}", answer.out);
    }
}

/// The settings with the line of `key` moved into the next key.
pub fn merged(settings: &Map<String, Json>, key: &str) -> Map<String, Json> {
    let mut merged = Map::new();
    let mut before = String::new();
    for (path, value) in settings {
        if path == key {
            before = format!("{path}={}\n", line(value));
        } else {
            merged.insert(std::mem::take(&mut before) + path, value.clone());
        }
    }
    merged
}

#[test]
fn settings_in_the_key_of_another() {
    let place = Workspace::swept();
    let root = place.manifest().root.to_string();
    let whole = proof(&place, "hidden=3,seed=1");
    let settings = whole["run"]["settings"].as_object().unwrap();
    // Two known cases: `error` is moved into a key, so that there is one metric less and two parameters more.
    for (part, moved) in [("train", "loss"), ("validation", "loss")] {
        let mut forged = whole.clone();
        forged["run"]["settings"] = merged(settings, "evaluate.metrics.1").into();
        let last = &mut forged["final"];
        let number = |part: &str, name: &str| whole["final"][part][name].clone();
        let mut parameters = vec![number("validation", "loss"), number("validation", "error")];
        last["train"] = json!({ "loss": number("train", "loss") });
        last["validation"] = json!({ "loss": number("train", "error") });
        parameters.extend(whole["final"]["parameters"].as_array().unwrap().clone());
        last["parameters"] = parameters.into();
        assert!(last[part].get(moved).is_some());
        conclude(&mut forged);
        assert_eq!(forged["digest"], whole["digest"], "the bytes are the same");
        refused(&place, &sealed(forged), &root, "a metric in a key", "is not the path of a setting");
    }
    // Any setting in the key of the next one, and all of them in one.
    for key in settings.keys().take(settings.len() - 1) {
        let mut forged = whole.clone();
        forged["run"]["settings"] = merged(settings, key).into();
        let id = forged["run"]["id"].clone();
        identify(&mut forged);
        assert_eq!(forged["run"]["id"], id, "the bytes are the same");
        refused(&place, &sealed(forged), &root, key, "is not the path of a setting");
    }
    let mut forged = whole.clone();
    let last = settings.iter().next_back().unwrap();
    let others: String =
        settings.iter().take(settings.len() - 1).map(|(path, value)| format!("{path}={}\n", line(value))).collect();
    forged["run"]["settings"] = json!({ (others + last.0): last.1 });
    let numbers = ["train", "validation"].map(|part| ["loss", "error"].map(|name| whole["final"][part][name].clone()));
    let mut parameters = numbers.as_flattened().to_vec();
    parameters.extend(whole["final"]["parameters"].as_array().unwrap().clone());
    forged["final"]["parameters"] = parameters.into();
    forged["final"]["train"] = json!({});
    forged["final"]["validation"] = json!({});
    refused(&place, &sealed(forged), &root, "all in one", "is not the path of a setting");
}

#[test]
fn a_third_metric_hidden_as_a_parameter() {
    let spec = with("[sweep]", "[evaluate]\nmetrics = [\"loss\", \"error\", \"brier\"]\n\n[sweep]");
    let place = Workspace::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    let root = place.manifest().root.to_string();
    let whole = proof(&place, "hidden=3,seed=1");
    let settings = whole["run"]["settings"].as_object().unwrap();
    let numbers: Vec<_> = ["train", "validation"]
        .iter()
        .flat_map(|part| ["loss", "error", "brier"].map(|name| whole["final"][part][name].clone()))
        .chain(whole["final"]["parameters"].as_array().unwrap().clone())
        .collect();
    let mut forged = whole.clone();
    forged["run"]["settings"] = merged(&merged(settings, "evaluate.metrics.1"), "evaluate.metrics.2").into();
    forged["final"]["train"] = json!({ "loss": numbers[0] });
    forged["final"]["validation"] = json!({ "loss": numbers[1] });
    forged["final"]["parameters"] = numbers[2..].to_vec().into();
    refused(&place, &sealed(forged.clone()), &root, "two metrics less", "is not the path of a setting");
    // The same counts with intact settings, which they do not match.
    forged["run"]["settings"] = whole["run"]["settings"].clone();
    refused(&place, &sealed(forged), &root, "two metrics less", "the metrics are not those of the settings");
    let mut forged = whole.clone();
    forged["final"]["parameters"].as_array_mut().unwrap().push(0.0.into());
    conclude(&mut forged);
    refused(&place, &sealed(forged), &root, "one parameter more", "not as many parameters as the settings ask for");
}

#[test]
fn trees_and_roots() {
    let place = Workspace::swept();
    let root = place.manifest().root.to_string();
    let whole = proof(&place, "hidden=3,seed=1");
    let text = sealed(whole.clone());
    place.write("x.json", &text);
    place.run(&format!("check-proof x.json --root {root} --recompute")).ends(0);
    refused(&place, &text, &"00".repeat(32), "a root of zeros", "not the published root");
    place.run(&format!("check-proof x.json --root {}", &root[..60])).refused(2);
    let changed = |change: &dyn Fn(&mut Json)| {
        let mut forged = whole.clone();
        change(&mut forged);
        sealed(forged)
    };
    let way = "it does not lead from the run to the root";
    let path = whole["path"].as_array().unwrap().clone();
    refused(&place, &changed(&|proof| proof["path"] = path[1..].to_vec().into()), &root, "cut", way);
    let longer: Vec<_> = path.iter().chain(&path[path.len() - 1..]).cloned().collect();
    refused(&place, &changed(&|proof| proof["path"] = longer.clone().into()), &root, "longer", way);
    let bare = changed(&|proof| {
        proof["path"] = json!([]);
        proof["root"] = proof["digest"].clone();
    });
    refused(&place, &bare, &root, "the digest for a root", way);
    place.run("check-proof x.json").ends(4);
    let own = changed(&|proof| {
        proof["path"] = json!([]);
        climb(proof);
    });
    refused(&place, &own, &root, "a root of the forger's own", "not the published root");
    let long = changed(&|proof| proof["path"] = vec![json!({ "left": "00".repeat(32) }); 200_000].into());
    refused(&place, &long, &root, "a path of 200000", "path: it is longer than that of any study");
    // A node for a leaf: the two nodes below it are passed for a run.
    let node = changed(&|proof| proof["digest"] = path[0].as_object().unwrap().values().next().unwrap().clone());
    refused(&place, &node, &root, "a node for a leaf", "not those of the run's digest");
}

#[test]
fn keys_twice_and_other_spellings() {
    let place = Workspace::swept();
    let root = place.manifest().root.to_string();
    let text = sealed(proof(&place, "hidden=3,seed=1"));
    let edited = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    for (from, to, says) in [
        ("\"error\":", "\"error\": 0.0,\n      \"error\":", "has the key \"error\" twice"),
        ("\"digest\":", "\"digest\": \"00\",\n  \"digest\":", "has the key \"digest\" twice"),
        ("\"model.hidden\":", "\"model.hidden\": 100,\n      \"model.hidden\":", "has the key \"model.hidden\" twice"),
        ("\"model.hidden\":", "\"model.hidde\\u006e\": 100,\n      \"model.hidden\":", "twice"),
        ("\"seal\":", "\"note\": {\"a\": 1, \"a\": 2},\n  \"seal\":", "has the key \"a\" twice"),
        ("\"seal\":", "\"note\": 1,\n  \"seal\":", "unknown field `note`"),
        ("\"model.hidden\": 3", "\"model.hidden\": 3.0", "these are not the settings of a run"),
        ("\"model.hidden\": 3", "\"model.hidden\": 3e0", "expected `3.0`"),
        (
            "\"data.double-moon.radius\": 2.0",
            "\"data.double-moon.radius\": 2",
            "data.double-moon.radius is not of its kind",
        ),
        ("\"data.double-moon.radius\": 2.0", "\"data.double-moon.radius\": 2.00", "has `2.00`, expected `2.0`"),
        ("\"seed\": 1", "\"seed\": 1.0", "text: invalid type"),
        ("\"seed\": 1", "\"seed\": \"1\"", "text: invalid type"),
        ("\"normal\"", "\"norm\\u0061l\"", "expected `\"normal\"`"),
        ("\"normal\"", "\"Normal\"", "these are not the settings of a run"),
        ("\"completed\"", "\"completed \"", "outcome: it is none that a run can have"),
        ("\"completed\"", "\"completed 4\"", "outcome: it is none that a run can have"),
        ("\"completed\"", "\"converged 4\"", "outcome: what the settings stop at was not reached"),
        ("\"completed\"", "\"converged +4\"", "outcome: it is none that a run can have"),
        ("\"completed\"", "\"diverged 04\"", "outcome: it is none that a run can have"),
        ("\"model.init\"", "\"model.inits\"", "these are not the settings of a run"),
        ("\"model.init\": \"normal\",\n", "", "the setting model.init is missing"),
        ("\"epoch\": 4", "\"epoch\": 5", "the epoch is not that of the step"),
        ("\"proof\": 1", "\"proof\": 3", "its version is not one that this restudy checks"),
        ("\"contract\": 1", "\"contract\": 2", "its arithmetic contract is not that"),
    ] {
        let forged = edited(from, to);
        refused(&place, &forged, &root, to, says);
        // With a valid seal, too, if the text changes.
        if !["twice", "expected `"].iter().any(|words| says.contains(words)) {
            refused(&place, &sealed(serde_json::from_str(&forged).unwrap()), &root, to, says);
        }
    }
    // The order of keys, too: those of the settings, and of the file.
    let (one, other) = (
        "\"model.hidden\": 3,\n      \"model.init\": \"normal\"",
        "\"model.init\": \"normal\",\n      \"model.hidden\": 3",
    );
    refused(&place, &edited(one, other), &root, "another order", "expected `\"model.hidden\"`");
    let digest = proof(&place, "hidden=3,seed=1")["digest"].as_str().unwrap().to_owned();
    refused(&place, &text.replace(&digest, &digest.to_uppercase()), &root, "large digits", ", expected `");
}

#[test]
fn numbers_that_are_not_the_runs() {
    let place = Workspace::swept();
    let root = place.manifest().root.to_string();
    let whole = proof(&place, "hidden=3,seed=1");
    for (at, value, says) in [
        ("/final/validation/error", json!(0.0), "not those of the run's digest"),
        ("/final/validation/loss", json!("nan"), "a metric is negative or not a number"),
        ("/final/validation/loss", json!("-inf"), "a metric is negative or not a number"),
        ("/final/validation/loss", json!("inf"), "numbers that are not finite has diverged"),
        ("/final/validation/error", json!(1.5), "an error is more than all points"),
        ("/final/parameters/0", json!("nan"), "numbers that are not finite has diverged"),
        ("/final/step", json!(159), "the epoch is not that of the step"),
        ("/run/seed", json!(2), "not those of the identity"),
        ("/run/settings/model.hidden", json!(2), "not those of the identity"),
        ("/run/settings/model.hidden", json!(0), "the setting model.hidden is not a whole number from 1"),
        ("/run/settings/model.hidden", json!(null), "the setting model.hidden is not a number or a text"),
        ("/run/settings/model.hidden", json!([3]), "the setting model.hidden is not a number or a text"),
        ("/final/previous", json!("00".repeat(32)), "not those of the run's digest"),
    ] {
        let mut forged = whole.clone();
        *forged.pointer_mut(at).unwrap() = value;
        refused(&place, &sealed(forged.clone()), &root, at, says);
        // With all digests recomputed, it is another run, which is not under the root.
        if says.contains("not those of") {
            identify(&mut forged);
            conclude(&mut forged);
            climb(&mut forged);
            let says =
                if at == "/run/settings/model.hidden" { "not as many parameters" } else { "not the published root" };
            refused(&place, &sealed(forged), &root, at, says);
        }
    }
}

#[test]
fn labels_of_more_than_a_line() {
    let place = Workspace::swept();
    let root = place.manifest().root.to_string();
    let whole = proof(&place, "hidden=3,seed=1");
    for label in [
        "\u{1b}]0;owned\u{7}hidden\r\nproven: EVERYTHING",
        "p`: trained again with the same bits, included in the root\n  completed at epoch 30",
        "a\u{202e}b",
        "\u{2066}",
        "a\u{2028}b",
        "\u{9b}2J",
        "\0",
        "",
        ".",
        "..",
        "a/b",
        "/etc",
    ] {
        let mut forged = whole.clone();
        forged["study"] = label.into();
        refused(&place, &sealed(forged), &root, label, "study: it is not the name of a study");
    }
    // Another name on one line is accepted, but reported as unchecked.
    let mut forged = whole.clone();
    forged["study"] = "another name".into();
    place.write("x.json", sealed(forged));
    let answer = place.run(&format!("check-proof x.json --root {root}")).ends(0);
    answer.says("not checked: that the study is called `another name`: no root has a name");
}

#[test]
fn a_file_that_is_no_proof_is_not_called_a_forgery() {
    let place = Workspace::swept();
    let text = sealed(proof(&place, "hidden=3,seed=1"));
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("cut", text.as_bytes()[..text.len() / 2].to_vec()),
        ("a manifest", place.read("results/moons/manifest.json")),
        ("a table", place.read("results/moons/runs.parquet")),
        ("an object", b"{}".to_vec()),
    ] {
        place.write("x.json", bytes);
        let output = place.run("check-proof x.json").refused(2);
        assert!(output.contains("is not the proof of a run"), "{what}: {output}");
    }
    place.write("x.json", "{\"proof\": 3, \"new\": true}");
    assert!(place.run("check-proof x.json").refused(2).contains("a proof of version 3"));
    // White space between tokens may change.
    let root = place.manifest().root;
    for text in [text.replace('\n', "\r\n"), text.replace("  ", "\t"), proof(&place, "hidden=3,seed=1").to_string()] {
        place.write("x.json", text);
        place.run(&format!("check-proof x.json --root {root} --recompute")).ends(0);
    }
}
