//! Assigns the labels of the rows to classes.

use std::collections::BTreeMap;

use super::{
    super::{DataError, file, file::error},
    Classes, Csv,
    columns::{Odd, is_missing},
    table::Text,
    words::{MOST_LABEL, shown, toml, toml_list},
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Class {
    /// Its class or, without a mapping, its number; NaN for other texts.
    Known(f64),
    /// The row is left out.
    Other,
    /// The row has no label.
    Missing,
}

/// The labels of the rows read so far.
pub(super) struct Labels<'a> {
    /// The classes of texts, if the settings give them.
    mapping: Option<BTreeMap<&'a str, f64>>,
    /// Whether rows of other labels are left out.
    leaves_out: bool,
    values: Vec<f64>,
    /// The distinct texts with their counts and the first byte of their first rows: all that the settings name, and
    /// others up to a bound.
    pub seen: BTreeMap<String, (u64, usize)>,
    /// Rows whose text is not among `seen`.
    pub uncounted: u64,
    /// Rows of other labels that are left out.
    others: u64,
    /// Rows without a label that are left out.
    pub without: u64,
    /// Rows of other labels, by the text of the label.
    pub other_texts: BTreeMap<String, u64>,
    /// Rows that are left out because they lack a value, by the text of their label.
    pub dropped: BTreeMap<String, u64>,
    /// Rows without a label.
    pub missing: Odd,
}

impl<'a> Labels<'a> {
    /// The most distinct texts that are counted, besides those of the settings: a column with more is not one of
    /// labels.
    const MOST_TEXTS: usize = 10_000;
    const NAMED: usize = 8;

    pub fn of(csv: &'a Csv) -> Self {
        let pair = csv.negative.as_deref().zip(csv.positive.as_deref());
        let mapping = match &csv.labels {
            Some(Classes { negative, positive }) => {
                let of = |texts: &'a [String], class: f64| texts.iter().map(move |text| (text.as_str(), class));
                Some(of(negative, -1.0).chain(of(positive, 1.0)).collect())
            }
            None => pair.map(|(negative, positive)| BTreeMap::from([(negative, -1.0), (positive, 1.0)])),
        };
        Self {
            mapping,
            leaves_out: csv.labels.is_some(),
            values: Vec::new(),
            seen: BTreeMap::new(),
            uncounted: 0,
            others: 0,
            without: 0,
            other_texts: BTreeMap::new(),
            dropped: BTreeMap::new(),
            missing: Odd::default(),
        }
    }

    pub fn class(&self, text: &str) -> Class {
        match &self.mapping {
            Some(mapping) => match mapping.get(text) {
                Some(class) => Class::Known(*class),
                None if self.leaves_out => Class::Other,
                None if is_missing(text) => Class::Missing,
                None => Class::Known(f64::NAN),
            },
            None if is_missing(text) => Class::Missing,
            None => Class::Known(text.parse().unwrap_or(f64::NAN)),
        }
    }

    /// Adds the label of the next row, which begins at byte `place`.
    pub fn take(&mut self, class: Class, text: &str, place: usize) {
        let Class::Known(value) = class else { return };
        self.values.push(value);
        if let Some((count, _)) = self.seen.get_mut(text) {
            *count += 1;
        } else if self.seen.len() < Self::MOST_TEXTS || self.mapping.as_ref().is_some_and(|mapping| mapping.contains_key(text)) {
            self.seen.insert(text.to_owned(), (1, place));
        } else {
            self.uncounted += 1;
        }
    }

    /// Counts a row of another label, or of none, as left out.
    pub fn other(&mut self, text: &str) {
        if is_missing(text) {
            self.without += 1;
            return;
        }
        self.others += 1;
        if let Some(count) = self.other_texts.get_mut(text) {
            *count += 1;
        } else if self.other_texts.len() < Self::MOST_TEXTS {
            self.other_texts.insert(text.to_owned(), 1);
        }
    }

    /// Counts a row that is left out because it lacks a value.
    pub fn drop_row(&mut self, text: &str) {
        if let Some(count) = self.dropped.get_mut(text) {
            *count += 1;
        } else if self.dropped.len() < Self::MOST_TEXTS {
            self.dropped.insert(text.to_owned(), 1);
        }
    }

    pub fn others(&self) -> u64 {
        self.others
    }

    /// The classes or numbers of the rows that were kept.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Texts without a class, with their counts and the first byte of their first rows.
    pub fn unknown(&self) -> Vec<(&str, u64, usize)> {
        let Some(mapping) = &self.mapping else { return Vec::new() };
        let unknown = self.seen.iter().filter(|(text, _)| !mapping.contains_key(text.as_str()));
        let mut unknown: Vec<_> = unknown.map(|(text, (count, place))| (text.as_str(), *count, *place)).collect();
        unknown.sort_by_key(|(_, _, place)| *place);
        unknown
    }

    /// The setting that keeps only rows of the two classes, if these are known.
    pub fn only_classes(&self, csv: &Csv) -> Option<String> {
        let texts: Vec<&String> = match (&csv.negative, &csv.positive) {
            (Some(negative), Some(positive)) => vec![negative, positive],
            _ => {
                let mut seen: Vec<(&String, f64)> =
                    self.seen.keys().map(|text| (text, text.parse().unwrap_or(f64::NAN))).collect();
                seen.sort_by(|a, b| a.1.total_cmp(&b.1));
                seen.into_iter().map(|(text, _)| text).collect()
            }
        };
        let [negative, positive] = texts[..] else { return None };
        if negative.len().max(positive.len()) > MOST_LABEL {
            return None;
        }
        Some(format!("labels = {{ negative = {}, positive = {} }}", toml_list(&[negative]), toml_list(&[positive])))
    }

    /// The labels as -1 and +1.
    pub fn signs(self, text: &Text<'_>, label: &str) -> Result<Vec<f64>, DataError> {
        match self.fault(text, label) {
            Some(fault) => Err(fault),
            None if self.mapping.is_some() => Ok(self.values),
            None => Ok(file::signs(&self.values).unwrap_or_default()),
        }
    }

    /// The error of labels to which no setting gives a class.
    pub fn fault(&self, text: &Text<'_>, label: &str) -> Option<DataError> {
        let Self { values, seen, uncounted, mapping, .. } = self;
        let file = text.file;
        (mapping.is_none() && file::signs(values).is_err()).then(|| {
            let column = shown(label);
            let texts: Vec<&str> = seen.keys().map(String::as_str).collect();
            let help = |help: String, one: &str, other: &str| match one.len().max(other.len()) > MOST_LABEL {
                true => "Name the right column: label = \"...\".".into(),
                false => help,
            };
            match texts.as_slice() {
                [one] => error(
                    "data.csv.one-label",
                    format!("{file}: column {column} has one label only, {}", shown(one)),
                    "Use a file with points of both classes.",
                ),
                [one, other] => error(
                    "data.csv.unknown-labels",
                    format!("{file}: {} and {} in column {column} are no known labels", shown(one), shown(other)),
                    help(
                        format!(
                            "Labels are -1 and 1, or 0 and 1. Assign others to the classes with these two lines or their \
                             texts exchanged:\nnegative = {}\npositive = {}",
                            toml(one),
                            toml(other)
                        ),
                        one,
                        other,
                    ),
                ),
                _ => {
                    let mut often: Vec<_> = seen.iter().collect();
                    often.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
                    let part = |(label, (count, place)): &(&String, &(u64, usize))| {
                        let rows = if *count == 1 { "1 row".into() } else { format!("{count} rows, first") };
                        format!("{} ({rows} in line {})", shown(label), text.line(*place))
                    };
                    let named = often.iter().take(Self::NAMED).map(part).collect::<Vec<_>>().join(", ");
                    let more = match seen.len() {
                        some if *uncounted > 0 => format!("more than {some} labels, among them {named}"),
                        some if some > Self::NAMED => format!("{some} labels, among them {named}"),
                        some => format!("{some} labels: {named}"),
                    };
                    let [long, longer] = [often[0].0, often[1].0];
                    let [one, other] = [long, longer].map(|text| toml_list(&[text]));
                    error(
                        "data.csv.many-labels",
                        format!("{file}: column {column} has {more}"),
                        help(
                            format!(
                                "Name the right column, label = \"...\", or the labels of the two classes; rows of others are then left out:\n\
                                 labels = {{ negative = {one}, positive = {other} }}"
                            ),
                            long,
                            longer,
                        ),
                    )
                }
            }
        })
    }
}
