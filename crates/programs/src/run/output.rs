//! Splits the output of a program into lines, however it is buffered.

use crate::engine_run::Logged;

/// The longest line that can hold measurements; a longer one is part of the program's log.
pub(super) const MOST: usize = 1 << 20;

/// Splits bytes into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of the current line.
    begun: Vec<u8>,
    /// Whether the current line is too long.
    is_long: bool,
}

impl Lines {
    /// Adds bytes, and calls `line` with every line that they end: without its end, LF or CR LF.
    pub fn push(&mut self, bytes: &[u8], line: &mut dyn FnMut(&[u8]) -> Logged) -> Logged {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.add(&rest[..end]);
            rest = &rest[end + 1..];
            self.finish(line)?;
        }
        self.add(rest);
        Ok(())
    }

    /// Ends the current line, as the end of the output does.
    pub fn finish(&mut self, line: &mut dyn FnMut(&[u8]) -> Logged) -> Logged {
        let begun = std::mem::take(&mut self.begun);
        let is_long = std::mem::take(&mut self.is_long);
        // Progress bars overwrite their line after CR: what follows the last one stands there.
        let begun = begun.strip_suffix(b"\r").unwrap_or(&begun);
        let shown = begun.iter().rposition(|byte| *byte == b'\r').map_or(begun, |place| &begun[place + 1..]);
        if is_long || shown.is_empty() { Ok(()) } else { line(shown) }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.is_long |= self.begun.len() + bytes.len() > MOST;
        if self.is_long {
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<Vec<u8>> {
        let (mut all, mut lines) = (Vec::new(), Lines::default());
        let mut line = |line: &[u8]| {
            all.push(line.to_vec());
            Ok(())
        };
        chunks.iter().for_each(|chunk| lines.push(chunk, &mut line).unwrap());
        lines.finish(&mut line).unwrap();
        all
    }

    #[test]
    fn ends_of_lines_of_every_kind() {
        assert_eq!(lines(&[b"a\r\nb", b"c\n\nd"]), [&b"a"[..], b"bc", b"d"]);
        assert_eq!(lines(&[b"10%\r20%\r{\"a\": 1}\n"]), [b"{\"a\": 1}"]);
        let long = vec![b'x'; MOST];
        assert_eq!(lines(&[&long, b"y\nz\n"]), [b"z"]);
        assert_eq!(lines(&[&long, b"\n"]).len(), 1);
    }

    proptest! {
        #[test]
        fn buffering_changes_nothing(text in "[a-c\n\r]{0,60}", cut in 0_usize..60) {
            let (one, other) = text.as_bytes().split_at(cut.min(text.len()));
            prop_assert_eq!(lines(&[one, other]), lines(&[text.as_bytes()]));
        }
    }
}
