//! Errors if `missing = "drop"` leaves out every row, or every row of a label.

use super::{
    super::file::error,
    DataError, Validation,
    columns::Column,
    faults::{kept, rows},
    pass::Pass,
    words::{joined, shown},
};

/// Refuses a table if leaving out rows with missing values removes all rows, all rows of a class or, in the `first`
/// file, all rows of a label that the settings name.
pub(super) fn require_kept(pass: &Pass<'_>, first: bool) -> Result<(), DataError> {
    let labels = &pass.labels;
    let gone: Vec<(&String, u64)> = labels
        .dropped
        .iter()
        .filter(|(text, _)| !labels.seen.contains_key(*text))
        .map(|(text, count)| (text, *count))
        .collect();
    let values = labels.values();
    let is_named = first && pass.csv.labels.is_some() && !matches!(pass.csv.validation, Validation::File(_));
    let is_of_one = labels.seen.len() < 2 || values.iter().all(|value| *value == values[0]);
    let all = pass.incomplete > 0 && values.is_empty();
    if !all && (gone.is_empty() || !is_named && !is_of_one) {
        return Ok(());
    }
    let which = if all {
        format!("all {}", rows(pass.incomplete))
    } else {
        let part = |(text, count): &(&String, u64)| format!("the label {} ({})", shown(text), rows(*count));
        format!("every row with {}", joined(gone.iter().map(part), gone.len()))
    };
    let mut columns: Vec<&Column> = pass.columns.iter().filter(|column| column.dropped > 0).collect();
    columns.sort_by_key(|column| std::cmp::Reverse(column.dropped));
    let part = |column: &&Column| format!("{} ({})", shown(&column.name), rows(column.dropped));
    let lacks = match columns.is_empty() {
        true => "their labels are missing".into(),
        false => format!("values are missing in {}", joined(columns.iter().map(part), columns.len())),
    };
    let message = format!("{}: missing = \"drop\" leaves out {which}: {lacks}", pass.text.file);
    Err(error("data.csv.missing", message, remedy(pass, &columns)))
}

/// The remedy for columns whose missing values remove too many rows.
fn remedy(pass: &Pass<'_>, columns: &[&Column]) -> String {
    let used = kept(pass) + pass.incomplete;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let out = if names.is_empty() { None } else { pass.leave_out(&names) };
    let mut offers: Vec<String> = out.into_iter().map(|line| format!("{line} leaves the columns out that have gaps")).collect();
    if !columns.is_empty() && columns.iter().all(|column| column.dropped < used) {
        offers.push("missing = \"mean\" puts the mean of the training rows there".into());
    }
    if offers.is_empty() { "Fill in what is missing, or leave out fewer rows.".into() } else { offers.join("; ") }
}
