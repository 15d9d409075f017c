//! Errors of fields and labels that cannot be used: all of a kind in one message, counted, with a line to paste.

use super::{
    super::file::{ClassTexts, error},
    DataError, Missing, classes,
    columns::{Column, Kind},
    pass::Pass,
    texts::texts_for_numbers,
    words::{joined, listed, shown, toml},
};

/// Refuses fields that do not fit the kind of their column, then missing values unless the settings handle them.
///
/// The `first` file determines whether a column has numbers or texts.
pub(super) fn require_values(pass: &Pass<'_>, first: bool) -> Result<(), DataError> {
    let odd: Vec<&Column> = pass.columns.iter().filter(|column| column.odd.count > 0).collect();
    let (new, texts): (Vec<&Column>, Vec<&Column>) = odd.into_iter().partition(|column| matches!(column.kind, Kind::Category(_)));
    let gaps: Vec<&Column> = pass.columns.iter().filter(|column| column.missing.count > 0).collect();
    let lacks = !gaps.is_empty() && pass.csv.missing == Missing::Refuse;
    // The message includes the corrections that would follow this one.
    if !texts.is_empty() {
        let fault = texts_for_numbers(pass, &texts, first);
        let gaps = if lacks && first && !fault.help.contains("missing = ") { gaps_too(pass, &gaps) } else { String::new() };
        return Err(with(fault, &(gaps + &labels_too(pass, first))));
    }
    if !new.is_empty() {
        return Err(new_categories(pass, &new));
    }
    if lacks { Err(with(missing_values(pass, &gaps), &labels_too(pass, first))) } else { Ok(()) }
}

/// Appends to the help of an error.
fn with(fault: DataError, more: &str) -> DataError {
    DataError { help: fault.help + more, ..fault }
}

/// The remedy for missing values, as an addition to another one.
fn gaps_too(pass: &Pass<'_>, gaps: &[&Column]) -> String {
    let names = joined(gaps.iter().map(|column| format!("{} ({})", shown(&column.name), column.missing.count)), gaps.len());
    let all = kept(pass);
    let drop = gaps.iter().map(|column| column.missing.count).sum::<u64>() < all;
    let mean = gaps.iter().all(|column| column.missing.count < all);
    let offers: Vec<&str> =
        [(drop, "missing = \"drop\""), (mean, "missing = \"mean\"")].into_iter().filter(|(may, _)| *may).map(|(_, line)| line).collect();
    if offers.is_empty() { String::new() } else { format!("\nValues are missing, too, in {names}: {}.", offers.join(" or ")) }
}

/// The remedy for labels without a class, as an addition to another one.
fn labels_too(pass: &Pass<'_>, first: bool) -> String {
    let fault = pass.labels.fault(pass.text, &pass.csv.label).filter(|_| first && pass.labels.missing.count == 0);
    let prefix = format!("{}: ", pass.text.file);
    fault.map_or_else(String::new, |fault| {
        let message = fault.message.strip_prefix(&prefix).unwrap_or(&fault.message);
        format!("\nAnd the labels: {message}. {}", fault.help)
    })
}

/// The count of rows that were kept.
pub(super) fn kept(pass: &Pass<'_>) -> u64 {
    pass.labels.values().len() as u64
}

pub(super) fn rows(count: u64) -> String {
    if count == 1 { "1 row".into() } else { format!("{count} rows") }
}

fn missing_values(pass: &Pass<'_>, columns: &[&Column]) -> DataError {
    let (file, all, width) = (pass.text.file, kept(pass), pass.columns.len());
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let lacking = |row: &[f64]| row.iter().any(|value| value.is_nan());
    let complete: Vec<f64> =
        pass.x.chunks(width).zip(pass.labels.values()).filter(|(row, _)| !lacking(row)).map(|(_, class)| *class).collect();
    let mut offers = Vec::new();
    if complete.iter().any(|class| *class != complete[0]) {
        let lost = all - complete.len() as u64;
        let lack = if lost == 1 { "the row that lacks one".into() } else { format!("the {lost} rows that lack one") };
        offers.push(format!("missing = \"drop\" leaves out {lack}"));
    }
    if columns.iter().all(|column| column.missing.count < all) {
        offers.push("missing = \"mean\" puts the mean of the training rows there".into());
    }
    let out = pass.leave_out(&names);
    if let Some(line) = out {
        let what = if names.len() == 1 { "the column" } else { "these columns" };
        offers.push(format!("{line} leaves {what} out"));
    }
    let mut help = offers.join("; ");
    if help.is_empty() {
        help = "Fill in numbers.".into();
    }
    let only = if let [only] = columns { Some(*only) } else { None };
    if let Some(column) = only.filter(|column| column.missing.count == 1) {
        let (place, text) = column.missing.first.clone().unwrap_or_default();
        let what = if text.is_empty() { "the field is empty".into() } else { format!("{} is no value", shown(&text)) };
        return error("data.csv.missing", format!("{}, column {}: {what}", pass.text.at(place), shown(&column.name)), help);
    }
    let part = |column: &&Column| {
        let line = column.missing.first.as_ref().map_or(0, |(place, _)| pass.text.line(*place));
        format!("{} ({} of {}, first in line {line})", shown(&column.name), column.missing.count, rows(all))
    };
    let parts = joined(columns.iter().map(part), columns.len());
    let count = if columns.len() == 1 { "a column".to_owned() } else { format!("{} columns", columns.len()) };
    error("data.csv.missing", format!("{file}: values are missing in {count}: {parts}"), help)
}

fn new_categories(pass: &Pass<'_>, columns: &[&Column]) -> DataError {
    let part = |column: &&Column| {
        let line = column.odd.first.as_ref().map_or(0, |(place, _)| pass.text.line(*place));
        let texts: Vec<&String> = column.texts.keys().collect();
        format!("{} has {} (first in line {line})", shown(&column.name), listed(&texts))
    };
    let parts = joined(columns.iter().map(part), columns.len());
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let out = pass.leave_out(&names);
    let out = out.map_or_else(String::new, |line| format!(", or leave the column out of both files: {line}"));
    error(
        "data.csv.unknown-category",
        format!("{}: texts that no training row has: {parts}", pass.text.file),
        format!("Correct or remove these rows{out}."),
    )
}

/// Refuses rows without a label, and labels without a class; `all` is true for the first file. Returns the texts of the
/// classes with their counts.
pub(super) fn require_labels(pass: &Pass<'_>, all: bool) -> Result<ClassTexts, DataError> {
    let (file, labels) = (pass.text.file, &pass.labels);
    if let Some((place, _)) = labels.missing.first {
        let at = pass.text.at(place);
        let mut help = "Add the label, or remove the row".to_owned();
        let instead = if pass.csv.negative.is_some() { " in place of `negative` and `positive`" } else { "" };
        if pass.csv.missing == Missing::Refuse {
            help.push_str("; missing = \"drop\" leaves out such rows, and those that lack an input");
        }
        match labels.only_classes(pass.csv) {
            Some(line) => help.push_str(&format!("; this line{instead} leaves out such rows alone:\n{line}")),
            None => help.push_str("; `labels` with the labels of the two classes leaves out all rows of others, and of none."),
        }
        let message = match labels.missing.count {
            1 => format!("{at}: the label is missing"),
            count => format!("{file}: {count} rows have no label, the first in line {}", pass.text.line(place)),
        };
        return Err(error("data.csv.missing-label", message, help));
    }
    if let (Some(negative), Some(positive)) = (&pass.csv.negative, &pass.csv.positive) {
        let unknown = labels.unknown();
        let wanted = format!("{} nor {}", shown(negative), shown(positive));
        let pair = format!("labels = {{ negative = [{}], positive = [{}] }}", toml(negative), toml(positive));
        let is_strange = unknown.len() == labels.seen.len();
        let counts = || unknown.iter().map(|(text, count, _)| ((*text).to_owned(), *count)).collect();
        let leave = format!("Correct or remove these rows, or leave them out with this line in place of `negative` and `positive`:\n{pair}");
        let help = if is_strange { classes::instead(pass, &counts(), all) } else { leave };
        let message = match unknown.as_slice() {
            [] => None,
            [(text, 1, place)] => Some(format!("{}: the label {} is neither {wanted}", pass.text.at(*place), shown(text))),
            several => {
                let count = several.iter().map(|(_, count, _)| count).sum::<u64>() + labels.uncounted;
                let part = |(text, count, place): &(&str, u64, usize)| {
                    format!("{} ({}, first in line {})", shown(text), rows(*count), pass.text.line(*place))
                };
                let mut parts = joined(several.iter().map(part), several.len());
                if labels.uncounted > 0 {
                    parts.push_str(", and others");
                }
                Some(format!("{file}: {count} rows have a label that is neither {wanted}: {parts}"))
            }
        };
        if let Some(message) = message {
            return Err(error("data.csv.unknown-label", message, help));
        }
    }
    let classes = [-1.0, 1.0].map(|class| {
        let of = |text: &&String| match pass.labels.class(text) {
            super::labels::Class::Known(value) => (value > 0.0) == (class > 0.0),
            _ => false,
        };
        labels.seen.keys().filter(of).map(|text| (text.clone(), labels.seen[text].0)).collect()
    });
    Ok(classes)
}
