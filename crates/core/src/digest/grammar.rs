//! The grammar of paths and numbers in an identity that is read from a file: without it, one text could describe the
//! settings of several runs.

use alloc::string::String;

/// The sections whose settings are in an identity.
pub const SECTIONS: [&str; 5] = ["data", "evaluate", "model", "stop", "train"];

/// The deepest path in use has four parts.
const MAX_PARTS: usize = 16;

/// Whether a text is the path of a setting: one of the [`SECTIONS`], then parts, each after a dot. A part is an index
/// into a list, from 0, or words of `a` to `z` and digits that are joined by single hyphens and begin with a letter.
///
/// So no path contains `=`, a line break or a quotation mark, and none is `seed`, the last line of an identity.
#[must_use]
pub fn is_path(text: &str) -> bool {
    let mut parts = text.split('.');
    let section = parts.next().is_some_and(|part| SECTIONS.contains(&part));
    section && text.split('.').nth(MAX_PARTS).is_none() && text.contains('.') && parts.all(is_part)
}

fn is_part(part: &str) -> bool {
    is_number(part) || part.starts_with(|first: char| first.is_ascii_lowercase()) && part.split('-').all(is_word)
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether a text is a whole number of 64 bits in the only form of the contract: digits without a sign or a leading
/// zero.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0')) && text.parse::<u64>().is_ok()
}

/// Whether a text is one line that a screen shows unchanged: it contains no [invisible](is_unseen) character.
#[must_use]
pub fn is_line(text: &str) -> bool {
    !text.contains(is_unseen)
}

/// Whether a character is invisible and changes how others are shown: a control character, the end of a line or
/// paragraph, or a change of the writing direction (Unicode, `Bidi_Control`).
#[must_use]
pub fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns
}

/// Returns a text with its [invisible](is_unseen) characters escaped: `\u{202e}`.
#[must_use]
pub fn seen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for path in
            ["model.hidden", "data.double-moon.offset.1", "evaluate.metrics.10", "data.csv.x1", "stop.loss-below"]
        {
            assert!(is_path(path), "{path}");
        }
        let deep = ["data"; MAX_PARTS + 1].join(".");
        assert!(is_path(&deep[..deep.len() - 5]));
        for path in [
            "",
            "model",
            "seed",
            ".",
            "model.",
            ".hidden",
            "model..hidden",
            "Model.hidden",
            "model.Hidden",
            "model.hidden ",
            " model.hidden",
            "model.hidden=u2",
            "model.hidden\n",
            "model.init\nmodel.hidden",
            "model.hid\"den",
            "sweep.seeds",
            "figures.a",
            "evaluate.metrics.01",
            "evaluate.metrics.+1",
            "evaluate.metrics.-1",
            "evaluate.metrics.18446744073709551616",
            "data.double--moon",
            "data.-moon",
            "data.moon-",
            "data.möon",
            "data.a_b",
            "data.1a",
            "model.hidden\0",
            &deep,
        ] {
            assert!(!is_path(path), "{path:?}");
        }
    }

    #[test]
    fn numbers() {
        assert!(["0", "7", "10", "18446744073709551615"].into_iter().all(is_number));
        for text in ["", "00", "07", "+7", "-0", " 7", "7 ", "7.0", "1e3", "18446744073709551616", "٧"] {
            assert!(!is_number(text), "{text:?}");
        }
    }

    #[test]
    fn lines() {
        assert!(["", "two moons.v2 ☾", "Ä-ß_(1)", "שלום"].into_iter().all(is_line));
        for text in
            ["a\nb", "a\rb", "\0", "\u{1b}[2J", "\u{9b}2J", "\u{7f}", "a\u{202e}b", "\u{2066}", "\u{2028}", "\u{61c}"]
        {
            assert!(!is_line(text), "{text:?}");
            assert!(is_line(&seen(text)), "{text:?}");
        }
        assert_eq!(seen("a\n☾\u{202e}"), "a\\u{a}☾\\u{202e}");
    }
}
