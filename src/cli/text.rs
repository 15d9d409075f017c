use std::{collections::BTreeMap, ffi::OsString};

use super::output_style::{OutputStyle, Paint};
use crate::{
    escape,
    progress::output,
    sweep::{AxisValue, Study},
};

/// Prints a line of results. Line breaks in foreign text are indented.
pub(super) fn say(line: impl std::fmt::Display) {
    output::out(escape::paragraph(&line.to_string()));
}

/// Prints a JSON value on one line.
pub(super) fn say_json(value: impl std::fmt::Display) {
    output::out_json(&value);
}

/// Prints a line of results with a style, if colors are on.
pub(super) fn say_painted(paint: Paint, line: &str, style: OutputStyle) {
    output::out_in_color(paint.on(&escape::paragraph(line), style));
}

/// Prints a notice to standard error.
pub(super) fn warn(line: impl std::fmt::Display) {
    output::err(format_args!("notice: {line}"));
}

/// Prints a table with aligned columns: text to the left, numbers to the right.
pub(super) fn table(header: &[String], rows: &[Vec<String>]) {
    painted(&[header.to_vec()], rows, OutputStyle { color: false, width: None }, &|_, _| Paint::Plain);
}

/// As [`table`], fitted to the width `room`: first the column `elastic` is cut short, then the columns `give_up` are
/// left out in their order. A table that still does not fit stays too wide.
pub(super) fn table_within(
    room: Option<usize>,
    header: &[&str],
    rows: &[Vec<String>],
    elastic: Option<&str>,
    give_up: &[&str],
) {
    // Escaped first, so that widths are those of the printed text.
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| escape::line(cell).into_owned()).collect()).collect();
    let (header, rows) = fitted(room.unwrap_or(usize::MAX), header, &rows, elastic, give_up);
    table(&header, &rows);
}

/// The least width of a shortened text.
const LEAST: usize = 20;

fn fitted(
    room: usize,
    header: &[&str],
    rows: &[Vec<String>],
    elastic: Option<&str>,
    give_up: &[&str],
) -> (Vec<String>, Vec<Vec<String>>) {
    let width =
        |c: usize| rows.iter().map(|row| row[c].chars().count()).chain([header[c].chars().count()]).max().unwrap_or(0);
    let mut kept: Vec<usize> = (0..header.len()).collect();
    let mut last = give_up.iter();
    loop {
        let all = kept.iter().map(|&c| width(c) + 2).sum::<usize>().saturating_sub(2);
        let stretched = kept.iter().find(|&&c| Some(header[c]) == elastic).copied();
        let over = all.saturating_sub(room);
        let least = stretched.map(|c| width(c).saturating_sub(over)).filter(|least| over == 0 || *least >= LEAST);
        let fits = over == 0 || least.is_some();
        let next = if fits { None } else { last.next() };
        let Some(gone) = next else {
            let cell = |c: usize, text: &str| match least {
                Some(least) if Some(c) == stretched && text.chars().count() > least => {
                    text.chars().take(least.saturating_sub(1)).chain(['…']).collect()
                }
                _ => text.to_owned(),
            };
            let row = |row: &Vec<String>| kept.iter().map(|&c| cell(c, &row[c])).collect();
            return (kept.iter().map(|&c| header[c].to_owned()).collect(), rows.iter().map(row).collect());
        };
        kept.retain(|&c| header[c] != *gone);
    }
}

/// As [`table`], with a faint header of several lines and a style for each cell.
pub(super) fn painted(
    heads: &[Vec<String>],
    rows: &[Vec<String>],
    style: OutputStyle,
    paint: &dyn Fn(usize, usize) -> Paint,
) {
    let seen = |row: &Vec<String>| row.iter().map(|cell| escape::line(cell).into_owned()).collect::<Vec<_>>();
    let lines: Vec<_> = heads.iter().chain(rows).map(seen).collect();
    let lines = || lines.iter();
    let columns = heads.first().map_or(0, Vec::len);
    let width = |c: usize| lines().map(|row| row[c].chars().count()).max().unwrap_or(0);
    let number = |cell: &str| cell.starts_with(|first: char| first.is_ascii_digit() || "-–".contains(first));
    let kinds: Vec<_> =
        (0..columns).map(|c| (width(c), lines().skip(heads.len()).all(|row| number(&row[c])))).collect();
    for (index, row) in lines().enumerate() {
        let mut line = String::new();
        // Spaces at the end of a line are left out.
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
            line.push_str(&paint.on(cell, style));
            gap = after + 2;
        }
        output::out_in_color(line);
    }
}

/// A number with separated thousands: `72 000 000`.
pub(super) fn thousands(value: impl Into<u128>) -> String {
    let digits = value.into().to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{202f}")
}

/// A rounded duration: `0.4 s`, `12 s`, `3 min`, `2.5 h`.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// A count with its noun: `1 run`, `30 runs`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

/// The trials of a study: `6 trials`, `6 trials on each of 5 folds`.
pub(super) fn trials(study: &Study) -> String {
    let trials = count(study.compared(), "trial");
    if study.folds > 1 { format!("{trials} on each of {} folds", study.folds) } else { trials }
}

/// The missing runs of each trial, all its folds together, in descending order.
pub(super) fn by_trial(study: &Study, missing: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut of_trial: BTreeMap<usize, usize> = BTreeMap::new();
    missing.iter().for_each(|(trial, runs)| *of_trial.entry(study.first_fold(*trial)).or_default() += runs);
    let mut all: Vec<_> = of_trial.into_iter().collect();
    all.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    all
}

/// An estimated duration; very short ones are not printed as zero.
pub(super) fn about(seconds: f64) -> String {
    if seconds < 0.1 { "under 0.1 s".into() } else { format!("about {}", duration(seconds)) }
}

/// The note about missing runs with a checkpoint.
pub(super) fn half_done_note(half: usize) -> String {
    match half {
        0 => String::new(),
        1 => ", of which 1 is half done and continues from its checkpoint".into(),
        half => format!(", of which {} are half done and continue from their checkpoints", thousands(half as u64)),
    }
}

/// The values of an axis, shortened.
pub(super) fn values(values: &[AxisValue]) -> String {
    const MOST: usize = 30;
    let shown = |values: &[AxisValue]| values.iter().map(AxisValue::brief).collect::<Vec<_>>().join(", ");
    match values {
        [first @ .., last] if first.len() >= MOST => {
            format!("{}, ... {} ({} values)", shown(&first[..MOST - 10]), last.brief(), values.len())
        }
        values => shown(values),
    }
}

/// A number with at most four significant digits.
pub(super) fn significant(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".into() } else { format!("{value}") };
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-4..1e7).contains(&rounded.abs()) {
        format!("{}", rounded + 0.0)
    } else {
        format!("{rounded:e}")
    }
}

/// The command line of this process, quoted for a shell.
pub(super) fn command_line() -> String {
    line(std::env::args_os().skip(1))
}

/// The arguments of this process. Invalid UTF-8, such as in a file name, is replaced.
pub(super) fn words() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())
}

/// The command line without an option and its value.
pub(super) fn command_line_without(option: &str) -> String {
    line(without(option, std::env::args_os().skip(1)))
}

/// The command line without an option that has no value.
pub(super) fn command_line_without_flag(flag: &str) -> String {
    line(std::env::args_os().skip(1).filter(|word| word != flag))
}

fn without(option: &str, words: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let joined = format!("{option}=");
    let mut value = false;
    words.filter(move |word| {
        let leave_out = std::mem::take(&mut value);
        value = !leave_out && word == option;
        !(leave_out || value || word.to_string_lossy().starts_with(&joined))
    })
}

fn line(words: impl Iterator<Item = OsString>) -> String {
    std::iter::once("restudy".to_owned())
        .chain(words.map(|word| escape::shell_typed(&word)))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_without_an_option() {
        let line = |words: &str| line(without("--shard", words.split(' ').map(OsString::from)));
        assert_eq!(line("sweep a.toml --shard 1/2 --json"), "restudy sweep a.toml --json");
        assert_eq!(line("sweep --shard=1/2 a.toml"), "restudy sweep a.toml");
    }

    #[test]
    fn a_table_is_fitted_without_breaking_words() {
        let rows = [vec!["hidden".into(), "complete".into(), "2026-11-28 03:51 UTC".into(), "q".repeat(40)]];
        let fitted = |room: usize| {
            let header = ["study", "state", "computed", "question"];
            // Escaped first, so that widths are those of the printed text.
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| escape::line(cell).into_owned()).collect()).collect();
            let (header, rows) = fitted(room, &header, &rows, Some("question"), &["computed", "question"]);
            let widths: Vec<_> = rows[0].iter().map(|cell| cell.chars().count()).collect();
            assert_eq!(header.len(), widths.len());
            (widths.iter().map(|width| width + 2).sum::<usize>() - 2, widths)
        };
        assert_eq!(fitted(usize::MAX), (80, vec![6, 8, 20, 40]));
        assert_eq!(fitted(80).0, 80);
        assert_eq!(fitted(60), (60, vec![6, 8, 20, 20]));
        assert_eq!(fitted(59), (58, vec![6, 8, 40]));
        assert_eq!(fitted(50), (50, vec![6, 8, 32]));
        assert_eq!(fitted(30), (16, vec![6, 8]));
        assert_eq!(fitted(3), (16, vec![6, 8]), "a word is not broken");
    }

    #[test]
    fn formatted_numbers() {
        assert_eq!(thousands(72_000_000_u64), "72\u{202f}000\u{202f}000");
        assert_eq!(thousands(7_u64), "7");
        assert_eq!([0.44, 12.3, 200.0, 9000.0].map(duration), ["0.4 s", "12 s", "3 min", "2.5 h"]);
        assert_eq!([0.0, 0.02, 0.44, 90.0].map(about), ["under 0.1 s", "under 0.1 s", "about 0.4 s", "about 90 s"]);
        assert_eq!([count(1, "run"), count(30, "run")], ["1 run", "30 runs"]);
    }
}
