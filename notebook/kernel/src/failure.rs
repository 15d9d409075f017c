//! Failures that evcxr does not report: a panic, and a failed `?`.
//!
//! The library in the cells of "Rust (restudy)" reports them on its own [channel](restudy_channel). The stock kernel
//! gets code that reports them by a line of text. The line begins with a random word, so that text of a cell cannot be
//! mistaken for it; and it is a separate line, so that text of a cell cannot hide it.

use serde_json::{Value, json};

/// The random beginning of a line that reports a failure in the stock kernel.
pub struct Mark(String);

impl Mark {
    pub fn new() -> Self {
        Self(format!("\u{1e}restudy:{}:", uuid::Uuid::new_v4().simple()))
    }

    /// Returns the code that the stock evcxr runs before the first cell: it reports when a cell panics or ends at a
    /// `?`. evcxr's own code prints the same words in both cases; the name of a closure shows that evcxr's own code
    /// prints them.
    pub fn source(&self) -> String {
        let output = |kind: &str| format!("\\n{}{{}}\", \"{{\\\"failed\\\":{{\\\"kind\\\":\\\"{kind}\\\"}}}}", self.0);
        SOURCE.replace("PANICKED", &output("panic")).replace("FAILED", &output("error"))
    }

    /// Returns a cell that prints a line after everything that was printed before. evcxr passes lines on in order, but
    /// a reply may overtake them: without this line, a failure that arrives late would be missed.
    pub fn end_source(&self) -> String {
        format!("std::println!(\"{}{END}\");", self.0)
    }

    /// Returns the text before the end mark in a line: text that a cell left without a line end. `None` for any other
    /// line.
    pub fn before_end<'a>(&self, line: &'a str) -> Option<&'a str> {
        line.trim_end().strip_suffix(END)?.strip_suffix(&self.0)
    }

    /// Parses the failure that a line reports; `None` for an ordinary line.
    pub fn failure(&self, line: &str) -> Option<Value> {
        let output: Value = serde_json::from_str(line.trim_end().strip_prefix(&self.0)?).ok()?;
        output.get("failed").cloned()
    }
}

/// Follows the mark in the line after a cell.
const END: &str = "end";

const SOURCE: &str = r#"
macro_rules! println {
    ("EVCXR_PANIC_NOTIFICATION") => {{
        let place = ::std::any::type_name_of_val(&|| {});
        if place.rsplit("::").nth(1).is_some_and(|name| name.starts_with("run_user_code_")) {
            std::println!("PANICKED");
        }
        std::println!("EVCXR_PANIC_NOTIFICATION");
    }};
    ("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED) => {{
        std::println!("FAILED");
        std::println!("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED);
    }};
    ($($anything:tt)*) => { std::println!($($anything)*) };
}"#;

/// A cell that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `panic`, `error` or `interrupted`.
    pub kind: String,
    pub message: String,
    /// The line of the cell, if it was found.
    pub place: Option<String>,
}

impl Failure {
    /// Reads a reported failure. `cell` is the source of the cell, `generated` the file that evcxr made of it.
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

    /// The content of its `error` message.
    pub fn content(&self) -> Value {
        let first = self.message.lines().next().unwrap_or_default();
        let mut traceback: Vec<String> = self.message.lines().map(str::to_owned).collect();
        traceback.extend(self.place.iter().map(|place| format!("at {place}")));
        json!({ "ename": self.kind, "evalue": first, "traceback": traceback })
    }
}

/// Finds the line of the cell for a line of the generated file, which contains the lines of the cell unchanged.
fn place(line: usize, cell: &str, generated: &str) -> Option<String> {
    let text = generated.lines().nth(line.checked_sub(1)?)?.trim();
    // evcxr wraps the last expression of a cell in a call.
    let core = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(").evcxr_display();")).unwrap_or(text);
    let same: Vec<usize> =
        (1..).zip(cell.lines()).filter(|(_, own)| matches(own.trim(), core)).map(|(n, _)| n).collect();
    match same[..] {
        [] if core.is_empty() => None,
        // evcxr puts each of several statements on a line of its own.
        [] if let Some((only, own)) = (1..).zip(cell.lines()).find(|(_, own)| own.contains(core)) => {
            Some(format!("line {only}: `{}`", own.trim()))
        }
        [] => Some(format!("`{core}`, defined in an earlier cell")),
        [only] => Some(format!("line {only}: `{core}`")),
        // Equal lines have the same order in both.
        ref several => {
            let before = generated.lines().take(line).filter(|other| other.trim() == text).count();
            let all = generated.lines().filter(|other| other.trim() == text).count();
            let own =
                (before + several.len()).checked_sub(all + 1).and_then(|place| several.get(place)).or(several.last());
            own.map(|own| format!("line {own}: `{core}`"))
        }
    }
}

/// Whether a line of a cell became this generated line, whose expression may be cut at its end.
fn matches(own: &str, generated: &str) -> bool {
    !own.is_empty()
        && (own == generated || own.trim_start_matches('(') == generated || generated.strip_prefix('(') == Some(own))
}

/// The place of a failed `?` if only one line of the cell contains any.
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
        assert_eq!(place(5, "let a = 1; let b = v[2];", GENERATED).unwrap(), "line 1: `let a = 1; let b = v[2];`");
        assert_eq!(at(99), None);
    }

    #[test]
    fn a_failure_is_distinguished_from_text() {
        let mark = Mark::new();
        let line = format!(
            "{}{{\"failed\":{{\"kind\":\"error\",\"message\":\"no such file\\nhelp\",\"line\":null}}}}\n",
            mark.0
        );
        let failed = mark.failure(&line).unwrap();
        let failure = Failure::new(&failed, "let a = 1; // why?\nlet b = read()?;", "");
        assert_eq!(failure.place.as_deref(), Some("line 2: `let b = read()?;`"));
        let content = failure.content();
        assert_eq!(content["evalue"], "no such file");
        assert_eq!(content["traceback"], json!(["no such file", "help", "at line 2: `let b = read()?;`"]));
        assert_eq!(mark.failure("\u{1e}restudy:{\"failed\":{}}"), None);
        assert_eq!(Mark::new().failure(&line), None, "the mark of another kernel");
        assert_eq!(mark.before_end(&format!("{}end\n", mark.0)), Some(""));
        assert_eq!(mark.before_end(&format!("7{}end\n", mark.0)), Some("7"));
        assert_eq!(
            (mark.before_end("end"), mark.before_end(&line), Mark::new().before_end(&format!("{}end", mark.0))),
            (None, None, None)
        );
        assert!(
            mark.source().contains(&mark.0) && !mark.source().contains("PANICKED") && !mark.source().contains("FAILED")
        );
    }
}
