//! The rows that a page shows of a long table.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{results::Row, terms::Terms};

/// The largest number of rows on a page.
const MOST_ROWS: usize = 200;

/// Returns the shown rows, in order: all, or those with the best means of the objective; `leader` is always among them.
pub fn shown<'a>(rows: &'a [Row], leader: Option<usize>, terms: &Terms) -> impl Iterator<Item = &'a Row> {
    best(rows.iter().collect(), leader, terms, MOST_ROWS).into_iter()
}

/// As [`shown`], with at most this number of rows.
pub fn best<'a>(rows: Vec<&'a Row>, leader: Option<usize>, terms: &Terms, most: usize) -> Vec<&'a Row> {
    let error = |row: &Row| row.errors.last().map_or(f64::NAN, |error| error.mean);
    let rank = |value: f64| if value.is_nan() { value } else { terms.direction.rank(value) };
    let mut errors: Vec<_> = rows.iter().enumerate().map(|(place, row)| (rank(error(row)), place)).collect();
    errors.sort_by(|a, b| (a.0.is_nan(), a.0).partial_cmp(&(b.0.is_nan(), b.0)).unwrap_or(Ordering::Equal));
    let first = rows.iter().position(|row| Some(row.trial) == leader);
    let others = errors.into_iter().map(|(_, place)| place).filter(|place| Some(*place) != first);
    let shown: BTreeSet<_> = first.into_iter().chain(others).take(most).collect();
    rows.into_iter().enumerate().filter(|(place, _)| shown.contains(place)).map(|(_, row)| row).collect()
}

/// Returns a note about rows that are not shown; `all_rows` says what has all of them: `summary.csv has`.
pub fn cut(rows: &[Row], terms: &Terms, all_rows: &str) -> Option<String> {
    let all = rows.len();
    (all > MOST_ROWS).then(|| {
        format!("Shown are the {MOST_ROWS} of {all} trials with the {}; {all_rows} all of them.", terms.best())
    })
}
