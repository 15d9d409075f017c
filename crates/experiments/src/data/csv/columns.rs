//! The columns from which inputs are made: their values, and their fields without a value.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::file::Input, Csv, Encode, header::Header};

/// The most distinct texts of a column. A column with more identifies rows rather than groups them, and is refused.
pub(super) const MOST_CATEGORIES: usize = 100;

/// The type of the fields of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Numbers.
    Number,
    /// Numbers or texts, not yet known.
    Open,
    /// One of these texts, sorted.
    Category(Vec<String>),
}

/// The kinds of the columns before the rows are read.
pub(super) fn kinds(csv: &Csv, header: &Header, expected: Option<&[Input]>) -> Vec<Kind> {
    let Some(expected) = expected else {
        let kind = if csv.encode == Encode::OneHot { Kind::Open } else { Kind::Number };
        return vec![kind; header.inputs.len()];
    };
    let mut texts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for input in expected {
        if let Input::Category { column, text } = input {
            texts.entry(column).or_default().push(text.clone());
        }
    }
    let kind = |name: &String| texts.get(name.as_str()).map_or(Kind::Number, |texts| Kind::Category(texts.clone()));
    header.inputs.iter().map(|(name, _)| kind(name)).collect()
}

/// Fields without a value: their count, and the first one with the byte at which its row begins.
#[derive(Debug, Default, Clone)]
pub(super) struct Odd {
    pub count: u64,
    pub first: Option<(usize, String)>,
}

impl Odd {
    pub fn note(&mut self, place: usize, text: &str) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some((place, text.to_owned()));
        }
    }
}

#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    pub place: usize,
    pub kind: Kind,
    /// Fields that are not a number, or not one of the texts of a category.
    pub odd: Odd,
    /// Fields without a value.
    pub missing: Odd,
    /// Rows that are left out because this column has no value.
    pub dropped: u64,
    /// Whether its name is a value in some row.
    pub has_name: bool,
    /// The texts of odd fields with their counts, as many as a message needs.
    pub texts: BTreeMap<String, u64>,
    /// The distinct fields of an open column.
    all: BTreeSet<String>,
}

impl Column {
    pub fn new((name, place): &(String, usize), kind: Kind) -> Self {
        let (odd, missing) = (Odd::default(), Odd::default());
        let (texts, all) = (BTreeMap::new(), BTreeSet::new());
        Self { name: name.clone(), place: *place, kind, odd, missing, dropped: 0, has_name: false, texts, all }
    }

    /// The value of a field in the row that begins at byte `place`; NaN if it has none.
    pub fn value(&mut self, field: &str, place: usize, comma: bool) -> f64 {
        self.has_name |= field == self.name;
        if is_missing(field) {
            self.missing.note(place, field);
            return f64::NAN;
        }
        if let Kind::Category(texts) = &self.kind {
            return match texts.binary_search_by(|text| text.as_str().cmp(field)) {
                Ok(found) => found as f64,
                Err(_) => self.unfit(field, place),
            };
        }
        if self.kind == Kind::Open && self.all.len() <= MOST_CATEGORIES && !self.all.contains(field) {
            self.all.insert(field.to_owned());
        }
        match number(field, comma) {
            Some(value) if value.is_finite() => value,
            _ => self.unfit(field, place),
        }
    }

    fn unfit(&mut self, field: &str, place: usize) -> f64 {
        self.odd.note(place, field);
        if let Some(count) = self.texts.get_mut(field) {
            *count += 1;
        } else if self.texts.len() <= MOST_CATEGORIES {
            self.texts.insert(field.to_owned(), 1);
        }
        f64::NAN
    }

    /// The kind of the column after reading; `None` if it has too many texts.
    pub fn found(&self, comma: bool) -> Option<Kind> {
        let is_text = self.texts.keys().any(|text| number(text, comma).is_none());
        match &self.kind {
            Kind::Open if !is_text => Some(Kind::Number),
            Kind::Open => (self.all.len() <= MOST_CATEGORIES).then(|| Kind::Category(self.all.iter().cloned().collect())),
            kind => Some(kind.clone()),
        }
    }

    /// Whether `encode = "one-hot"` suits the column: its fields are few texts, with five rows or more each on average.
    pub fn is_of_texts(&self, rows: u64) -> bool {
        self.odd.count + self.missing.count == rows
            && self.texts.len() <= MOST_CATEGORIES
            && self.odd.count >= 5 * self.texts.len() as u64
            && self.texts.keys().all(|text| text.parse::<f64>().is_err())
    }

    /// The only text among numbers, if it marks missing values: there are at least four times as many numbers.
    pub fn mark(&self, rows: u64) -> Option<&str> {
        let mut texts = self.texts.keys();
        let (Some(text), None) = (texts.next(), texts.next()) else { return None };
        let numbers = rows.saturating_sub(self.odd.count + self.missing.count);
        let is_mark = text.parse::<f64>().is_err() && self.odd.count > 1 && numbers >= 4 * self.odd.count;
        is_mark.then_some(text.as_str())
    }
}

/// Whether a field marks a missing value.
pub(super) fn is_missing(field: &str) -> bool {
    matches!(
        field,
        "" | "?" | "NA" | "N/A" | "n/a" | "#N/A" | "<NA>" | "NaN" | "nan" | "NAN" | "NULL" | "null" | "None"
    )
}

/// Parses a number; with `comma`, the decimal mark is a comma.
pub(super) fn number(field: &str, comma: bool) -> Option<f64> {
    if comma && field.contains(',') { field.replacen(',', ".", 1).parse().ok() } else { field.parse().ok() }
}
