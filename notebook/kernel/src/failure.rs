//! Failures that evcxr keeps to itself: a panic and a failed `?`.
//!
//! The library in the cell announces them with a line on its standard output that begins with [`MARK`] and holds JSON; figures in
//! the middle of a cell come the same way. See `notebook/facade/src/cell.rs` for the other end.

use serde_json::{Value, json};

/// How a line begins that is not text, but for us.
pub const MARK: &str = "\u{1e}restudy:";

/// The line after every marked one: evcxr hands out a line once the next one is there, or a little after the cell has ended. With
/// this one behind them, none of those that matter are late.
pub const FLUSH: &str = "\u{1e}";

/// What a marked line says; nothing if it is an ordinary line.
pub fn marked(line: &str) -> Option<Value> {
    serde_json::from_str(line.trim_end().strip_prefix(MARK)?).ok()
}

/// A cell that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `panic`, `error`, `interrupted`.
    pub kind: String,
    /// What it said.
    pub message: String,
    /// Where, if that is known.
    pub place: Option<String>,
}

impl Failure {
    /// The failure in the content of a marked line. `cell` is the source of the cell, `generated` the file that evcxr made of it.
    pub fn new(failed: &Value, cell: &str, generated: &str) -> Self {
        let text = |key: &str| failed[key].as_str().unwrap_or_default().trim_end().to_owned();
        let kind = text("kind");
        let place = match failed["line"].as_u64() {
            Some(line) => place(line as usize, cell, generated),
            None if kind == "error" => question(cell),
            None => None,
        };
        Self { kind, message: text("message"), place }
    }

    /// The content of the `error` message that says so.
    pub fn content(&self) -> Value {
        let first = self.message.lines().next().unwrap_or_default();
        let mut traceback: Vec<String> = self.message.lines().map(str::to_owned).collect();
        traceback.extend(self.place.iter().map(|place| format!("at {place}")));
        json!({ "ename": self.kind, "evalue": first, "traceback": traceback })
    }
}

/// The place in the cell of a line of the generated file, which holds the lines of the cell as they are.
fn place(line: usize, cell: &str, generated: &str) -> Option<String> {
    let text = generated.lines().nth(line.checked_sub(1)?)?.trim();
    // The last expression of a cell is wrapped in a call.
    let core = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(").evcxr_display();")).unwrap_or(text);
    let same: Vec<usize> =
        (1..).zip(cell.lines()).filter(|(_, own)| matches(own.trim(), core)).map(|(n, _)| n).collect();
    match same[..] {
        [] if core.is_empty() => None,
        [] => Some(format!("`{core}`, defined in an earlier cell")),
        [only] => Some(format!("line {only}: `{core}`")),
        // The same line several times: the order in both is the same.
        ref several => {
            let before = generated.lines().take(line).filter(|other| other.trim() == text).count();
            let all = generated.lines().filter(|other| other.trim() == text).count();
            let own =
                (before + several.len()).checked_sub(all + 1).and_then(|place| several.get(place)).or(several.last());
            own.map(|own| format!("line {own}: `{core}`"))
        }
    }
}

/// Whether a line of a cell is what stands in the generated file, where the end of an expression may have been cut off.
fn matches(own: &str, generated: &str) -> bool {
    !own.is_empty()
        && (own == generated || own.trim_start_matches('(') == generated || generated.strip_prefix('(') == Some(own))
}

/// The place of a failed `?`, where the cell has only one line with any.
fn question(cell: &str) -> Option<String> {
    let code = |line: &str| line.split("//").next().unwrap_or_default().contains('?');
    let lines: Vec<_> = (1..).zip(cell.lines()).filter(|(_, line)| code(line)).collect();
    match lines[..] {
        [(n, line)] => Some(format!("line {n}: `{}`", line.trim())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: &str = "#![allow(unused)]\nfn earlier() { panic!() }\npub extern \"C\" fn run() {\nlet a = f(1);\nlet b = v[2];\nlet a = f(1);\n(g(a)).evcxr_display();\n}";
    const CELL: &str = "// two calls\nlet a = f(1);\n\n  let b = v[2];\nlet a = f(1);\ng(a)";

    #[test]
    fn a_line_of_the_generated_file_is_found_in_the_cell() {
        let at = |line| place(line, CELL, GENERATED);
        assert_eq!(at(5).unwrap(), "line 4: `let b = v[2];`");
        assert_eq!(at(4).unwrap(), "line 2: `let a = f(1);`");
        assert_eq!(at(6).unwrap(), "line 5: `let a = f(1);`");
        assert_eq!(at(7).unwrap(), "line 6: `g(a)`");
        assert_eq!(at(2).unwrap(), "`fn earlier() { panic!() }`, defined in an earlier cell");
        assert_eq!(at(99), None);
    }

    #[test]
    fn marked_lines_are_told_from_text() {
        let failed = marked(
            "\u{1e}restudy:{\"failed\":{\"kind\":\"error\",\"message\":\"no such file\\nhelp\",\"line\":null}}\n",
        )
        .unwrap();
        let failure = Failure::new(&failed["failed"], "let a = 1; // why?\nlet b = read()?;", "");
        assert_eq!(failure.place.as_deref(), Some("line 2: `let b = read()?;`"));
        let content = failure.content();
        assert_eq!(content["evalue"], "no such file");
        assert_eq!(content["traceback"], json!(["no such file", "help", "at line 2: `let b = read()?;`"]));
        assert_eq!(marked("restudy:{}"), None);
        assert_eq!(marked("\u{1e}restudy:not json"), None);
    }
}
