//! Custom experiments: runs the two examples, and the stock program on their results.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// A program of this build: an example, which `cargo test` builds, or the stock program.
fn program(name: &str) -> PathBuf {
    if name == "restudy" {
        return env!("CARGO_BIN_EXE_restudy").into();
    }
    let folder = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("examples");
    let file = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        file.exists(),
        "{} is not built: `cargo test` does it, `cargo test --test custom_experiment` needs `cargo build --examples` first",
        file.display()
    );
    file
}

fn run(folder: &Path, name: &str, words: &[&str]) -> Output {
    Command::new(program(name)).args(words).current_dir(folder).env_remove("NO_COLOR").output().unwrap()
}

/// Runs a command that must end with this exit code; returns its output.
fn message(folder: &Path, name: &str, words: &[&str], code: i32) -> String {
    let Output { status, stdout, stderr } = run(folder, name, words);
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(code), "{words:?}: {text}");
    text
}

/// A folder with a small study of the circle.
fn circle() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/circle/circle.toml");
    let text = fs::read_to_string(file).unwrap();
    let text = text
        .replace("[100, 1000, 10000, 100000]", "[100, 1000]")
        .replace("\"settings.points\" = 100000 }", "\"settings.points\" = 1000 }")
        .replace("seeds = 200", "seeds = 12");
    // The answer in the file cites the whole study.
    let (head, rest) = text
        .split_once("answer = \"\"\"")
        .map_or((text.as_str(), ""), |(head, rest)| (head, rest.split_once("\"\"\"").unwrap().1));
    fs::write(folder.path().join("circle.toml"), format!("{head}{rest}")).unwrap();
    folder
}

#[test]
fn an_experiment_has_the_whole_command_line() {
    let folder = circle();
    let of = |words: &[&str], code: i32| message(folder.path(), "circle", words, code);
    assert!(of(&["plan", "circle.toml"], 0).contains("48 runs"));
    let answer = of(&["sweep", "circle.toml"], 0);
    assert!(answer.contains("near") && answer.contains("mean distance") && !answer.contains("error"), "{answer}");
    assert!(of(&["verify", "results/circle"], 0).contains("proven: 48 of 48 runs"));
    assert!(of(&["verify", "results/circle", "--sample", "3"], 0).contains("3 of 48 runs"));
    assert!(of(&["plan", "circle.toml"], 0).contains("nothing to do"));
    // For more seeds only the new runs are computed.
    let more = of(&["sweep", "circle.toml", "--set", "sweep.seeds=14", "--json"], 0);
    assert!(more.contains("\"computed\":8") || more.contains("\"computed\": 8"), "{more}");
    assert!(of(&["schema"], 0).contains("\"settings.points\""));
    let wrong = of(&["plan", "circle.toml", "--set", "settings.pionts=4"], 2);
    assert!(wrong.contains("did you mean `points`?"), "{wrong}");
    let wrong = of(&["plan", "circle.toml", "--set", "settings.points=0"], 2);
    assert!(wrong.contains("a whole number from 1 to 4294967296"), "{wrong}");
}

#[test]
fn the_stock_program_reads_results_of_custom_experiments() {
    let folder = circle();
    message(folder.path(), "circle", &["sweep", "circle.toml"], 0);
    let of = |words: &[&str], code: i32| message(folder.path(), "restudy", words, code);
    let shown = of(&["show", "results/circle"], 0);
    assert_eq!(shown, message(folder.path(), "circle", &["show", "results/circle"], 0));
    assert!(shown.contains("reached near") && shown.contains("points to near"), "{shown}");
    let object = of(&["show", "results/circle", "--runs", "--json"], 0);
    let first: serde_json::Value = serde_json::from_str(object.lines().next().unwrap()).unwrap();
    assert!(first["measured"]["estimate"].is_f64() && first.get("train").is_none(), "{first}");
    let compared = of(&["compare", "results/circle", "points=100,throw=alone", "points=1000,throw=alone"], 0);
    assert!(compared.starts_with("distance; lower is better"), "{compared}");
    let compared = of(
        &["compare", "results/circle", "points=100,throw=alone", "points=1000,throw=alone", "--metric", "estimate"],
        0,
    );
    assert!(compared.starts_with("estimate; neither lower nor higher is better"), "{compared}");
    assert!(of(&["status", "results/circle"], 0).contains("48 of 48"));
    assert!(of(&["ls"], 0).contains("complete"));
    of(&["report", "results/circle", "--check"], 0);
    let page = fs::read_to_string(folder.path().join("results/circle/report.html")).unwrap();
    assert!(page.contains("e.g. points=100") && !page.contains("hidden=7") && !page.contains("class Core"));
    of(&["figures", "results/circle", "--check"], 0);
    of(&["diff", "results/circle", "results/circle"], 0);
    for words in [&["verify", "results/circle"][..], &["sweep", "circle.toml"], &["check", "circle.toml"]] {
        let refused = of(words, 2);
        assert!(refused.contains("circle") && refused.contains("the program of the experiment"), "{refused}");
    }
    // Studies of the network and of the circle are refused in each other's folder.
    let network = "[study]\nquestion = \"?\"\n[data.double-moon]\ntrain = 20\nvalidation = 20\n[train]\nepochs = 1\n";
    fs::write(folder.path().join("other.toml"), network).unwrap();
    of(&["sweep", "other.toml"], 0);
    fs::create_dir(folder.path().join("specs")).unwrap();
    fs::write(folder.path().join("specs/circle.toml"), network).unwrap();
    let refused = of(&["sweep", "specs/circle.toml"], 2);
    assert!(refused.contains("belongs to the experiment `circle`, version 1, not to the network"), "{refused}");
    fs::copy(folder.path().join("circle.toml"), folder.path().join("specs/other.toml")).unwrap();
    let refused = message(folder.path(), "circle", &["sweep", "specs/other.toml"], 2);
    assert!(refused.contains("belongs to the network, not to the experiment `circle`"), "{refused}");
    // A clone has neither tables nor segments.
    for name in ["segments", "journal", "runs.parquet", "metrics.parquet", "points.parquet", "weights.parquet"] {
        let path = folder.path().join("results/circle").join(name);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    let shown = of(&["show", "results/circle"], 0);
    assert!(shown.matches("mirrored").count() == 2 && shown.contains("summary.csv"), "{shown}");
    let proven = message(folder.path(), "circle", &["verify", "results/circle"], 0);
    assert!(proven.contains("proven: 48 of 48 runs"), "{proven}");
}

#[test]
fn changed_results_are_found() {
    let folder = circle();
    message(folder.path(), "circle", &["sweep", "circle.toml"], 0);
    for (name, from, to) in
        [("experiment.json", "\"lower\"", "\"higher\""), ("summary.csv", "\n0,100,alone,12", "\n0,100,alone,13")]
    {
        let file = folder.path().join("results/circle").join(name);
        let text = fs::read_to_string(&file).unwrap();
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{name}");
        fs::write(&file, changed).unwrap();
        let found = message(folder.path(), "circle", &["verify", "results/circle"], 4);
        assert!(found.contains(name), "{found}");
        if name == "experiment.json" {
            let trials = ["points=100,throw=alone", "points=1000,throw=alone"];
            let words = [&["compare", "results/circle"][..], &trials].concat();
            message(folder.path(), "restudy", &words, 4);
            fs::remove_file(&file).unwrap();
            message(folder.path(), "circle", &words, 4);
            message(folder.path(), "restudy", &words, 2);
        }
        fs::write(&file, text).unwrap();
    }
    message(folder.path(), "circle", &["verify", "results/circle"], 0);
}

#[cfg(unix)]
#[test]
fn a_killed_run_continues() {
    let folder = circle();
    // The figures of the file need values that this study does not have.
    let file = folder.path().join("circle.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.split("[figures").next().unwrap()).unwrap();
    let words = ["sweep", "circle.toml", "--set", "sweep.seeds=1", "--threads", "1"];
    let long = ["--set", "settings.points=300000000", "--set", "settings.throw=alone"];
    let words: Vec<&str> = words.iter().chain(&long).copied().collect();
    let mut process =
        Command::new(program("circle")).args(&words).current_dir(folder.path()).stderr(Stdio::null()).spawn().unwrap();
    let kept = || {
        let files = fs::read_dir(folder.path().join("results/circle/segments")).into_iter().flatten();
        files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|end| end == "checkpoint")).count()
    };
    // Runs are checkpointed after two seconds.
    while kept() == 0 {
        assert!(process.try_wait().unwrap().is_none(), "the run ended before it was kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(kept(), 1);
    let message = message(folder.path(), "circle", &words, 0);
    assert!(message.contains("1 run (1 new)"), "{message}");
    let whole = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("circle.toml"), whole.path().join("circle.toml")).unwrap();
    self::message(whole.path(), "circle", &words, 0);
    let manifest = |folder: &Path| fs::read_to_string(folder.join("results/circle/manifest.json")).unwrap();
    assert_eq!(manifest(folder.path()), manifest(whole.path()));
}

#[test]
fn new_writes_a_specification_of_the_experiment() {
    let folder = tempfile::tempdir().unwrap();
    for (name, own) in [("circle", "circle"), ("baseline", "logistic-regression")] {
        let file = format!("{name}.toml");
        message(folder.path(), name, &["new", &file], 0);
        let text = fs::read_to_string(folder.path().join(&file)).unwrap();
        assert!(text.contains(&format!("[experiment]\nname = \"{own}\"\nversion = 1\n")), "{text}");
        // Settings in comments are valid, too.
        let shown = |line: &str| {
            let is_shown = line.starts_with("# [figures") || line.starts_with("# curves");
            let is_axis = line.starts_with("# \"") && line.contains("= [");
            if is_shown || is_axis { line.trim_start_matches("# ").to_owned() } else { line.to_owned() }
        };
        let all: Vec<_> = text.lines().map(shown).collect();
        fs::write(folder.path().join(&file), all.join("\n")).unwrap();
        let planned = message(folder.path(), name, &["plan", &file, "--set", "sweep.seeds=3"], 0);
        assert!(planned.contains("under 3 seeds"), "{planned}");
        message(folder.path(), name, &["new", "network.toml", "--experiment", "other"], 2);
    }
    message(folder.path(), "circle", &["new", "network.toml", "--data", "xor"], 0);
    assert!(fs::read_to_string(folder.path().join("network.toml")).unwrap().contains("[data.xor]"));
}

#[test]
fn committed_results_are_proven() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, study, runs) in [("circle", "circle", "1\u{202f}600"), ("baseline", "moons", "120")] {
        let results = format!("examples/{name}/results/{study}");
        let proven = message(top, name, &["verify", &results, "--progress", "none"], 0);
        assert!(proven.contains(&format!("proven: {runs} of {runs} runs computed again")), "{proven}");
        // Tables are not committed; they are computed, and what depends on them is compared.
        let folder = tempfile::tempdir().unwrap();
        let (specification, again) = (format!("examples/{name}/{study}.toml"), folder.path().display().to_string());
        message(top, name, &["sweep", &specification, "--results", &again, "--quiet"], 0);
        let read = |file: &str| {
            let places = [top.join(&results), folder.path().join(study)];
            places.map(|place| fs::read_to_string(place.join(file)).unwrap())
        };
        let [was, is] = read("manifest.json").map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap());
        assert_eq!(is["root"], was["root"], "{name}");
        let mut files = vec!["summary.csv", "study.toml", "experiment.json"];
        // A program built from changed sources marks its reports.
        if is["restudy"] == was["restudy"] {
            files.extend(["report.md", "report.html", "manifest.json"]);
        }
        for file in files {
            let [was, is] = read(file);
            assert!(was == is, "{results}/{file} is another one");
        }
    }
}
