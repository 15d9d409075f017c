use serde_json::json;

use super::*;
use crate::measure::{Direction, Success};

fn declaration() -> Declaration {
    let objective = Objective { measurement: "distance".into(), part: Split::None, then: Vec::new(), success: None };
    Declaration {
        name: "circle".into(),
        version: 1,
        about: String::new(),
        measurements: vec![
            Measurement::new("estimate", Direction::Higher),
            Measurement::new("distance", Direction::Lower),
            Measurement { split: true, ..Measurement::new("loss", Direction::Lower) },
        ],
        objective,
        keeps: vec!["points".into()],
        promise: Promise::Bits,
        files: Vec::new(),
        later: Vec::new(),
        aside: Vec::new(),
        external: false,
        contained: false,
        folds: Vec::new(),
        settings: json!({ "properties": { "samples": { "default": 10, "minimum": 1, "maximum": 100 } } }),
    }
}

#[test]
fn a_declaration_is_read_back_from_its_text() {
    let declared = declaration();
    assert_eq!(declared.check(), Ok(()));
    assert_eq!(declared.parts(), [Split::Train, Split::Validation, Split::None]);
    let text = serde_json::to_string(&declared).unwrap();
    assert_eq!(serde_json::from_str::<Declaration>(&text).unwrap(), declared);
    assert!(serde_json::from_str::<Declaration>(&text.replace("\"version\"", "\"edition\"")).is_err());
}

fn succeed(declared: &mut Declaration, word: &str) {
    let (measurement, part) = ("distance".to_owned(), Split::None);
    declared.objective.success =
        Some(Success { word: word.into(), measurement, part, bound: 0.0, about: String::new() });
}

#[test]
fn contradictions_are_named() {
    type Change = fn(&mut Declaration);
    let wrong: [(Change, &str); 14] = [
        (|declared| declared.measurements[2].name = "epoch".into(), "tables have a column `epoch`"),
        (|declared| succeed(declared, "hit, rate"), "cannot be named \"hit, rate\""),
        (
            |declared| {
                declared.measurements[2].name = "epochs".into();
                declared.measurements[0].name = "near_epoch".into();
                succeed(declared, "near");
            },
            "a measurement cannot be named \"near_epoch\"",
        ),
        (|declared| declared.measurements[1].neutral = true, "decided by `distance`, which is neutral"),
        (|declared| declared.name = "Circle 2".into(), "cannot be named \"Circle 2\""),
        (|declared| declared.measurements.clear(), "it measures nothing"),
        (|declared| declared.measurements[0].name = "distance".into(), "two measurements are named `distance`"),
        (|declared| declared.measurements[0].name = "seed".into(), "tables have a column `seed`"),
        (|declared| declared.measurements[0].name = "a b".into(), "a measurement cannot be named \"a b\""),
        (|declared| declared.objective.measurement = "error".into(), "the objective is decided by `error`"),
        (
            |declared| declared.objective.part = Split::Validation,
            "decided by `validation distance`, but it is measured once",
        ),
        (|declared| declared.objective.then = vec!["loss".into()], "decided by `loss`, but it is measured on training"),
        (|declared| declared.keeps.push("points".into()), "two stored arrays are named `points`"),
        (
            |declared| declared.settings["properties"]["samples"]["default"] = 0.into(),
            "the default of `samples`, 0, is out of its range",
        ),
    ];
    for (change, reason) in wrong {
        let mut declared = declaration();
        change(&mut declared);
        let error = declared.check().unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let success = |measurement: &str| Success {
        word: "near".into(),
        measurement: measurement.into(),
        part: Split::None,
        bound: 0.1,
        about: String::new(),
    };
    let with = |success: Success| Declaration {
        objective: Objective { success: Some(success), ..declaration().objective },
        ..declaration()
    };
    assert_eq!(with(success("distance")).check(), Ok(()));
    assert!(with(success("other")).check().is_err());
}

#[test]
fn names_of_stored_arrays_are_plain() {
    let named = |name: &str| Declaration { keeps: vec![name.into()], ..declaration() }.check();
    assert_eq!(named("Wi_2-b"), Ok(()));
    for odd in ["", "A b", "../c", "ü", "a\n"] {
        assert!(named(odd).unwrap_err().reason.contains("cannot be named"), "{odd}");
    }
}

#[test]
fn later_settings_have_defaults() {
    let with = |path: &str| {
        let settings = json!({ "properties": { "samples": { "type": "integer", "default": 10 }, "size": { "type": "integer" } }, "required": ["size"] });
        Declaration { later: vec![path.into()], settings, ..declaration() }.check()
    };
    assert_eq!(with("settings.samples"), Ok(()));
    for path in ["settings.size", "settings.other"] {
        assert!(with(path).unwrap_err().reason.contains("later setting"), "{path}");
    }
}
