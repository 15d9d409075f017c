//! Errors of columns with texts where numbers are expected.

use super::{
    super::file::error,
    DataError, Encode, Missing,
    columns::{Column, MOST_CATEGORIES},
    faults::{kept, rows},
    pass::Pass,
    words::{joined, listed, numbers_alone, shown},
};

/// The columns of numbers in which one text marks missing values.
pub(super) fn marked<'p>(pass: &'p Pass<'_>) -> Vec<&'p Column> {
    pass.columns.iter().filter(|column| column.mark(kept(pass)).is_some()).collect()
}

/// The error of columns with fields that are not numbers.
pub(super) fn texts_for_numbers(pass: &Pass<'_>, columns: &[&Column], first: bool) -> DataError {
    let (file, all) = (pass.text.file, kept(pass));
    if let [column] = columns
        && column.odd.count == 1
    {
        return single(pass, column);
    }
    let part = |column: &&Column| {
        let (place, text) = column.odd.first.clone().unwrap_or_default();
        let line = pass.text.line(place);
        format!("{} ({} of {}, line {line}: {})", shown(&column.name), column.odd.count, rows(all), shown(&text))
    };
    let parts = joined(columns.iter().map(part), columns.len());
    let count = if columns.len() == 1 { "a column".to_owned() } else { format!("{} columns", columns.len()) };
    let message = format!("{file}: fields that are not numbers in {count}: {parts}");
    let (marks, others): (Vec<&Column>, Vec<&Column>) = columns.iter().partition(|column| column.mark(all).is_some());
    let help = match (marks.is_empty(), others.is_empty()) {
        (false, true) => fill_in(pass, &marks),
        (false, false) => format!("{} For the others: {}", fill_in(pass, &marks), change(pass, &others, first)),
        _ => change(pass, &others, first),
    };
    error("data.csv.not-a-number", message, help)
}

/// The error of a single field.
fn single(pass: &Pass<'_>, column: &Column) -> DataError {
    let (place, text) = column.odd.first.clone().unwrap_or_default();
    let what = if text.parse::<f64>().is_ok() { "not a finite number" } else { "not a number" };
    let message = format!("{}, column {}: {} is {what}", pass.text.at(place), shown(&column.name), shown(&text));
    let is_mark = !text.is_empty() && !text.contains(char::is_alphanumeric);
    let empty = if is_mark { ", leave the field empty if there is no value" } else { "" };
    let out = pass.leave_out(&[&column.name]);
    let out = out.map_or_else(String::new, |line| format!(", or leave the column out: {line}"));
    error("data.csv.not-a-number", message, format!("Write numbers like 0.5 or 1e-3{empty}{out}."))
}

/// The remedy for texts that mark missing values.
fn fill_in(pass: &Pass<'_>, columns: &[&Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut texts: Vec<&str> = columns.iter().filter_map(|column| column.mark(kept(pass))).collect();
    texts.sort_unstable();
    texts.dedup();
    let verb = if texts.len() == 1 { "stands" } else { "stand" };
    let then = match pass.csv.missing {
        Missing::Refuse => ", and say what is done about them: missing = \"drop\" or missing = \"mean\"",
        _ => "",
    };
    format!(
        "If {} {verb} for no value in {}, leave those fields empty, or write NA{then}.",
        listed(&texts),
        listed(&names)
    )
}

/// The remedy for columns of texts.
fn change(pass: &Pass<'_>, columns: &[&Column], first: bool) -> String {
    let names = |columns: &[&Column]| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    // Leaving columns out is no remedy if no column remains.
    let out = |columns: &[&Column]| {
        let names = names(columns);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        pass.leave_out(&names)
    };
    let encodes = first && pass.csv.encode == Encode::None;
    let (few, many): (Vec<&Column>, Vec<&Column>) =
        columns.iter().partition(|column| encodes && column.is_of_texts(kept(pass)));
    let all = out(columns);
    if let (false, false, Some(line)) = (few.is_empty(), many.is_empty(), out(&many)) {
        let less = all.map_or_else(String::new, |line| format!("\nOr leave all of them out:\n{line}"));
        return format!(
            "Make inputs of the texts of {}, which are few, and leave {} out, with these two lines:\nencode = \"one-hot\"\n{line}{less}",
            listed(&names(&few)),
            listed(&names(&many)),
        );
    }
    let encode = many.is_empty();
    if all.is_none() && !encode && columns.len() < pass.columns.len() {
        return numbers_alone(pass.csv, pass.text);
    }
    let mut help = if all.is_none() && !encode { "Write numbers like 0.5 or 1e-3".to_owned() } else { String::new() };
    let mut offer = |lead: &str, line: &str| {
        let lead = if help.is_empty() { lead.to_owned() } else { format!("\nor {}{}", lead[..1].to_lowercase(), &lead[1..]) };
        help.push_str(&format!("{lead}:\n{line}"));
    };
    if let Some(line) = &all {
        offer(if columns.len() == 1 { "Leave the column out" } else { "Leave these columns out" }, line);
    }
    if encode {
        offer("Make inputs of their texts", "encode = \"one-hot\"");
    }
    if all.is_none() && !encode { help + "." } else { help }
}

/// The error of columns with more texts than can be inputs.
pub(super) fn many_texts(pass: &Pass<'_>, columns: &[&Column]) -> DataError {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let first = |column: &&Column| {
        let (place, text) = column.odd.first.clone().unwrap_or_default();
        format!("{} (line {}: {})", shown(&column.name), pass.text.line(place), shown(&text))
    };
    let parts = joined(columns.iter().map(first), columns.len());
    let group = format!("Group the texts so that there are no more than {MOST_CATEGORIES}.");
    let help = match pass.leave_out(&names) {
        Some(line) => format!("Group the texts, or leave them out: {line}"),
        None if names.len() < pass.columns.len() => format!("{group} Or: {}", numbers_alone(pass.csv, pass.text)),
        None => group,
    };
    let message = format!("{}: more than {MOST_CATEGORIES} different texts in {parts}", pass.text.file);
    error("data.csv.many-texts", message, help)
}
