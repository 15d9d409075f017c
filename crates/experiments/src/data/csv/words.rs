//! Formats names, texts and lines to paste for messages.

use super::{Csv, Except, Features, table::Text};

/// The most columns that a message names.
pub(super) const MOST_NAMED: usize = 12;

/// The most bytes of a line to paste: longer lines are left out rather than shortened.
pub(super) const MOST_LINE: usize = 1000;

/// The most bytes of a label's text: a column with longer texts is not one of labels.
pub(super) const MOST_LABEL: usize = 200;

pub(super) use super::super::notices::shown;

/// Quotes and lists as many names as a message may have.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    joined(names.iter().map(|name| shown(name.as_ref())), names.len())
}

/// Joins the items of a list of `count` items.
pub(super) fn joined(parts: impl Iterator<Item = String>, count: usize) -> String {
    let mut list: Vec<String> = parts.take(MOST_NAMED).collect();
    if count > MOST_NAMED {
        list.push(format!("{} more", count - MOST_NAMED));
    }
    list.join(", ")
}

/// A text as a TOML string.
pub(super) fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Texts as a TOML array.
pub(super) fn toml_list<T: AsRef<str>>(texts: &[T]) -> String {
    format!("[{}]", texts.iter().map(|text| toml(text.as_ref())).collect::<Vec<_>>().join(", "))
}

/// The complete setting that leaves columns out: by their names or, if these are too many, by the names of the others.
/// `None` if no column would remain or the line is too long.
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

/// The remedy if no setting can leave out the columns of texts.
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
            let more = names.iter().filter(|name| !except.iter().any(|other| other == *name));
            let all: Vec<&str> = except.iter().map(String::as_str).chain(more.copied()).collect();
            Some(format!("features = {{ except = {} }}", toml_list(&all)))
        }
        None => Some(format!("features = {{ except = {} }}", toml_list(names))),
    }
}

/// The remedy for an unknown name.
pub(super) fn nearest(name: &str, present: &[&str], key: &str) -> String {
    // Long texts and long lists are not typing errors, and comparing them is slow.
    let names = present.iter().take(1000).filter(|other| other.len().max(name.len()) < 200);
    let near = names.map(|other| (strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase()), other));
    if let Some((_, other)) = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)) {
        format!("Did you mean \"{other}\"? Correct {key}.")
    } else {
        format!("Name one of them: {key}.")
    }
}
