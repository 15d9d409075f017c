//! Tests settings added after the first published results: defaults are not hashed, but shown.

use std::{collections::BTreeSet, path::Path};

use super::fixture::parse;
use crate::{
    experiments::network,
    run::NetworkExperiment,
    spec::{catalog::Kind, write::literal},
    sweep::{AxisValue, Study},
    train::Simd,
};

/// The settings of the first published results, as section 6 of the contract lists them.
const FIRST: &str = "
    data.double-moon train validation seed radius noise offset offset.0 offset.1
    data.circles train validation seed inner outer noise
    data.xor train validation seed side margin
    data.spirals train validation seed turns inner outer noise
    data.blobs train validation seed distance spread
    data.csv file label negative positive features standardise validation validation.share validation.file seed
    data.mat file x y standardise validation validation.share validation.file seed
    model hidden init
    train epochs learning-rate sampling
    evaluate every every.epochs every.steps metrics
    stop zero-error-epochs loss-below";

fn first() -> BTreeSet<String> {
    let lines = FIRST.trim().lines().map(str::split_whitespace);
    let paths = lines.flat_map(|mut words| {
        let section = words.next().unwrap_or_default();
        words.map(move |word| format!("{section}.{word}"))
    });
    paths.chain(["data".to_owned()]).collect()
}

/// A study on the data set of a setting, with overrides.
fn study(folder: &Path, path: &str, sets: &[String]) -> Study {
    let key = path.strip_prefix("data.").and_then(|rest| rest.split('.').next()).unwrap_or("double-moon");
    let data = match key {
        "csv" => "file = 'points.csv'",
        "mat" => "file = 'points.mat'",
        _ => "",
    };
    let text = format!("[study]\nquestion = '?'\n[data.{key}]\n{data}\n");
    parse("later", &folder.join("later.toml"), &text, sets).unwrap_or_else(|error| panic!("{error:?}\n{text}{sets:?}"))
}

/// The hashed and stored forms of a study: the identities of its runs, and its two texts.
fn kept(study: &Study, folder: &Path) -> (Vec<String>, String, String) {
    let network = NetworkExperiment::new(study, Simd::Portable).unwrap();
    let ids = network.tasks().iter().map(|task| task.id.to_string()).collect();
    (ids, study.canonical_toml(), study.to_toml(folder))
}

#[test]
fn every_setting_is_listed_as_first_or_later() {
    let (kind, first) = (network::kind(), first());
    for path in &kind.catalog().order {
        let later = kind.declaration().later.contains(path);
        // A choice has no value, and its alternatives have no defaults.
        let is_choice = |path: &str| kind.catalog().get(path).is_some_and(|setting| setting.kind == Kind::Group);
        let is_group =
            is_choice(path) || path.rsplit_once('.').is_some_and(|(above, _)| above != "data" && is_choice(above));
        assert!(
            first.contains(path) != later || is_group,
            "{path} is new: list it in LATER and in the contract or, if its data set is new, in FIRST above"
        );
    }
    assert!(!kind.catalog().axes().any(|path| path.starts_with("data.csv.features")), "a list cannot be an axis");
    assert!(
        kind.declaration()
            .later
            .iter()
            .all(|path| include_str!("../../../../src/contract.md").contains(path.rsplit('.').next().unwrap()))
    );
}

#[test]
fn a_written_or_swept_default_gives_the_same_runs() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    std::fs::write(folder.join("points.csv"), "a,label\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n").unwrap();
    let mat = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/mat/plain.mat");
    std::fs::copy(mat, folder.join("points.mat")).unwrap();
    let kind = network::kind();
    let later = &kind.declaration().later;
    let is_item = |path: &str| path.ends_with(|last: char| last.is_ascii_digit());
    for path in kind.catalog().order.iter().filter(|path| !is_item(path)) {
        let setting = kind.catalog().get(path).unwrap();
        let Some(default) = setting.default.as_ref().filter(|default| !default.is_null()) else { continue };
        let bare = study(folder, path, &[]);
        let written = study(folder, path, &[format!("{path}={}", literal(default))]);
        assert_eq!(written, bare, "{path}");
        // The fixture has too few points to be divided.
        if !path.starts_with("data.mat") {
            assert_eq!(kept(&written, folder), kept(&bare, folder), "{path}");
        }
        let hashed = bare.settings(&bare.trials[0]);
        let is_hashed = hashed.iter().any(|(other, _)| other == path || other.starts_with(&format!("{path}.")));
        assert_eq!(is_hashed, !later.contains(path), "{path}: only defaults of later settings are not hashed");
    }
    for path in later {
        let setting = kind.catalog().get(path).unwrap();
        let Some(default) = setting.default.as_ref().filter(|default| !default.is_null()) else { continue };
        let other = match setting.kind {
            Kind::Bool => (*default != true).to_string(),
            _ => {
                let other = setting.choices.iter().find(|choice| default != choice.as_str());
                literal(&other.expect("a value that is not the default").as_str().into())
            }
        };
        let axis = format!("sweep.{path:?}=[{other}, {}]", literal(default));
        let (bare, swept) = (study(folder, path, &[]), study(folder, path, &[axis]));
        // Axis and settings of a trial show both values.
        let shown = |trial: usize| swept.trials[trial].settings().into_iter().find(|(of, _)| of == path).unwrap().1;
        assert_eq!([shown(0), shown(1)], [0, 1].map(|value| swept.axes[0].values[value].clone()), "{path}");
        let default: &AxisValue = &swept.axes[0].values[1];
        assert_eq!(swept.trials_with(path, &default.to_string()).unwrap(), [false, true], "{path}");
        // Only the other value is hashed.
        let hashed = |trial: usize| swept.settings(&swept.trials[trial]);
        assert!(hashed(0).iter().any(|(of, _)| of == path), "{path}");
        assert_eq!(hashed(1), bare.settings(&bare.trials[0]), "{path}");
        let again = parse("later", &folder.join("later.toml"), &swept.to_toml(folder), &[]).unwrap();
        assert_eq!(again.to_toml(folder), swept.to_toml(folder), "{path}");
        assert_eq!(again.trials[1].settings(), swept.trials[1].settings(), "{path}");
        // Without a line of names, the label has another name.
        if path != "data.csv.header" && !path.starts_with("data.mat") {
            let ids = kept(&swept, folder).0;
            assert_eq!(ids[1..], kept(&bare, folder).0, "{path}");
            assert_ne!(ids[0], ids[1], "{path}");
        }
    }
}
