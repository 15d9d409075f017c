//! Hostile specifications: refused with the reason, in little time and memory; nothing is written outside of the
//! results folder.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::workspace::{Workspace, assert_same};

const HEAD: &str = "[study]\nquestion = \"Q?\"\n[data.double-moon]\ntrain = 40\nvalidation = 40\n";

/// Numbers from 0, in quotes, as items of a list.
fn texts(count: usize) -> String {
    (0..count).map(|i| format!("\"{i}\", ")).collect()
}

/// Name, specification, and words of the refusal.
type Case = (&'static str, String, &'static str);

fn small() -> Vec<Case> {
    let model = |text: &str| format!("{HEAD}[model]\n{text}\n");
    let sweep = |text: &str| format!("{HEAD}[sweep]\n{text}\n");
    vec![
        ("hidden", model("hidden = 10000000000"), "expected a whole number"),
        ("hidden, all of it", model("hidden = 18446744073709551616"), "cannot be"),
        (
            "epochs",
            format!("{HEAD}[train]\nepochs = 18446744073709551615"),
            "expected a whole number from 1 to 1000000000",
        ),
        ("measurements", format!("{HEAD}[train]\nepochs = 1000000000"), "study.too-large"),
        ("parameters", sweep("\"model.hidden\" = { from = 999000, to = 1000000, steps = 1001 }"), "study.too-large"),
        ("points", HEAD.replace("train = 40", "train = 4000000000"), "expected a whole number from 2 to 10000000"),
        ("seeds", sweep("seeds = 1000000000000"), "expected from 1 to 1000000 seeds"),
        ("seeds from", sweep("seeds = { from = 18446744073709551615, count = 2 }"), "goes beyond the largest seed"),
        (
            "steps",
            sweep("\"train.learning-rate\" = { from = 1, to = 2, steps = 4294967295 }"),
            "a whole number from 2 to 1000000",
        ),
        ("random", sweep("\"model.hidden\" = { uniform = [1, 9] }\nrandom = { trials = 4294967295 }"), "cannot draw"),
        (
            "grid",
            sweep(
                "\"model.hidden\" = { from = 1, to = 1000, steps = 1000 }\n\"train.epochs\" = { from = 1, to = 1001, steps = 1001 }",
            ),
            "at most 1000000 are possible",
        ),
        ("control", "[study]\nquestion = \"\\u001b[2J\"\n[data.xor]\n".into(), "without control characters"),
        ("nul", "[study]\nquestion = \"Q?\"\n[data.csv]\nfile = \"a\\u0000b\"\n".into(), "without control characters"),
        ("a raw escape", format!("{HEAD}# \u{1b}[2J\n"), "this is not TOML"),
        ("nested list", model(&format!("hidden = {}{}", "[".repeat(5000), "]".repeat(5000))), "this is not TOML"),
        (
            "nested table",
            model(&format!("hidden = {}1{}", "{ a = ".repeat(5000), " }".repeat(5000))),
            "this is not TOML",
        ),
        ("nested key", model(&format!("{}a = 1", "a.".repeat(5000))), "this is not TOML"),
        ("nested header", format!("{HEAD}[{}a]\n", "a.".repeat(5000)), "this is not TOML"),
        ("long key", model(&format!("{} = 1", "k".repeat(100_000))), "a key in `model` has 100000 characters"),
        ("long value", model(&format!("init = \"{}\"", "v".repeat(100_000))), "`model.init` has 100000 characters"),
        ("figures", figures(1001), "at most 1000"),
    ]
}

fn large() -> Vec<Case> {
    let sweep = |text: &str| format!("{HEAD}[sweep]\n{text}\n");
    let csv = "[study]\nquestion = \"Q?\"\n[data.csv]\nfile = \"points.csv\"\n";
    let hidden = "\"model.hidden\" = { from = 1, to = 1000000, steps = 1000000 }";
    let exclude: String = (1..300_000).map(|i| format!("{{ \"model.hidden\" = {i} }}, ")).collect();
    let keys: String = (0..1_000_000).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "k{i} = 1");
        text
    });
    vec![
        (
            "a text in a million trials",
            format!("{csv}label = \"{}\"\n[sweep]\n{hidden}\n", "l".repeat(1_000_000)),
            "`data.csv.label` has 1000000 characters",
        ),
        (
            "a list in a million trials",
            format!("{csv}features = [{}]\n[sweep]\n{hidden}\n", texts(1000)),
            "would fill the memory",
        ),
        ("a million features", format!("{csv}features = [{}]\n", texts(1_000_000)), "points.csv"),
        ("exclusions", sweep(&format!("{hidden}\nexclude = [{exclude}]")), "exclusions are too many"),
        ("keys", format!("{HEAD}[model]\n{keys}"), "has no setting"),
        (
            "a key as large as the file",
            format!("{HEAD}[model]\n{} = 1\n", "k".repeat(15_000_000)),
            "has 15000000 characters",
        ),
        ("a header as deep as the file", format!("{HEAD}[{}a]\n", "a.".repeat(7_000_000)), "this is not TOML"),
        ("lines", format!("{HEAD}{}x = 1", "\n".repeat(15_000_000)), "has no setting"),
        ("a figure of many figures", figures(200_000), "at most 1000"),
        ("larger than a specification", "#".repeat(17 * 1024 * 1024), "is larger than 16 MB"),
        ("a million runs", sweep(hidden), "study.too-large"),
    ]
}

fn figures(count: usize) -> String {
    let figures: String =
        (0..count).map(|i| format!("[figures.f{i}]\nstrip = {{ by = \"model.hidden\" }}\n")).collect();
    format!("{HEAD}{figures}[sweep]\n\"model.hidden\" = [1, 2]\n")
}

/// Asserts that the specification is refused within a minute of CPU time and three gigabytes, with a message of
/// readable length, and that nothing is written.
fn refused((name, spec, words): &Case) -> Duration {
    let place = Workspace::new(spec);
    let before = place.files("");
    let begun = Instant::now();
    let script = "ulimit -v 3145728; ulimit -t 60; exec \"$0\" sweep moons.toml --progress none";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_restudy")]).current_dir(place.path("")).env("NO_COLOR", "1");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let shown: String = err.chars().take(2000).collect();
    assert_eq!(output.status.code(), Some(2), "{name}: {} {shown}", output.status);
    assert!(crate::workspace::flat(&err).contains(words), "{name}: {shown}");
    assert!(err.len() < 20_000 && !err.contains('\u{1b}'), "{name} says {} bytes", err.len());
    assert_same(&place.files(""), &before, name);
    begun.elapsed()
}

#[test]
fn asking_for_too_much() {
    small().iter().for_each(|case| {
        refused(case);
    });
}

#[test]
#[ignore = "specifications of megabytes: run by .ci/run release"]
fn sizes() {
    let times: Vec<_> = large().iter().map(|case| format!("{} {:.1?}", case.0, refused(case))).collect();
    eprintln!("{}", times.join("; "));
}

#[test]
fn names_that_lead_out() {
    for name in ["../out", "/tmp/out", "a/../../out", "..", "a\\\\b", "out.svg", ""] {
        refused(&("figure", format!("{HEAD}[figures.\"{name}\"]\nstrip = {{}}\n"), "a figure cannot be named"));
    }
    // A file name becomes the name of a results folder, whatever it contains.
    let place = Workspace::new(HEAD);
    fs::rename(place.path("moons.toml"), place.path("..moons..toml")).unwrap();
    place.run("sweep ..moons..toml --quiet").ends(0);
    let files = place.files("");
    assert!(
        files.keys().all(|path| path.starts_with("results/..moons./") || path == "..moons..toml"),
        "{:?}",
        files.keys()
    );
    for odd in ["...toml", "..", "/", "results/.."] {
        place.run_words(&["sweep", odd]).refused(2);
    }
}

#[test]
fn results_that_are_devices_and_pipes() {
    for name in ["manifest.json", "study.toml", "report.md", "runs.parquet", "figures/seeds.svg"] {
        let place = Workspace::swept();
        let file = place.path(&format!("results/moons/{name}"));
        for put in ["ln -s /dev/zero", "mkfifo"] {
            fs::remove_file(&file).unwrap();
            let words = format!("{put} '{}'", file.display());
            assert!(Command::new("sh").args(["-c", &words]).status().unwrap().success(), "{words}");
            for command in [
                "verify results/moons -q",
                "verify results/moons --sample 1 -q",
                "status results/moons",
                "figures results/moons --check",
                "plan moons.toml",
            ] {
                // Killed after a minute if it hangs; a reader without end runs out of memory before that.
                let answer = place.run(command);
                assert!(matches!(answer.code, Some(0 | 1 | 2 | 4)), "{name} {put} {command}: {:?}", answer.code);
            }
        }
        place.run("sweep moons.toml --quiet").ends(0);
        assert_same(&place.answers("results/moons"), &Workspace::swept().answers("results/moons"), name);
    }
}
