//! How `check` describes data that is read from files: rows, inputs, labels, both splits, and what was left out.

use serde_json::{Value, json};

use super::text;
use crate::{
    data::{DataSeed, Source},
    experiments::OfNetwork,
    results,
    run::{DataFacts, Filled, Prepared, Reading},
    sweep::Study,
};

/// The most data sets that are described one by one.
const MOST_SETS: usize = 4;

/// The most names that are printed; `--json` lists up to a thousand.
const MOST_NAMES: usize = 12;

/// The most characters of a name that are printed.
const MOST_CHARACTERS: usize = 60;

pub(super) fn say(network: &dyn Prepared) {
    // Data that cannot be loaded is an error of the command that needs it.
    let Ok(facts) = results::facts(network) else { return };
    let study = network.study();
    // The folds of a trial share one data set, described here with the first fold held out.
    let first = facts.iter().filter(|facts| study.first_fold(facts.trial) == facts.trial);
    let mut sets: Vec<Vec<String>> =
        first.filter_map(|facts| Some(lines(study, facts, facts.reading.as_ref()?))).collect();
    // Trials that differ only in scaling have the same description.
    sets.dedup();
    sets.iter().take(MOST_SETS).flatten().for_each(text::say);
    let more = sets.len().saturating_sub(MOST_SETS);
    if more > 0 {
        text::say(format!("data    {} more; --json lists them", text::count(more, "data set")));
    }
}

pub(super) fn to_json(network: &dyn Prepared) -> Vec<Value> {
    let facts = results::facts(network).unwrap_or_default();
    let study = network.study();
    let of = |facts: &DataFacts| {
        let reading = facts.reading.as_ref()?;
        let labels = |class: usize| {
            reading.labels[class]
                .iter()
                .map(|label| json!({ "text": label.text, "rows": label.rows }))
                .collect::<Vec<_>>()
        };
        Some(json!({
            "trial": facts.trial,
            "files": names(study, facts),
            "rows": reading.rows,
            "read": reading.how,
            "inputs": facts.inputs,
            "names": reading.inputs,
            "labels": { "-1": labels(0), "+1": labels(1) },
            "train": facts.train,
            "validation": facts.validation,
            "unused": reading.unused,
            "dropped": reading.dropped.iter().map(|dropped| json!({ "why": dropped.why, "rows": dropped.rows })).collect::<Vec<_>>(),
            "filled": reading.filled.iter().map(|filled| json!({ "column": filled.column, "values": filled.values })).collect::<Vec<_>>(),
            "notices": reading.notices,
        }))
    };
    facts.iter().filter_map(of).collect()
}

fn lines(study: &Study, facts: &DataFacts, reading: &Reading) -> Vec<String> {
    let rows = |count: u64| text::count(count as usize, "row");
    let files = names(study, facts);
    let of_file = |(name, count): (&String, &u64)| format!("{name}, {}", rows(*count));
    let files: Vec<_> = files.iter().zip(&reading.rows).map(of_file).collect();
    let mut lines = vec![format!("data    {}", files.join("; "))];
    if !reading.how.is_empty() {
        lines.push(format!("read    {}", reading.how.join("; ")));
    }
    let quoted = |names: &[String], count: u64| some(names.iter().map(|name| shown(name)), count);
    let inputs = quoted(&reading.inputs, facts.inputs as u64);
    lines.push(format!("inputs  {}: {inputs}", text::thousands(facts.inputs as u64)));
    let class = |class: usize| {
        let labels = reading.labels[class].iter().map(|label| format!("{} ({})", shown(&label.text), rows(label.rows)));
        some(labels, reading.labels[class].len() as u64)
    };
    lines.push(format!("labels  -1 is {}; +1 is {}", class(0), class(1)));
    let sum = |[minus, plus]: [u64; 2]| minus.saturating_add(plus);
    let per_run = study.trials.get(facts.trial).is_some_and(|trial| trial.data().seeding() == DataSeed::PerRun);
    let folds = match study.folds {
        1 => String::new(),
        folds => format!(", with the first of {folds} folds held out"),
    };
    let under =
        study.seeds.first().filter(|_| per_run).map_or_else(String::new, |seed| format!(", under seed {}", seed.0));
    let [minus, plus, low, high] =
        [facts.train[0], facts.train[1], facts.validation[0], facts.validation[1]].map(text::thousands);
    lines.push(format!(
        "splits  {} for training ({minus} of class -1, {plus} of class +1), {} for validation ({low} and {high}){folds}{under}",
        text::count(sum(facts.train) as usize, "point"),
        text::thousands(sum(facts.validation)),
    ));
    if reading.unused_columns > 0 {
        lines.push(format!(
            "unused  {}: {}",
            text::count(reading.unused_columns as usize, "column"),
            quoted(&reading.unused, reading.unused_columns)
        ));
    }
    let dropped = reading.dropped.iter().map(|dropped| format!("dropped {} with {}", rows(dropped.rows), dropped.why));
    lines.extend(dropped);
    if !reading.filled.is_empty() {
        let of = |filled: &Filled| format!("{} ({})", shown(&filled.column), text::thousands(filled.values));
        let shown = some(reading.filled.iter().map(of), reading.filled.len() as u64);
        let all: u64 = reading.filled.iter().map(|filled| filled.values).sum();
        lines.push(format!("filled  {} with a mean: {shown}", text::count(all as usize, "value")));
    }
    lines
}

fn names(study: &Study, facts: &DataFacts) -> Vec<String> {
    let files = study.trials.get(facts.trial).map(|trial| study.files(trial)).unwrap_or_default();
    files.into_iter().map(|(_, name)| name).collect()
}

/// A name in quotes, shortened; `--json` has the full name.
fn shown(name: &str) -> String {
    match name.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{:?}...", &name[..end]),
        None => format!("{name:?}"),
    }
}

fn some(texts: impl Iterator<Item = String>, count: u64) -> String {
    let mut shown: Vec<_> = texts.take(MOST_NAMES).collect();
    let more = count.saturating_sub(shown.len() as u64);
    if more > 0 {
        shown.push(format!("{} more", text::thousands(more)));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{MOST_NAMES, some};

    #[test]
    fn long_lists_are_shortened() {
        let texts = |count: u64| some((0..count).map(|place| place.to_string()), count);
        assert_eq!([texts(0), texts(2)], ["", "0, 1"]);
        assert!(texts(MOST_NAMES as u64).ends_with(", 11") && texts(13).ends_with(", 11, 1 more"));
        assert!(some(["a".to_owned()].into_iter(), 3952).ends_with("a, 3\u{202f}951 more"));
    }
}
