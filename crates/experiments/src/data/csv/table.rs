//! Decodes a file to text and splits it into records.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{
    super::file::error,
    Csv, DataError,
    dialect::{self, Dialect},
    header::Header,
    strict,
};

/// The text of a table.
pub(super) struct Text<'a> {
    pub file: &'a str,
    text: Cow<'a, str>,
    /// The byte at which the table begins.
    pub start: usize,
    pub separator: u8,
    /// Whether the decimal mark is a comma.
    pub comma: bool,
    /// Deviations from the usual format, in words.
    how: Vec<String>,
}

impl<'a> Text<'a> {
    pub fn of(settings: &Csv, file: &'a str, bytes: &'a [u8]) -> Result<Self, DataError> {
        let wide = utf16(bytes);
        if let (None, Some((what, help))) = (&wide, strict::other_kind(bytes)) {
            return Err(error("data.csv.other-kind", format!("{file} is {what}"), help));
        }
        let is_wide = wide.is_some();
        let text = match wide {
            Some(Some(text)) => Cow::Owned(text),
            Some(None) => {
                let message = format!("{file} begins as text in UTF-16, but is not valid UTF-16");
                return Err(error("data.csv.encoding", message, "Save the table as CSV in UTF-8."));
            }
            None => {
                let text = str::from_utf8(bytes).map_err(|fault| {
                    let line = line_at(bytes, fault.valid_up_to());
                    let message = format!("{file}, line {line}: the text is not UTF-8");
                    error("data.csv.encoding", message, "Save the table as CSV in UTF-8.")
                })?;
                Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text))
            }
        };
        let blanks = dialect::of_blanks(&text);
        let is_of_blanks = blanks.is_some();
        let text = blanks.map_or(text, Cow::Owned);
        let Dialect { start, separator, mut how } = dialect::of(settings, &text);
        if is_of_blanks {
            how.push("columns separated by blanks".into());
        }
        if is_wide {
            how.insert(0, "text in UTF-16".into());
        }
        Ok(Self { file, text, start, separator, comma: false, how })
    }

    /// Detects the decimal mark of the numbers.
    pub fn with_marks(mut self, header: &Header) -> Self {
        self.comma = dialect::has_decimal_commas(&self, header);
        if self.comma {
            self.how.push("numbers with decimal commas".into());
        }
        self
    }

    pub fn how(&self) -> Vec<String> {
        self.how.clone()
    }

    /// The separator in words.
    pub fn mark(&self) -> &'static str {
        match self.separator {
            b';' => "a semicolon",
            b'\t' => "a tab",
            b'|' => "a bar",
            _ => "a comma",
        }
    }

    /// The text in UTF-8; the table begins at `start`.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// File and line of a byte, for a message.
    pub fn at(&self, place: usize) -> String {
        format!("{}, line {}", self.file, self.line(place))
    }

    pub fn line(&self, place: usize) -> usize {
        line_at(self.bytes(), place)
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(&self.bytes()[self.start..])
    }

    fn place(&self, record: &StringRecord) -> usize {
        self.start + record.position().map_or(0, |position| position.byte() as usize)
    }

    /// Calls `each` with every record and the byte at which it begins, until the end or an error.
    pub fn records(&self, mut each: impl FnMut(&StringRecord, usize) -> Result<(), DataError>) -> Result<(), DataError> {
        let mut reader = self.reader();
        let mut record = StringRecord::new();
        loop {
            let found = reader.read_record(&mut record).map_err(|fault| {
                error("data.csv.unreadable", format!("{}: {fault}", self.file), "Save the table as CSV in UTF-8.")
            })?;
            if !found {
                return Ok(());
            }
            each(&record, self.place(&record))?;
        }
    }

    /// The fields of the record with this index, and the byte at which it begins.
    pub fn record(&self, row: usize) -> Option<(Vec<String>, usize)> {
        let record = self.reader().into_records().nth(row)?.ok()?;
        Some((record.iter().map(str::to_owned).collect(), self.place(&record)))
    }
}

/// Decodes UTF-16 with a byte order mark: `None` without the mark, `Some(None)` if the text is invalid.
fn utf16(bytes: &[u8]) -> Option<Option<String>> {
    let (order, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ => return None,
    };
    let (pairs, odd) = rest.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|pair| order(*pair))).collect::<Result<String, _>>();
    Some(text.ok().filter(|_| odd.is_empty()))
}

/// The line, counted from 1, of the first record at or after byte `start`; blank lines are skipped.
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
