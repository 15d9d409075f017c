use std::collections::BTreeMap;

use super::{
    super::{DataError, file, file::error},
    Csv, shown,
};

/// The labels of the rows so far.
pub(super) struct Labels<'a> {
    mapping: Option<(&'a str, &'a str)>,
    values: Vec<f64>,
    /// Without a mapping: the distinct texts, as many as an error has to name, each with the place of its first row.
    seen: BTreeMap<String, String>,
}

impl<'a> Labels<'a> {
    const NAMED: usize = 8;

    /// No labels yet.
    pub(super) fn of(settings: &'a Csv) -> Self {
        let mapping = settings.negative.as_deref().zip(settings.positive.as_deref());
        Self { mapping, values: Vec::new(), seen: BTreeMap::new() }
    }

    /// Takes the label of the next row, which stands `at` a place that is worth computing only for a message.
    pub(super) fn take(&mut self, text: &str, at: impl Fn() -> String) -> Result<(), DataError> {
        if text.is_empty() {
            return Err(error(format!("{}: the label is missing", at()), "Add the label, or remove the row."));
        }
        self.values.push(match self.mapping {
            Some((negative, _)) if text == negative => -1.0,
            Some((_, positive)) if text == positive => 1.0,
            Some((negative, positive)) => {
                return Err(error(
                    format!(
                        "{}: the label {} is neither {} nor {}",
                        at(),
                        shown(text),
                        shown(negative),
                        shown(positive)
                    ),
                    "Correct or remove the row, or change `negative` and `positive`.",
                ));
            }
            None => {
                if self.seen.len() < Self::NAMED && !self.seen.contains_key(text) {
                    self.seen.insert(text.to_owned(), at());
                }
                text.parse().unwrap_or(f64::NAN)
            }
        });
        Ok(())
    }

    /// The labels as -1 and +1.
    pub(super) fn signs(self, file: &str, label: &str) -> Result<Vec<f64>, DataError> {
        if self.mapping.is_some() {
            return Ok(self.values);
        }
        file::signs(&self.values).map_err(|_| {
            let column = shown(label);
            let texts: Vec<&str> = self.seen.keys().map(String::as_str).collect();
            match texts.as_slice() {
                [one] => error(
                    format!("{file}: column {column} holds one label only, {}", shown(one)),
                    "Use a file with points of both classes.",
                ),
                [one, other] => error(
                    format!("{file}: {} and {} in column {column} are no known labels", shown(one), shown(other)),
                    format!(
                        "Labels are -1 and 1, or 0 and 1. For others say which is which, with these two lines or their \
                         texts exchanged:\nnegative = {one:?}\npositive = {other:?}"
                    ),
                ),
                _ => {
                    let places = self.seen.iter().map(|(text, at)| format!("{} ({at})", shown(text)));
                    let places = places.collect::<Vec<_>>().join(", ");
                    error(
                        format!("{file}: column {column} holds more than two labels, among them {places}"),
                        "Keep the rows of two labels, or name the right column: label = \"...\".",
                    )
                }
            }
        })
    }
}
