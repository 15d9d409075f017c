//! Finds faults that a lenient reader would repair silently, losing or joining rows.

use csv::StringRecord;

use super::{super::file::error, DataError, columns::is_missing, table::Text};

/// Refuses quotes that are not closed, that are followed by more text, or that swallow lines which look like rows.
pub(super) fn require_quotes(text: &Text<'_>) -> Result<(), DataError> {
    let (bytes, mark) = (text.bytes(), text.separator);
    // The separators of a row, without those inside quotes.
    let width = text.record(0).map_or(0, |(fields, _)| fields.len()).saturating_sub(1);
    let commas = |line: &[u8]| line.iter().filter(|byte| **byte == mark).count();
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let line = |place: usize| text.at(place);
    let (mut place, mut begins) = (text.start, true);
    while place < bytes.len() {
        match bytes[place] {
            byte if byte == mark || is_end(&byte) => begins = true,
            b'"' if begins => {
                let opened = place;
                place = closing(bytes, opened + 1).ok_or_else(|| {
                    error(
                        "data.csv.unclosed-quote",
                        format!("{}: a quote opens a field and is never closed", line(opened)),
                        "Remove the quote, or put one at the end of the field.",
                    )
                })?;
                let after = bytes[place + 1..].iter().find(|byte| **byte == mark || !matches!(byte, b' ' | b'\t'));
                if after.is_some_and(|byte| *byte != mark && !is_end(byte)) {
                    return Err(error(
                        "data.csv.text-behind-quote",
                        format!(
                            "{}: the quote that opens a field is closed in line {} with text after it",
                            line(opened),
                            text.line(place)
                        ),
                        "Remove the quote that opens the field, or write a quote inside a field in quotes twice: \"\".",
                    ));
                }
                if !bytes[opened..place].iter().any(is_end) {
                    begins = false;
                    place += 1;
                    continue;
                }
                // All whole lines that the field touches, because a row looks the same with and without its quote.
                let start = bytes[..opened].iter().rposition(is_end).map_or(0, |end| end + 1);
                let end = bytes[place..].iter().position(is_end).map_or(bytes.len(), |ahead| place + ahead);
                let touched: Vec<&[u8]> = bytes[start..end].split(is_end).filter(|line| !line.is_empty()).collect();
                let alike = |line: &&[u8]| commas(line) == width;
                let looks_like_rows = width > 0
                    && match touched.as_slice() {
                        [] | [_] => false,
                        [first, inner @ .., last] => inner.iter().any(alike) || alike(first) && alike(last),
                    };
                if looks_like_rows {
                    return Err(error(
                        "data.csv.quote-over-rows",
                        format!(
                            "{}: a quote opens a field that goes on to line {}, over lines that look like rows",
                            line(opened),
                            text.line(place)
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

/// The byte of the closing quote; a doubled quote does not close a field.
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

/// Recognizes other kinds of files by their beginning: the kind, and the remedy.
pub(super) fn other_kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = &bytes[..bytes.len().min(4096)];
    let start = head.trim_ascii_start();
    if start.starts_with(b"version https://git-lfs") {
        return Some(("a pointer of Git LFS, not the file itself", "Fetch the file: git lfs pull."));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(("a workbook or an archive (zip), not text", "Save the sheet as CSV in the program that wrote it, or unpack the archive."));
    }
    if head.starts_with(b"\x1f\x8b") {
        return Some(("compressed (gzip)", "Unpack it: gunzip."));
    }
    let wide = |from: usize| head.len() > 7 && head.iter().skip(from).step_by(2).take(32).all(|byte| *byte == 0);
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || wide(0) || wide(1) {
        return Some((
            "text in UTF-16",
            "Save it as UTF-8: iconv -f UTF-16 -t UTF-8, or in pandas read_csv(file, encoding='utf-16').to_csv(file, index=False).",
        ));
    }
    if head.contains(&0) {
        return Some(("a binary file, not text", "Save the table as CSV in UTF-8."));
    }
    let lower = start[..start.len().min(16)].to_ascii_lowercase();
    if ["<!", "<html", "<head", "<?xml"].iter().any(|tag| lower.starts_with(tag.as_bytes())) {
        return Some(("HTML or XML, not a table of commas", "Download the file itself rather than the page that shows it."));
    }
    if lower.starts_with(b"@relation") || lower.starts_with(b"% ") {
        return Some(("ARFF or a file with comments in %", "Keep the rows alone, below a line of names with commas between them."));
    }
    if start.starts_with(b"{") || start.starts_with(b"[{") || start.starts_with(b"[[") {
        return Some(("JSON, not a table of commas", "In pandas: read_json(file).to_csv('table.csv', index=False); with an object on each line read_json(file, lines=True)."));
    }
    None
}

/// Whether the lines below the names give types and roles of columns, as Orange writes them.
pub(super) fn is_of_orange(types: &[String], roles: &[String]) -> bool {
    const TYPES: [&str; 4] = ["continuous", "discrete", "string", "time"];
    const ROLES: [&str; 3] = ["class", "meta", "ignore"];
    let is = |text: &str, words: &[&str]| words.iter().any(|word| text == *word || text == &word[..1]);
    // Orange may write a list of texts instead of a type, and attributes after a role.
    let is_type = |text: &String| is(text, &TYPES) || text.contains(' ');
    let is_role = |text: &String| text.is_empty() || text.split(' ').any(|word| is(word, &ROLES) || word.contains('='));
    // Single letters may be texts of a table of categories.
    let has_word = types.iter().any(|text| TYPES.contains(&text.as_str())) || roles.iter().any(|text| ROLES.contains(&text.as_str()));
    types.len() == roles.len() && has_word && types.iter().all(is_type) && roles.iter().all(is_role)
}

/// The remedy for a separator other than the comma, judged by the first line; `is_named` if that consists of names.
pub(super) fn other_separator(line: &str, is_named: bool) -> Option<String> {
    let convert = |what: &str, argument: &str| {
        let (read, write, then) = if is_named { ("", "", "") } else { (", header=None", ", header=False", ", together with header = false") };
        format!(
            "The columns are separated by {what}; separate them by commas. In pandas: read_csv(file, {argument}{read}).to_csv(file, index=False{write}){then}."
        )
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

/// Whether a first line is a row: it has a number that is unusual as a name, or only numbers that do not count up.
pub(super) fn is_row(fields: &[&str]) -> bool {
    let numbers: Vec<Option<f64>> = fields.iter().map(|field| field.parse().ok()).collect();
    let is_odd = |(field, number): (&&str, &Option<f64>)| number.is_some() && field.contains(['.', '-', '+', 'e', 'E']);
    let counts = numbers.windows(2).all(|pair| matches!(pair, [Some(a), Some(b)] if a + 1.0 == *b));
    let all = numbers.iter().all(Option::is_some);
    fields.iter().zip(&numbers).any(is_odd) || all && !(counts && fields.len() > 1)
}

/// As [`is_row`], if the name of the label is a label in other rows: in a row, all other fields are numbers.
pub(super) fn is_row_of_labels(fields: &[&str], label: usize) -> bool {
    let others: Vec<&str> = (0..fields.len()).filter(|place| *place != label).map(|place| fields[place]).collect();
    let all_numbers = others.iter().all(|field| field.parse::<f64>().is_ok());
    if fields[label].parse::<f64>().is_ok() { is_row(fields) } else { all_numbers }
}

/// The texts of a first line that occur again in their columns: then it is a row and not a line of names.
pub(super) struct Repeats {
    first: Vec<String>,
    /// For each field that is neither a number nor missing, whether it occurs again.
    met: Vec<Option<bool>>,
}

impl Repeats {
    pub fn of(first: &[String]) -> Self {
        let is_text = |field: &String| !is_missing(field) && field.parse::<f64>().is_err();
        Self { first: first.to_vec(), met: first.iter().map(|field| is_text(field).then_some(false)).collect() }
    }

    /// Compares a record. One that equals the first line may be a repeated line of names, and is ignored.
    pub fn note(&mut self, record: &StringRecord) {
        let is_new = |((met, name), field): ((&Option<bool>, &String), &str)| *met == Some(false) && name == field;
        if !self.met.iter().zip(&self.first).zip(record).any(is_new) || record.iter().eq(&self.first) {
            return;
        }
        for ((met, name), field) in self.met.iter_mut().zip(&self.first).zip(record) {
            if let Some(met) = met.as_mut().filter(|_| name == field) {
                *met = true;
            }
        }
    }

    /// Whether the first line is a row: all of its texts occur again, or several if it has a number.
    pub fn is_row(&self) -> bool {
        let (texts, met) = (self.met.iter().flatten().count(), self.met.iter().flatten().filter(|met| **met).count());
        let has_number = self.first.iter().any(|field| field.parse::<f64>().is_ok());
        met > 1 && (has_number || met == texts) || met == 1 && texts == 1 && has_number
    }

    /// The texts that occur again.
    pub fn texts(&self) -> Vec<&str> {
        self.first.iter().zip(&self.met).filter(|(_, met)| **met == Some(true)).map(|(name, _)| name.as_str()).collect()
    }
}

/// The likely index of the label in a row: the last field if it is a label, else the only text, else the last field.
pub(super) fn label_of(fields: &[&str]) -> usize {
    let texts: Vec<usize> = (0..fields.len()).filter(|place| fields[*place].parse::<f64>().is_err()).collect();
    let is_label = fields.last().is_some_and(|last| matches!(*last, "0" | "1" | "-1"));
    if let ([only], false) = (&texts[..], is_label) { *only } else { fields.len().saturating_sub(1) }
}

/// Whether a first line consists of names, judged by the row below: none of its fields is a number, and one below is.
pub(super) fn is_names(first: &[String], below: &[String]) -> bool {
    let is_number = |field: &String| field.parse::<f64>().is_ok();
    let has_value = |field: &String| !is_missing(field);
    let is_different = |(place, field): (usize, &String)| !first[..place].contains(field);
    let different = first.len() <= 1000 && first.iter().enumerate().all(is_different);
    different && first.len() == below.len() && first.iter().all(|field| has_value(field) && !is_number(field)) && below.iter().any(is_number)
}
