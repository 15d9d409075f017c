//! Bytes to text, and the few lines in it that are not the reader's.

use crate::LOST;

/// Bytes as they arrive, to text: the beginning of a character waits for its end.
#[derive(Debug, Default)]
pub struct Decoder {
    begun: Vec<u8>,
}

impl Decoder {
    /// The text so far; what is no text is replaced.
    pub fn take(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            // At most three bytes can be the beginning of a character.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Ok(_) => self.begun.len(),
            Err(_) => self.begun.len() - unfinished(&self.begun),
        };
        let rest = self.begun.split_off(whole);
        String::from_utf8_lossy(&std::mem::replace(&mut self.begun, rest)).into_owned()
    }

    /// What still waits, when nothing will follow.
    pub fn end(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.begun)).into_owned()
    }
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(3)..];
    let cut = |n: &usize| {
        std::str::from_utf8(&tail[tail.len() - n..]).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none())
    };
    (1..=tail.len()).rev().find(cut).unwrap_or(0)
}

/// The text by which evcxr's own code hands a value on, taken out of the stream.
///
/// Where a value has only a `Debug`, that code writes to the standard output itself. The value is then told by a mark, and the
/// code is given a random word in its place, which the mark announces: so the reader's text cannot be taken for it.
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

    /// The bytes without what is expected; its beginning waits for the rest.
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

    /// What still waits, when nothing will follow.
    pub fn end(&mut self) -> Vec<u8> {
        self.expected.clear();
        std::mem::take(&mut self.held)
    }
}

/// The first lines of a call, which may be evcxr's own: before the code of a reader, it says of every variable whose type was
/// defined anew that it is lost, and runs nothing.
///
/// Nobody else can know that, so these lines are believed if they are all that the call wrote, if the standard error says the
/// same, and once a request for each variable.
#[derive(Debug, Default)]
pub struct Opening {
    held: Option<String>,
    errors: String,
    told: Vec<String>,
}

impl Opening {
    /// A call begins.
    pub fn begin(&mut self) {
        (self.held, self.errors) = (Some(String::new()), String::new());
    }

    /// A request begins: whatever was said before, may be said again.
    pub fn forget(&mut self) {
        self.told.clear();
    }

    /// The text that can be the reader's; the rest waits.
    pub fn take(&mut self, text: String) -> String {
        let Some(held) = &mut self.held else { return text };
        held.push_str(&text);
        if held.split_inclusive('\n').all(may_be_lost) { String::new() } else { self.held.take().unwrap_or_default() }
    }

    /// The text that waited, as it is the reader's.
    pub fn release(&mut self) -> String {
        self.held.take().unwrap_or_default()
    }

    /// What was written to the standard error.
    pub fn error(&mut self, text: &str) {
        if self.errors.len() < 10_000 {
            self.errors.push_str(text);
        }
    }

    /// The call has ended: the text that waited, or the variables that are lost.
    pub fn end(&mut self) -> (String, Vec<String>) {
        let held = self.held.take().unwrap_or_default();
        let names: Vec<String> = held.lines().filter_map(|line| line.strip_prefix(LOST)).map(str::to_owned).collect();
        let said: String =
            names.iter().map(|name| format!("The type of the variable {name} was redefined, so was lost.\n")).collect();
        let new = |name: &String| !self.told.contains(name) && is_name(name);
        if !names.is_empty() && held.ends_with('\n') && self.errors == said && names.iter().all(new) {
            self.told.extend(names.iter().cloned());
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
    fn characters_are_never_cut() {
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
    fn the_word_goes_and_every_text_like_it_stays() {
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

    /// What a call wrote, in the pieces in which it arrived; gives the text and the variables that are lost.
    fn call(opening: &mut Opening, out: &[&str], err: &str) -> (String, Vec<String>) {
        opening.begin();
        let mut text: String = out.iter().map(|piece| opening.take((*piece).into())).collect();
        opening.error(err);
        let (rest, lost) = opening.end();
        text.push_str(&rest);
        (text, lost)
    }

    #[test]
    fn a_lost_variable_is_believed_once_and_only_where_both_streams_say_so() {
        let said = "The type of the variable a was redefined, so was lost.\n";
        let line = "EVCXR_VARIABLE_CHANGED_TYPE:a\n";
        let mut opening = Opening::default();
        assert_eq!(
            call(&mut opening, &["EVCXR_VARIABLE", "_CHANGED_TYPE:a\n"], said),
            (String::new(), vec!["a".into()])
        );
        assert_eq!(call(&mut opening, &[line], said), (line.into(), vec![]), "a second time it is text");
        opening.forget();
        assert_eq!(call(&mut opening, &[line], ""), (line.into(), vec![]), "a cell that prints it");
        for text in ["EVCXR_VARIABLE_CHANGED_TYPE:a", "EVCXR_VARIABLE_CHANGED_TYPE:a b\n", "EVCXR", "x\n", ""] {
            assert_eq!(call(&mut opening, &[text], said), (text.into(), vec![]));
        }
        let more = format!("{line}and more\n");
        assert_eq!(call(&mut opening, &[line, "and more\n"], said), (more, vec![]));
    }
}
