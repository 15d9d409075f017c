//! Errors have stable codes: programs use these and the exit code, not the wording.

use std::{collections::BTreeSet, fs, path::Path};

use restudy::cli;
use serde_json::Value;

use crate::workspace::Workspace;

/// The exit code of a command, and the code of its error, which is also printed without `--json`.
fn fault(place: &Workspace, words: &str) -> (i32, String) {
    let answer = place.run(&format!("{words} --json"));
    let last: Value = serde_json::from_str(answer.out.lines().last().unwrap_or_default()).unwrap();
    let code = last["fault"].as_str().unwrap_or_else(|| panic!("{words}: {last}")).to_owned();
    assert_eq!(last["code"], answer.code.unwrap(), "{words}");
    assert!(code == "usage" || answer.err.lines().any(|line| line.trim() == code), "{words}: {}", answer.err);
    (answer.code.unwrap(), code)
}

#[test]
fn typical_errors_have_their_codes() {
    let place = Workspace::swept();
    fs::create_dir(place.path("results/empty")).unwrap();
    place.write("latin.md", b"\xff");
    place.write("text.json", "{}");
    for (words, expected) in [
        ("show results/moons --no-such-option", (2, "usage")),
        ("show results/none", (2, "folder.missing")),
        ("verify moons.toml", (2, "folder.not-results")),
        ("verify results/empty", (2, "manifest.missing")),
        ("show results/moons --runs --where hiden=3", (2, "field.unknown")),
        ("show results/moons --runs --where hidden", (2, "condition.syntax")),
        ("compare results/moons hidden=1 hidden=9", (2, "trial.unknown")),
        ("compare results/moons hidden=1", (2, "trial.not-two")),
        ("compare results/moons hidden=1 hidden=3 --metric eror", (2, "metric.unknown")),
        ("proof hidden=3 results/moons", (2, "run.several")),
        ("proof width=3,seed=1 results/moons", (2, "setting.unknown")),
        ("check-proof none.json", (2, "proof.unreadable")),
        ("check-proof text.json", (2, "proof.malformed")),
        ("merge results/moons results/moons", (2, "merge.itself")),
        ("new moons.toml", (2, "new.exists")),
        ("cite latin.md", (2, "cite.not-utf8")),
        ("verify results/moons --data moons.toml", (2, "data.unused")),
        ("notebook run none.ipynb", (2, "notebook.missing")),
    ] {
        assert_eq!(fault(&place, words), (expected.0, expected.1.to_owned()), "{words}");
    }
    place.write("results/moons/manifest.json", "{");
    assert_eq!(fault(&place, "status results/moons"), (4, "manifest.malformed".into()));
}

#[test]
fn a_table_that_is_missing_or_changed_has_a_code() {
    let place = Workspace::swept();
    place.write("results/moons/runs.parquet", "");
    assert_eq!(fault(&place, "report results/moons"), (2, "table.unreadable".into()));
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    assert_eq!(fault(&place, "report results/moons"), (2, "table.missing".into()));
}

/// The documentation lists the codes of the command line, in their order, with exit codes and meanings.
#[test]
fn the_documentation_lists_every_other_code() {
    let (_, section) = include_str!("../../docs/errors.md").split_once("\n## Other errors\n").unwrap();
    let listed: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |code: &cli::Code| format!("| `{code}` | {} | {} |", code.exit() as u8, code.meaning());
    assert_eq!(listed, cli::Code::ALL.iter().map(row).collect::<Vec<_>>());
}

/// Codes of data, figures and experiments are texts in the sources that refuse them; the documentation lists each.
#[test]
fn the_documentation_lists_every_code_of_data() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("crates/experiments/src/data"), root.join("crates/programs/src/run")];
    let more = [
        "engine/src/results/staged.rs",
        "engine/src/run/contents.rs",
        "engine/src/run/custom/mod.rs",
        "engine/src/run/custom/work.rs",
        "engine/src/run/drawable.rs",
        "engine/src/run/prepared.rs",
        "experiments/src/run/network/opened.rs",
    ];
    let mut sources: Vec<_> = more.iter().map(|file| root.join("crates").join(file)).collect();
    sources.push(root.join("src/cli/codes.rs"));
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            match path.is_dir() {
                true if path.file_name().unwrap() != "tests" => folders.push(path),
                true => {}
                false => sources.push(path),
            }
        }
    }
    let is_code = |text: &str| {
        ["data.", "experiment.", "figure.", "program."]
            .iter()
            .any(|kind| text.strip_prefix(kind).is_some_and(|rest| !rest.is_empty()))
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || b".-0123456789".contains(&byte))
    };
    let texts: Vec<String> = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let used: BTreeSet<&str> = texts.iter().flat_map(|text| text.split('"')).filter(|text| is_code(text)).collect();
    let lines = include_str!("../../docs/errors.md").lines();
    let named = lines.filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let listed: BTreeSet<&str> = named.filter(|code| is_code(code)).collect();
    assert_eq!(listed, used);
}
