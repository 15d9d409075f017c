//! Errors if settings name labels that no row has.

use std::collections::BTreeMap;

use super::{
    super::file::{Lost, Points, error},
    Classes, Csv, DataError, Validation,
    pass::Pass,
    words::{MOST_LABEL, MOST_LINE, listed, nearest, toml, toml_list},
};

/// The labels that the setting `labels` names and no row has. They are refused if no other file can have them, or if a
/// class has no label.
pub(super) fn lost(pass: &Pass<'_>, first: bool) -> Result<Lost, DataError> {
    let (file, labels) = (pass.text.file, &pass.labels);
    let Some(Classes { negative, positive }) = &pass.csv.labels else { return Ok(Lost::default()) };
    let others: Vec<&str> = labels.other_texts.keys().map(String::as_str).collect();
    if pass.rows > 0 && labels.others() + labels.without == pass.rows {
        let (rows, help) = (pass.rows, instead(pass, &labels.other_texts, first));
        let what = if others.is_empty() { "they have no label".into() } else { format!("its labels are {}", listed(&others)) };
        let message = format!("{file}: none of its {rows} rows has one of these labels; {what}");
        return Err(error("data.csv.unused-label", message, help));
    }
    let is_lost = |text: &&String| !labels.seen.contains_key(*text) && !labels.dropped.contains_key(*text);
    let lost: Vec<String> = negative.iter().chain(positive).filter(is_lost).cloned().collect();
    if labels.values().is_empty() {
        return Ok(Lost::default());
    }
    let present: Vec<String> = labels.seen.keys().chain(labels.other_texts.keys()).cloned().collect();
    let is_alone = !matches!(pass.csv.validation, Validation::File(_));
    let lacks = [negative, positive].iter().any(|texts| texts.iter().all(|text| is_lost(&text)));
    if first && !lost.is_empty() && (is_alone || lacks) { Err(unused(file, &lost, &present)) } else { Ok(Lost { lost, present }) }
}

/// Refuses named labels that are in neither file.
pub(super) fn require_used(files: [&str; 2], one: &Lost, other: &Points) -> Result<(), DataError> {
    let lost: Vec<String> = one.lost.iter().filter(|text| other.lost.lost.contains(text)).cloned().collect();
    let mut present = [&one.present[..], &other.lost.present].concat();
    present.sort_unstable();
    present.dedup();
    if lost.is_empty() { Ok(()) } else { Err(unused(&format!("{} and {}", files[0], files[1]), &lost, &present)) }
}

fn unused(file: &str, lost: &[String], present: &[String]) -> DataError {
    let message = format!("{file}: no row has the label {}; there are {}", listed(lost), listed(present));
    let present: Vec<&str> = present.iter().map(String::as_str).collect();
    error("data.csv.unused-label", message, nearest(&lost[0], &present, "labels = { ... }"))
}

/// The remedy if the settings name none of the labels of a file; `counts` are those of its labels.
pub(super) fn instead(pass: &Pass<'_>, counts: &BTreeMap<String, u64>, first: bool) -> String {
    let mut often: Vec<_> = counts.iter().collect();
    often.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let is_pair = pass.csv.labels.is_none();
    match (&often[..], first) {
        ([], _) => "Name the right column: label = \"...\".".into(),
        ([(one, _), (other, _), ..], true) if one.len().max(other.len()) > MOST_LABEL => "Name the right column: label = \"...\".".into(),
        (_, false) => match extended(pass.csv, &often.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>()) {
            Some(line) => {
                let place = if is_pair { " in place of `negative` and `positive`" } else { "" };
                format!("Name the labels of both files with this line{place}:\n{line}")
            }
            None => "Name the labels of both files: labels = { negative = [...], positive = [...] }.".into(),
        },
        ([_], true) => "Name the right column, label = \"...\", or use a file with points of both classes.".into(),
        ([(one, _), (other, _), ..], true) => {
            let lines = match is_pair && often.len() == 2 {
                true => format!("negative = {}\npositive = {}", toml(one), toml(other)),
                false => format!("labels = {{ negative = {}, positive = {} }}", toml_list(&[one]), toml_list(&[other])),
            };
            let place = if is_pair { "in place of `negative` and `positive` " } else { "" };
            format!("Name the right column, label = \"...\", or {place}labels that the file has, these or their texts exchanged:\n{lines}")
        }
    }
}

/// The setting `labels` with further labels, each in the class of the most similar one. `None` unless both classes get
/// one.
fn extended(csv: &Csv, more: &[&str]) -> Option<String> {
    let mut classes: [Vec<&str>; 2] = match (&csv.labels, &csv.negative, &csv.positive) {
        (Some(Classes { negative, positive }), ..) => [negative, positive].map(|texts| texts.iter().map(String::as_str).collect()),
        (None, Some(negative), Some(positive)) => [vec![negative], vec![positive]],
        _ => return None,
    };
    let named = classes.clone();
    for text in more.iter().take(100).filter(|text| text.len() < 200) {
        let score = |class: usize| named[class].iter().map(|label| strsim::jaro_winkler(label, text)).fold(0.0, f64::max);
        let (negative, positive) = (score(0), score(1));
        if negative.max(positive) > 0.8 && negative != positive {
            classes[usize::from(positive > negative)].push(text);
        }
    }
    let gained = classes.iter().zip(&named).all(|(texts, before)| texts.len() > before.len());
    let line = gained.then(|| format!("labels = {{ negative = {}, positive = {} }}", toml_list(&classes[0]), toml_list(&classes[1])));
    line.filter(|line| line.len() <= MOST_LINE)
}
