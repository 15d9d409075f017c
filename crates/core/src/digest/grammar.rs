//! What may enter an identity, where it comes from a file: without these rules, one text could be read as the settings of several runs.

use alloc::string::String;

/// The sections whose settings are in an identity.
pub const SECTIONS: [&str; 5] = ["data", "evaluate", "model", "stop", "train"];

/// So many parts the path of a setting has at most; the deepest there is has four.
const MOST_PARTS: usize = 16;

/// Whether a text is the path of a setting: one of the [`SECTIONS`], then parts, each after a dot: words of `a` to `z` and digits that begin with a letter
/// and are joined by single hyphens, or places in lists, from 0, as their digits.
///
/// So no path holds `=`, a line break or a quotation mark, and none is `seed`, which ends an identity.
#[must_use]
pub fn is_path(text: &str) -> bool {
    let mut parts = text.split('.');
    let section = parts.next().is_some_and(|part| SECTIONS.contains(&part));
    section && text.split('.').nth(MOST_PARTS).is_none() && text.contains('.') && parts.all(is_part)
}

fn is_part(part: &str) -> bool {
    is_number(part) || part.starts_with(|first: char| first.is_ascii_lowercase()) && part.split('-').all(is_word)
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether a text is a whole number of 64 bits in the one form that the contract has: digits without a sign or a zero before them.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0')) && text.parse::<u64>().is_ok()
}

/// Whether a text is one line that a screen shows as it is: no control character, no end of a line or paragraph, nothing that turns the
/// direction of writing.
#[must_use]
pub fn is_line(text: &str) -> bool {
    !text.contains(is_unseen)
}

/// Whether a character is not shown, but changes how others are: a control character, the end of a line or paragraph, or one that turns the direction of
/// writing (Unicode, `Bidi_Control`).
#[must_use]
pub fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns
}

/// A text with what is [not seen](is_unseen) written out: `\u{202e}`.
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
        let deep = ["data"; MOST_PARTS + 1].join(".");
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
