//! Which rows a page shows of a table that would be too long.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{results::Row, terms::Terms};

/// The most rows that a page shows.
const MOST_ROWS: usize = 200;

/// The rows that are shown, in their order: all, or of many those with the best means of what decides, the trial `leader` in any case.
pub fn shown<'a>(rows: &'a [Row], leader: Option<usize>, terms: &Terms) -> impl Iterator<Item = &'a Row> {
    let error = |row: &Row| row.errors.last().map_or(f64::NAN, |error| error.mean);
    let rank = |value: f64| if value.is_nan() { value } else { terms.direction.rank(value) };
    let mut errors: Vec<_> = rows.iter().enumerate().map(|(place, row)| (rank(error(row)), place)).collect();
    errors.sort_by(|a, b| (a.0.is_nan(), a.0).partial_cmp(&(b.0.is_nan(), b.0)).unwrap_or(Ordering::Equal));
    let first = rows.iter().position(|row| Some(row.trial) == leader);
    let others = errors.into_iter().map(|(_, place)| place).filter(|place| Some(*place) != first);
    let shown: BTreeSet<_> = first.into_iter().chain(others).take(MOST_ROWS).collect();
    rows.iter().enumerate().filter(move |(place, _)| shown.contains(place)).map(|(_, row)| row)
}

/// What is said of rows that are not shown; `file` has all of them.
pub fn cut(rows: &[Row], terms: &Terms, file: &str) -> Option<String> {
    let all = rows.len();
    (all > MOST_ROWS).then(|| {
        format!("Shown are the {MOST_ROWS} of {all} trials with the {}; {file} has all of them.", terms.best())
    })
}
