//! Lines on the standard streams.
//!
//! Whoever reads them may go away at any time (`restudy show ... | head`): that ends neither the work nor the program. Lines of
//! results that are lost for another reason, such as a full disk, are remembered, so that the program can end with a fault.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::OnceLock,
};

static LOST: OnceLock<String> = OnceLock::new();

/// Writes a line to the standard output.
pub fn out(line: impl Display) {
    let mut stream = io::stdout().lock();
    match stream.write_all(format!("{line}\n").as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.get_or_init(|| error.to_string());
        }
        _ => (),
    }
}

/// Writes a line to the standard error; where even that cannot be written, there is nobody left to tell.
pub fn err(line: impl Display) {
    // At once: the standard error is not buffered, and lines of several threads must not mix.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Why lines of results were lost, if any were.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}
