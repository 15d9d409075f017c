use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord, Trim};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    DataError, DataSeed, Dataset, Source, Split, Validation,
    file::{self, Plan, Points, error},
};
use crate::{
    fault::{Fault, Faults},
    seed::Seed,
};

mod labels;
mod strict;
#[cfg(test)]
mod tests;

use labels::Labels;

/// Points from a CSV file: UTF-8, columns separated by commas, their names in the first line.
///
/// Every column but the label is an input, in the order of the file, unless `features` says otherwise. Numbers are read
/// to the nearest double. Without `negative` and `positive`, labels are numbers: -1 or 1, or 0 or 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Csv {
    /// The file; a relative path starts at the folder of the specification.
    pub file: String,
    /// Name of the column with the labels.
    #[serde(default = "default_label")]
    pub label: String,
    /// The text that stands for class -1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<String>,
    /// The text that stands for class +1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
    /// Names of the columns to use as inputs, in this order; without it, all but the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<String>>,
    /// Whether each input is shifted and scaled to mean 0 and standard deviation 1 on the training points.
    #[serde(default)]
    pub standardise: bool,
    /// Where the validation points come from.
    #[serde(default)]
    pub validation: Validation,
    /// Seed of the choice of validation rows, or "per-run".
    #[serde(default)]
    pub seed: DataSeed,
}

fn default_label() -> String {
    "label".into()
}

impl Source for Csv {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        file::require_files(&mut faults, &self.file, &self.validation);
        faults.require(!self.label.is_empty(), "label", "the name of a column");
        match (&self.negative, &self.positive) {
            (Some(negative), Some(positive)) => {
                faults.require(negative != positive, "positive", "another text than that of \"negative\"");
            }
            (negative, positive) => {
                faults.require(positive.is_none(), "positive", "\"negative\" beside it");
                faults.require(negative.is_none(), "negative", "\"positive\" beside it");
            }
        }
        if let Some(features) = &self.features {
            let repeated = features.iter().collect::<BTreeSet<_>>().len() < features.len();
            faults.require(!features.is_empty(), "features", "the name of at least one column");
            faults.require(!repeated, "features", "a list without repetition");
            faults.require(!features.contains(&self.label), "features", "a list without the label");
        }
        faults.found()
    }

    fn seeding(&self) -> DataSeed {
        match self.validation {
            Validation::Share(_) => self.seed,
            Validation::File(_) => DataSeed::default(),
        }
    }

    fn files_mut(&mut self) -> Vec<&mut String> {
        file::paths(&mut self.file, &mut self.validation)
    }

    fn load(&self, seed: Seed) -> Result<Split, DataError> {
        Plan { file: &self.file, validation: &self.validation, standardise: self.standardise, seed }
            .split(|file, expected| self.read(file, expected))
    }
}

impl Csv {
    fn read(&self, file: &str, expected: Option<&[String]>) -> Result<Points, DataError> {
        self.points(file, &file::bytes(file)?, expected)
    }

    fn points(&self, file: &str, bytes: &[u8], expected: Option<&[String]>) -> Result<Points, DataError> {
        if let Some((what, help)) = strict::other_kind(bytes) {
            return Err(error(format!("{file} is {what}"), help));
        }
        let text = str::from_utf8(bytes).map_err(|fault| {
            let line = line_at(bytes, fault.valid_up_to());
            error(format!("{file}, line {line}: the text is not UTF-8"), "Save the table as CSV in UTF-8.")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        strict::require_quotes(file, text)?;
        let at = |record: &StringRecord| {
            let start = record.position().map_or(0, |position| position.byte() as usize);
            format!("{file}, line {}", line_at(text.as_bytes(), start))
        };
        let unreadable = |fault: csv::Error| error(format!("{file}: {fault}"), "Save the table as CSV in UTF-8.");
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).map_err(unreadable)? {
            let help = "The first line must name the columns, the others hold the points.";
            return Err(error(format!("{file} is empty"), help));
        }
        if record.iter().next_back() == Some("") && record.len() > 1 && strict::width_of(text, 1) == Some(record.len() - 1) {
            return Err(error(
                format!("{}: it ends with a comma, and the row below does not", at(&record)),
                "Remove the comma at the end of the first line.",
            ));
        }
        let Columns { names, places, label } = self
            .columns(&record, expected)
            .map_err(|(message, help)| error(format!("{}: {message}", at(&record)), help))?;
        let header: Vec<String> = record.iter().map(str::to_owned).collect();
        let (width, mut first) = (record.len(), true);
        // The label's name is a label, too: then the first line may be a row.
        let mut is_label = false;
        let mut labels = Labels::of(self);
        let mut x = Vec::new();
        while reader.read_record(&mut record).map_err(unreadable)? {
            if record.len() != width {
                let usual = "Give every row a field for each column; a field with a comma in it needs quotes.";
                let row_names = "If these are row names of R, write the table with write.csv(table, file, row.names = FALSE); numbers are written with a \
                                 point: 0.5.";
                let help = match record.len() == width + 1 {
                    true if record.iter().next_back() == Some("") => "Remove the comma at the end of the rows: the first line has none.",
                    true if first => row_names,
                    _ => usual,
                };
                let message = format!("{}: {} fields where the first line has {width}", at(&record), record.len());
                return Err(error(message, help));
            }
            for (name, place) in names.iter().zip(&places) {
                let value = number(&record[*place])
                    .map_err(|(what, help)| error(format!("{}, column {}: {what}", at(&record), shown(name)), help))?;
                x.push(value);
            }
            first = false;
            is_label |= record[label] == self.label;
            labels.take(&record[label], || at(&record))?;
            if x.len() > file::MOST_NUMBERS {
                let message = format!("{file} has more than {} numbers", file::MOST_NUMBERS);
                return Err(error(message, "Take a sample of the rows."));
            }
        }
        let names_given: Vec<&str> = header.iter().map(String::as_str).collect();
        if is_label && strict::is_row_of_labels(&names_given, label) {
            let names = strict::names_for(&names_given, "label");
            return Err(error(
                format!("{file}, line 1 looks like a row, not like names: \"{}\" is a label in other rows", self.label),
                format!("Add a line of names above it, such as {names}, and set label = \"label\"."),
            ));
        }
        let y = labels.signs(file, &self.label)?;
        if y.is_empty() {
            return Err(error(format!("{file} has no rows below its first line"), "Add a row for each point."));
        }
        Ok(Points { data: Dataset { d: names.len(), x, y }, names })
    }

    /// Where the inputs and the label stand in a row.
    fn columns(&self, header: &StringRecord, expected: Option<&[String]>) -> Result<Columns, (String, String)> {
        let present: Vec<&str> = header.iter().collect();
        // A label that is a number names a column only where the names count up.
        let is_named = present.contains(&self.label.as_str()) && (self.label.parse::<f64>().is_err() || !strict::is_row(&present));
        let other = || match present[0] {
            first if first.starts_with('#') => Some("Remove the comments above the line of names: they begin with #.".into()),
            first if first.starts_with("sep=") => Some("Remove the first line: it is for spreadsheets alone.".into()),
            first if present.len() == 1 => strict::other_separator(first),
            _ => None,
        };
        if !is_named && let Some(help) = other() {
            return Err((format!("no column {} with the labels; there are {}", shown(&self.label), listed(&present)), help));
        }
        if !is_named && strict::is_row(&present) {
            let own = self.label.parse::<f64>().is_err();
            let names = strict::names_for(&present, if own { &self.label } else { "label" });
            let set = if own { "" } else { ", and set label = \"label\"" };
            return Err((
                format!("the first line looks like a row, not like names: {}", listed(&present)),
                format!("Add a line of names above it, such as {names}{set}; if these are names, correct label = \"...\"."),
            ));
        }
        let mut place_of = BTreeMap::new();
        for (place, name) in present.iter().enumerate() {
            if place_of.insert(*name, place).is_some() && !name.is_empty() {
                let help = "Give every column a name of its own.";
                return Err((format!("two columns are named {}", shown(name)), help.into()));
            }
        }
        let find = |name: &str, role: &str, key: &str| {
            place_of.get(name).copied().ok_or_else(|| {
                let message = format!("no column {} {role}; there are {}", shown(name), listed(&present));
                (message, remedy(name, &present, key))
            })
        };
        let label = find(&self.label, "with the labels", "label = \"...\"")?;
        let others = || present.iter().enumerate().filter(|(place, _)| *place != label).map(|(_, name)| *name);
        let names: Vec<String> = match (&self.features, expected) {
            (Some(features), _) => features.clone(),
            (None, Some(expected)) => {
                let known: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
                if let Some(extra) = others().find(|name| !known.contains(name)) {
                    return Err((
                        format!("column {} is not in the training file", shown(extra)),
                        "Remove it, or name the columns to use: features = [...].".into(),
                    ));
                }
                expected.to_vec()
            }
            (None, None) => others().map(str::to_owned).collect(),
        };
        if names.is_empty() {
            return Err(("there is no column beside the label".into(), "Add at least one column of numbers.".into()));
        }
        if let (None, Some(place)) = (&self.features, present.iter().position(|name| name.is_empty())) {
            let help = "Name it, remove it (pandas: index=False), or name the columns to use: features = [...].";
            return Err((format!("column {} has no name", place + 1), help.into()));
        }
        let places =
            names.iter().map(|name| find(name, "among the inputs", "features = [...]")).collect::<Result<_, _>>()?;
        Ok(Columns { names, places, label })
    }
}

struct Columns {
    names: Vec<String>,
    places: Vec<usize>,
    label: usize,
}

/// A finite number, or what is wrong with the text and what to do.
fn number(text: &str) -> Result<f64, (String, &'static str)> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err((format!("{} is not a finite number", shown(text)), "Remove the row, or fill in a number.")),
        Err(_) if text.is_empty() => Err(("the field is empty".into(), "Remove the row, or fill in a number.")),
        Err(_) => Err((
            format!("{} is not a number", shown(text)),
            "Write numbers like 0.5 or 1e-3, or leave the column out: features = [...] names those to use.",
        )),
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

/// A text in quotes, shortened to what helps to find it.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    let mut list: Vec<String> = names.iter().take(MOST).map(|name| shown(name)).collect();
    if names.len() > MOST {
        list.push(format!("{} more", names.len() - MOST));
    }
    list.join(", ")
}

fn remedy(name: &str, present: &[&str], key: &str) -> String {
    // Long texts and endless lists are no slips of the pen, and to compare them takes its time.
    let names = present.iter().take(1000).filter(|other| other.len().max(name.len()) < 200);
    let near = names.map(|other| (strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase()), other));
    if let Some((_, other)) = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)) {
        format!("Did you mean \"{other}\"? Correct {key}.")
    } else {
        format!("Name one of them: {key}.")
    }
}
