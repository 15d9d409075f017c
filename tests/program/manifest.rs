//! A manifest that is damaged, forged in one place, or not there: every command says so, and ends as the README promises.

use std::fs;

use serde_json::Value;

use crate::place::{Place, flat};

/// What is cut off late or has something behind its end is as damaged as what has no beginning.
#[test]
fn a_manifest_that_cannot_be_read_is_damaged_for_every_command() {
    let whole = Place::swept().text("results/moons/manifest.json");
    let cut = |from_end: usize| whole[..whole.len() - from_end].to_owned();
    let pair = whole.replacen("\"trace\":\"", "\"trace\":", 1);
    for text in [cut(3), cut(200), cut(whole.len() / 2), format!("{whole}garbage"), format!("{whole}{whole}"), pair] {
        let place = Place::swept();
        place.write("results/moons/manifest.json", text);
        let told: Value = serde_json::from_str(&place.run("ls --json").ends(0).out).unwrap();
        assert_eq!((&told["state"], &told["root"]), (&"damaged".into(), &Value::Null));
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
    // What a newer restudy wrote is not damaged.
    let place = Place::swept();
    place.edit("manifest.json", "\"format\": 1", "\"format\": 2");
    place.run("ls").ends(0).says("newer format");
    place.run("status results/moons").refused(2);
}
