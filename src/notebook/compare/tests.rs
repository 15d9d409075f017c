use serde_json::json;

use super::*;

fn with(outputs: Value, tags: &[&str]) -> Document {
    let cell = json!({
        "cell_type": "code", "id": "a", "metadata": { "tags": tags }, "execution_count": 1, "outputs": outputs, "source": "1",
    });
    Document::parse(&json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] }).to_string(), "a")
        .unwrap()
}

#[test]
fn equal_outputs_in_other_forms_are_equal() {
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
        { "output_type": "display_data", "data": { "text/plain": ["x"], "image/png": "iVBORw0K" } },
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
fn volatile_outputs_are_not_compared() {
    let stream = |text: &str| json!([{ "output_type": "stream", "name": "stdout", "text": text }]);
    assert_eq!(differences(&with(stream("a"), &["volatile"]), &with(stream("b"), &["volatile"])), []);
    let one = |text: &str| json!([{ "output_type": "display_data", "metadata": { "volatile": true }, "data": { "text/plain": text } }]);
    assert_eq!(differences(&with(one("a"), &[]), &with(one("b"), &[])), []);
}

#[test]
fn a_cut_stream_is_compared_by_the_digest_of_the_whole() {
    let stream = |text: &str| json!([{ "output_type": "stream", "name": "stdout", "text": text }]);
    let long = "ä".repeat(MOST_BYTES);
    let cut = shortened(long.clone());
    assert!(cut.len() < MOST_BYTES + 200 && cut.contains("1000000 bytes left out"), "{}", cut.len());
    assert_eq!(shortened(cut.clone()), cut);
    assert_eq!(differences(&with(stream(&long), &[]), &with(stream(&cut), &[])), []);
    let odd = shortened(format!("a{}", "✓".repeat(MOST_BYTES / 3 + 9)));
    assert_eq!(shortened(odd.clone()), odd);
    let other = long.clone() + "ä";
    assert_eq!(differences(&with(stream(&other), &[]), &with(stream(&cut), &[])).len(), 1);
}

#[test]
fn parts_that_are_not_compared_are_listed() {
    let one = |metadata: Value| json!([{ "output_type": "display_data", "metadata": metadata, "data": { "text/plain": "x" } }]);
    let plain = with(one(json!({})), &[]);
    assert_eq!(left_out(&plain), Vec::<String>::new());
    assert_eq!(left_out(&with(one(json!({ "volatile": true })), &[])), ["volatile outputs of cell 1"]);
    assert_eq!(left_out(&with(one(json!({})), &["volatile"])), ["cell 1, tagged `volatile`"]);
    assert_eq!(
        differences(&with(one(json!({ "volatile": true })), &[]), &plain).len(),
        1,
        "only the executed output may be volatile"
    );
    let error = json!([{ "output_type": "stream", "name": "stderr", "text": "proven" }]);
    assert_eq!(left_out(&with(error, &[])), ["standard error of cell 1"]);
    let named =
        json!([{ "output_type": "display_data", "name": "stderr", "metadata": {}, "data": { "text/plain": "x" } }]);
    assert_eq!(differences(&with(named, &[]), &with(json!([]), &[])).len(), 1, "a display output named stderr");
}
