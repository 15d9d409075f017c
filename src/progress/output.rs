//! Lines on the standard streams.
//!
//! Whoever reads them may go away at any time (`restudy show ... | head`): that ends neither the work nor the program. Lines of
//! results that are lost for another reason, such as a full disk, are remembered, so that the program can end with a fault.
//!
//! What is said may hold texts of strangers, out of specifications, manifests, journals and proofs: none of it commands the terminal.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::OnceLock,
};

use crate::escape;

static LOST: OnceLock<String> = OnceLock::new();

/// Writes a line to the standard output.
pub fn out(line: impl Display) {
    put(&escape::terminal(&format!("{line}\n")));
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

/// Writes a JSON value to the standard output, as it is.
pub fn out_json(value: &impl Display) {
    put(&format!("{}\n", escape::json(&value.to_string())));
}

/// Writes a line that may have colours to the standard output, and nothing else that a terminal would obey.
pub fn out_in_colour(line: impl Display) {
    put(&escape::styled(&format!("{line}\n")));
}

/// Writes a line to the standard error; where even that cannot be written, there is nobody left to tell.
pub fn err(line: impl Display) {
    write(&escape::terminal(&line.to_string()));
}

/// Writes a line that may have colours to the standard error, and nothing else that a terminal would obey.
pub fn err_in_colour(line: impl Display) {
    write(&escape::styled(&line.to_string()));
}

fn write(line: &str) {
    // At once: the standard error is not buffered, and lines of several threads must not mix.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Why lines of results were lost, if any were.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}
