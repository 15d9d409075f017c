//! Failures that evcxr keeps to itself: a panic and a failed `?`.
//!
//! The library in the cells of "Rust (restudy)" announces them on a [channel](restudy_channel) of its own. The stock kernel is taught
//! to say so by a line of text, which begins with a word that is another one each time, and on a line of its own: so that no text
//! of a reader is taken for it, and none hides it.

use serde_json::{Value, json};

/// How a line begins that tells of a failure in the stock kernel.
pub struct Mark(String);

impl Mark {
    /// One that nobody knows.
    pub fn new() -> Self {
        Self(format!("\u{1e}restudy:{}:", uuid::Uuid::new_v4().simple()))
    }

    /// What the stock evcxr is told before the first cell: to say when a cell panics or ends at a `?`. Its own code prints these
    /// words for both; the name of a closure tells whether it is its own code that does.
    pub fn source(&self) -> String {
        let said = |kind: &str| format!("\\n{}{{}}\", \"{{\\\"failed\\\":{{\\\"kind\\\":\\\"{kind}\\\"}}}}", self.0);
        SOURCE.replace("PANICKED", &said("panic")).replace("FAILED", &said("error"))
    }

    /// A cell that prints a line which tells that everything printed before has arrived. evcxr passes lines on in their order, but a reply may overtake
    /// them: without this, the line of a failure that arrives a moment late would be missed.
    pub fn end_source(&self) -> String {
        format!("std::println!(\"{}{END}\");", self.0)
    }

    /// What stands before the end in a line: nothing, or text that a cell left without the end of its line. None of any other line.
    pub fn before_end<'a>(&self, line: &'a str) -> Option<&'a str> {
        line.trim_end().strip_suffix(END)?.strip_suffix(&self.0)
    }

    /// What a line says of a failure; nothing if it is an ordinary line.
    pub fn failure(&self, line: &str) -> Option<Value> {
        let said: Value = serde_json::from_str(line.trim_end().strip_prefix(&self.0)?).ok()?;
        said.get("failed").cloned()
    }
}

/// What follows the mark in the line after a cell.
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
        // Several statements on one line of the cell have a line each.
        [] if let Some((only, own)) = (1..).zip(cell.lines()).find(|(_, own)| own.contains(core)) => {
            Some(format!("line {only}: `{}`", own.trim()))
        }
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
        assert_eq!(place(5, "let a = 1; let b = v[2];", GENERATED).unwrap(), "line 1: `let a = 1; let b = v[2];`");
        assert_eq!(at(99), None);
    }

    #[test]
    fn a_failure_is_told_from_text() {
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
        assert_eq!(Mark::new().failure(&line), None, "of another kernel");
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
