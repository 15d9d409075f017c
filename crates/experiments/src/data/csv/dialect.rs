//! Detects separators other than commas, comments above the table, and decimal commas.
//!
//! A dialect is accepted only if it is unambiguous. Other texts are taken as comma-separated, and refused if they are
//! not.

use csv::{ReaderBuilder, Trim};

use super::{Csv, header::Header, table::Text};

/// Separators other than the comma, with their names.
const OTHERS: [(u8, &str); 3] = [(b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// Replaces runs of blanks between columns by commas, line by line. `None` unless all lines have the same number of
/// fields, two or more, and the text has no other separator or quote.
pub(super) fn of_blanks(text: &str) -> Option<String> {
    let is_end = |c: char| matches!(c, '\n' | '\r');
    if text.trim_start().starts_with('#') || text.contains([',', ';', '\t', '|', '"', '\'']) {
        return None;
    }
    let fields = |line: &str| line.split(' ').filter(|field| !field.is_empty()).count();
    let mut widths = text.split(is_end).filter(|line| !line.is_empty()).map(fields);
    let width = widths.next().filter(|width| *width > 1)?;
    if widths.any(|other| other != width) {
        return None;
    }
    let mut table = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_end) {
        let line = piece.trim_end_matches(is_end);
        for (place, field) in line.split(' ').filter(|field| !field.is_empty()).enumerate() {
            table.push_str(if place > 0 { "," } else { "" });
            table.push_str(field);
        }
        table.push_str(&piece[line.len()..]);
    }
    Some(table)
}

pub(super) struct Dialect {
    /// The byte at which the table begins.
    pub start: usize,
    pub separator: u8,
    /// Deviations from the usual format, in words.
    pub how: Vec<String>,
}

pub(super) fn of(csv: &Csv, text: &str) -> Dialect {
    let mut how = Vec::new();
    let Some((first, next)) = line(text, 0) else { return Dialect { start: 0, separator: b',', how } };
    if let Some(separator) = declared(first) {
        how.push(format!("the first line says what separates the columns: {first}"));
        return Dialect { start: next, separator, how };
    }
    let (mut start, mut comments) = (0, 0_u32);
    let mut place = 0;
    while let Some((current, next)) = line(text, place).filter(|_| csv.header) {
        if !current.trim_start().starts_with('#') || has_label(csv, current) {
            // Comments are skipped only above a line of names: any other line may be a row.
            if has_label(csv, current) && comments > 0 {
                start = place;
                how.push(format!("{comments} line{} of comments above the names", if comments == 1 { "" } else { "s" }));
            }
            break;
        }
        comments += 1;
        place = next;
    }
    let (first, _) = line(text, start).unwrap_or_default();
    let separator = separator(csv, first);
    how.extend(OTHERS.iter().find(|(other, _)| *other == separator).map(|(_, name)| format!("columns separated by {name}")));
    Dialect { start, separator, how }
}

/// The next line that is not empty, and the byte at which it ends.
fn line(text: &str, from: usize) -> Option<(&str, usize)> {
    let is_end = |c: char| matches!(c, '\n' | '\r');
    let begin = from + text.get(from..)?.find(|c| !is_end(c))?;
    let end = text[begin..].find(is_end).map_or(text.len(), |ahead| begin + ahead);
    Some((&text[begin..end], end))
}

/// The separator that a line `sep=;` of a spreadsheet names.
fn declared(line: &str) -> Option<u8> {
    let mark = line.trim_matches(['"', ' ']).strip_prefix("sep=")?;
    match mark.as_bytes() {
        [mark @ (b',' | b';' | b'\t' | b'|')] => Some(*mark),
        _ => None,
    }
}

fn fields(line: &str, separator: u8) -> Vec<String> {
    let reader = ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).trim(Trim::All).from_reader(line.as_bytes());
    let record = reader.into_records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(str::to_owned).collect()
}

fn separators() -> impl Iterator<Item = u8> {
    [b','].into_iter().chain(OTHERS.map(|(other, _)| other))
}

/// Whether the label is a field of a line under any separator.
fn has_label(csv: &Csv, line: &str) -> bool {
    separators().any(|separator| fields(line, separator).contains(&csv.label))
}

/// The separator of the columns, judged by the first line.
fn separator(csv: &Csv, first: &str) -> u8 {
    let named = |separator: u8| csv.header && fields(first, separator).contains(&csv.label);
    let several = |separator: u8| fields(first, separator).len() > 1;
    if let Some(separator) = separators().find(|separator| named(*separator)) {
        return separator;
    }
    let others: Vec<u8> = OTHERS.iter().map(|(other, _)| *other).filter(|other| several(*other)).collect();
    let [other] = others[..] else { return b',' };
    // With semicolons, commas may be decimal marks.
    let is_decimal = |field: &String| !field.contains(',') || super::columns::number(field, true).is_some();
    let clear = !several(b',') || other == b';' && fields(first, other).iter().all(is_decimal);
    if clear { other } else { b',' }
}

/// Whether the decimal mark is a comma: columns are separated by semicolons, numbers have commas but no points, and not
/// all commas could separate thousands.
pub(super) fn has_decimal_commas(text: &Text<'_>, header: &Header) -> bool {
    if text.separator != b';' {
        return false;
    }
    let (mut point, mut clear) = (false, false);
    let mut is_name = header.is_named;
    let read = text.records(|record, _| {
        if std::mem::take(&mut is_name) {
            return Ok(());
        }
        for field in header.inputs.iter().filter_map(|(_, place)| record.get(*place)) {
            if field.contains('.') && field.parse::<f64>().is_ok() {
                point = true;
            } else if field.contains(',') && super::columns::number(field, true).is_some() {
                clear |= !is_of_thousands(field);
            }
        }
        Ok(())
    });
    read.is_ok() && !point && clear
}

/// Whether the comma of a number could separate thousands: `12,345`, but not `0,125`.
fn is_of_thousands(field: &str) -> bool {
    let digits = field.trim_start_matches(['+', '-']);
    let Some((whole, rest)) = digits.split_once(',') else { return false };
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&whole.len()) && all(whole) && !whole.starts_with('0') && rest.len() == 3 && all(rest)
}
