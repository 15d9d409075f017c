//! Describes the data of a study in sentences.

use std::path::Path;

use super::{
    DataFacts, Entries, count,
    data::{MOST_SETS, Set},
    firsts, mention,
};
use restudy_engine::run::Filled;

use crate::{
    data::{Data, DataSeed, Source, Validation},
    experiments::OfNetwork,
    seed::Seed,
    sweep::Study,
};

/// Describes the data, label by label: one set in detail, several with a line each.
pub(super) fn entries(study: &Study, sets: &[Set]) -> Entries {
    let entry = |label: &str, text: String| (label.to_owned(), text);
    if let [set] = sets {
        let data = study.trials[set.trials[0]].data();
        let facts = set.facts.as_ref();
        return vec![entry("Source", source(data, facts)), entry("Points", points(study, data, facts))]
            .into_iter()
            .chain(columns(facts).map(|text| entry("Columns", text)))
            .chain([entry("Division", division(study, data, facts)), entry("Scaling", scaling(data, facts))])
            .collect();
    }
    let line = |(place, set): (usize, &Set)| {
        let data = study.trials[set.trials[0]].data();
        let facts = set.facts.as_ref();
        let of = seen_by(study, set);
        let sentences = [source(data, facts), points(study, data, facts)]
            .into_iter()
            .chain(columns(facts))
            .chain([division(study, data, facts), scaling(data, facts)]);
        entry(&format!("Set {}", place + 1), format!("{of}. {}", sentences.collect::<Vec<_>>().join(" ")))
    };
    let mut lines: Entries = sets.iter().enumerate().map(line).collect();
    let all = firsts(study).into_iter().filter(|trial| study.first_fold(*trial) == *trial).count();
    let more = all.saturating_sub(MOST_SETS);
    if more > 0 {
        lines.push(entry("More", format!("{}, given in study.toml.", count(more as u64, "further data set"))));
    }
    lines
}

/// The notice next to the answer: unscaled inputs, and suspicious columns.
pub(super) fn notice(study: &Study, sets: &[Set]) -> Option<String> {
    let mut notices: Vec<String> = unscaled(study, sets).into_iter().collect();
    for set in sets {
        let read = set.facts.as_ref().and_then(|facts| facts.reading.as_ref());
        for notice in read.into_iter().flat_map(|reading| &reading.notices) {
            let sentence = format!("About the data: {}.", mention(notice));
            if !notices.contains(&sentence) {
                notices.push(sentence);
            }
        }
    }
    (!notices.is_empty()).then(|| notices.join(" "))
}

/// The rows of the files, what was left out of them, and the names of the inputs, if they are recorded.
fn columns(facts: Option<&DataFacts>) -> Option<String> {
    let facts = facts?;
    let reading = facts.reading.as_ref()?;
    let names = |names: &[String], all: u64| {
        let shown: Vec<_> =
            names.iter().take(MOST_NAMES).map(|name| format!("\u{201c}{}\u{201d}", mention(name))).collect();
        let more = all.saturating_sub(shown.len() as u64);
        shown.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
    };
    let rows: Vec<_> = reading.rows.iter().map(|rows| count(*rows, "row")).collect();
    let mut text = format!("{}; the inputs are {}.", rows.join(" and "), names(&reading.inputs, facts.inputs as u64));
    if !reading.how.is_empty() {
        text.push_str(&format!(" How the file is written: {}.", mention(&reading.how.join("; "))));
    }
    if reading.unused_columns > 0 {
        text.push_str(&format!(" Not used: {}.", names(&reading.unused, reading.unused_columns)));
    }
    for dropped in &reading.dropped {
        text.push_str(&format!(" Left out: {} with {}.", count(dropped.rows, "row"), dropped.why));
    }
    if !reading.filled.is_empty() {
        let shown: Vec<_> = reading.filled.iter().take(MOST_NAMES).collect();
        let of = |filled: &&Filled| format!("{} of \u{201c}{}\u{201d}", filled.values, mention(&filled.column));
        let named: Vec<_> = shown.iter().map(of).collect();
        let more = reading.filled.len() - shown.len();
        let more =
            if more > 0 { format!(" and those of {}", count(more as u64, "more column")) } else { String::new() };
        text.push_str(&format!(" Filled in with the mean of the training points: {}{more}.", named.join(", ")));
    }
    Some(text)
}

/// The most columns that a sentence names.
const MOST_NAMES: usize = 30;

fn unscaled(study: &Study, sets: &[Set]) -> Option<String> {
    let odd = sets.iter().find_map(|set| Some((set.facts.as_ref()?, set.facts.as_ref()?.unscaled?)));
    let (facts, unscaled) = odd?;
    let data = study.trials.get(facts.trial)?.data();
    // The inputs of a generator follow from its settings.
    let file = names(data).into_iter().next()?;
    Some(format!("Inputs are not scaled: {}.", unscaled.notice(&mention(&file), data.key())))
}

/// The names of its files, without their folders, which differ between machines.
fn names(data: &Data) -> Vec<String> {
    let mut data = data.clone();
    let name =
        |file: &mut String| Path::new(file.as_str()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    data.files_mut().into_iter().map(name).collect()
}

fn seen_by(study: &Study, set: &Set) -> String {
    let values = study.axes.iter().zip(&study.trials[set.trials[0]].values);
    let of_data = values.take(study.compared_axes().len()).filter(|(axis, _)| axis.path.starts_with("data."));
    let of_data: Vec<_> =
        of_data.map(|(axis, value)| format!("{} = {}", axis.path, mention(&value.to_string()))).collect();
    let trials = count(set.trials.len() as u64, "trial");
    if of_data.is_empty() { trials } else { format!("{trials}: {}", of_data.join(", ")) }
}

fn source(data: &Data, facts: Option<&DataFacts>) -> String {
    let names: Vec<_> = names(data).iter().map(|name| mention(name)).collect();
    if names.is_empty() {
        let seed = match data.seeding() {
            DataSeed::Fixed(Seed(seed)) => format!("once, with data seed {seed}: every run sees the same points"),
            DataSeed::PerRun => "anew for every run, from its seed".into(),
        };
        return format!("Generator {}, drawn {seed}.", data.key());
    }
    let digests = facts.map(|facts| facts.files.as_slice()).unwrap_or_default();
    let file = |(place, name): (usize, &String)| match digests.get(place) {
        Some(digest) => format!("{name} (BLAKE3 {digest})"),
        None => name.clone(),
    };
    let files: Vec<_> = names.iter().enumerate().map(file).collect();
    let noun = if files.len() == 1 { "File" } else { "Files" };
    format!("{noun} {}, read as {}.", files.join(" and "), data.key())
}

fn points(study: &Study, data: &Data, facts: Option<&DataFacts>) -> String {
    let Some(facts) = facts else {
        return format!(
            "The number of points of each class is unknown: an earlier version wrote the manifest of {} without it. \
             A sweep of its specification records it, without training a run again.",
            mention(&study.name)
        );
    };
    let [minus, plus] = facts.points();
    let all = minus.saturating_add(plus);
    let share = |class: u64| format!("{:.1} %", 100.0 * class as f64 / all.max(1) as f64);
    let called = |text: &Option<String>| {
        text.as_ref().map_or_else(String::new, |text| format!(" (\u{201c}{}\u{201d})", mention(text)))
    };
    let read = |class: usize| {
        let labels =
            facts.reading.as_ref().map(|reading| &reading.labels[class]).filter(|labels| !labels.is_empty())?;
        // A text that is the number of its class is redundant.
        if matches!(labels.as_slice(), [only] if only.text == ["-1", "1"][class]) {
            return None;
        }
        let texts: Vec<_> =
            labels.iter().take(MOST_NAMES).map(|label| format!("\u{201c}{}\u{201d}", mention(&label.text))).collect();
        Some(format!(" ({})", texts.join(", ")))
    };
    let (low, high) = match data {
        Data::Csv(csv) => (called(&csv.negative), called(&csv.positive)),
        _ => (String::new(), String::new()),
    };
    let (low, high) = (read(0).unwrap_or(low), read(1).unwrap_or(high));
    format!(
        "{} with {}: {minus} of class −1{low}, which is {}, and {plus} of class +1{high}, {}.",
        count(all, "point"),
        count(facts.inputs as u64, "input"),
        share(minus),
        share(plus),
    )
}

fn fold(data: &Data) -> Option<u64> {
    match data {
        Data::Csv(csv) => csv.fold,
        Data::Mat(mat) => mat.fold,
        _ => None,
    }
}

fn division(study: &Study, data: &Data, facts: Option<&DataFacts>) -> String {
    let validation = match data {
        Data::Csv(csv) => Some(&csv.validation),
        Data::Mat(mat) => Some(&mat.validation),
        _ => None,
    };
    let stratified = match data {
        Data::Csv(csv) => csv.stratified,
        Data::Mat(mat) => mat.stratified,
        _ => false,
    };
    let each = if stratified { " of each class" } else { "" };
    let (how, seed) = match (validation, data.seeding()) {
        (None, DataSeed::Fixed(_)) => ("Both splits are drawn".to_owned(), None),
        (None, DataSeed::PerRun) => ("Both splits are drawn".to_owned(), study.seeds.first()),
        (Some(Validation::Folds(folds)), seeding) => {
            let by = match seeding {
                DataSeed::Fixed(Seed(seed)) => format!("by data seed {seed}"),
                DataSeed::PerRun => "for every seed anew".into(),
            };
            let held = match fold(data) {
                Some(fold) if study.folds == 1 => format!("fold {fold} is held out"),
                _ => "every trial runs with each of them held out; with the first of them".into(),
            };
            let first = study.seeds.first().filter(|_| seeding == DataSeed::PerRun);
            (format!("The rows{each} are divided at random into {folds} folds {by}, and {held}"), first)
        }
        (Some(Validation::File(_)), _) => ("The second file is held out".into(), None),
        (Some(Validation::Share(share)), DataSeed::Fixed(Seed(seed))) => {
            (format!("A share of {share} of the rows{each}, chosen at random by data seed {seed}, is held out"), None)
        }
        (Some(Validation::Share(share)), DataSeed::PerRun) => (
            format!("A share of {share} of the rows{each}, chosen at random for every run by its seed, is held out"),
            study.seeds.first(),
        ),
    };
    let Some(DataFacts { train, validation, .. }) = facts else { return format!("{how}.") };
    let under = seed.map_or_else(String::new, |Seed(seed)| format!(" under seed {seed}"));
    let sum = |[minus, plus]: &[u64; 2]| minus.saturating_add(*plus);
    format!(
        "{how}: {} to train with ({} of class −1, {} of class +1{under}) and {} to validate with ({} and {}).",
        sum(train),
        train[0],
        train[1],
        sum(validation),
        validation[0],
        validation[1],
    )
}

fn scaling(data: &Data, facts: Option<&DataFacts>) -> String {
    let standardized = match data {
        Data::Csv(csv) => csv.standardise,
        Data::Mat(mat) => mat.standardise,
        _ => return "Inputs are as the generator gives them.".into(),
    };
    if standardized {
        return "Every input is shifted and scaled to mean 0 and standard deviation 1 on the training points.".into();
    }
    let spread = facts.map_or_else(String::new, |DataFacts { spread: [low, high], .. }| {
        format!(" Their standard deviations on the training points are from {} to {}.", short(*low), short(*high))
    });
    format!("None: inputs are as the file has them.{spread}")
}

/// Three significant digits.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-4..1e7).contains(&rounded) { format!("{rounded}") } else { format!("{rounded:e}") }
}
