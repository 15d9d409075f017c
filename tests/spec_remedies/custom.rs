//! Mistakes in specifications of custom experiments, and in the declaration of a results folder.

use std::fs;

use restudy::{
    Declared, Direction, End, Experiment, Log, Measurement, Seed, experiment,
    run::register_custom,
    spec::Code,
    sweep::{self, Study},
};

use super::row::{expect_error, meets, parse};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The number of tosses.
    tosses: u64,
    /// The number of sides.
    sides: u64,
    /// The place of the tosses.
    place: Place,
    /// A setting that is read and not written, so that identities lack it.
    #[serde(default, skip_serializing)]
    #[expect(dead_code, reason = "only read")]
    note: String,
}

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// The height above the ground.
    height: f64,
    /// The speed of the wind.
    wind: f64,
}

struct Coin;

impl Experiment for Coin {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new("coin", 2).measuring([Measurement::new("heads", Direction::Higher)])
    }

    fn run(&self, settings: &Settings, _: Seed, log: &mut Log<'_>) -> Result<(), End> {
        log.measure(settings.tosses, [("heads", settings.place.height + settings.place.wind)])
    }
}

const GOOD: &str = "[study]\nquestion = \"How often heads?\"\n[experiment]\nname = \"coin\"\nversion = 2\n\
    [settings]\ntosses = 3\nsides = 2\n[place]\nheight = 1.5\nwind = 0.5\n[sweep]\nseeds = 2\n";

/// The mistake, its code, the remedy, and the edit that the remedy asks for.
type Row = ((&'static str, &'static str), &'static str, &'static str, (&'static str, &'static str));

pub fn follow() -> Vec<Code> {
    register_custom(Coin).unwrap();
    const HEAD: &str = "[experiment]\nname = \"coin\"\nversion = 2\n";
    const PLAIN: &str = "[settings]\ntosses = 3\nsides = 2\n";
    const PLACE: &str = "[place]\nheight = 1.5\nwind = 0.5\n";
    let rows: [Row; 11] = [
        (("\"coin\"", "\"coins\""), "spec.unknown-experiment", "did you mean `coin`?", ("coins", "coin")),
        (
            ("version = 2", "version = 1"),
            "spec.unknown-experiment",
            "or change the version",
            ("version = 1", "version = 2"),
        ),
        (
            (HEAD, ""),
            "spec.unknown-section",
            HEAD.trim_end(),
            ("[settings]", "[experiment]\nname = \"coin\"\nversion = 2\n[settings]"),
        ),
        (
            (PLAIN, ""),
            "spec.missing-section",
            "[settings]\nsides = ...\ntosses = ...",
            ("[place]", "[settings]\nsides = 2\ntosses = 3\n[place]"),
        ),
        (
            (PLACE, ""),
            "spec.missing-section",
            "[place]\nheight = ...\nwind = ...",
            ("[sweep]", "[place]\nheight = 1.5\nwind = 0.5\n[sweep]"),
        ),
        (("tosses = 3\n", ""), "spec.missing-key", "add `tosses = ...`", ("sides", "tosses = 3\nsides")),
        (
            ("tosses = 3\nsides = 2\n", ""),
            "spec.missing-key",
            "add `tosses = ...` and `sides = ...`",
            ("[settings]\n", "[settings]\ntosses = 3\nsides = 2\n"),
        ),
        (
            ("height = 1.5\nwind = 0.5\n", ""),
            "spec.missing-key",
            "add `height = ...` and `wind = ...`",
            ("[place]\n", "[place]\nheight = 1.5\nwind = 0.5\n"),
        ),
        (("tosses", "toses"), "spec.unknown-key", "did you mean `tosses`?", ("toses", "tosses")),
        (("tosses = 3", "tosses = \"3\""), "spec.wrong-type", "expected a whole number from 0", ("\"3\"", "3")),
        (
            ("tosses = 3", "tosses = 3\nnote = \"!\""),
            "spec.lost-settings",
            "note is read, but not written",
            ("note = \"!\"\n", ""),
        ),
    ];
    let good = parse(GOOD, &[]).unwrap();
    let mut codes = Vec::new();
    for ((from, to), code, says, (before, after)) in rows {
        let wrong = GOOD.replacen(from, to, 1);
        codes.push(meets(&wrong, &[], code, says));
        assert!(wrong.contains(before), "{before}");
        assert!(parse(&wrong.replacen(before, after, 1), &[]).unwrap() == good, "{code}: {says}");
    }
    codes.extend(of_the_network());
    codes.push(a_list(&good));
    codes.extend(declaration(&good));
    codes
}

/// Without `[experiment]`, a specification is for the network.
fn of_the_network() -> Option<Code> {
    const WRONG: &str = "[study]\nquestion = \"?\"\n[experiment]\nname = \"dice\"\n[data.double-moon]\n";
    let code = meets(WRONG, &[], "spec.unknown-experiment", "without [experiment] a specification is for the network");
    parse(&WRONG.replace("[experiment]\nname = \"dice\"\n", ""), &[]).unwrap();
    Some(code)
}

/// A list in place of a value.
fn a_list(good: &Study) -> Code {
    let wrong = GOOD.replace("tosses = 3", "tosses = [3]");
    let code = meets(&wrong, &[], "spec.wrong-type", "move it to [sweep]: \"settings.tosses\" = [3]");
    let moved = wrong.replace("tosses = [3]\n", "").replace("[sweep]\n", "[sweep]\n\"settings.tosses\" = [3]\n");
    assert_eq!(parse(&moved, &[]).unwrap().trials[0].json(), good.trials[0].json());
    code
}

/// A results folder of an experiment that this program does not have.
fn declaration(good: &Study) -> Vec<Code> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("manifest.json"), "{}").unwrap();
    fs::write(path("study.toml"), good.to_toml(folder.path()).replace("\"coin\"", "\"kept\"")).unwrap();
    let load = || sweep::load(&path("study.toml"), &[]);
    let missing =
        expect_error(&load().unwrap_err(), "spec.declaration", "restore it, or use the program of the experiment");
    let mut declaration = experiment::find("coin", 2).unwrap().declaration().clone();
    declaration.name = "kept".into();
    let text = serde_json::to_string(&declaration).unwrap();
    fs::write(path("experiment.json"), &text[..text.len() / 2]).unwrap();
    let changed = expect_error(&load().unwrap_err(), "spec.declaration", "it was edited or cut off: restore it");
    fs::write(path("experiment.json"), text).unwrap();
    assert_eq!(load().unwrap().trials[0].json(), good.trials[0].json());
    vec![missing, changed]
}
