//! Notices about suspicious data: row numbers, constant columns, the label under another name, one file for both
//! splits.

use std::collections::BTreeMap;

use super::{DataSeed, Dataset, Validation, file::Input};

/// The most columns that a notice names.
const MOST_NAMED: usize = 12;

pub(super) const SAME_FILES: &str =
    "the validation file has the same bytes as the training file: what is measured is not held out";

/// Quotes a text and shortens it for a message.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}

const NOTHING_DRAWN: &str =
    "seed = \"per-run\" has no effect with a validation file, because nothing is drawn: all runs see the same points";

/// Notices about the inputs of a file and of its validation file. `leave_out` returns the setting that leaves columns
/// out.
pub(super) fn of(
    all: &[Input],
    data: &Dataset,
    held: Option<&Dataset>,
    leave_out: &dyn Fn(&[&str]) -> Option<String>,
) -> Vec<String> {
    let (mut counted, mut numbered) = (Vec::new(), Vec::new());
    let (mut constant, mut label, mut training_label) = (Vec::new(), Vec::new(), Vec::new());
    let column =
        |data: &Dataset, place: usize| data.x.iter().skip(place).step_by(data.d).copied().collect::<Vec<f64>>();
    for (place, input) in all.iter().enumerate() {
        let (values, others) = (column(data, place), held.map(|held| column(held, place)));
        let in_both = |holds: &dyn Fn(&[f64]) -> bool| holds(&values) && others.as_deref().is_none_or(holds);
        if matches!(input, Input::Number(_)) && (is_index(input.column()) || values.len() > 2 && in_both(&counts)) {
            counted.push(input);
        } else if matches!(input, Input::Number(_))
            && may_be_number(input.column(), place, data.len())
            && in_both(&are_all_different)
        {
            numbered.push(input);
        } else if is_constant(&values) {
            constant.push(input);
        } else if is_label(&values, &data.y) {
            let both = |(held, others): (&Dataset, &Vec<f64>)| {
                is_label(&[&values[..], others].concat(), &[&data.y[..], &held.y].concat())
            };
            let both = held.zip(others.as_ref()).is_none_or(both);
            if both { label.push(input) } else { training_label.push(input) }
        }
    }
    let remedy = |inputs: &[&Input]| {
        let mut names: Vec<&str> = inputs.iter().map(|input| input.column()).collect();
        names.dedup();
        let left = all.iter().any(|input| !names.contains(&input.column()));
        let line = leave_out(&names).filter(|_| left && names.len() <= MOST_NAMED);
        line.map_or_else(String::new, |line| {
            format!("; to leave {} out: {line}", if names.len() == 1 { "it" } else { "them" })
        })
    };
    let notice = |inputs: &[&Input], one: &str, several: &str| {
        let named: Vec<String> = inputs.iter().take(MOST_NAMED).map(|input| shown(&input.name())).collect();
        let more =
            if inputs.len() > MOST_NAMED { format!(" and {} more", inputs.len() - MOST_NAMED) } else { String::new() };
        let (noun, what) = if inputs.len() == 1 { ("input", one) } else { ("inputs", several) };
        format!("{noun} {}{more} {what}{}", named.join(", "), remedy(inputs))
    };
    let whose = if held.is_some() { " of the training file" } else { "" };
    let constant_texts = [("is", "it"), ("are", "them")]
        .map(|(verb, them)| format!("{verb} the same in all rows{whose}, so that nothing can be learned from {them}"));
    let mut notices = Vec::new();
    for (inputs, one, several) in [
        (
            &counted,
            "looks like a number of the row, by its name or by values that are whole numbers in order",
            "look like numbers of the rows, by their names or by values that are whole numbers in order",
        ),
        (
            &numbered,
            "has whole numbers that are different in every row, as the numbers of patients or orders are, from which nothing can be learned",
            "have whole numbers that are different in every row, as the numbers of patients or orders are, from which nothing can be learned",
        ),
        (&constant, constant_texts[0].as_str(), constant_texts[1].as_str()),
        (
            &label,
            "is the label under another name: each of its two values belongs to one class",
            "are the label under other names: each of their two values belongs to one class",
        ),
        (
            &training_label,
            "is the label under another name in the training file, but not in the validation file: what is learned from it does not hold there",
            "are the label under other names in the training file, but not in the validation file: what is learned from them does not hold there",
        ),
    ] {
        if !inputs.is_empty() {
            notices.push(notice(inputs, one, several));
        }
    }
    notices
}

pub(super) fn of_seed(validation: &Validation, seed: DataSeed) -> Option<String> {
    (matches!(validation, Validation::File(_)) && seed == DataSeed::PerRun).then(|| NOTHING_DRAWN.into())
}

/// Whether the name is usual for row numbers.
fn is_index(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    matches!(name.as_str(), "" | "id" | "index")
        || name.strip_prefix("unnamed: ").is_some_and(|rest| rest.parse::<u32>().is_ok())
}

/// Whether a column may hold numbers of patients or orders rather than a quantity: by its name, or because it is the
/// first column of a long table.
fn may_be_number(name: &str, place: usize, rows: usize) -> bool {
    const ROWS: usize = 50;
    let begin = name.trim().strip_suffix("id").or_else(|| name.trim().strip_suffix("ID"));
    let is_word = |c: char| !c.is_alphanumeric();
    let is_id = begin.is_some_and(|begin| begin.ends_with(is_word))
        || name.ends_with("Id")
        || name.strip_suffix("ID").is_some_and(|begin| begin.ends_with(char::is_lowercase));
    rows > if is_id { 2 } else { ROWS } && (is_id || place == 0)
}

/// Whether values are distinct whole numbers.
fn are_all_different(values: &[f64]) -> bool {
    if values.iter().any(|value| value.fract() != 0.0) {
        return false;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether values are whole numbers in strict order.
fn counts(values: &[f64]) -> bool {
    let is_whole = |value: &f64| value.fract() == 0.0;
    let in_order = |up: bool| values.windows(2).all(|pair| if up { pair[0] < pair[1] } else { pair[0] > pair[1] });
    values.iter().all(is_whole) && (in_order(true) || in_order(false))
}

fn is_constant(values: &[f64]) -> bool {
    values.len() > 1 && values.iter().all(|value| *value == values[0])
}

/// Whether there are two values, one for each class.
fn is_label(values: &[f64], y: &[f64]) -> bool {
    let mut class_of: BTreeMap<u64, f64> = BTreeMap::new();
    for (value, class) in values.iter().zip(y) {
        // Both zeros are one value.
        let first = class_of.entry((value + 0.0).to_bits()).or_insert(*class);
        if value.is_nan() || first != class || class_of.len() > 2 {
            return false;
        }
    }
    class_of.len() == 2 && class_of.values().sum::<f64>() == 0.0
}
