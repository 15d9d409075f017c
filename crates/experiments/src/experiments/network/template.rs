//! The specification that `new` writes.

use super::kind;
use crate::spec;

/// Writes a commented specification on the data set `data_key` that shows every setting with its default. `None` if
/// there is no such data set.
#[must_use]
pub fn template(data_key: &str) -> Option<String> {
    let kind = kind();
    let data = format!("data.{data_key}");
    if !kind.catalog().order.iter().any(|path| path.starts_with(&format!("{data}."))) {
        return None;
    }
    let sections = [&data, "model", "train", "evaluate", "stop"].map(str::to_owned);
    let text = spec::template(kind.catalog(), "How many hidden units does it need?", "", &sections, SWEEP);
    Some(replacements(data_key).iter().fold(text, |text, (from, to)| text.replace(from, to)))
}

/// Replaces placeholders of the catalog by examples that fit the data set.
fn replacements(data_key: &str) -> &'static [(&'static str, &'static str)] {
    match data_key {
        "csv" => &[
            (
                "# positive = \"...\"\n",
                "# positive = \"...\"\n# Several texts for a class, in place of `negative` and `positive`; rows of other labels are left out.\n\
                 # labels = { negative = [\"...\", \"...\"], positive = [\"...\"] }\n",
            ),
            ("# features = []\n", "# features = [\"...\", \"...\"]\n# features = { except = [\"...\", \"...\"] }\n"),
        ],
        "mat" => &[
            ("points.csv", "points.mat"),
            ("# negative = 0.01\n", "# negative = 1\n"),
            (
                "# positive = 0.01\n",
                "# positive = 2\n# Several numbers for a class, in place of `negative` and `positive`; rows of other labels are left out.\n\
                 # labels = { negative = [1, 3], positive = [2] }\n",
            ),
        ],
        _ => &[],
    }
}

const SWEEP: &str = r#"
# What is swept: the path of a setting in quotes, and its values. Every combination is a trial.
[sweep]
"model.hidden" = [1, 2, 5, 7, 10]
# A list, or a range on a linear or logarithmic scale:
# "train.learning-rate" = { from = 0.002, to = 2, steps = 4, scale = "log" }
# The seeds that every trial runs under: a count, a list, or { from = 100, count = 30 }.
seeds = 10
# The best trials run again under seeds that their choice has not seen, and the verdict is made from these runs:
# confirm = { best = 2, seeds = 30, from = 1000 }
# Axes that walk together, place by place:
# zip = [["model.hidden", "train.learning-rate"]]
# Combinations that are left out:
# exclude = [{ "model.hidden" = 1, "train.learning-rate" = 2 }]
# Trials drawn at random instead of every combination, from lists, ranges, { uniform = [0.1, 1] } or { log-uniform = [0.001, 1] }:
# random = { trials = 50, seed = 1 }

# Figures, one table each; without any, the study draws what its axes allow.
[figures.error-curves]
curves = { metric = "error", by = "model.hidden" }
"#;
