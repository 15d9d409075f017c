//! Proofs with another number, setting, outcome, shape or spelling under the published root.

use serde_json::{Map, Value as Json, json};

use crate::{
    Forgery,
    random::Random,
    seal::{climb, conclude, identify, line, proof, sealed},
    spellings::{spelling, twice},
    tricks::merged,
    workspace::Workspace,
};

/// A forged proof under the root of the study.
pub fn forge(random: &mut Random, place: &Workspace) -> Option<Forgery> {
    let root = place.manifest().root.to_string();
    let (hidden, seed) = ([1, 3][random.below(2)], random.below(3));
    let whole = proof(place, &format!("hidden={hidden},seed={seed}"));
    let other = proof(place, &format!("hidden={hidden},seed={}", (seed + 1) % 3));
    let (what, text) = match random.below(10) {
        0 => number(random, whole.clone()),
        1 => key(random, whole.clone()),
        2 => shift(random, whole.clone()),
        3 => setting(random, whole.clone()),
        4 => twice(random, &whole),
        5 => spelling(random, &whole),
        6 => way(random, whole.clone()),
        7 => graft(random, whole.clone(), &other),
        8 => outcome(random, whole.clone()),
        _ => label(random, whole.clone()),
    };
    if serde_json::from_str::<Json>(&text).is_ok_and(|own| own == whole)
        && !what.starts_with("spelling")
        && !what.starts_with("twice")
    {
        return None;
    }
    place.write("x.json", &text);
    let more = if random.below(4) == 0 { " --recompute" } else { "" };
    let commands = vec![format!("check-proof x.json --root {root}{more}")];
    Some(Forgery { what: format!("{what}\n{text}"), commands, notices: &[] })
}

/// Recomputes what a forger can: at random everything, only the seal, or everything but the root.
fn recomputed(random: &mut Random, mut proof: Json) -> String {
    match random.below(3) {
        0 => {
            identify(&mut proof);
            conclude(&mut proof);
            climb(&mut proof);
        }
        1 => {
            identify(&mut proof);
            conclude(&mut proof);
        }
        _ => {}
    }
    sealed(proof)
}

/// The paths of all numbers and texts in a value.
pub fn leaves(value: &Json, path: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(place, value)| leaves(value, &format!("{path}/{place}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

pub fn chosen<'a, T>(random: &mut Random, all: &'a [T]) -> &'a T {
    &all[random.below(all.len())]
}

fn number(random: &mut Random, mut proof: Json) -> (String, String) {
    let mut paths = Vec::new();
    leaves(&proof["final"], "/final", &mut paths);
    let path = chosen(random, &paths).clone();
    let value = proof.pointer_mut(&path).unwrap();
    *value = match (value.as_u64(), value.as_f64(), random.below(4)) {
        (Some(whole), _, 0) => whole.saturating_sub(1).into(),
        (Some(whole), _, _) => (whole + 1 + random.below(40) as u64).into(),
        (_, Some(number), 0) => (number / 2.0).into(),
        (_, Some(number), 1) => number.next_up().into(),
        (_, Some(number), 2) => (-number).into(),
        (_, Some(_), _) => chosen(random, &[json!(0.0), json!(0.05), json!("inf"), json!("nan")]).clone(),
        _ => format!("{:064x}", random.next()).into(),
    };
    (format!("number: {path}"), recomputed(random, proof))
}

/// One, two or three settings in the key of another, and the metrics that this removes among the parameters.
fn key(random: &mut Random, mut proof: Json) -> (String, String) {
    let mut settings = proof["run"]["settings"].as_object().unwrap().clone();
    for _ in 0..1 + random.below(3) {
        let keys: Vec<_> = settings.keys().cloned().collect();
        if keys.len() > 1 {
            let key: &String = chosen(random, &keys[..keys.len() - 1]);
            settings = merged(&settings, key);
        }
    }
    proof["run"]["settings"] = settings.into();
    let hidden = proof["run"]["settings"].get("evaluate.metrics.1").is_none();
    if hidden {
        moved(&mut proof, 1);
    }
    let text = if random.below(2) == 0 { sealed(proof) } else { recomputed(random, proof) };
    (format!("key: metric {}", if hidden { "hidden" } else { "kept" }), text)
}

/// Moves all but `kept` metrics per split to the front of the parameters: the bytes of the link stay.
fn moved(proof: &mut Json, kept: usize) {
    let names = ["loss", "error"];
    let numbers: Vec<Json> = ["train", "validation"]
        .iter()
        .flat_map(|part| names.map(|name| proof["final"][part][name].clone()))
        .chain(proof["final"]["parameters"].as_array().cloned().unwrap_or_default())
        .collect();
    let part = |from: usize| -> Map<String, Json> {
        let pairs = names[..kept].iter().zip(&numbers[from..from + kept]);
        pairs.map(|(name, number)| ((*name).to_owned(), number.clone())).collect()
    };
    proof["final"]["train"] = part(0).into();
    proof["final"]["validation"] = part(kept).into();
    proof["final"]["parameters"] = numbers[2 * kept..].to_vec().into();
}

/// Moves metrics to the parameters or parameters to the metrics; the bytes of the link stay.
fn shift(random: &mut Random, mut proof: Json) -> (String, String) {
    let what = match random.below(3) {
        0 => {
            moved(&mut proof, random.below(2));
            "metrics to parameters"
        }
        1 => {
            // A third metric, whose two values are parameters.
            let mut parameters = proof["final"]["parameters"].as_array().unwrap().clone();
            let taken: Vec<_> = parameters.drain(..2).collect();
            proof["final"]["train"]["brier"] = proof["final"]["validation"]["loss"].clone();
            proof["final"]["validation"]["brier"] = taken[0].clone();
            proof["final"]["parameters"] = parameters.into();
            if random.below(2) == 0 {
                proof["run"]["settings"]["evaluate.metrics.2"] = "brier".into();
            }
            "parameters to metrics"
        }
        _ => {
            let parameters = proof["final"]["parameters"].as_array_mut().unwrap();
            if random.below(2) == 0 {
                drop(parameters.pop())
            } else {
                parameters.push(0.0.into())
            }
            "the number of parameters"
        }
    };
    (format!("shift: {what}"), recomputed(random, proof))
}

fn setting(random: &mut Random, mut proof: Json) -> (String, String) {
    let settings = proof["run"]["settings"].as_object_mut().unwrap();
    let keys: Vec<_> = settings.keys().cloned().collect();
    let key = chosen(random, &keys).clone();
    let what = match random.below(4) {
        0 => {
            settings.shift_remove(&key);
            "removed"
        }
        1 => {
            let new = ["train.momentum", "data.xor.side", "stop.zero-error-epochs", "a.b", "seed", "model.hidden\n"];
            settings.insert((*chosen(random, &new)).into(), 1.into());
            settings.sort_keys();
            "added"
        }
        2 => {
            let value = settings[&key].clone();
            // A text that contains the line of another setting.
            settings[&key] = format!("{}\nmodel.hidden=u2", value.as_str().unwrap_or("x")).into();
            "a text of two lines"
        }
        _ => {
            let value = settings[&key].clone();
            settings[&key] = match (value.as_u64(), value.as_f64()) {
                (Some(whole), _) => (whole + 1).into(),
                (_, Some(number)) => (number + 0.5).into(),
                _ => (*chosen(random, &["he", "shuffle", "brier", "per-run", ""])).into(),
            };
            "changed"
        }
    };
    (format!("setting: {what}"), recomputed(random, proof))
}

fn way(random: &mut Random, mut proof: Json) -> (String, String) {
    let path = proof["path"].as_array_mut().unwrap();
    let place = random.below(path.len());
    let what = match random.below(4) {
        0 => {
            path.remove(place);
            "cut"
        }
        1 => {
            let node = path[place].clone();
            path.insert(random.below(path.len() + 1), node);
            "longer"
        }
        2 => {
            let (side, node) = path[place]
                .as_object()
                .unwrap()
                .iter()
                .next()
                .map(|(side, node)| (side.clone(), node.clone()))
                .unwrap();
            path[place] = json!({ (if side == "left" { "right" } else { "left" }): node });
            "turned"
        }
        _ => {
            path[place] = json!({ "left": format!("{:064x}", random.next()) });
            "another node"
        }
    };
    if random.below(2) == 0 {
        climb(&mut proof);
    }
    (format!("way: {what}"), sealed(proof))
}

fn graft(random: &mut Random, mut proof: Json, other: &Json) -> (String, String) {
    let parts = [
        "/run",
        "/run/id",
        "/run/seed",
        "/final",
        "/final/train",
        "/final/validation",
        "/final/parameters",
        "/digest",
        "/path",
    ];
    let part = *chosen(random, &parts);
    *proof.pointer_mut(part).unwrap() = other.pointer(part).unwrap().clone();
    (format!("graft: {part}"), recomputed(random, proof))
}

fn outcome(random: &mut Random, mut proof: Json) -> (String, String) {
    let words = [
        "completed ",
        "Completed",
        "completed 4",
        "converged 4",
        "converged 04",
        "converged",
        "diverged 4",
        "diverged +4",
        "failed no",
        "",
        "completed\nconverged 4",
    ];
    let word = *chosen(random, &words);
    proof["outcome"] = word.into();
    if word.starts_with("diverged") && random.below(2) == 0 {
        proof["final"].as_object_mut().unwrap().shift_remove("parameters");
    }
    (format!("outcome: {word:?}"), recomputed(random, proof))
}

/// Names with text that is not a name.
fn label(random: &mut Random, mut proof: Json) -> (String, String) {
    let line = line(&proof["run"]["settings"]["model.init"]).to_string();
    let names =
        ["p\nproven: everything", "p\u{1b}[2J", "\u{202e}p", "a/../b", "", "..", "p\r", "p\u{2029}", "\u{9b}1A", "p\0"];
    let name =
        format!("{}{}", chosen(random, &names), if random.below(2) == 0 { format!("\n{line}") } else { String::new() });
    let name = if name.trim().is_empty() || name == ".." { "..".to_owned() } else { name };
    proof["study"] = name.as_str().into();
    (format!("label: {name:?}"), sealed(proof))
}
