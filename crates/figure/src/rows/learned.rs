//! Fields and points of the runs that were taken.

use std::collections::BTreeMap;

use super::{
    super::{Field, FigureError, Tables},
    Rows, View, columns,
};

/// Labelled points of the plane: both inputs and the label of each.
pub(crate) type Plane = Vec<([f64; 2], f64)>;

impl Rows<'_> {
    /// The field of each run; diverged runs have none.
    pub(crate) fn fields(&mut self) -> Result<BTreeMap<usize, Box<dyn Field>>, FigureError> {
        let weights = self.of_runs("weights", self.tables.weights, &["run", "block", "row", "column", "value"])?;
        let values = weights.view.floats("value")?;
        // Within a block the rows of the table are in the order of the array.
        let mut names: Vec<String> = Vec::new();
        let mut block_of: Vec<usize> = Vec::with_capacity(values.len());
        weights.view.each_text("block", |name| {
            // Mostly the same block as in the row before.
            let place = names.iter().rposition(|other| other == name).unwrap_or_else(|| {
                names.push(name.into());
                names.len() - 1
            });
            block_of.push(place);
        })?;
        let mut fields = BTreeMap::new();
        for (run, range) in weights.ranges.into_iter().enumerate() {
            let mut arrays: Vec<(usize, Vec<f64>)> = Vec::new();
            for row in range {
                let block = block_of[row];
                let place = arrays.iter().rposition(|(other, _)| *other == block).unwrap_or_else(|| {
                    arrays.push((block, Vec::new()));
                    arrays.len() - 1
                });
                arrays[place].1.push(values[row]);
            }
            let arrays: Vec<(&str, &[f64])> =
                arrays.iter().map(|(block, array)| (&names[*block][..], &array[..])).collect();
            if let Some(field) = (self.tables.fields)(&arrays).filter(|field| field.inputs() == 2) {
                fields.insert(run, field);
            }
        }
        Ok(fields)
    }

    /// The validation points that each of the runs saw.
    pub(crate) fn planes(&mut self) -> Result<BTreeMap<usize, Plane>, FigureError> {
        let seen = seen(self.tables, &self.taken)?;
        let mut rows: Vec<usize> = seen.values().flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        let place: BTreeMap<usize, usize> = rows.iter().enumerate().map(|(place, &row)| (row, place)).collect();
        let points = View::new(self.tables.points, ["data", "index", "x1", "x2", "y"].into_iter(), rows);
        self.hasher.add("points", &points)?;
        let (x1, x2, y) = (points.floats("x1")?, points.floats("x2")?, points.floats("y")?);
        let point = |row: &usize| {
            let at = place[row];
            ([x1[at], x2[at]], y[at])
        };
        Ok(seen.iter().map(|(&run, rows)| (run, rows.iter().map(point).collect())).collect())
    }
}

/// The rows of the validation points that each of some runs saw, by the place of the run among them.
///
/// The tables have a data set once, under the first run that saw it. So a run saw the set under its own trial and seed,
/// or that of a trial whose data has the same settings, and of the same seed if there is one.
fn seen(tables: &Tables<'_>, runs: &[usize]) -> Result<BTreeMap<usize, Vec<usize>>, FigureError> {
    let sets = columns::texts(tables.points, "data")?;
    let (of_trial, of_seed) = (columns::wholes(tables.points, "trial")?, columns::wholes(tables.points, "seed")?);
    let splits = columns::texts(tables.points, "split")?;
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
    let mut seen = BTreeMap::new();
    for (place, &run) in runs.iter().enumerate() {
        let fit = |first: &&usize| {
            let (trial, seed) = (of_trial[**first], of_seed[**first]);
            let same = setting_of(trial) == Some(&settings[run]);
            (same, same && seed == seeds[run], trial == trials[run] && seed == seeds[run])
        };
        let Some(&best) = firsts.iter().rev().max_by_key(fit) else { continue };
        let of_set = (0..sets.len()).filter(|&row| sets[row] == sets[best] && splits[row] == "validation");
        seen.insert(place, of_set.collect());
    }
    Ok(seen)
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
