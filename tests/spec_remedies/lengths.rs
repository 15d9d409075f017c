//! Sizes over the limits: texts, keys, figures, exclusions, and the copies of every trial.

use restudy::spec::Code;

use super::row::{GOOD, meets, parse};

/// A generated text with a mistake, the remedy, and the corrected text.
struct Long {
    code: &'static str,
    wrong: String,
    says: &'static str,
    then: String,
    /// The numbers of trials and runs.
    gives: (usize, usize),
}

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from} is not in the specification");
    GOOD.replacen(from, to, 1)
}

pub fn follow() -> Vec<Code> {
    let long = "long ".repeat(5_000);
    let question = "How many hidden units does the double moon need?";
    let csv =
        |file: &str| with("[data.double-moon]\ntrain = 1000\nnoise = 0.6", &format!("[data.csv]\nfile = \"{file}\""));
    let key = "k".repeat(300);
    let figures = |count: usize| (0..count).map(|i| format!("[figures.f{i}]\ncurves = {{}}\n")).collect::<String>();
    // All exclusions have one value of the first axis: the remedy removes it from the axis.
    let exclude = |from: usize, count: usize| {
        let one = |i: usize| format!("{{ \"model.hidden\" = 1, \"train.epochs\" = {} }}", i % 10 + 1);
        let all = (0..count).map(one).collect::<Vec<_>>().join(", ");
        with("[1, 2, 5]", &format!("{{ from = {from}, to = 100, steps = {} }}", 101 - from))
            .replace("[2, 0.2, 0.02]", "[0.02]\n\"train.epochs\" = { from = 1, to = 10, steps = 10 }")
            .replace("seeds = 3", &format!("seeds = 1\nexclude = [{all}]"))
    };
    let heavy = |answer: usize, trials: usize| {
        let names: Vec<_> = (0..answer).map(|i| format!("\"column {i} {}\"", "x".repeat(900))).collect();
        csv("x.csv")
            .replace("file =", &format!("features = [{}]\nfile =", names.join(", ")))
            .replace("[1, 2, 5]", &format!("{{ from = 1, to = {trials}, steps = {trials} }}"))
    };
    let rows = [
        Long {
            code: "spec.too-long",
            wrong: with(question, &long),
            says: "ask it in a sentence or two",
            then: GOOD.into(),
            gives: (9, 27),
        },
        Long {
            code: "spec.too-long",
            wrong: with(question, &long),
            says: "what is longer belongs into `study.answer`",
            then: with(question, &format!("{question}\"\nanswer = \"{}", "long ".repeat(3_000))),
            gives: (9, 27),
        },
        Long {
            code: "spec.too-long",
            wrong: with(question, &format!("{question}\"\nanswer = \"{long}")),
            says: "keep what the numbers say",
            then: with(question, &format!("{question}\"\nanswer = \"Five.")),
            gives: (9, 27),
        },
        Long {
            code: "spec.too-long",
            wrong: csv(&"../".repeat(500)),
            says: "a file may be given by a shorter path",
            then: csv("../x.csv"),
            gives: (9, 27),
        },
        Long {
            code: "spec.too-long",
            wrong: with("hidden = 7", &format!("hidden = 7\n{key} = 3")),
            says: "correct or remove the line",
            then: GOOD.into(),
            gives: (9, 27),
        },
        Long {
            code: "spec.figure.many",
            wrong: format!("{GOOD}{}", figures(1_000)),
            says: "write a study for each part",
            then: format!("{GOOD}{}", figures(500)),
            gives: (9, 27),
        },
        Long {
            code: "spec.exclude.many",
            wrong: exclude(1, 50_001),
            says: "leave the values out of the axes",
            then: exclude(2, 0),
            gives: (990, 990),
        },
        Long {
            code: "spec.memory",
            wrong: heavy(1_000, 1_000),
            says: "shorten it",
            then: heavy(10, 1_000),
            gives: (3_000, 9_000),
        },
        Long {
            code: "spec.memory",
            wrong: heavy(1_000, 1_000),
            says: "or ask for fewer trials",
            then: heavy(1_000, 10),
            gives: (30, 90),
        },
        Long {
            code: "spec.too-many-runs",
            wrong: with("[1, 2, 5]", &format!("[{}]", "1, ".repeat(1_000_001))),
            says: "expected at most 1000000",
            then: GOOD.into(),
            gives: (9, 27),
        },
    ];
    let follow = |row: Long| {
        let met = meets(&row.wrong, &[], row.code, row.says);
        let study = parse(&row.then, &[]).unwrap_or_else(|error| panic!("{}: {error}", row.says));
        assert_eq!((study.trials.len(), study.run_count()), row.gives, "{}", row.says);
        met
    };
    rows.into_iter().map(follow).collect()
}
