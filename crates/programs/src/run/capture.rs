//! What a program printed, as far as it is kept: the beginning and the end of both outputs in the order in which they
//! arrived, and the end of standard error.

use std::{collections::VecDeque, fs, io};

use super::failed;
use crate::engine_run::{Log, RunError};

/// The most bytes that are kept of the beginning, and as many of the end.
const HALF: usize = 256 << 10;

/// The most bytes of standard error that a message quotes.
const TAIL: usize = 800;

/// The most lines of standard error that a message quotes.
const TAIL_LINES: usize = 8;

/// The kept output of one run.
#[derive(Debug, Default)]
pub(super) struct Capture {
    begin: Vec<u8>,
    end: VecDeque<u8>,
    all: u64,
    errors: VecDeque<u8>,
    tail: String,
}

impl Capture {
    pub fn out(&mut self, bytes: &[u8]) {
        self.all += bytes.len() as u64;
        let begin = bytes.len().min(HALF - self.begin.len());
        self.begin.extend_from_slice(&bytes[..begin]);
        push(&mut self.end, &bytes[begin..], HALF);
    }

    pub fn err(&mut self, bytes: &[u8]) {
        self.out(bytes);
        push(&mut self.errors, bytes, TAIL);
        let text: Vec<u8> = self.errors.iter().copied().collect();
        self.tail = last_lines(&text);
    }

    /// Returns the last lines of standard error.
    pub fn tail(&self) -> &str {
        &self.tail
    }

    /// Returns the last lines of standard error, or of standard output without any.
    pub fn last_lines(&self) -> String {
        if !self.tail.is_empty() {
            return self.tail.clone();
        }
        let text = self.text();
        last_lines(&text[text.len().saturating_sub(TAIL)..])
    }

    /// Stores the output in the results folder, if the run is stored there.
    pub fn store(&self, log: &Log<'_>) -> Result<(), RunError> {
        let Some(folder) = log.folder().filter(|_| self.all > 0) else { return Ok(()) };
        let file = folder.join(LOGS).join(format!("{}.txt", log.id()));
        let write = || -> io::Result<()> {
            fs::create_dir_all(folder.join(LOGS))?;
            fs::write(&file, self.text())
        };
        write().map_err(|error| failed(&format!("write {}", file.display()), &error))
    }

    fn text(&self) -> Vec<u8> {
        let left_out = self.all - (self.begin.len() + self.end.len()) as u64;
        let mut text = self.begin.clone();
        if left_out > 0 {
            text.extend_from_slice(format!("\n[{left_out} bytes are left out here]\n").as_bytes());
        }
        text.extend(&self.end);
        text
    }
}

/// The folder of a results folder with the output of its runs.
pub const LOGS: &str = "logs";

fn last_lines(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<_> = text.lines().map(restudy_escape::line).filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

/// Adds bytes at the end, of which at most `most` stay.
fn push(end: &mut VecDeque<u8>, bytes: &[u8], most: usize) {
    let bytes = &bytes[bytes.len().saturating_sub(most)..];
    let over = (end.len() + bytes.len()).saturating_sub(most);
    end.drain(..over);
    end.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gigabyte_leaves_its_beginning_and_its_end() {
        let mut capture = Capture::default();
        capture.out(b"first\n");
        for _ in 0..1000 {
            capture.out(&[b'x'; 1 << 20]);
        }
        capture.out(b"\nlast");
        let text = capture.text();
        assert!(text.starts_with(b"first\n") && text.ends_with(b"\nlast") && text.len() < 2 * HALF + 100);
        assert!(String::from_utf8_lossy(&text).contains("bytes are left out here"));
    }

    #[test]
    fn the_end_of_standard_error() {
        let mut capture = Capture::default();
        (0..100).for_each(|line| capture.err(format!("line {line}\n").as_bytes()));
        assert!(capture.tail().ends_with("line 98\nline 99"), "{}", capture.tail());
        assert_eq!(capture.tail().lines().count(), TAIL_LINES);
    }
}
