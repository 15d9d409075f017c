//! What a lenient reader would lose, join or repair without a word is found here, before anything is read.

use super::{DataError, error, line_at};

/// Refuses quotes that are not closed, that are followed by more text, or that swallow lines which look like rows.
pub(super) fn require_quotes(file: &str, text: &str) -> Result<(), DataError> {
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    let commas = |line: &[u8]| line.iter().filter(|byte| **byte == b',').count();
    let width = commas(&bytes[..first]);
    let line = |place: usize| format!("{file}, line {}", line_at(bytes, place));
    let (mut place, mut begins) = (0, true);
    while place < bytes.len() {
        match bytes[place] {
            b',' | b'\n' | b'\r' => begins = true,
            b'"' if begins => {
                let opened = place;
                place = closing(bytes, opened + 1).ok_or_else(|| {
                    error(
                        format!("{}: a quote opens a field and is never closed", line(opened)),
                        "Remove the quote, or put one at the end of the field.",
                    )
                })?;
                let after = bytes.get(place + 1).copied();
                if !matches!(after, None | Some(b',' | b'\n' | b'\r')) {
                    return Err(error(
                        format!(
                            "{}: the quote that opens a field is closed in line {} with text behind it",
                            line(opened),
                            line_at(bytes, place)
                        ),
                        "Remove the quote that opens the field, or write a quote inside a field in quotes twice: \"\".",
                    ));
                }
                let inside = &bytes[opened..place];
                let whole = inside.split(|byte| *byte == b'\n').skip(1);
                let looks_like_rows = width > 0 && whole.clone().take(whole.count().saturating_sub(1)).any(|line| commas(line) == width);
                if looks_like_rows {
                    return Err(error(
                        format!(
                            "{}: a quote opens a field that goes on to line {}, over lines that look like rows",
                            line(opened),
                            line_at(bytes, place)
                        ),
                        "Remove the quote, or put one at the end of the field; a field of several lines has no lines like rows in it.",
                    ));
                }
                begins = false;
            }
            _ => begins = false,
        }
        place += 1;
    }
    Ok(())
}

/// Where the quote stands that closes a field; one that is doubled closes none.
fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    let mut place = from;
    loop {
        place += bytes[place..].iter().position(|byte| *byte == b'"')?;
        if bytes.get(place + 1) != Some(&b'"') {
            return Some(place);
        }
        place += 2;
    }
}

/// How many fields the second row has, if there is one.
pub(super) fn second_width(text: &str) -> Option<usize> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).into_records();
    rows.next()?.ok()?;
    Some(rows.next()?.ok()?.len())
}

/// What a file is that is no table with commas, as far as its beginning says, and what to do.
pub(super) fn other_kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = &bytes[..bytes.len().min(4096)];
    let start = head.trim_ascii_start();
    if start.starts_with(b"version https://git-lfs") {
        return Some(("a pointer of Git LFS, not the file itself", "Fetch the file: git lfs pull."));
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || head.iter().filter(|byte| **byte == 0).count() * 4 > head.len() {
        return Some(("text in UTF-16", "Save it as UTF-8: iconv -f UTF-16 -t UTF-8, or in pandas read_csv(file, encoding='utf-16').to_csv(file, index=False)."));
    }
    if start.starts_with(b"<") {
        return Some(("HTML or XML, not a table of commas", "Download the file itself rather than the page that shows it."));
    }
    if start.starts_with(b"{") || start.starts_with(b"[{") || start.starts_with(b"[[") {
        return Some(("JSON, not a table of commas", "In pandas: read_json(file).to_csv('table.csv', index=False)."));
    }
    None
}

/// What separates the columns where it is no comma, judged by the first line, and how to change that.
pub(super) fn other_separator(line: &str) -> Option<String> {
    let convert = |what: &str, argument: &str| {
        format!("The columns are separated by {what}; separate them by commas. In pandas: read_csv(file, {argument}).to_csv(file, index=False).")
    };
    if line.contains(';') {
        Some(convert("semicolons", "sep=';'") + " Where numbers have decimal commas, add decimal=','.")
    } else if line.contains('\t') {
        Some(convert("tabs", "sep='\\t'"))
    } else if line.contains('|') {
        Some(convert("bars", "sep='|'"))
    } else if line.split_whitespace().count() > 1 {
        Some(convert("blanks", "sep=r'\\s+'"))
    } else {
        None
    }
}

/// Whether a first line is a row of the table: a number that nobody names a column by, or nothing but numbers that do not count up.
pub(super) fn is_row(fields: &[&str]) -> bool {
    let numbers: Vec<Option<f64>> = fields.iter().map(|field| field.parse().ok()).collect();
    let is_odd = |(field, number): (&&str, &Option<f64>)| number.is_some() && field.contains(['.', '-', '+', 'e', 'E']);
    let counts = numbers.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if a + 1.0 == *b));
    let all = numbers.iter().all(Option::is_some);
    fields.iter().zip(&numbers).any(is_odd) || all && !(counts && fields.len() > 1)
}

/// A line of names for rows whose first one this is: `x1,x2,label`.
pub(super) fn names_for(fields: &[&str], label: &str) -> String {
    let texts: Vec<usize> = (0..fields.len()).filter(|place| fields[*place].parse::<f64>().is_err()).collect();
    let own = if let [only] = texts[..] { only } else { fields.len() - 1 };
    let name = |place: usize| match place.cmp(&own) {
        std::cmp::Ordering::Less => format!("x{}", place + 1),
        std::cmp::Ordering::Equal => label.to_owned(),
        std::cmp::Ordering::Greater => format!("x{place}"),
    };
    (0..fields.len()).map(name).collect::<Vec<_>>().join(",")
}
