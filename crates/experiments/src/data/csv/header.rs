//! Finds the inputs and the label by the names of the columns.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::file::{Input, error},
    Csv, DataError, Except, Features, strict,
    table::Text,
    words::{leave_out, listed, nearest, shown},
};

pub(super) struct Header {
    /// Names and indices of the columns that are inputs.
    pub inputs: Vec<(String, usize)>,
    /// Index of the column with the labels.
    pub label: usize,
    /// Names of the other columns.
    pub unused: Vec<String>,
    /// Fields of a row.
    pub width: usize,
    /// Whether the first record consists of names.
    pub is_named: bool,
    /// The fields of the first record.
    pub first: Vec<String>,
}

/// An error of the first line: code, message, help.
type Wrong = (&'static str, String, String);

/// Errors that may come from a row that was taken for names.
const OF_NAMES: [&str; 3] = ["data.csv.no-label-column", "data.csv.same-names", "data.csv.unnamed-column"];

impl Header {
    /// Reads the first line; `expected` are the inputs that the table must have.
    pub fn of(csv: &Csv, text: &Text<'_>, expected: Option<&[Input]>) -> Result<Self, DataError> {
        let Some((first, place)) = text.record(0) else {
            let help = if csv.header {
                "The first line must name the columns; each further line is a point."
            } else {
                "Write a line for each point."
            };
            return Err(error("data.csv.empty", format!("{} is empty", text.file), help));
        };
        let at = |(code, message, help): Wrong| error(code, format!("{}: {message}", text.at(place)), help);
        if !csv.header {
            return unnamed(csv, text, first, expected).map_err(at);
        }
        let ends_open = first.last().is_some_and(String::is_empty) && first.len() > 1;
        if ends_open && text.record(1).is_some_and(|(row, _)| row.len() == first.len() - 1) {
            let mark = text.mark();
            let message = format!("it ends with {mark}, and the row below does not");
            return Err(at(("data.csv.trailing-comma", message, format!("Remove {mark} at the end of the first line."))));
        }
        if let (Some((types, _)), Some((roles, _))) = (text.record(1), text.record(2))
            && strict::is_of_orange(&types, &roles)
        {
            return Err(of_orange(text));
        }
        let present: Vec<&str> = first.iter().map(String::as_str).collect();
        let found = columns(csv, &present, expected);
        if found.as_ref().is_err_and(|(code, ..)| OF_NAMES.contains(code)) && is_row(text, &first) {
            return Err(at(headerless(csv, &present)));
        }
        let (inputs, label, unused) = found.map_err(at)?;
        Ok(Self { inputs, label, unused, width: first.len(), is_named: true, first })
    }
}

/// The error of a table of Orange.
fn of_orange(text: &Text<'_>) -> DataError {
    let separator = match text.separator {
        b'\t' => "sep='\\t', ",
        b';' => "sep=';', ",
        b'|' => "sep='|', ",
        _ => "",
    };
    let help = format!(
        "Remove these two lines, in pandas: read_csv(file, {separator}skiprows=[1, 2]).to_csv('table.csv', index=False)."
    );
    let message = format!("{} is a table of Orange: below the names, two lines give types and roles of the columns", text.file);
    error("data.csv.other-kind", message, help)
}

/// Names the columns of a table without a line of names.
fn unnamed(csv: &Csv, text: &Text<'_>, first: Vec<String>, expected: Option<&[Input]>) -> Result<Header, Wrong> {
    let below = text.record(1).map(|(row, _)| row).unwrap_or_default();
    let names: Vec<String> = (1..=first.len()).map(|place| format!("x{place}")).collect();
    let present: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_label_named = first.contains(&csv.label) && !present.contains(&csv.label.as_str());
    if is_label_named || strict::is_names(&first, &below) {
        let fields: Vec<&str> = first.iter().map(String::as_str).collect();
        let message = format!("the first line looks like names, not like a row: {}", listed(&fields));
        return Err(("data.csv.header-as-row", message, "Remove header = false: the first line then names the columns.".into()));
    }
    if first[0].starts_with('#') && first.len() != below.len() {
        let message = format!("the first line begins with # and has other fields than the next one: {}", listed(&first));
        return Err(("data.csv.comments", message, "Remove the comments above the rows: they begin with #.".into()));
    }
    if let ([only], Some(help)) = (&first[..], strict::other_separator(&first[0], false)) {
        let message = format!("no column {} with the labels; the first line is one field: {}", shown(&csv.label), shown(only));
        return Err(("data.csv.no-label-column", message, help));
    }
    if !present.contains(&csv.label.as_str()) {
        let fields: Vec<&str> = first.iter().map(String::as_str).collect();
        let label = strict::label_of(&fields) + 1;
        let message = format!(
            "no column {} with the labels; with header = false the columns are {}",
            shown(&csv.label),
            counted(first.len())
        );
        return Err(("data.csv.no-label-column", message, format!("Name the right one, such as label = \"x{label}\".")));
    }
    let (inputs, label, unused) = columns(csv, &present, expected)?;
    Ok(Header { inputs, label, unused, width: first.len(), is_named: false, first })
}

/// Whether a line that is not separated by commas has a number among its columns: then it is a row.
fn is_without_names(line: &str) -> bool {
    line.split([' ', ';', '\t', '|']).any(|field| field.parse::<f64>().is_ok())
}

/// The names of columns without a line of names.
fn counted(columns: usize) -> String {
    if columns == 1 { "x1".into() } else { format!("x1 to x{columns}") }
}

/// Whether the first line is a row, judged by the rows below it.
fn is_row(text: &Text<'_>, first: &[String]) -> bool {
    let (mut repeats, mut is_first) = (strict::Repeats::of(first), true);
    let read = text.records(|record, _| {
        if !std::mem::take(&mut is_first) {
            repeats.note(record);
        }
        Ok(())
    });
    read.is_ok() && repeats.is_row()
}

/// The error of a row in the place of names.
fn headerless(csv: &Csv, present: &[&str]) -> Wrong {
    (
        "data.csv.row-as-header",
        format!("the first line looks like a row, not like names: {}", listed(present)),
        without_names(csv, present, None),
    )
}

/// The remedy for a file without a line of names.
pub(super) fn without_names(csv: &Csv, first: &[&str], label: Option<usize>) -> String {
    let label = label.unwrap_or_else(|| strict::label_of(first)) + 1;
    let features = if csv.features.is_some() { ", and name these in `features`" } else { "" };
    format!(
        "If the file has no line of names, set header = false and label = \"x{label}\" (or the column that holds the labels): the columns are then {}{features}. If these are names, correct label = \
         \"...\".",
        counted(first.len())
    )
}

/// Inputs, label and unused columns.
type Places = (Vec<(String, usize)>, usize, Vec<String>);

fn columns(csv: &Csv, present: &[&str], expected: Option<&[Input]>) -> Result<Places, Wrong> {
    let label_place = present.iter().position(|name| *name == csv.label);
    // A label that is a number is a name only if the names count up.
    let is_named = label_place.is_some() && (csv.label.parse::<f64>().is_err() || !strict::is_row(present));
    let other = || match present[0] {
        first if first.starts_with('#') => Some("Remove the comments above the line of names: they begin with #.".into()),
        first if first.starts_with("sep=") => Some("Remove the first line: it is for spreadsheets alone.".into()),
        first if present.len() == 1 => strict::other_separator(first, !is_without_names(first)),
        _ => None,
    };
    if !is_named && let Some(help) = other() {
        let message = format!("no column {} with the labels; there are {}", shown(&csv.label), listed(present));
        return Err(("data.csv.no-label-column", message, help));
    }
    if !is_named && strict::is_row(present) {
        return Err(headerless(csv, present));
    }
    let mut place_of = BTreeMap::new();
    for (place, name) in present.iter().enumerate() {
        if place_of.insert(*name, place).is_some() && !name.is_empty() {
            if label_place.is_some_and(|label| strict::is_row_of_labels(present, label)) {
                return Err(headerless(csv, present));
            }
            let help = "Give every column a name of its own, or set header = false if this is a row.";
            return Err(("data.csv.same-names", format!("two columns are named {}", shown(name)), help.into()));
        }
    }
    let find = |name: &str, code: &'static str, role: &str, key: &str| {
        place_of.get(name).copied().ok_or_else(|| {
            let message = format!("no column {} {role}; there are {}", shown(name), listed(present));
            let mut help = nearest(name, present, key);
            // Numbers are unusual as names.
            if name == csv.label && csv.header && present.iter().any(|name| name.parse::<f64>().is_ok()) {
                help.push_str(&format!(" If this is a row, set header = false and label = \"x{}\".", strict::label_of(present) + 1));
            }
            (code, message, help)
        })
    };
    let label = find(&csv.label, "data.csv.no-label-column", "with the labels", "label = \"...\"")?;
    let inputs = inputs(csv, present, label, expected, &find)?;
    let used: BTreeSet<usize> = inputs.iter().map(|(_, place)| *place).chain([label]).collect();
    let unused = (0..present.len()).filter(|place| !used.contains(place)).map(|place| present[place].to_owned());
    Ok((inputs, label, unused.collect()))
}

type Find<'a> = dyn Fn(&str, &'static str, &str, &str) -> Result<usize, Wrong> + 'a;

/// Names and indices of the columns that are inputs.
fn inputs(
    csv: &Csv,
    present: &[&str],
    label: usize,
    expected: Option<&[Input]>,
    find: &Find<'_>,
) -> Result<Vec<(String, usize)>, Wrong> {
    let except: &[String] = match &csv.features {
        Some(Features::Except(Except { except })) => except,
        _ => &[],
    };
    for name in except {
        find(name, "data.csv.no-column", "to leave out", "features = { except = [...] }")?;
    }
    let is_input = |place: &usize| *place != label && !except.iter().any(|name| name == present[*place]);
    let others = || (0..present.len()).filter(is_input);
    let expected = expected.map(file_columns);
    let names: Vec<String> = match (&csv.features, &expected) {
        (Some(Features::Only(features)), _) => features.clone(),
        (_, Some(expected)) => {
            if let Some(extra) = others().map(|place| present[place]).find(|name| !expected.iter().any(|other| other == name)) {
                let message = format!("column {} is not in the training file", shown(extra));
                return Err(("data.csv.extra-column", message, "Remove it, or name the columns to use: features = [...].".into()));
            }
            expected.clone()
        }
        (_, None) => others().map(|place| present[place].to_owned()).collect(),
    };
    if names.is_empty() {
        let help = if except.is_empty() { "Add at least one column of numbers." } else { "Leave out less: features = { except = [...] }." };
        return Err(("data.csv.no-inputs", "there is no column beside the label".into(), help.into()));
    }
    let listed = matches!(csv.features, Some(Features::Only(_)));
    if let (false, Some(place)) = (listed, others().find(|place| present[*place].is_empty())) {
        let all: Vec<&str> = others().map(|place| present[place]).collect();
        let other = "name it, or remove it (pandas: index=False).";
        let help = match leave_out(csv, &[""], &all) {
            Some(line) => format!("Leave it out: {line}, or {other}"),
            None => format!("In the first line, {other}"),
        };
        return Err(("data.csv.unnamed-column", format!("column {} has no name", place + 1), help));
    }
    let place = |name: String| {
        let place = find(&name, "data.csv.no-column", "among the inputs", "features = [...]")?;
        Ok((name, place))
    };
    names.into_iter().map(place).collect()
}

/// The columns of a file from which inputs are made, in order.
fn file_columns(inputs: &[Input]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for input in inputs {
        let name = input.column();
        if seen.insert(name) {
            names.push(name.to_owned());
        }
    }
    names
}
