//! Assigns the labels of a MAT-file to classes, by the same rules as the texts of a CSV file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        DataError,
        file::{self, ClassTexts, error},
    },
    Mat,
};
use crate::validation::SettingErrors;

/// The numbers of labels that stand for the two classes; rows of other labels are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassNumbers {
    /// The numbers that stand for class -1.
    pub negative: Vec<f64>,
    /// The numbers that stand for class +1.
    pub positive: Vec<f64>,
}

/// The most numbers that a message names.
const NAMED: usize = 8;

/// The rows that have a class.
pub(super) struct Labels {
    /// Indices of the rows.
    pub rows: Vec<usize>,
    /// Classes of the rows: -1 or +1.
    pub y: Vec<f64>,
    /// The numbers of each class.
    pub texts: ClassTexts,
}

/// A number among the labels.
struct Seen {
    value: f64,
    count: u64,
    /// The first row with it, counted from 1.
    first: usize,
}

impl Seen {
    fn describe(&self) -> String {
        match self.count {
            1 => format!("{} (row {})", shown(self.value), self.first),
            count => format!("{} ({count} rows, first in row {})", shown(self.value), self.first),
        }
    }
}

/// Checks the settings of labels.
pub(super) fn require(faults: &mut SettingErrors, mat: &Mat) {
    match (mat.negative, mat.positive) {
        (Some(negative), Some(positive)) => {
            faults.require(negative != positive, "positive", "another number than that of \"negative\"");
        }
        (negative, positive) => {
            faults.require(positive.is_none(), "positive", "\"negative\" together with it");
            faults.require(negative.is_none(), "negative", "\"positive\" together with it");
        }
    }
    for (key, number) in [("negative", mat.negative), ("positive", mat.positive)] {
        faults.require(number.is_none_or(f64::is_finite), key, "a finite number");
    }
    let Some(ClassNumbers { negative, positive }) = &mat.labels else { return };
    let alone = mat.negative.is_none() && mat.positive.is_none();
    faults.require(alone, "labels", "either \"labels\" or \"negative\" and \"positive\", not both");
    for (key, numbers, others) in [("labels.negative", negative, None), ("labels.positive", positive, Some(negative))] {
        let repeated = numbers.iter().enumerate().any(|(place, number)| numbers[..place].contains(number));
        let shared = others.is_some_and(|others| numbers.iter().any(|number| others.contains(number)));
        faults.require(!numbers.is_empty(), key, "at least one number of a label");
        faults.require(numbers.iter().all(|number| number.is_finite()), key, "finite numbers");
        faults.require(!repeated, key, "a list without repetition");
        faults.require(!shared, key, "no number that \"negative\" has, too");
    }
}

/// Selects the rows whose label has a class; `names` are the variables of `file` with inputs and labels. Every number
/// of `labels` must occur in the training file.
pub(super) fn read(mat: &Mat, file: &str, names: [&str; 2], values: &[f64], training: bool) -> Result<Labels, DataError> {
    let [x, name] = names;
    if let Some(place) = values.iter().position(|value| !value.is_finite()) {
        let message = format!("{file}: {name}({}) is {}, which is no label", place + 1, values[place]);
        let help = format!(
            "Leave such rows out before saving: keep = isfinite({name}); {x} = {x}(keep, :); {name} = {name}(keep);"
        );
        return Err(error("data.mat.missing-label", message, help));
    }
    let classes = match (&mat.labels, mat.negative.zip(mat.positive)) {
        (Some(classes), _) => classes.clone(),
        (None, Some((negative, positive))) => {
            let classes = ClassNumbers { negative: vec![negative], positive: vec![positive] };
            require_known(file, name, values, &classes)?;
            classes
        }
        (None, None) => {
            let y = file::signs(values).map_err(|_| unknown(file, name, &distinct(values)))?;
            return Ok(Labels { rows: (0..values.len()).collect(), texts: texts(values, &y), y });
        }
    };
    let ClassNumbers { negative, positive } = &classes;
    if mat.labels.is_some() && training {
        require_all(file, name, values, &classes)?;
    }
    let class = |value: &f64| match (negative.contains(value), positive.contains(value)) {
        (true, _) => Some(-1.0),
        (_, true) => Some(1.0),
        _ => None,
    };
    let (rows, y): (Vec<usize>, Vec<f64>) =
        values.iter().enumerate().filter_map(|(row, value)| Some((row, class(value)?))).unzip();
    let kept: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
    Ok(Labels { texts: texts(&kept, &y), rows, y })
}

/// Refuses numbers of neither class.
fn require_known(file: &str, name: &str, values: &[f64], classes: &ClassNumbers) -> Result<(), DataError> {
    let (negative, positive) = (shown(classes.negative[0]), shown(classes.positive[0]));
    let mut other = distinct(values);
    other.retain(|seen| !classes.negative.contains(&seen.value) && !classes.positive.contains(&seen.value));
    let message = match other.as_slice() {
        [] => return Ok(()),
        [Seen { value, count: 1, first }] => {
            format!("{file}: {name}({first}) is {}, neither {negative} nor {positive}", shown(*value))
        }
        several => {
            let count: u64 = several.iter().map(|seen| seen.count).sum();
            let parts = listed(several, Seen::describe);
            format!("{file}: {count} rows of {name} have a label that is neither {negative} nor {positive}: {parts}")
        }
    };
    let help = format!(
        "Correct or remove these rows, or leave them out with this line in place of `negative` and `positive`:\n\
         labels = {{ negative = [{negative}], positive = [{positive}] }}"
    );
    Err(error("data.mat.unknown-label", message, help))
}

/// Refuses numbers of classes that no row has.
fn require_all(file: &str, name: &str, values: &[f64], classes: &ClassNumbers) -> Result<(), DataError> {
    let present = distinct(values);
    let wanted = classes.negative.iter().chain(&classes.positive);
    let lost: Vec<f64> = wanted.copied().filter(|number| !present.iter().any(|seen| seen.value == *number)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let there = listed(&present, |seen| shown(seen.value));
    let message = format!("{file}: no row of {name} has the label {}; there are {there}", listed(&lost, |it| shown(*it)));
    Err(error("data.mat.unused-label", message, "Name some of them: labels = { negative = [...], positive = [...] }"))
}

/// The error of numbers that no settings give a class.
fn unknown(file: &str, name: &str, seen: &[Seen]) -> DataError {
    match seen {
        [] | [_] => error(
            "data.mat.one-label",
            format!("{file}: {name} has one label only, {}", listed(seen, |seen| shown(seen.value))),
            "Use a file with points of both classes.",
        ),
        [one, other] => {
            let [one, other] = [one, other].map(|seen| shown(seen.value));
            error(
                "data.mat.unknown-labels",
                format!("{file}: {one} and {other} in {name} are no known labels"),
                format!(
                    "Labels are -1 and 1, or 0 and 1. Assign others to the classes with these two lines or their numbers \
                     exchanged:\nnegative = {one}\npositive = {other}"
                ),
            )
        }
        several => {
            let mut often: Vec<&Seen> = several.iter().collect();
            often.sort_by_key(|seen| std::cmp::Reverse(seen.count));
            let [one, other] = [often[0].value, often[1].value];
            let [one, other] = [one.min(other), one.max(other)].map(shown);
            let parts = listed(&often, |seen| seen.describe());
            error(
                "data.mat.many-labels",
                format!("{file}: {name} has {} labels: {parts}", several.len()),
                format!(
                    "Name the right variable, y = \"...\", or the labels of the two classes; rows of others are then left out:\n\
                     labels = {{ negative = [{one}], positive = [{other}] }}"
                ),
            )
        }
    }
}

/// The distinct numbers, in order; both zeros are one.
fn distinct(values: &[f64]) -> Vec<Seen> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| (values[one] + 0.0).total_cmp(&(values[other] + 0.0)));
    let same = order.chunk_by(|&one, &other| values[one] == values[other]);
    same.map(|rows| Seen { value: values[rows[0]], count: rows.len() as u64, first: rows[0] + 1 }).collect()
}

/// The numbers of each class, with their counts.
fn texts(values: &[f64], y: &[f64]) -> ClassTexts {
    [-1.0, 1.0].map(|class| {
        let members: Vec<f64> = values.iter().zip(y).filter(|(_, label)| **label == class).map(|(value, _)| *value).collect();
        distinct(&members).iter().map(|seen| (shown(seen.value), seen.count)).collect()
    })
}

/// Formats a number for messages and TOML.
fn shown(value: f64) -> String {
    let value = value + 0.0;
    if value == 0.0 || (1e-5..1e15).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}

/// Lists as many items as a message may name.
fn listed<T>(items: &[T], describe: impl Fn(&T) -> String) -> String {
    let mut list: Vec<String> = items.iter().take(NAMED).map(describe).collect();
    if items.len() > NAMED {
        list.push(format!("and {} more", items.len() - NAMED));
    }
    list.join(", ")
}
