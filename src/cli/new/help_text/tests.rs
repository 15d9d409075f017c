use serde_json::json;

use super::*;

/// Names, kind, default, and what else is said of each option.
fn read(text: &str) -> Vec<String> {
    let line = |option: ProgramOption| {
        let ProgramOption { names, positional, kind, default, many, required, choices, about } = option;
        let name = positional.unwrap_or_else(|| names.join(" "));
        let marks = [(many, " many"), (required, " required")].map(|(is, mark)| if is { mark } else { "" }).concat();
        let choices = if choices.is_empty() { String::new() } else { format!(" {}", choices.join("|")) };
        format!("{name}: {kind:?} {default}{marks}{choices}; {about}")
    };
    options(text).into_iter().map(line).collect()
}

#[test]
fn argparse() {
    let text = "usage: a.py [-h] [--hidden HIDDEN]\n            [--rate RATE] data\n\nTrains.\n\npositional arguments:\n  data                  the data\n\n\
        options:\n  -h, --help            show this help message and exit\n  --hidden HIDDEN       hidden units (default: 7)\n  \
        --learning-rate LEARNING_RATE, -r LEARNING_RATE\n                        a learning rate, over\n                        several lines (default: 0.001)\n  \
        --optimizer {sgd,adam}\n  --amp                 mixed precision (default: False)\n  --layers LAYERS [LAYERS ...]\n                        (default: [1, 2])\n  \
        --name NAME           (default: None)\n  --flag, --no-flag\n";
    assert_eq!(
        read(text),
        [
            "data: Text null required; the data",
            "--hidden: Int 7; hidden units",
            "--learning-rate -r: Float 0.001; a learning rate, over several lines",
            "--optimizer: Text null sgd|adam; ",
            "--amp: Switch null; mixed precision",
            "--layers: Text \"[1, 2]\" many; ",
            "--name: Text null; ",
            "--flag --no-flag: Switch null; ",
        ]
    );
}

#[test]
fn click_and_typer() {
    let click = "Usage: a.py [OPTIONS] DATA\n\nOptions:\n  --hidden INTEGER        Hidden units.  [default: 7]\n  -r, --rate FLOAT        Learning rate, of which the description\n                          is long.  [default: 0.1]\n  \
        --opt [sgd|adam]        [default: sgd]\n  --amp / --no-amp        [default: no-amp]\n  --verbose\n  --epochs INTEGER RANGE  [x>=1; required]\n  --seed INTEGER\n  --help                  Show this message and exit.\n";
    assert_eq!(
        read(click),
        [
            "--hidden: Int 7; Hidden units.",
            "-r --rate: Float 0.1; Learning rate, of which the description is long.",
            "--opt: Text \"sgd\" sgd|adam; ",
            "--amp --no-amp: Switch null; ",
            "--verbose: Switch null; ",
            "--epochs: Int null required; ",
            "--seed: Int null; ",
        ]
    );
    let typer = "╭─ Options ─────────────────────────────────────╮\n│ --hidden                <int>    [default: 7]  │\n│ --rate                  <float>  [default: 0.1]│\n│ --amp       --no-amp    <bool>   [default: no-amp] │\n\
        │ --seed                  INTEGER  The seed. [default: 0] │\n│ *  --opt                TEXT  [required]    │\n│ --help                           Show this message and exit. │\n╰───╯\n";
    assert_eq!(
        read(typer),
        [
            "--hidden: Int 7; ",
            "--rate: Float 0.1; ",
            "--amp --no-amp: Switch null; ",
            "--seed: Int 0; The seed.",
            "--opt: Text null required; ",
        ]
    );
}

#[test]
fn absl_clap_getopt_and_go() {
    let text = "\n       USAGE: a.py [flags]\nflags:\n\na.py:\n  --[no]amp: Mixed precision.\n    (default: 'false')\n  --hidden: Hidden units.\n    (default: '7')\n    (a positive integer)\n  \
        --layers: Layers.\n    (default: '1,2')\n    (a comma separated list)\n  --name: Name of the run.\n  --opt: <sgd|adam>: Optimizer.\n    (default: 'sgd')\n  --rate: Learning rate.\n    (default: '0.1')\n    (a number)\n\nTry --helpfull to get a list of all flags.\n";
    assert_eq!(
        read(text),
        [
            "--amp: Bool false; Mixed precision.",
            "--hidden: Int 7; Hidden units.",
            "--layers: Text \"1,2\" many; Layers.",
            "--name: Text null; Name of the run.",
            "--opt: Text \"sgd\" sgd|adam; <sgd|adam>: Optimizer.",
            "--rate: Float 0.1; Learning rate.",
        ]
    );
    let text = "Options:\n      --hidden <HIDDEN>  Hidden units [default: 7]\n  -o, --opt <OPT>        Optimizer [default: sgd] [possible values: sgd, adam]\n  -V, --version          Print version\n\n  -n, --steps=N   number of steps (default 100)\n  -q, --quiet     say less\n";
    assert_eq!(
        read(text),
        [
            "--hidden: Int 7; Hidden units",
            "-o --opt: Text \"sgd\" sgd|adam; Optimizer",
            "-n --steps: Int 100; number of steps",
            "-q --quiet: Switch null; say less",
        ]
    );
    let text = "Usage of sim:\n  -hidden int\n    \thidden units (default 7)\n  -name string\n    \tthe name (default \"a\")\n  -v\tsay more\n";
    assert_eq!(
        read(text),
        ["-hidden: Int 7; hidden units", "-name: Text \"a\"; the name", "-v: Switch null; say more"]
    );
    assert_eq!(read("a program without options\n- a list\n-- and a line\n"), Vec::<String>::new());
    assert_eq!(options("  --rate RATE  (default: 0.5)\n")[0].default, json!(0.5));
}
