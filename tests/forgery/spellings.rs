//! Texts of a proof that another reader may parse differently.

use serde_json::Value as Json;

use crate::{proofs::chosen, random::Random, seal::sealed};

/// A key twice, with the false value before or after the true one.
pub fn twice(random: &mut Random, proof: &Json) -> (String, String) {
    let text = sealed(proof.clone());
    let lines: Vec<_> = text.lines().collect();
    let single = |line: &&str| line.contains("\": ") && !line.ends_with(['{', '[']);
    let place = loop {
        let place = random.below(lines.len());
        if single(&lines[place]) {
            break place;
        }
    };
    let (key, value) = lines[place].split_once("\": ").unwrap();
    let value = value.trim_end_matches(',');
    let lie = *chosen(random, &["0.05", "1", "0.0", "\"completed\"", value]);
    let own = lines[place].trim_end_matches(',');
    let comma = if lines[place].ends_with(',') { "," } else { "" };
    let pair = if random.below(2) == 0 {
        format!("{key}\": {lie},\n{own}{comma}")
    } else {
        format!("{own},\n{key}\": {lie}{comma}")
    };
    let mut forged: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    forged[place] = pair;
    (format!("twice: {key}"), forged.join("\n"))
}

/// The same values in another spelling or order.
pub fn spelling(random: &mut Random, proof: &Json) -> (String, String) {
    let text = sealed(proof.clone());
    let (from, to): (String, String) = match random.below(7) {
        0 => ("\"seed\"".into(), "\"se\\u0065d\"".into()),
        1 => ("\"completed\"".into(), "\"complet\\u0065d\"".into()),
        2 => (
            "\"step\": 160".into(),
            (*chosen(random, &["\"step\": 160.0", "\"step\": 1.6e2", "\"step\": 160e0"])).into(),
        ),
        3 => (
            "\"data.double-moon.radius\": 2.0".into(),
            (*chosen(random, &["\"data.double-moon.radius\": 2", "\"data.double-moon.radius\": 2e0"])).into(),
        ),
        4 => {
            let root = proof["root"].as_str().unwrap().to_owned();
            (format!("\"root\": \"{root}\""), format!("\"root\": \"{}\"", root.to_uppercase()))
        }
        5 => {
            let loss = proof["final"]["train"]["loss"].to_string();
            (format!("\"loss\": {loss}"), format!("\"loss\": {loss}0"))
        }
        _ => {
            let epoch = "    \"epoch\": 4,\n    \"step\": 160,\n".to_owned();
            (epoch, "    \"step\": 160,\n    \"epoch\": 4,\n".into())
        }
    };
    assert!(text.contains(&from), "{from}");
    (format!("spelling: {to}"), text.replacen(&from, &to, 1))
}
