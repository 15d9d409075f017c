use std::path::Path;

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::{
    data::Source,
    experiments::{
        OfNetwork,
        network::{self, template},
    },
    spec::problem::nearest,
    tests::fixture::parse,
};

/// The keys of all data sets.
fn data_sets() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for path in &network::kind().catalog().order {
        if let Some((key, _)) = path.strip_prefix("data.").and_then(|rest| rest.split_once('.')) {
            keys.push(key.into());
        }
    }
    keys.dedup();
    keys
}

#[test]
fn templates_of_all_data_sets_are_specifications() {
    assert!(data_sets().len() >= 5);
    for key in data_sets() {
        let text = template(&key).unwrap();
        let study = parse("new", Path::new("new.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        assert_eq!(study.trials[0].data().key(), key);
        assert!(study.trials[0].data().validate().is_empty());
        assert!(
            network::kind()
                .catalog()
                .inside(&format!("data.{key}"))
                .all(|(setting, _)| text.contains(&format!("{setting} = ")))
        );
    }
    assert_eq!(template("nothing"), None);
}

/// Lines of a template are valid after uncommenting, also those of settings without a default.
#[test]
fn templates_show_the_other_forms_of_settings() {
    for (key, line) in [
        ("csv", "labels = { negative = [\"...\", \"...\"], positive = [\"...\"] }"),
        ("csv", "features = [\"...\", \"...\"]"),
        ("csv", "features = { except = [\"...\", \"...\"] }"),
        ("mat", "labels = { negative = [1, 3], positive = [2] }"),
    ] {
        let text = template(key).unwrap();
        assert!(text.contains(&format!("\n# {line}\n")), "{text}");
        let text = text.replace(&format!("# {line}"), &line.replacen("\"...\"", "\"other\"", 1));
        let text = text.replace("positive = [\"...\"]", "positive = [\"third\"]");
        parse("new", Path::new("new.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    }
}

#[test]
fn the_template_shows_the_defaults() {
    let shown = parse("new", Path::new("new.toml"), &template("double-moon").unwrap(), &[]).unwrap().spec;
    let bare = "[study]\nquestion = '?'\n[data.double-moon]\n[model]\nhidden = 1";
    let bare = parse("new", Path::new("new.toml"), bare, &[]).unwrap().spec;
    assert_eq!(shown.settings.json(), bare.settings.json());
}

#[test]
fn the_schema_has_every_setting_and_resolves_its_references() {
    let schema = network::kind().schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let sweep = schema["properties"]["sweep"]["properties"].as_object().unwrap();
    for path in ["model.hidden", "train.learning-rate", "data.double-moon.noise", "stop.loss-below", "seeds", "zip"] {
        assert!(sweep.contains_key(path), "{path}");
    }
    assert!(schema["properties"]["model"].to_string().contains("$ref"));
    let mut references = Vec::new();
    collect(&schema, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        assert!(schema.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

fn collect(value: &Json, references: &mut Vec<String>) {
    match value {
        Json::Object(entries) => entries.iter().for_each(|(key, value)| match value.as_str() {
            Some(reference) if key == "$ref" => references.push(reference.into()),
            _ => collect(value, references),
        }),
        Json::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => (),
    }
}

#[test]
fn every_setting_has_a_description() {
    for path in &network::kind().catalog().order {
        assert!(!network::kind().catalog().get(path).unwrap().description.is_empty(), "{path}");
    }
}

#[test]
fn suggestions_are_close_or_absent() {
    let known = ["hidden", "init", "learning-rate"];
    assert_eq!(nearest("hiden", &known), Some("hidden"));
    assert_eq!(nearest("Learning_Rate", &known), Some("learning-rate"));
    assert_eq!(nearest("momentum", &known), None);
}

/// Pieces of specifications for random texts.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "[study]\n",
        "question = 'x'\n",
        "[data.xor]\n",
        "[data",
        "]",
        "[[",
        "\n",
        "=",
        "{",
        "}",
        ",",
        ".",
        "\"",
        "'",
        "\\",
        "-1",
        "1e400",
        "0x_",
        "nan",
        "[sweep]\n",
        "\"model.hidden\" = ",
        "[1, 2]\n",
        "seeds = ",
        "zip = [[\"model.hidden\", \"a\"]]\n",
        "exclude = [{}]\n",
        "random = { trials = 3 }\n",
        "{ uniform = [0, 4294967296] }\n",
        "{ from = 1, to = 2, steps = 3 }\n",
        "\"data.xor.seed\" = [\"per-run\", 1]\n",
        "18446744073709551616\n",
        "a.b.c = 1\n",
        "[figures.x]\n",
        "curves = {}\n",
        "#",
        "é",
        "{ log-uniform = [1e-300, 1e300] }\n",
        "{ uniform = [-1e308, 1e308] }\n",
        "\"data.double-moon.offset.0\" = [1]\n",
    ];
    prop_oneof![8 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(piece(), 0..24), sets in prop::collection::vec(piece(), 0..3)) {
        let good = "[study]\nquestion = 'x'\n[data.xor]\n";
        for text in [pieces.concat(), format!("{good}[sweep]\n{}", pieces.concat())] {
            let sets: Vec<_> = sets.iter().map(|set| format!("model.hidden={set}")).collect();
            for sets in [&[][..], &sets[..], &pieces[..]] {
                if let Err(error) = parse("x", Path::new("x.toml"), &text, sets) {
                    let mut out = String::new();
                    miette::GraphicalReportHandler::new().render_report(&mut out, &error).unwrap();
                    prop_assert!(!out.is_empty());
                }
            }
        }
    }
}
