use crate::progress::output;

/// Prints a line of results.
pub(super) fn say(line: impl std::fmt::Display) {
    output::out(line);
}

/// Prints a notice that is not a result.
pub(super) fn warn(line: impl std::fmt::Display) {
    output::err(format_args!("notice: {line}"));
}

/// Prints a table with aligned columns: text to the left, numbers to the right.
pub(super) fn table(header: &[String], rows: &[Vec<String>]) {
    let cells = |column: usize| std::iter::once(&header[column]).chain(rows.iter().map(move |row| &row[column]));
    let widths: Vec<_> =
        (0..header.len()).map(|c| cells(c).map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    let numeric: Vec<_> = (0..header.len())
        .map(|c| {
            rows.iter().all(|row| row[c].starts_with(|first: char| first.is_ascii_digit() || "-–".contains(first)))
        })
        .collect();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let cells = row.iter().enumerate().map(|(c, cell)| {
            let gap = " ".repeat(widths[c] - cell.chars().count());
            if numeric[c] { gap + cell } else { cell.clone() + &gap }
        });
        say(cells.collect::<Vec<_>>().join("  ").trim_end());
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
        assert_eq!([count(1, "run"), count(30, "run")], ["1 run", "30 runs"]);
    }
}
