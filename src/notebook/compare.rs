//! Compares stored outputs with recomputed ones.
//!
//! Compares the order of execution, and every output by its kind, its data for every MIME type, its text and its
//! metadata. Skips the standard error (times and names of threads) and outputs marked as volatile; [`left_out`] lists
//! them, since front ends show them like all others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

use super::{
    Document,
    document::{has_tag, is_code, sorted, text_of},
};
use crate::digest::Digest;

/// A difference between a stored and an executed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The number of the cell, from 1.
    pub cell: usize,
    /// The part that differs: `output 2, text/html`.
    pub what: String,
    /// The difference, line by line: stored lines begin with `-`, computed ones with `+`.
    pub diff: Vec<String>,
}

/// Cells with one of these tags are not compared; nbval uses the second one.
const VOLATILE: [&str; 2] = ["volatile", "nbval-ignore-output"];

/// Returns the differences between a stored notebook and its execution.
#[must_use]
pub fn differences(stored: &Document, executed: &Document) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, (old, new)) in stored.cells().iter().zip(executed.cells()).enumerate() {
        if !is_code(old) || VOLATILE.iter().any(|tag| has_tag(old, tag)) {
            continue;
        }
        let change = |what: String, old: &str, new: &str| Change { cell: index + 1, what, diff: diff(old, new) };
        let count = |cell: &Value| cell["execution_count"].as_u64().map_or("none".into(), |count| count.to_string());
        if count(old) != count(new) {
            changes.push(change("execution count".into(), &count(old), &count(new)));
        }
        let (old, new) = (outputs(old), outputs(new));
        for place in 0..old.len().max(new.len()) {
            let (old, new) = (old.get(place), new.get(place));
            let name = format!("output {}", place + 1);
            match (old, new) {
                (Some(old), Some(new)) if is_volatile(old) && is_volatile(new) && kind(old) == kind(new) => {}
                (Some(old), Some(new)) if kind(old) == kind(new) => {
                    let (old, new) = (parts(old), parts(new));
                    let keys: BTreeSet<_> = old.iter().chain(&new).map(|(key, _)| key).collect();
                    for key in keys {
                        let text = |of: &[(String, String)]| {
                            of.iter().find(|(own, _)| own == key).map(|(_, text)| text.clone())
                        };
                        let (old, new) = (text(&old), text(&new));
                        if old != new {
                            let none = || "none".to_owned();
                            changes.push(change(
                                format!("{name}, {key}"),
                                &old.unwrap_or_else(none),
                                &new.unwrap_or_else(none),
                            ));
                        }
                    }
                }
                (old, new) => changes.push(change(name, &described(old), &described(new))),
            }
        }
    }
    changes
}

/// Returns the stored parts of a notebook that are not compared, though front ends may show them.
#[must_use]
pub fn left_out(stored: &Document) -> Vec<String> {
    let mut left_out = Vec::new();
    for (number, cell) in (1..).zip(stored.cells()) {
        let list = || all_outputs(cell).iter();
        if !is_code(cell) {
            if list().next().is_some() {
                left_out.push(format!("outputs of cell {number}, which is not code"));
            }
            if cell["attachments"].as_object().is_some_and(|all| !all.is_empty()) {
                left_out.push(format!("attachments of cell {number}"));
            }
        } else if let Some(tag) = VOLATILE.iter().find(|tag| has_tag(cell, tag)) {
            left_out.push(format!("cell {number}, tagged `{tag}`"));
        } else {
            if list().any(is_stderr) {
                left_out.push(format!("standard error of cell {number}"));
            }
            if list().any(is_volatile) {
                left_out.push(format!("volatile outputs of cell {number}"));
            }
        }
    }
    if !stored.metadata()["widgets"].is_null() {
        left_out.push("state of widgets".into());
    }
    left_out
}

fn all_outputs(cell: &Value) -> &[Value] {
    cell["outputs"].as_array().map_or(&[][..], Vec::as_slice)
}

/// Whether an output is the standard error. The kind decides too: front ends show other outputs of this name.
fn is_stderr(output: &Value) -> bool {
    kind(output) == "stream" && output["name"] == "stderr"
}

fn is_volatile(output: &Value) -> bool {
    output["metadata"]["volatile"] == true
}

/// The outputs of a cell that are compared. Front ends split printed text into outputs in different ways, so
/// consecutive pieces are joined.
fn outputs(cell: &Value) -> Vec<Value> {
    let mut compared: Vec<Value> = Vec::new();
    for output in all_outputs(cell).iter().filter(|output| !is_stderr(output)) {
        let is_text =
            |output: &Value| kind(output) == "stream" && output.as_object().is_some_and(|keys| keys.len() == 3);
        match compared.last_mut().filter(|last| is_text(last) && is_text(output) && last["name"] == output["name"]) {
            Some(last) => last["text"] = (text_of(&last["text"]) + &text_of(&output["text"])).into(),
            None => compared.push(output.clone()),
        }
    }
    compared
}

fn kind(output: &Value) -> &str {
    output["output_type"].as_str().unwrap_or_default()
}

/// The parts of an output: name and text.
fn parts(output: &Value) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for (key, value) in output.as_object().into_iter().flatten() {
        match (kind(output), key.as_str()) {
            (_, "output_type") => {}
            ("stream", "name") => {}
            ("stream", "text") => {
                parts.push((output["name"].as_str().unwrap_or_default().into(), shortened(plain(value))));
            }
            ("error", "ename") => {}
            ("error", "evalue") => {
                parts.push(("error".into(), format!("{}: {}", plain(&output["ename"]), plain(value))));
            }
            // Some front ends omit empty metadata.
            (_, "metadata") if value.as_object().is_some_and(Map::is_empty) => {}
            (_, "data") => {
                let data = value.as_object().into_iter().flatten();
                parts.extend(data.map(|(mime, content)| (mime.clone(), content_text(mime, content))));
            }
            _ => parts.push((key.replace('_', " "), json_text(value))),
        }
    }
    parts
}

fn content_text(mime: &str, content: &Value) -> String {
    if mime.ends_with("json") {
        return json_text(content);
    }
    let text = plain(content);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c) || c.is_ascii_whitespace();
    // Pictures are base64, which may be broken into lines.
    if mime.starts_with("image/") && text.chars().all(is_base64) { text.split_whitespace().collect() } else { text }
}

/// A text, or a list of its lines; other values as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(_) => text_of(value),
        Value::Array(lines) if lines.iter().all(Value::is_string) => text_of(value),
        other => json_text(other),
    }
}

/// JSON as text, independent of the order of keys.
fn json_text(value: &Value) -> String {
    serde_json::to_string_pretty(&sorted(value)).unwrap_or_default()
}

/// The most bytes of a stream that `restudy notebook run` stores, as in `notebook/kernel/src/drive/outputs.rs`.
const MOST_BYTES: usize = 1_000_000;

/// A stream as `restudy notebook run` stores it: a long one is cut, with the digest of the whole.
fn shortened(text: String) -> String {
    let left_out = text.len() - text.floor_char_boundary(MOST_BYTES);
    // A stream that was cut before is a little longer; the cut may be up to three bytes earlier, at a character
    // boundary.
    let is_cut = |back: usize| text.get(MOST_BYTES - back..).is_some_and(|rest| rest.starts_with("\n... "));
    if left_out == 0 || (0..4).any(is_cut) {
        return text;
    }
    let digest = Digest::of(text.as_bytes());
    format!("{}\n... {left_out} bytes left out; BLAKE3 of all of it: {digest}\n", &text[..text.len() - left_out])
}

fn described(output: Option<&Value>) -> String {
    output.map_or("no output".into(), |output| {
        let parts = parts(output).into_iter().map(|(name, text)| format!("{name}\n{text}"));
        format!("{}: {}", kind(output), parts.collect::<Vec<_>>().join("\n"))
    })
}

/// The lines that differ, with the line before and after.
fn diff(old: &str, new: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (place, group) in diff.grouped_ops(1).iter().enumerate() {
        if place > 0 {
            lines.push("  …".into());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(format!("{sign} {}", change.value().trim_end_matches('\n')));
        }
    }
    lines
}

#[cfg(test)]
mod tests;
