//! Fields and points of chosen runs, out of the tables.

use std::collections::BTreeMap;

use super::{Field, FigureError, Tables, columns};

/// The fields that runs learned, by the row of the run; diverged runs have none.
pub(super) fn fields(tables: &Tables<'_>, rows: &[usize]) -> Result<BTreeMap<usize, Box<dyn Field>>, FigureError> {
    let places = columns::places(tables, tables.weights)?;
    let values = columns::floats(tables.weights, "value")?;
    let mut fields = BTreeMap::new();
    for &run in rows {
        let rows: Vec<usize> = places[run].clone().collect();
        // Within a block the rows of the table are in the order of the array.
        let mut arrays: Vec<(String, Vec<f64>)> = Vec::new();
        let mut numbers = rows.iter().map(|&row| values[row]);
        columns::each_text_at(tables.weights, "block", &rows, |name| {
            // Mostly the last one again.
            let place = arrays.iter().rposition(|(other, _)| other == name).unwrap_or_else(|| {
                arrays.push((name.into(), Vec::new()));
                arrays.len() - 1
            });
            arrays[place].1.extend(numbers.next());
        })?;
        let arrays: Vec<(&str, &[f64])> = arrays.iter().map(|(name, array)| (&name[..], &array[..])).collect();
        if let Some(field) = (tables.fields)(&arrays).filter(|field| field.inputs() == 2) {
            fields.insert(run, field);
        }
    }
    Ok(fields)
}

/// Labelled points of the plane.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plane {
    /// Both inputs and the label of each point.
    pub points: Vec<([f64; 2], f64)>,
    /// The row of each in the table of points, if they are of one.
    pub rows: Vec<usize>,
}

/// The validation points that each of the runs saw.
///
/// A data set stands in the tables once, under the first run that saw it. So a run saw the set under its own trial and
/// seed; or else that of a trial whose data has the same settings, and of the same seed if there is one.
pub(super) fn planes(tables: &Tables<'_>, rows: &[usize]) -> Result<BTreeMap<usize, Plane>, FigureError> {
    let sets = columns::texts(tables.points, "data")?;
    let (of_trial, of_seed) = (columns::wholes(tables.points, "trial")?, columns::wholes(tables.points, "seed")?);
    let (x1, x2) = (columns::floats(tables.points, "x1")?, columns::floats(tables.points, "x2")?);
    let (y, splits) = (columns::floats(tables.points, "y")?, columns::texts(tables.points, "split")?);
    let mut firsts: Vec<usize> = Vec::new();
    for row in 0..sets.len() {
        if row == 0 || sets[row] != sets[row - 1] {
            firsts.push(row);
        }
    }
    let (trials, seeds) = (columns::wholes(tables.runs, "trial")?, columns::wholes(tables.runs, "seed")?);
    let settings = data_settings(tables)?;
    let first_of: BTreeMap<u64, usize> = trials.iter().enumerate().rev().map(|(row, &trial)| (trial, row)).collect();
    let setting_of = |trial: u64| first_of.get(&trial).map(|&row| &settings[row]);
    let mut planes = BTreeMap::new();
    for &run in rows {
        let fit = |first: &&usize| {
            let (trial, seed) = (of_trial[**first], of_seed[**first]);
            let same = setting_of(trial) == Some(&settings[run]);
            (same, same && seed == seeds[run], trial == trials[run] && seed == seeds[run])
        };
        let Some(&best) = firsts.iter().rev().max_by_key(fit) else { continue };
        let of_set = (0..sets.len()).filter(|&row| sets[row] == sets[best] && splits[row] == "validation");
        let rows: Vec<usize> = of_set.collect();
        let points = rows.iter().map(|&row| ([x1[row], x2[row]], y[row])).collect();
        planes.insert(run, Plane { points, rows });
    }
    Ok(planes)
}

/// The values of the axes of the data, for each run.
fn data_settings(tables: &Tables<'_>) -> Result<Vec<Vec<String>>, FigureError> {
    let mut settings = vec![Vec::new(); tables.runs.height()];
    for axis in tables.axes.iter().filter(|axis| axis.path.starts_with("data.")) {
        let values = columns::written(tables.runs, &axis.path)?;
        settings.iter_mut().zip(values).for_each(|(setting, value)| setting.push(value));
    }
    Ok(settings)
}
