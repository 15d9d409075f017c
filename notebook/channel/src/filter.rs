//! Decodes bytes to text, and removes the lines that evcxr's own code prints.

use crate::LOST;

/// Decodes UTF-8 as it arrives; an incomplete character waits for its remaining bytes.
#[derive(Debug, Default)]
pub struct Decoder {
    begun: Vec<u8>,
}

impl Decoder {
    /// Returns the complete characters; invalid bytes are replaced.
    pub fn take(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            // A character has at most four bytes, so that at most three are incomplete.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Ok(_) => self.begun.len(),
            Err(_) => self.begun.len() - unfinished(&self.begun),
        };
        let rest = self.begun.split_off(whole);
        String::from_utf8_lossy(&std::mem::replace(&mut self.begun, rest)).into_owned()
    }

    /// Returns the incomplete rest at the end of the stream.
    pub fn end(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.begun)).into_owned()
    }
}

/// Returns the number of trailing bytes that begin an incomplete character.
fn unfinished(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(3)..];
    let cut = |n: &usize| {
        std::str::from_utf8(&tail[tail.len() - n..]).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
    };
    (1..=tail.len()).rev().find(cut).unwrap_or(0)
}

/// Removes the text by which evcxr's own code returns a value.
///
/// evcxr prints values that only have `Debug` to the standard output. The value is then sent as a mark, and evcxr's
/// code prints a random word, which the mark announces: text of a cell cannot be mistaken for it.
#[derive(Debug, Default)]
pub struct Echo {
    expected: Vec<u8>,
    held: Vec<u8>,
}

impl Echo {
    /// Expects the word, once.
    pub fn expect(&mut self, word: &str) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        self.expected = format!("EVCXR_BEGIN_CONTENT text/plain\n{word}\nEVCXR_END_CONTENT\n").into_bytes();
        held
    }

    /// Returns the bytes without the expected word; a possible beginning of it waits.
    pub fn take(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        if self.expected.is_empty() {
            return bytes;
        }
        let mut bytes = [std::mem::take(&mut self.held), bytes].concat();
        if let Some(at) = bytes.windows(self.expected.len()).position(|window| window == self.expected) {
            bytes.drain(at..at + self.expected.len());
            self.expected.clear();
            return bytes;
        }
        let begun = (1..self.expected.len().min(bytes.len() + 1)).rev().find(|n| bytes.ends_with(&self.expected[..*n]));
        self.held = bytes.split_off(bytes.len() - begun.unwrap_or(0));
        bytes
    }

    /// Returns the waiting bytes at the end of the stream.
    pub fn end(&mut self) -> Vec<u8> {
        self.expected.clear();
        std::mem::take(&mut self.held)
    }
}

/// Recognizes evcxr's own lines at the beginning of a call: before the code of a cell runs, evcxr's code lists every
/// variable whose type was redefined, and then runs nothing.
///
/// A cell could print the same lines. They count only if the call wrote nothing more, if the standard error lists the
/// same variables, and once per request and variable.
#[derive(Debug, Default)]
pub struct Opening {
    held: Option<String>,
    errors: String,
    listed: Vec<String>,
}

impl Opening {
    pub fn begin(&mut self) {
        (self.held, self.errors) = (Some(String::new()), String::new());
    }

    /// Begins a request: variables that were listed before may be listed again.
    pub fn forget(&mut self) {
        self.listed.clear();
    }

    /// Returns text of the cell; text that may be evcxr's waits.
    pub fn take(&mut self, text: String) -> String {
        let Some(held) = &mut self.held else { return text };
        held.push_str(&text);
        if held.split_inclusive('\n').all(may_be_lost) { String::new() } else { self.held.take().unwrap_or_default() }
    }

    /// Returns the waiting text, which is the cell's.
    pub fn release(&mut self) -> String {
        self.held.take().unwrap_or_default()
    }

    pub fn error(&mut self, text: &str) {
        if self.errors.len() < 10_000 {
            self.errors.push_str(text);
        }
    }

    /// Ends the call: returns the waiting text, or the lost variables.
    pub fn end(&mut self) -> (String, Vec<String>) {
        let held = self.held.take().unwrap_or_default();
        let names: Vec<String> = held.lines().filter_map(|line| line.strip_prefix(LOST)).map(str::to_owned).collect();
        let message: String =
            names.iter().map(|name| format!("The type of the variable {name} was redefined, so was lost.\n")).collect();
        let new = |name: &String| !self.listed.contains(name) && is_name(name);
        if !names.is_empty() && held.ends_with('\n') && self.errors == message && names.iter().all(new) {
            self.listed.extend(names.iter().cloned());
            return (String::new(), names);
        }
        (held, Vec::new())
    }
}

fn may_be_lost(line: &str) -> bool {
    match line.strip_prefix(LOST) {
        Some(name) => name.is_empty() || is_name(name.trim_end_matches('\n')),
        None => LOST.starts_with(line),
    }
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_never_split() {
        let text = "a✓ä🦀\u{1e}z";
        for size in 1..6 {
            let mut decoder = Decoder::default();
            let pieces: String = text.as_bytes().chunks(size).map(|bytes| decoder.take(bytes)).collect();
            assert_eq!(pieces + &decoder.end(), text);
        }
        let mut decoder = Decoder::default();
        assert_eq!(decoder.take(b"\xffab\xe2\x9c"), "\u{fffd}ab");
        assert_eq!(decoder.take(b"\x93"), "✓");
        assert_eq!(decoder.take(b"\xe2\x9c"), "");
        assert_eq!(decoder.end(), "\u{fffd}");
    }

    #[test]
    fn only_the_expected_word_is_removed() {
        let word = "0123456789abcdef";
        let own = format!("EVCXR_BEGIN_CONTENT text/plain\n{word}\nEVCXR_END_CONTENT\n");
        let forged = "EVCXR_BEGIN_CONTENT text/plain\nmine\nEVCXR_END_CONTENT\n";
        let text = format!("before {forged}{own}after {own}");
        for size in 1..80 {
            let mut echo = Echo::default();
            echo.expect(word);
            let mut out: Vec<u8> = text.as_bytes().chunks(size).flat_map(|bytes| echo.take(bytes.to_vec())).collect();
            out.extend(echo.end());
            assert_eq!(String::from_utf8(out).unwrap(), format!("before {forged}after {own}"), "in pieces of {size}");
        }
    }

    /// Feeds the output of a call in pieces; returns the text and the lost variables.
    fn call(opening: &mut Opening, out: &[&str], err: &str) -> (String, Vec<String>) {
        opening.begin();
        let mut text: String = out.iter().map(|piece| opening.take((*piece).into())).collect();
        opening.error(err);
        let (rest, lost) = opening.end();
        text.push_str(&rest);
        (text, lost)
    }

    #[test]
    fn a_lost_variable_counts_once_and_only_if_both_streams_list_it() {
        let message = "The type of the variable a was redefined, so was lost.\n";
        let line = "EVCXR_VARIABLE_CHANGED_TYPE:a\n";
        let mut opening = Opening::default();
        assert_eq!(
            call(&mut opening, &["EVCXR_VARIABLE", "_CHANGED_TYPE:a\n"], message),
            (String::new(), vec!["a".into()])
        );
        assert_eq!(call(&mut opening, &[line], message), (line.into(), vec![]), "a second time it is text");
        opening.forget();
        assert_eq!(call(&mut opening, &[line], ""), (line.into(), vec![]), "a cell that prints it");
        for text in ["EVCXR_VARIABLE_CHANGED_TYPE:a", "EVCXR_VARIABLE_CHANGED_TYPE:a b\n", "EVCXR", "x\n", ""] {
            assert_eq!(call(&mut opening, &[text], message), (text.into(), vec![]));
        }
        let more = format!("{line}and more\n");
        assert_eq!(call(&mut opening, &[line, "and more\n"], message), (more, vec![]));
    }
}
