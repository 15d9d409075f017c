//! Lines on the standard streams.
//!
//! Whoever reads them may go away at any time (`restudy show ... | head`): that ends neither the work nor the program. Lines of
//! results that are lost for another reason, such as a full disk, are remembered, so that the program can end with a fault.
//!
//! What is said may hold texts of strangers, out of specifications, manifests, journals and proofs: none of it commands the terminal.

use std::{
    borrow::Cow,
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::OnceLock,
};

use crate::escape;

static LOST: OnceLock<String> = OnceLock::new();

/// What this program is called, where it is another than the stock one.
static NAME: OnceLock<String> = OnceLock::new();

/// Commands in what is said from now on are those of the program of this name.
pub fn call(name: String) {
    let _ = NAME.set(name);
}

/// The text with commands by the name of this program: the stock one cannot go on with an experiment of one's own.
fn called(text: &str) -> Cow<'_, str> {
    const STOCK: &str = "restudy ";
    const VERBS: [&str; 17] = [
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
    let mut said = String::with_capacity(text.len());
    while let Some(at) = rest.find(STOCK) {
        let (before, after) = (&rest[..at], &rest[at + STOCK.len()..]);
        let verb = after.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || "/-_.".contains(c));
        said.push_str(before);
        if begins && VERBS.contains(&verb) {
            said.push_str(name);
            said.push(' ');
        } else {
            said.push_str(STOCK);
        }
        rest = after;
    }
    said.push_str(rest);
    Cow::Owned(said)
}

/// Writes a line to the standard output.
pub fn out(line: impl Display) {
    put(&escape::terminal(&format!("{line}\n")));
}

fn put(line: &str) {
    let mut stream = io::stdout().lock();
    match stream.write_all(called(line).as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.get_or_init(|| error.to_string());
        }
        _ => (),
    }
}

/// Writes a JSON value to the standard output, as it is.
pub fn out_json(value: &impl Display) {
    put(&format!("{}\n", escape::json(&value.to_string())));
}

/// Writes a line that may have colours to the standard output, and nothing else that a terminal would obey.
pub fn out_in_colour(line: impl Display) {
    put(&escape::styled(&format!("{line}\n")));
}

/// Writes a line to the standard error, and what text of others makes of it beyond that set in; where even that cannot be written, there is nobody left to tell.
pub fn err(line: impl Display) {
    write(&escape::paragraph(&line.to_string()));
}

/// Writes a line that may have colours to the standard error, and nothing else that a terminal would obey.
pub fn err_in_colour(line: impl Display) {
    write(&escape::styled(&line.to_string()));
}

fn write(line: &str) {
    // At once: the standard error is not buffered, and lines of several threads must not mix.
    let _ = io::stderr().write_all(called(&format!("{line}\n")).as_bytes());
}

/// Why lines of results were lost, if any were.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_go_by_the_name_of_the_program() {
        assert_eq!(called("prove   restudy verify x"), "prove   restudy verify x");
        call("circle".into());
        for (stock, own) in [
            ("prove   restudy verify x; `restudy sweep y`", "prove   circle verify x; `circle sweep y`"),
            ("made by restudy 0.2.0, not my-restudy verify", "made by restudy 0.2.0, not my-restudy verify"),
            ("restudy shows", "restudy shows"),
        ] {
            assert_eq!(called(stock), own);
        }
    }
}
