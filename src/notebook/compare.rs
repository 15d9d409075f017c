//! Stored outputs against outputs computed again.
//!
//! Compared are the order of execution, and every output by its kind, its data for every MIME type, and its text. Left out are
//! the standard error (it holds times and the names of threads), what is marked as volatile, and metadata.

use std::collections::BTreeSet;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::{
    Document,
    document::{has_tag, is_code, text_of},
};

/// A cell whose outputs are not those that are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The number of the cell, from 1.
    pub cell: usize,
    /// What differs: `output 2, text/html`.
    pub what: String,
    /// The difference, line by line: stored lines begin with `-`, computed ones with `+`.
    pub diff: Vec<String>,
}

/// A cell with one of these tags is not compared; the second one is that of nbval.
const VOLATILE: [&str; 2] = ["volatile", "nbval-ignore-output"];

/// What differs between the stored notebook and the same one executed.
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
                (Some(old), Some(new)) if kind(old) == kind(new) => {
                    let keys: BTreeSet<_> = parts(old).into_iter().chain(parts(new)).map(|(key, _)| key).collect();
                    for key in keys {
                        let text =
                            |of: &Value| parts(of).into_iter().find(|(own, _)| *own == key).map(|(_, text)| text);
                        let (old, new) = (text(old), text(new));
                        if old != new {
                            changes.push(change(
                                format!("{name}, {key}"),
                                &old.unwrap_or_default(),
                                &new.unwrap_or_default(),
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

/// The outputs of a cell that are compared. Text that was printed in one go is one output to some front ends and several to
/// others: pieces that follow each other are put together.
fn outputs(cell: &Value) -> Vec<Value> {
    let all = cell["outputs"].as_array().map_or(&[][..], Vec::as_slice);
    let mut compared: Vec<Value> = Vec::new();
    for output in all.iter().filter(|output| output["name"] != "stderr" && output["metadata"]["volatile"] != true) {
        let is_stream = |output: &Value| kind(output) == "stream";
        match compared.last_mut().filter(|last| is_stream(last) && is_stream(output) && last["name"] == output["name"])
        {
            Some(last) => last["text"] = (text_of(&last["text"]) + &text_of(&output["text"])).into(),
            None => compared.push(output.clone()),
        }
    }
    compared
}

fn kind(output: &Value) -> &str {
    output["output_type"].as_str().unwrap_or_default()
}

/// What an output holds: a name and a text for each part.
fn parts(output: &Value) -> Vec<(String, String)> {
    match kind(output) {
        "stream" => vec![(output["name"].as_str().unwrap_or_default().into(), text_of(&output["text"]))],
        "error" => vec![("error".into(), format!("{}: {}", text_of(&output["ename"]), text_of(&output["evalue"])))],
        _ => {
            let data = output["data"].as_object().into_iter().flatten();
            data.map(|(mime, content)| (mime.clone(), content_text(mime, content))).collect()
        }
    }
}

fn content_text(mime: &str, content: &Value) -> String {
    match content {
        // Pictures are base64, which may be broken into lines.
        Value::String(_) | Value::Array(_) if mime.starts_with("image/") && mime != "image/svg+xml" => {
            text_of(content).split_whitespace().collect()
        }
        Value::String(_) | Value::Array(_) if !mime.ends_with("json") => text_of(content),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
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
mod tests {
    use serde_json::json;

    use super::*;

    fn with(outputs: Value, tags: &[&str]) -> Document {
        let cell = json!({
            "cell_type": "code", "id": "a", "metadata": { "tags": tags }, "execution_count": 1, "outputs": outputs, "source": "1",
        });
        Document::parse(
            &json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] }).to_string(),
            "a",
        )
        .unwrap()
    }

    #[test]
    fn the_same_outputs_stored_otherwise_are_the_same() {
        let stored = json!([
            { "output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"] },
            { "output_type": "stream", "name": "stderr", "text": "thread 1" },
            { "output_type": "display_data", "metadata": {}, "data": { "image/png": "iVBO\nRw0K\n", "text/plain": "x" } },
        ]);
        let computed = json!([
            { "output_type": "stream", "name": "stderr", "text": "thread 2" },
            { "output_type": "stream", "name": "stdout", "text": "a\n" },
            { "output_type": "stream", "name": "stderr", "text": "thread 3" },
            { "output_type": "stream", "name": "stdout", "text": "b\n" },
            { "output_type": "display_data", "metadata": { "a": 1 }, "data": { "text/plain": ["x"], "image/png": "iVBORw0K" } },
        ]);
        assert_eq!(differences(&with(stored, &[]), &with(computed, &[])), []);
    }

    #[test]
    fn every_difference_is_found_and_named() {
        let html = |text: &str| json!([{ "output_type": "execute_result", "metadata": {}, "data": { "text/html": text, "text/plain": "x" } }]);
        let changes = differences(&with(html("<b>1</b>\n<i>2</i>\n"), &[]), &with(html("<b>1</b>\n<i>3</i>\n"), &[]));
        let diff = [" <b>1</b>", "- <i>2</i>", "+ <i>3</i>"].map(String::from);
        assert_eq!(changes[0].diff[1..], diff[1..]);
        assert_eq!((changes.len(), changes[0].cell, changes[0].what.as_str()), (1, 1, "output 1, text/html"));
        assert_eq!(differences(&with(html("a"), &[]), &with(json!([]), &[])).len(), 1);
        assert_eq!(differences(&with(json!([]), &[]), &with(html("a"), &[])).len(), 1);
        let stream = |text: &str| json!([{ "output_type": "stream", "name": "stdout", "text": text }]);
        assert_eq!(differences(&with(stream("a"), &[]), &with(html("a"), &[])).len(), 1);
        assert_eq!(differences(&with(stream("a"), &[]), &with(stream("b"), &[]))[0].what, "output 1, stdout");
    }

    #[test]
    fn what_is_volatile_is_left_out() {
        let stream = |text: &str| json!([{ "output_type": "stream", "name": "stdout", "text": text }]);
        assert_eq!(differences(&with(stream("a"), &["volatile"]), &with(stream("b"), &["volatile"])), []);
        let one = |text: &str| json!([{ "output_type": "display_data", "metadata": { "volatile": true }, "data": { "text/plain": text } }]);
        assert_eq!(differences(&with(one("a"), &[]), &with(one("b"), &[])), []);
    }
}
