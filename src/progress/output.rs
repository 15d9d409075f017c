//! Lines on the standard streams.
//!
//! A reader that closes the stream (`restudy show ... | head`) ends neither the work nor the program. If results cannot
//! be written for another reason, such as a full disk, the program ends with an error.
//!
//! Texts from specifications, manifests, journals and proofs are treated as untrusted input: control sequences are
//! escaped.

use std::{
    borrow::Cow,
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use crate::escape;

static LOST: OnceLock<String> = OnceLock::new();

/// The name of this program, if it is not the standard `restudy`.
static NAME: OnceLock<String> = OnceLock::new();

/// Sets the name of the program for commands in all later messages.
pub fn set_program_name(name: String) {
    let _ = NAME.set(name);
}

/// The text with commands of this program: the standard program cannot run its custom experiment.
fn with_program_name(text: &str) -> Cow<'_, str> {
    const STOCK: &str = "restudy ";
    const VERBS: [&str; 18] = [
        "sweep",
        "merge",
        "verify",
        "proof",
        "check-proof",
        "plan",
        "why",
        "check",
        "status",
        "show",
        "watch",
        "compare",
        "cite",
        "diff",
        "ls",
        "figures",
        "report",
        "new",
    ];
    let Some(name) = NAME.get().filter(|_| text.contains(STOCK)) else { return Cow::Borrowed(text) };
    let mut rest = text;
    let mut renamed = String::with_capacity(text.len());
    while let Some(at) = rest.find(STOCK) {
        let (before, after) = (&rest[..at], &rest[at + STOCK.len()..]);
        let verb = after.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || "/-_.".contains(c));
        renamed.push_str(before);
        if begins && VERBS.contains(&verb) {
            renamed.push_str(name);
            renamed.push(' ');
        } else {
            renamed.push_str(STOCK);
        }
        rest = after;
    }
    renamed.push_str(rest);
    Cow::Owned(renamed)
}

/// The lines of both streams, while they are captured.
static CAPTURED: Mutex<Option<String>> = Mutex::new(None);

fn captured() -> MutexGuard<'static, Option<String>> {
    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_captured(lines: &str) -> bool {
    captured().as_mut().map(|all| all.push_str(&with_program_name(lines))).is_some()
}

/// Does `work`, and returns what it would have written to both streams.
pub fn capture<T>(work: impl FnOnce() -> T) -> (T, String) {
    *captured() = Some(String::new());
    let done = work();
    (done, captured().take().unwrap_or_default())
}

/// Replaces the last `lines` lines of a terminal by a captured text.
pub fn redraw(lines: usize, text: &str) {
    let back = if lines == 0 { String::new() } else { format!("\u{1b}[{lines}F\u{1b}[J") };
    put(&(back + text));
}

/// Writes a line to the standard output.
pub fn out(line: impl Display) {
    put(&escape::terminal(&format!("{line}\n")));
}

fn put(line: &str) {
    if is_captured(line) {
        return;
    }
    let mut stream = io::stdout().lock();
    match stream.write_all(with_program_name(line).as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.get_or_init(|| error.to_string());
        }
        _ => (),
    }
}

/// Writes a JSON value to the standard output.
pub fn out_json(value: &impl Display) {
    put(&format!("{}\n", escape::json(&value.to_string())));
}

/// Writes a line to the standard output, and escapes all control sequences except colors.
pub fn out_in_color(line: impl Display) {
    put(&escape::styled(&format!("{line}\n")));
}

/// Writes a line to the standard error, with further lines indented. Errors are ignored, since there is no other
/// stream.
pub fn err(line: impl Display) {
    write(&escape::paragraph(&line.to_string()));
}

/// Writes a line to the standard error, and escapes all control sequences except colors.
pub fn err_in_color(line: impl Display) {
    write(&escape::styled(&line.to_string()));
}

fn write(line: &str) {
    if is_captured(&format!("{line}\n")) {
        return;
    }
    // In one call, since the standard error is not buffered and lines of several threads must not mix.
    let _ = io::stderr().write_all(with_program_name(&format!("{line}\n")).as_bytes());
}

/// The error because of which results could not be written, if any.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_the_name_of_the_program() {
        assert_eq!(with_program_name("prove   restudy verify x"), "prove   restudy verify x");
        set_program_name("circle".into());
        for (stock, own) in [
            ("prove   restudy verify x; `restudy sweep y`", "prove   circle verify x; `circle sweep y`"),
            ("made by restudy 0.2.0, not my-restudy verify", "made by restudy 0.2.0, not my-restudy verify"),
            ("restudy shows", "restudy shows"),
        ] {
            assert_eq!(with_program_name(stock), own);
        }
    }
}
