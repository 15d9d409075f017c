//! Lines on the standard streams.
//!
//! Whoever reads them may go away at any time (`restudy show ... | head`): that ends neither the work nor the program. Lines of
//! results that are lost for another reason, such as a full disk, are remembered, so that the program can end with a fault.
//!
//! What is said may hold texts of strangers, out of specifications, manifests, journals and proofs: none of it commands the terminal.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::{Arc, OnceLock},
};

use crate::spec::harmless;

static LOST: OnceLock<String> = OnceLock::new();

/// Writes a line to the standard output.
pub fn out(line: impl Display) {
    put(&plain(&format!("{line}\n")));
}

fn put(line: &str) {
    let mut stream = io::stdout().lock();
    match stream.write_all(line.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.get_or_init(|| error.to_string());
        }
        _ => (),
    }
}

/// Writes a line that may have colours to the standard output, and nothing else that a terminal would obey.
pub fn out_in_colour(line: impl Display) {
    put(&coloured(&format!("{line}\n")));
}

/// Writes a line to the standard error; where even that cannot be written, there is nobody left to tell.
pub fn err(line: impl Display) {
    write(&plain(&line.to_string()));
}

/// Writes a line that may have colours to the standard error, and nothing else that a terminal would obey.
pub fn err_in_colour(line: impl Display) {
    write(&coloured(&line.to_string()));
}

fn write(line: &str) {
    // At once: the standard error is not buffered, and lines of several threads must not mix.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// The text without what a terminal would obey. A return to the beginning of the line would write over what stands there.
fn plain(text: &str) -> Arc<str> {
    let text = harmless(text);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "?").into() } else { text }
}

/// As [`plain`], but colours stay: `ESC [ numbers m`.
fn coloured(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut shown = plain(pieces.next().unwrap_or_default()).to_string();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|&end| piece[end..].starts_with('m')) {
            Some(end) => {
                shown.push_str("\u{1b}[");
                shown.push_str(&piece[..=end]);
                shown.push_str(&plain(&piece[end + 1..]));
            }
            None => {
                shown.push_str("?[");
                shown.push_str(&plain(piece));
            }
        }
    }
    shown
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
    fn nothing_commands_the_terminal() {
        let hostile = "a\tb\nü\u{1b}]0;title\u{7}\u{1b}[2Jc\u{9b}2J\rd\u{8}\u{7f}\r\n";
        assert_eq!(&*plain(hostile), "a\tb\nü?]0;title??[2Jc??2J?d??\n");
        assert_eq!(coloured(hostile), &*plain(hostile));
        let report = "\u{1b}[31m×\u{1b}[0m no\u{1b}[1;38;5;3mm\u{1b}[m";
        assert_eq!(coloured(report), report);
        assert_eq!(coloured("\u{1b}[31\u{1b}[?25lm\u{1b}[\u{1b}"), "?[31?[?25lm?[?");
    }
}
