//! Terminals, and logs that a terminal shows. They execute control sequences (ECMA-48) and lay out text in both
//! directions (Unicode TR 9).

use std::{borrow::Cow, path::Path};

use super::hidden::{Shown, is_hidden, shown, visible};

/// Escapes text for a terminal: it keeps lines and tabs, and contains no control sequences.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    let kept = |c: char| matches!(c, '\n' | '\t');
    if !text.contains(|c| is_hidden(c) && !kept(c)) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len());
    for piece in shown(&text.replace("\r\n", "\n")) {
        match piece {
            Shown::Plain(c) => safe.push(c),
            Shown::Blank(c) if kept(c) => safe.push(c),
            Shown::Blank(_) | Shown::Hidden(_) => safe.push('?'),
        }
    }
    safe.into()
}

/// Escapes text for one line of a terminal: it can neither end the line nor leave it.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if text.contains(is_hidden) { visible(text).collect::<String>().into() } else { text.into() }
}

/// Like [`terminal`], with every line but the first indented, so that none of them looks like a separate message.
#[must_use]
pub fn paragraph(text: &str) -> String {
    let mut lines = text.split('\n').enumerate();
    let indent = |(index, line): (usize, &str)| {
        let edge = index == 0 || line.is_empty() || line.starts_with("  ");
        format!("{}{}", if edge { "" } else { "  " }, terminal(line.trim_end_matches('\r')))
    };
    let first = lines.next().map(indent).unwrap_or_default();
    lines.map(indent).fold(first, |text, line| text + "\n" + &line)
}

/// Escapes the path of a file or a folder for a sentence.
#[must_use]
pub fn path(path: &Path) -> String {
    line(&path.to_string_lossy()).into_owned()
}

/// Like [`terminal`], but keeps every remaining byte at its position, for texts that are quoted by byte offsets.
#[must_use]
pub fn in_place(text: &str) -> Cow<'_, str> {
    let is_unsafe = |c: char| is_hidden(c) && !matches!(c, '\n' | '\r' | '\t');
    if !text.contains(is_unsafe) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len());
    for piece in shown(text) {
        match piece {
            Shown::Plain(c) => safe.push(c),
            Shown::Blank(c) if !is_unsafe(c) => safe.push(c),
            Shown::Blank(c) | Shown::Hidden(c) => safe.extend(std::iter::repeat_n('?', c.len_utf8())),
        }
    }
    safe.into()
}

/// Like [`terminal`], but keeps colors, `ESC [ numbers m`: for colored lines of the program and the output of
/// compilers. Sequences for blinking, inverse and concealed text are escaped.
#[must_use]
pub fn styled(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut safe = terminal(pieces.next().unwrap_or_default()).into_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|&end| piece[end..].starts_with('m') && is_style(&piece[..end])) {
            Some(end) => {
                safe.push_str("\u{1b}[");
                safe.push_str(&piece[..=end]);
                safe.push_str(&terminal(&piece[end + 1..]));
            }
            None => {
                safe.push_str("?[");
                safe.push_str(&terminal(piece));
            }
        }
    }
    safe
}

/// Whether these numbers set a color or a weight.
fn is_style(numbers: &str) -> bool {
    let mut rest = numbers.split(';');
    while let Some(number) = rest.next() {
        match number {
            "38" | "48" => {
                let more = match rest.next() {
                    Some("5") => 1,
                    Some("2") => 3,
                    _ => return false,
                };
                for _ in 0..more {
                    if rest.next().is_none_or(|number| number.parse::<u8>().is_err()) {
                        return false;
                    }
                }
            }
            "5" | "6" | "7" | "8" => return false,
            number if number.len() > 3 => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\tb\nü\u{1b}]0;title\u{7}\u{1b}[2Jc\u{9b}2J\rd\u{8}\u{7f}\r\n\u{202e}e\u{2066}";

    #[test]
    fn no_control_sequence_reaches_the_terminal() {
        assert_eq!(terminal(HOSTILE), "a\tb\nü?]0;title??[2Jc?2J?d??\n?e?");
        assert_eq!(styled(HOSTILE), terminal(HOSTILE));
        assert_eq!(line(HOSTILE), "a b ü?]0;title??[2Jc?2J d??  ?e?");
        assert_eq!(terminal("two\n\tlines ☾"), "two\n\tlines ☾");
    }

    #[test]
    fn later_lines_are_indented() {
        assert_eq!(paragraph("a\nproven: b\n\n  c\n\u{1b}d\r\n"), "a\n  proven: b\n\n  c\n  ?d\n");
        assert_eq!(paragraph("\nproven"), "\n  proven");
    }

    #[test]
    fn remaining_bytes_keep_their_positions() {
        let safe = in_place(HOSTILE);
        assert_eq!(safe.len(), HOSTILE.len());
        assert_eq!(safe, "a\tb\nü?]0;title??[2Jc??2J\rd??\r\n???e???");
        assert_eq!(in_place(&safe), safe);
    }

    #[test]
    fn only_colors_stay() {
        let report = "\u{1b}[31m×\u{1b}[0m no\u{1b}[1;38;5;3mm\u{1b}[m\u{1b}[38;2;1;2;3m";
        assert_eq!(styled(report), report);
        assert_eq!(styled("\u{1b}[31\u{1b}[?25lm\u{1b}[\u{1b}"), "?[31?[?25lm?[?");
        assert_eq!(styled("\u{1b}[8mx\u{1b}[1;7my\u{1b}[38;5m\u{1b}[5555m"), "?[8mx?[1;7my?[38;5m?[5555m");
    }
}
