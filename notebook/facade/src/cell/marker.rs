//! Marks: events that the process of the cells sends to the kernel on a separate channel, in order with its output.
//!
//! ```text
//! {"display": {"data": {MIME: text, ...}}}                    an output
//! {"display": {"data": {...}}, "id": "progress-1"}            an output that will change
//! {"update": {"data": {...}}, "id": "progress-1"}             its new content
//! {"result": {"data": {...}}}                                 the value of the cell
//! {"result": {"data": {...}}, "echo": word}                   the same, if evcxr's own code will print the word for it
//! {"failed": {"kind": "panic" | "error" | "interrupted", "message": text, "line": number | null}}
//! ```

use serde_json::{Value, json};

use crate::show::Bundle;

/// An output; with an identifier, one that will change.
#[must_use]
pub fn display(bundle: &Bundle, id: Option<&str>) -> Value {
    match id {
        None => json!({ "display": { "data": bundle.data() } }),
        Some(id) => json!({ "display": { "data": bundle.data() }, "id": id }),
    }
}

/// The new content of an output.
#[must_use]
pub fn update(bundle: &Bundle, id: &str) -> Value {
    json!({ "update": { "data": bundle.data() }, "id": id })
}

/// The value of the cell.
#[must_use]
pub fn result(bundle: &Bundle) -> Value {
    let data = bundle.data().iter().map(|(mime, text)| ((*mime).to_owned(), text.trim_matches('\n').into()));
    json!({ "result": { "data": Value::Object(data.collect()) } })
}

/// The value of the cell as text. evcxr's own code will print `word` in its place.
#[must_use]
pub fn text(text: &str, word: &str) -> Value {
    json!({ "result": { "data": { "text/plain": text.trim_start_matches('\n') } }, "echo": word })
}

/// A failure of the cell. `at` is a line of the file that evcxr made of the cell.
#[must_use]
pub fn failed(kind: &str, message: &str, at: Option<u32>) -> Value {
    json!({ "failed": { "kind": kind, "message": message, "line": at } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_one_line() {
        let bundle = Bundle::text("two\nlines\n").html("<b>\"x\"</b>");
        let marks = [
            display(&bundle, None),
            display(&bundle, Some("progress-1")),
            update(&bundle, "progress-1"),
            result(&bundle),
            text("two\nlines\n", "0123"),
            failed("panic", "index out of bounds\nat 7", Some(57)),
            failed("error", "no", None),
        ];
        let lines = marks.map(|mark| mark.to_string());
        assert!(lines.iter().all(|line| !line.contains('\n')));
        insta::assert_snapshot!(lines.join("\n"));
    }
}
