//! A file as text, and its records: which bytes are text, where the table begins, what separates its columns.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{super::file::error, Csv, DataError, strict};

/// The text of a file that holds a table.
pub(super) struct Text<'a> {
    /// The name of the file.
    pub file: &'a str,
    text: Cow<'a, str>,
    /// What separates the columns.
    pub separator: u8,
    /// Whether the decimal mark of numbers is a comma.
    pub comma: bool,
}

impl<'a> Text<'a> {
    /// The text of bytes that are a table.
    pub fn of(_settings: &Csv, file: &'a str, bytes: &'a [u8]) -> Result<Self, DataError> {
        if let Some((what, help)) = strict::other_kind(bytes) {
            return Err(error("data.csv.other-kind", format!("{file} is {what}"), help));
        }
        let text = str::from_utf8(bytes).map_err(|fault| {
            let line = line_at(bytes, fault.valid_up_to());
            let message = format!("{file}, line {line}: the text is not UTF-8");
            error("data.csv.encoding", message, "Save the table as CSV in UTF-8.")
        })?;
        let text = Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
        Ok(Self { file, text, separator: b',', comma: false })
    }

    /// What separates the columns, in words.
    pub fn mark(&self) -> &'static str {
        match self.separator {
            b';' => "a semicolon",
            b'\t' => "a tab",
            b'|' => "a bar",
            _ => "a comma",
        }
    }

    /// How it was read, where that is not the usual way.
    pub fn how(&self) -> Vec<String> {
        Vec::new()
    }

    /// The bytes of the table.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The place of a byte of the table, for a message.
    pub fn at(&self, place: usize) -> String {
        format!("{}, line {}", self.file, self.line(place))
    }

    /// The line of a byte of the table.
    pub fn line(&self, place: usize) -> usize {
        line_at(self.bytes(), place)
    }

    /// Calls `each` with every record and the byte at which it begins, until there is none or it fails.
    pub fn records(&self, mut each: impl FnMut(&StringRecord, usize) -> Result<(), DataError>) -> Result<(), DataError> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(self.bytes());
        let mut record = StringRecord::new();
        loop {
            let found = reader.read_record(&mut record).map_err(|fault| {
                error("data.csv.unreadable", format!("{}: {fault}", self.file), "Save the table as CSV in UTF-8.")
            })?;
            if !found {
                return Ok(());
            }
            let place = record.position().map_or(0, |position| position.byte() as usize);
            each(&record, place)?;
        }
    }

    /// The fields of the record at this place from the first, and the byte at which it begins.
    pub fn record(&self, row: usize) -> Option<(Vec<String>, usize)> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(self.bytes());
        let record = reader.records().nth(row)?.ok()?;
        let place = record.position().map_or(0, |position| position.byte() as usize);
        Some((record.iter().map(str::to_owned).collect(), place))
    }
}

/// The line, counted from 1, of the first record at or after byte `start`: blank lines belong to no record.
fn line_at(text: &[u8], start: usize) -> usize {
    let start = start.min(text.len());
    let start = start + text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let ends = (0..start).filter(|&i| match text[i] {
        b'\n' => true,
        b'\r' => text.get(i + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count()
}
