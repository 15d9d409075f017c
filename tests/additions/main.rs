//! The additions of `CONTRIBUTING.md`, made in a scratch copy: a generator of data, a metric, a figure, a command, an
//! experiment.
//!
//! With the file and the line alone, each compiles and the program offers it, and the tests that guard completeness
//! fail and name what is missing. With the rest, they pass.
//!
//! Needs git, Python 3.11, the registry's crates on this machine (it builds offline), room for a second set of test
//! programs, and some ten minutes on two cores, so that it runs only where it is asked for: `cargo test --test
//! additions -- --ignored`. The copy stays in `target/tmp/additions`, which makes the next run faster.
#![expect(clippy::unwrap_used, reason = "a test: its helpers too may stop it")]

mod complete;
mod copy;

use copy::Copy;

/// The file and the line of every addition.
fn begin(copy: &Copy) {
    copy.write("crates/network/src/data/bars.rs", include_str!("bars.rs"));
    copy.insert(
        "crates/network/src/data/mod.rs",
        "            blobs::Blobs = \"blobs\",",
        "            bars::Bars = \"bars\",",
    );
    copy.write("crates/network/src/metric/hinge.rs", include_str!("hinge.rs"));
    copy.insert("crates/network/src/metric/mod.rs", "    auc::Auc = Whole,", "    hinge::Hinge = Mean,");
    copy.write("crates/figure/src/ecdf.rs", include_str!("ecdf.rs"));
    copy.insert("crates/figure/src/lib.rs", "    strip::Strip = \"strip\",", "    ecdf::Ecdf = \"ecdf\",");
    copy.write("src/cli/metrics.rs", include_str!("metrics.rs"));
    copy.insert("src/cli/mod.rs", "    schema::Schema,", "    metrics::Metrics,");
    // The experiment is the one that the book shows, under a name that no example has.
    let page = copy.read("docs/own-experiment.md");
    let program = page.split_once("```rust examples/coin.rs\n").unwrap().1.split_once("```").unwrap().0;
    copy.write("examples/dice.rs", program.replace("coin", "dice"));
}

#[test]
#[ignore = "builds a second copy of the program and of its tests"]
fn an_addition_is_offered_at_once_and_complete_where_the_tests_pass() {
    let copy = Copy::new();
    begin(&copy);
    copy.build(&["build", "--bin", "restudy", "--example", "dice"]);
    the_program_offers_them(&copy);
    the_experiment_runs(&copy);

    // Each of these fails, and says by name what is missing.
    let contract = copy.fails(&["--test", "contract", "every_data_set_and_metric"]);
    for missing in [
        "section 6 of the contract lists no settings of bars",
        "proof.py has no settings of bars",
        "the README does not name bars",
        "prelude.rs does not name Bars",
        "cards.rs does not name Bars",
        "contract.py does not make bars",
        "pieces.rs compares no points of bars",
        "runs.rs has no study on bars",
        "section 5 of the contract does not define hinge",
        "contract.py does not compute or know hinge",
        "proof.py does not compute or know hinge",
        "runs.rs has no study that measures hinge",
    ] {
        assert!(contract.contains(missing), "{missing}: {contract}");
    }
    let module = copy.fails(&["--test", "report", "the_module_in_the_page_is_built"]);
    assert!(module.contains("run web/build"), "{module}");
    let command = copy.fails(&["--test", "program", "every_command_prints_an_object"]);
    assert!(command.contains("add `metrics` to the commands that are tried with --json"), "{command}");
    let libraries = ["-p", "restudy", "-p", "restudy-figure", "-p", "restudy-experiments", "--lib"];
    let figure = copy.fails(&[&libraries[..], &["every_figure_is_drawn_here"]].concat());
    assert!(figure.contains("no test draws ecdf"), "{figure}");
    let settings = copy.fails(&[&libraries[..], &["every_setting_is_listed_as_first_or_later"]].concat());
    assert!(settings.contains("data.bars.train is new") && settings.contains("if its data set is new"), "{settings}");
    let network = ["-p", "restudy", "-p", "restudy-network", "--lib"];
    let metric = copy.fails(&[&network[..], &["every_generator_is_tested"]].concat());
    assert!(metric.contains("Metric::Hinge` not covered"), "{metric}");
    complete::metric_of_the_network(&copy);
    let generator = copy.fails(&[&network[..], &["every_generator_is_tested"]].concat());
    assert!(generator.contains("add what is missing to `generators`"), "{generator}");

    complete::data_set(&copy);
    complete::metric(&copy);
    complete::figure(&copy);
    complete::command(&copy);
    // Both programs of the contract agree on the points of the data set and on the runs that measure the metric.
    copy.passes(&["--test", "contract"]);
    copy.passes(&["--test", "program", "every_command"]);
    copy.passes(
        &[&libraries[..], &["--", "every_figure", "every_setting_is", "rows::tests", "tests::exported"]].concat(),
    );
    // The value that stays is known once it is computed.
    copy.passes(&[&network[..], &["--", "data::tests", "metric::tests", "--skip", "value_stability"]].concat());
}

fn the_program_offers_them(copy: &Copy) {
    assert!(copy.restudy(&["--help"]).contains("\n  metrics "), "a command is in the help");
    assert!(copy.restudy(&["metrics", "--json"]).contains("{\"metric\":\"hinge\""));
    let schema = copy.restudy(&["schema"]);
    for name in ["bars", "hinge", "ecdf"] {
        assert!(schema.contains(&format!("\"{name}\"")), "{name}: {schema}");
    }
    copy.remove("bars.toml");
    copy.restudy(&["new", "bars.toml", "--data", "bars"]);
    assert!(copy.read("bars.toml").contains("[data.bars]") && copy.read("bars.toml").contains("\"hinge\""));
    copy.write("additions.toml", STUDY);
    copy.restudy(&["check", "additions.toml"]);
    assert!(copy.restudy(&["plan", "additions.toml"]).contains("6 runs"));
    copy.restudy(&["sweep", "additions.toml", "--progress", "none", "--results", "scratch"]);
    assert!(copy.restudy(&["figures", "scratch/additions", "--check"]).contains("are current"));
    assert!(copy.read("scratch/additions/report.md").contains("hinge"));
    copy.restudy(&["verify", "scratch/additions", "--progress", "none"]);
    // The page has the curves of every metric that is measured, whatever its name.
    assert!(copy.read("scratch/additions/report.html").contains("\"hinge\""), "a metric is on the page");
}

const STUDY: &str = r#"[study]
question = "Are the additions offered?"

[data.bars]
train = 40
validation = 40

[train]
epochs = 3

[evaluate]
metrics = ["loss", "error", "hinge"]

[sweep]
"model.hidden" = [1, 3]
seeds = 3

[figures.shares]
ecdf = { metric = "hinge" }
"#;

fn the_experiment_runs(copy: &Copy) {
    let dice = "[study]\nquestion = \"Are heads and tails equally frequent?\"\n[experiment]\nname = \"dice\"\n[sweep]\n\
                 \"settings.tosses\" = [10, 100]\nseeds = 3\n";
    copy.write("dice.toml", dice);
    assert!(copy.run("examples/dice", &["plan", "dice.toml"]).unwrap().contains("6 runs"));
    copy.run("examples/dice", &["sweep", "dice.toml", "--progress", "none", "--results", "scratch"]).unwrap();
    copy.run("examples/dice", &["verify", "scratch/dice", "--progress", "none"]).unwrap();
    // What it declares must agree with itself, before anything is read.
    copy.insert_into("examples/dice.rs", "Direction::Higher)])", ".decided_by(\"tails\")");
    copy.build(&["build", "--example", "dice"]);
    let refused = copy.run("examples/dice", &["plan", "dice.toml"]).unwrap_err();
    assert!(refused.contains("tails"), "{refused}");
}
