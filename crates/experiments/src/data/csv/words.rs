//! How names, texts and lines to paste stand in messages.

use super::{Csv, Except, Features, table::Text};

/// More columns than these are not named in a message.
pub(super) const MOST_NAMED: usize = 12;

/// A line to paste is whole; one of more bytes than these is not given.
pub(super) const MOST_LINE: usize = 1000;

/// The text of a label has no more bytes than these: a column of longer ones holds something else.
pub(super) const MOST_LABEL: usize = 200;

pub(super) use super::super::notices::shown;

/// Names in quotes, as many as a message holds.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    joined(names.iter().map(|name| shown(name.as_ref())), names.len())
}

/// Parts of a list whose length is known.
pub(super) fn joined(parts: impl Iterator<Item = String>, count: usize) -> String {
    let mut list: Vec<String> = parts.take(MOST_NAMED).collect();
    if count > MOST_NAMED {
        list.push(format!("{} more", count - MOST_NAMED));
    }
    list.join(", ")
}

/// A text as TOML has it.
pub(super) fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A list of texts as TOML has it.
pub(super) fn toml_list<T: AsRef<str>>(texts: &[T]) -> String {
    format!("[{}]", texts.iter().map(|text| toml(text.as_ref())).collect::<Vec<_>>().join(", "))
}

/// The line that leaves these of all columns out, whole, to be pasted: what it leaves out or, where that is too much, what it keeps. None where it would
/// leave none, or be too long.
pub(super) fn leave_out(csv: &Csv, names: &[&str], all: &[&str]) -> Option<String> {
    let fits = |line: &String| line.len() <= MOST_LINE;
    let except = except(csv, names).filter(fits);
    let rest = || {
        let left: Vec<&&str> = all.iter().filter(|name| !names.contains(name)).collect();
        let is_short = !left.is_empty() && left.len() <= MOST_LINE / 4;
        is_short.then(|| format!("features = {}", toml_list(&left))).filter(fits)
    };
    except.or_else(rest)
}

/// What to do where no line leaves out the columns that hold texts.
pub(super) fn numbers_alone(csv: &Csv, text: &Text<'_>) -> String {
    let separator = if text.separator == b',' { String::new() } else { format!(", sep={:?}", char::from(text.separator)) };
    let comma = if text.comma { ", decimal=\",\"" } else { "" };
    let (names, more) = match csv.header {
        true => ("", ""),
        false => (", header=None", "t.columns = [f\"x{i + 1}\" for i in t]; "),
    };
    let then = if csv.header { "" } else { " and without header = false" };
    format!(
        "Keep the columns of numbers alone. In pandas: t = read_csv(file{separator}{comma}, na_values=\"?\"{names}); \
         {more}t[[c for c in t if c == {} or t[c].dtype.kind in \"iuf\"]].to_csv(\"numbers.csv\", index=False); then file = \"numbers.csv\"{then}.",
        toml(&csv.label)
    )
}

fn except(csv: &Csv, names: &[&str]) -> Option<String> {
    match &csv.features {
        Some(Features::Only(only)) => {
            let left: Vec<&String> = only.iter().filter(|name| !names.contains(&name.as_str())).collect();
            (!left.is_empty()).then(|| format!("features = {}", toml_list(&left)))
        }
        Some(Features::Except(Except { except })) => {
            let more = names.iter().filter(|name| !except.iter().any(|own| own == *name));
            let all: Vec<&str> = except.iter().map(String::as_str).chain(more.copied()).collect();
            Some(format!("features = {{ except = {} }}", toml_list(&all)))
        }
        None => Some(format!("features = {{ except = {} }}", toml_list(names))),
    }
}

/// What to do about a name that is none.
pub(super) fn nearest(name: &str, present: &[&str], key: &str) -> String {
    // Long texts and endless lists are no slips of the pen, and to compare them takes its time.
    let names = present.iter().take(1000).filter(|other| other.len().max(name.len()) < 200);
    let near = names.map(|other| (strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase()), other));
    if let Some((_, other)) = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)) {
        format!("Did you mean \"{other}\"? Correct {key}.")
    } else {
        format!("Name one of them: {key}.")
    }
}
