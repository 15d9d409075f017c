use serde_json::Value as Json;

use super::{
    About,
    catalogue::{Catalogue, Kind, Known},
    schema::{example, inline, settings},
    write::literal,
};

/// A commented specification on the data set `data_key` that shows every setting with its default (but inputs from files are scaled).
///
/// It is made from the settings themselves, so that it shows those that there are. `None` if there is no such data set.
#[must_use]
pub fn template(data_key: &str) -> Option<String> {
    let settings = settings();
    let data = format!("data.{data_key}");
    if !settings.order.iter().any(|path| path.starts_with(&format!("{data}."))) {
        return None;
    }
    let about = Catalogue::of(&inline::<About>());
    let mut text = String::from("# A study: a question, and what to run to answer it.\n\n[study]\n");
    comment(&mut text, about.get("question"));
    text.push_str("question = \"How many hidden units does it need?\"\n");
    comment(&mut text, about.get("answer"));
    text.push_str("# answer = \"...\"\n");
    for section in [data.as_str(), "model", "train", "evaluate", "stop"] {
        text.push_str(&format!("\n[{section}]\n"));
        for (key, known) in settings.inside(section) {
            comment(&mut text, Some(known));
            if known.kind == Kind::Group {
                let path = format!("{section}.{key}");
                let forms: Vec<_> = settings.inside(&path).map(|(form, _)| format!("{{ {form} = ... }}")).collect();
                text.push_str(&format!("# One of {}.\n", forms.join(", ")));
            }
            // Columns of other sizes than about 1 make a study that says nothing; whoever knows theirs to be scaled says so.
            if key == "standardise" {
                text.push_str("# The default is false: right for inputs that are of about the size of 1 already.\nstandardise = true\n");
                continue;
            }
            text.push_str(&line(key, known));
        }
    }
    text.push_str(SWEEP);
    Some(text)
}

fn line(key: &str, known: &Known) -> String {
    match known.default.as_ref().filter(|default| !default.is_null()) {
        Some(default) => format!("{key} = {}\n", literal(default)),
        None if known.required => format!("{key} = {}\n", literal(&placeholder(key, known))),
        None => format!("# {key} = {}\n", literal(&placeholder(key, known))),
    }
}

fn placeholder(key: &str, known: &Known) -> Json {
    match known.choices.first() {
        Some(choice) => choice.as_str().into(),
        None if key == "file" || key == "train" => "points.csv".into(),
        None => example(known.kind),
    }
}

fn comment(text: &mut String, known: Option<&Known>) {
    let Some(known) = known else { return };
    let first = known.description.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    text.push_str(&format!("# {first}\n"));
    if !known.choices.is_empty() && known.kind != Kind::Either {
        let choices: Vec<_> = known.choices.iter().map(|choice| format!("{choice:?}")).collect();
        let each = if known.kind == Kind::List { "Each one" } else { "One" };
        text.push_str(&format!("# {each} of {}.\n", choices.join(", ")));
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
