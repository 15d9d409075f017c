use super::face::{Face, Paint};
use crate::progress::output;

/// Prints a line of results.
pub(super) fn say(line: impl std::fmt::Display) {
    output::out(line);
}

/// Prints a line of results in a paint, where there are colours.
pub(super) fn say_painted(paint: Paint, line: &str, face: Face) {
    output::out_in_colour(paint.on(line, face));
}

/// Prints a notice that is not a result.
pub(super) fn warn(line: impl std::fmt::Display) {
    output::err(format_args!("notice: {line}"));
}

/// Prints a table with aligned columns: text to the left, numbers to the right.
pub(super) fn table(header: &[String], rows: &[Vec<String>]) {
    painted(&[header.to_vec()], rows, Face { colour: false, width: None }, &|_, _| Paint::Plain);
}

/// As [`table`], with a header of several lines that stands back, the cell of a row and a column painted.
pub(super) fn painted(heads: &[Vec<String>], rows: &[Vec<String>], face: Face, paint: &dyn Fn(usize, usize) -> Paint) {
    let lines = || heads.iter().chain(rows);
    let columns = heads.first().map_or(0, Vec::len);
    let width = |c: usize| lines().map(|row| row[c].chars().count()).max().unwrap_or(0);
    let number = |cell: &str| cell.starts_with(|first: char| first.is_ascii_digit() || "-–".contains(first));
    let kinds: Vec<_> = (0..columns).map(|c| (width(c), rows.iter().all(|row| number(&row[c])))).collect();
    for (index, row) in lines().enumerate() {
        let mut line = String::new();
        // What would stand at the end of a line is left out.
        let mut gap = 0;
        for (c, (cell, (width, numeric))) in row.iter().zip(&kinds).enumerate() {
            let room = width - cell.chars().count();
            let (before, after) = if *numeric { (room, 0) } else { (0, room) };
            if cell.trim_end().is_empty() {
                gap += width + 2;
                continue;
            }
            line.push_str(&" ".repeat(gap + before));
            let paint = index.checked_sub(heads.len()).map_or(Paint::Faint, |row| paint(row, c));
            line.push_str(&paint.on(cell, face));
            gap = after + 2;
        }
        output::out_in_colour(line);
    }
}

/// A number with separated thousands: `72 000 000`.
pub(super) fn thousands(value: impl Into<u128>) -> String {
    let digits = value.into().to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{202f}")
}

/// A duration for people: `0.4 s`, `12 s`, `3 min`, `2.5 h`.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// So many of something: `1 run`, `30 runs`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

/// An estimate of a duration for people: what takes next to no time is not said to take none.
pub(super) fn about(seconds: f64) -> String {
    if seconds < 0.1 { "under 0.1 s".into() } else { format!("about {}", duration(seconds)) }
}

/// The command line as it was typed, for a shell.
pub(super) fn command_line() -> String {
    line(std::env::args().skip(1))
}

/// The command line as it was typed, without an option and its value.
pub(super) fn command_line_without(option: &str) -> String {
    line(without(option, std::env::args().skip(1)))
}

fn without(option: &str, words: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let joined = format!("{option}=");
    let mut value = false;
    words.filter(move |word| {
        let leave_out = std::mem::take(&mut value);
        value = !leave_out && word == option;
        !(leave_out || value || word.starts_with(&joined))
    })
}

fn line(words: impl Iterator<Item = String>) -> String {
    std::iter::once("restudy".to_owned()).chain(words.map(|word| quoted(&word))).collect::<Vec<_>>().join(" ")
}

/// A word for a shell: in quotes if it has to be.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell() {
        assert_eq!(["sweep", "a b", "", "it's"].map(quoted), ["sweep", "'a b'", "''", r"'it'\''s'"]);
    }

    #[test]
    fn a_command_line_without_an_option() {
        let line = |words: &str| line(without("--shard", words.split(' ').map(String::from)));
        assert_eq!(line("sweep a.toml --shard 1/2 --json"), "restudy sweep a.toml --json");
        assert_eq!(line("sweep --shard=1/2 a.toml"), "restudy sweep a.toml");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(thousands(72_000_000_u64), "72\u{202f}000\u{202f}000");
        assert_eq!(thousands(7_u64), "7");
        assert_eq!([0.44, 12.3, 200.0, 9000.0].map(duration), ["0.4 s", "12 s", "3 min", "2.5 h"]);
        assert_eq!([0.0, 0.02, 0.44, 90.0].map(about), ["under 0.1 s", "under 0.1 s", "about 0.4 s", "about 90 s"]);
        assert_eq!([count(1, "run"), count(30, "run")], ["1 run", "30 runs"]);
    }
}
