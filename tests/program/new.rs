//! `new`: a commented specification that runs.

use std::process::Command;

use insta::assert_snapshot;
use serde_json::Value;

use crate::workspace::{SPEC, Workspace, flat};

#[test]
fn new_writes_a_specification_that_runs_and_overwrites_nothing() {
    let place = Workspace::new(SPEC);
    place.run("new fresh.toml").ends(0).says("restudy sweep fresh.toml");
    place.run("check fresh.toml").ends(0);
    let text = place.text("fresh.toml");
    assert!(place.run("new fresh.toml").refused(2).contains("fresh.toml already exists"));
    assert_eq!(place.text("fresh.toml"), text);
    assert!(place.run("new other.toml --data moon").refused(2).contains("there is no data set `moon`"));
    place.run("new nowhere/other.toml").refused(1);
}

#[test]
fn a_specification_for_matlab_names_a_mat_file() {
    let place = Workspace::new("");
    place.run("new --data mat sheet.toml").ends(0);
    let text = place.text("sheet.toml");
    assert!(text.contains("file = \"points.mat\"") && !text.contains("points.csv"), "{text}");
    assert!(text.contains("# negative = 1\n") && text.contains("# positive = 2\n"), "{text}");
    place.run("new --data csv table.toml").ends(0);
    assert!(place.text("table.toml").contains("file = \"points.csv\""));
}

/// A program as people have them: it imports a module beside it, and prints what it measures as JSON.
const TRAIN: &str = r#"import argparse, json, random
from nets import width

parser = argparse.ArgumentParser()
parser.add_argument("data", help="table of points")
parser.add_argument("--hidden", type=int, default=7, help="hidden units")
parser.add_argument("--learning-rate", "-r", type=float, default=0.1)
parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd", help="how steps are made")
parser.add_argument("--decay", type=float)
parser.add_argument("--amp", action="store_true")
parser.add_argument("--layers", nargs="+", type=int, default=[1])
parser.add_argument("--output-dir", default="out")
parser.add_argument("--random-seed", type=int, default=0)
args = parser.parse_args()
random.seed(args.random_seed)
open("trained", "w").close()
for step in range(3):
    print(json.dumps({"step": step, "validation": {"loss": random.random() * args.learning_rate * width(args.hidden)}}))
"#;

fn programs() -> Option<Workspace> {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("NOT CHECKED: `new --command` on a Python program; python3 is not installed");
        return None;
    }
    let place = Workspace::new("");
    place.write("train.py", TRAIN);
    place.write("nets.py", "def width(hidden):\n    return hidden\n");
    place.write("points.csv", "1,2\n");
    Some(place)
}

#[test]
fn a_specification_of_a_program_has_its_options() {
    let Some(place) = programs() else { return };
    let answer = place.run("new rates --command train.py").ends(0);
    assert_snapshot!(answer.out, @"
    wrote rates.toml: 5 parameters of train.py, read from argparse; edit 5 lines marked TODO, then
      restudy check rates.toml
      restudy sweep rates.toml
    ");
    assert!(!place.path("trained").exists(), "the program runs up to its arguments");
    assert_snapshot!("of_a_program", place.text("rates.toml"));
    place.run("check rates.toml").ends(0).says("2 trials under 5 seeds");
    assert!(place.run("new rates --command train.py").refused(2).contains("rates.toml already exists"));
    // What only the author knows: the data.
    let spec = place.text("rates.toml").replace("data = \"TODO\"", "data = \"points.csv\"");
    place.write("rates.toml", spec.replace("seeds = 5", "seeds = 2"));
    place.run("sweep rates.toml --quiet").ends(0);
    place.run("show results/rates").ends(0).says("parameters.hidden");
    assert!(!place.path("__pycache__").exists());
}

#[test]
fn what_a_command_says_already_is_kept() {
    let Some(place) = programs() else { return };
    let words =
        ["new", "specs/a.toml", "--json", "--command", "python3 train.py points.csv --hidden {width} --decay=0.5"];
    std::fs::create_dir(place.path("specs")).unwrap();
    let object: Value = serde_json::from_str(&place.run_words(&words).ends(0).out).unwrap();
    assert_eq!(object["parameters"], serde_json::json!(["width", "learning-rate", "optimizer"]), "{object}");
    assert_eq!((&object["read-from"], &object["experiment"]), (&"argparse".into(), &"command".into()));
    let text = place.text("specs/a.toml");
    let run =
        r#"run = ["python3", "train.py", "points.csv", "--hidden", "{width}", "--decay=0.5", "--learning-rate", "#;
    assert!(text.contains(run) && text.contains("\nwidth = 7\n") && !text.contains("{data}"), "{text}");
    let inputs = r#"inputs = { "nets.py" = "../nets.py", "points.csv" = "../points.csv", "train.py" = "../train.py" }"#;
    assert!(text.contains(inputs), "{text}");
    place.run("check specs/a.toml").ends(0);
}

#[test]
fn a_program_that_cannot_run_here_is_read_as_text() {
    let Some(place) = programs() else { return };
    place.write("train.py", TRAIN.replacen("import argparse", "import a_library_that_is_nowhere, argparse", 1));
    place.run("new a --command train.py").ends(0).says("read from the calls of add_argument");
    let text = place.text("a.toml");
    let lines = [
        "\nhidden = 7\n",
        "\nlearning-rate = 0.1\n",
        "\noptimizer = \"sgd\"\n",
        "\ndecay = 1.0\n",
        "\"--random-seed\", \"{seed}\"",
    ];
    assert!(lines.iter().all(|line| text.contains(line)), "{text}");
    assert!(
        text.contains("Left to the program: --amp (a switch), --layers (takes several values), --output-dir."),
        "{text}"
    );
    place.write("flags.py", "import a_library_that_is_nowhere, click\n");
    let answer = place.run("new b --command flags.py").ends(0);
    assert!(
        answer.out.contains("could not be read (ModuleNotFoundError: No module named 'a_library_that_is_nowhere')"),
        "{}",
        answer.out
    );
}

#[cfg(unix)]
#[test]
fn a_script_is_started_if_it_has_help() {
    let place = Workspace::new("");
    let help = "case $1 in --help) printf 'Options:\\n  --rate R   the rate [default: 0.5]\\n  --seed N   the seed\\n';; *) touch \"$0.ran\";; esac\n";
    place.write("sim.sh", help);
    place.run("new a --command sim.sh").ends(0).says("1 parameter of sim.sh, read from --help");
    let text = place.text("a.toml");
    assert!(text.contains(r#"run = ["sh", "sim.sh", "--rate", "{rate}", "--seed", "{seed}"]"#), "{text}");
    assert!(text.contains("[parameters]\n# the rate\nrate = 0.5\n"), "{text}");
    place.run("check a.toml").ends(0);

    place.write("plain.sh", "touch \"$0.ran\"\n");
    place.run("new b --command plain.sh").ends(0).says("the options of plain.sh could not be read");
    assert!(!place.path("plain.sh.ran").exists() && !place.path("sim.sh.ran").exists(), "neither computes anything");
    let text = place.text("b.toml");
    assert!(text.contains("TODO: options of the program") && text.contains("TODO: a seed"), "{text}");
    place.run("check b.toml").ends(0).says("1 trial under 5 seeds");
}

#[test]
fn a_command_without_a_program_is_refused() {
    let place = Workspace::new(SPEC);
    for command in ["nonsense.py", "./nonsense", "nonsense-that-is-nowhere", "", "a 'b"] {
        let refused = flat(&place.run_words(&["new", "x.toml", "--command", command]).refused(2));
        assert!(refused.contains("new.command"), "{command}: {refused}");
    }
    assert!(!place.path("x.toml").exists());
    assert!(place.run("new x --command a --data csv").refused(2).contains("cannot be used with"));
}
