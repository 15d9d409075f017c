//! Marker lines: what the process of the cells tells the kernel, in order with what it prints.
//!
//! A line that begins with the byte 0x1e and `restudy:`, and holds one JSON object:
//!
//! ```text
//! {"display": {"data": {MIME: text, ...}}}                    an output of its own
//! {"display": {"data": {...}}, "id": "progress-1"}            one that will change
//! {"update": {"data": {...}}, "id": "progress-1"}             as it is now
//! {"failed": {"kind": "panic" | "error" | "interrupted", "message": text, "line": number | null}}
//! ```
//!
//! Each is followed by a line of the byte 0x1e alone: evcxr may pass the last line of a cell on only after the cell has ended.

use serde_json::{Value, json};

use crate::show::Bundle;

/// The beginning of a marker line.
pub const BEGIN: &str = "\u{1e}restudy:";

/// The line behind a marker line.
const FLUSH: &str = "\u{1e}";

/// An output of its own; with an identifier, one that will change.
#[must_use]
pub fn display(bundle: &Bundle, id: Option<&str>) -> String {
    match id {
        None => line(&json!({ "display": { "data": bundle.data() } })),
        Some(id) => line(&json!({ "display": { "data": bundle.data() }, "id": id })),
    }
}

/// An output that has changed.
#[must_use]
pub fn update(bundle: &Bundle, id: &str) -> String {
    line(&json!({ "update": { "data": bundle.data() }, "id": id }))
}

/// The cell has failed. `at` is a line of the file that evcxr made of it.
#[must_use]
pub fn failed(kind: &str, message: &str, at: Option<u32>) -> String {
    line(&json!({ "failed": { "kind": kind, "message": message, "line": at } }))
}

fn line(value: &Value) -> String {
    format!("{BEGIN}{value}\n{FLUSH}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_one_line() {
        let bundle = Bundle::text("two\nlines").html("<b>\"x\"</b>");
        let lines = [
            display(&bundle, None),
            display(&bundle, Some("progress-1")),
            update(&bundle, "progress-1"),
            failed("panic", "index out of bounds\nat 7", Some(57)),
            failed("error", "no", None),
        ];
        let lines = lines.map(|line| line.strip_suffix("\n\u{1e}").map(str::to_owned).unwrap());
        assert!(lines.iter().all(|line| line.starts_with(BEGIN) && !line.contains('\n')));
        insta::assert_snapshot!(lines.map(|line| line.replace('\u{1e}', "<1e>")).join("\n"));
    }
}
