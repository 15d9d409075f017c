//! Which runs a figure draws, and in which groups.

use std::collections::{BTreeMap, BTreeSet};

use restudy_core::measure::Direction;
use restudy_stats as stats;

use super::{
    super::{AxisInfo, FigureError, declared::Measured, settings::FixedAxes, style},
    Source, columns,
};

/// The runs that belong to one value of an axis.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The value as a reader sees it.
    pub label: String,
    /// The value, where it is a number.
    pub number: Option<f64>,
    /// Its runs: rows of the whole table until they are taken, then of what was taken.
    pub rows: Vec<usize>,
    /// The other axes with the values that were chosen for this group: "learning rate η = 0.2".
    pub chosen: Vec<String>,
}

/// The runs of a figure.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    /// The name of the axis; empty without one.
    pub name: String,
    /// Whether its values are spaced evenly on a logarithmic scale.
    pub log: bool,
    /// One for each value; numbers in ascending order, texts in that of the study. A single one without an axis.
    pub groups: Vec<Group>,
    /// Notes for the reader about the other axes.
    pub notes: Vec<String>,
    /// Whether the run of each row diverged.
    pub diverged: Vec<bool>,
    /// The trial, without its fold, and the seed of each row; empty without folds.
    pub of_folds: Vec<(u64, u64)>,
    /// The criterion of [`Source::select_best`]: "least median validation error".
    pub best: String,
}

impl Source<'_> {
    /// The runs with the values `at`, grouped by the values of the first axis of `by`. Runs that failed are left out.
    pub(crate) fn select(&self, by: &[&str], at: &FixedAxes) -> Result<Selection, FigureError> {
        let (runs, axes) = (self.tables.runs, self.tables.axes);
        let outcomes = columns::texts(runs, "outcome")?;
        let mut kept: Vec<usize> = (0..outcomes.len()).filter(|&row| outcomes[row] != "failed").collect();
        for (path, value) in at {
            let values = columns::written(runs, path)?;
            let value = value.to_string();
            kept.retain(|&row| values[row] == value);
        }
        let axis = by.first().and_then(|by| axes.iter().find(|axis| axis.path == *by));
        let groups = match axis {
            Some(axis) => groups(axis, &columns::written(runs, &axis.path)?, &kept),
            None => vec![Group { label: String::new(), number: None, rows: kept, chosen: Vec::new() }],
        };
        Ok(Selection {
            name: axis.map(|axis| style::axis_name(&axis.path)).unwrap_or_default(),
            log: axis.is_some_and(|axis| axis.log),
            groups,
            notes: notes(axes, by, at),
            diverged: outcomes.iter().map(|outcome| *outcome == "diverged").collect(),
            of_folds: match folds(axes) {
                1 => Vec::new(),
                folds => {
                    let (trials, seeds) = (columns::wholes(runs, "trial")?, columns::wholes(runs, "seed")?);
                    trials.iter().map(|trial| trial / folds).zip(seeds.iter().copied()).collect()
                }
            },
            best: best(self.measured()),
        })
    }

    /// As [`select`](Self::select), but where axes are left open, only the trial of each group with the best median of
    /// the measurement that decides: curves pooled over good and bad settings would say little.
    ///
    /// Of more groups than `most`, `most` are kept, at even distances from the first to the last.
    pub(crate) fn select_best(&self, by: Option<&str>, at: &FixedAxes, most: usize) -> Result<Selection, FigureError> {
        let mut selection = self.select(by.as_slice(), at)?.thinned(most);
        let (runs, axes) = (self.tables.runs, self.tables.axes);
        let fixed = |axis: &&AxisInfo| Some(axis.path.as_str()) == by || at.contains_key(&axis.path);
        let open: Vec<&AxisInfo> =
            axes.iter().filter(|axis| axis.values.len() > 1 && !axis.folds && !fixed(axis)).collect();
        if open.is_empty() {
            return Ok(selection);
        }
        // Folds of a trial are chosen together.
        let folds = folds(axes);
        let trials: Vec<u64> = columns::wholes(runs, "trial")?.iter().map(|trial| trial / folds).collect();
        let measured = self.measured();
        let (values, direction) = (columns::floats(runs, &measured.column())?, measured.direction());
        for group in &mut selection.groups {
            let mut of_trial: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
            for &row in &group.rows {
                of_trial.entry(trials[row]).or_default().push(direction.rank(values[row]));
            }
            let medians = of_trial.iter().map(|(&trial, ranks)| (stats::median(ranks), trial));
            let best = medians.min_by(|a, b| a.0.total_cmp(&b.0));
            group.rows.retain(|&row| best.is_some_and(|(_, trial)| trials[row] == trial));
            if let Some(&row) = group.rows.first() {
                for axis in &open {
                    let value = style::value(&columns::written_at(runs, &axis.path, row)?);
                    group.chosen.push(format!("{} = {value}", style::axis_name(&axis.path)));
                }
            }
        }
        selection.notes.retain(|note| !note.starts_with(POOLED));
        Ok(selection)
    }

    /// Only the runs under the `most` least seeds, and a note that says so; all without a number.
    pub(crate) fn first_seeds(&self, mut selection: Selection, most: Option<u32>) -> Result<Selection, FigureError> {
        let Some(most) = most else { return Ok(selection) };
        let seeds = columns::wholes(self.tables.runs, "seed")?;
        let least: BTreeSet<u64> = seeds.iter().copied().collect();
        if let Some(&first_left_out) = least.iter().nth(most as usize) {
            selection.groups.iter_mut().for_each(|group| group.rows.retain(|&row| seeds[row] < first_left_out));
            selection.notes.push(format!("Only the first {most} of {} seeds.", least.len()));
        }
        Ok(selection)
    }

    /// The run of each group under this seed, or else under the least seed of the study; and the seed.
    pub(crate) fn one_seed(
        &self,
        mut selection: Selection,
        seed: Option<u64>,
    ) -> Result<(Selection, u64), FigureError> {
        let seeds = columns::wholes(self.tables.runs, "seed")?;
        let seed = seed.unwrap_or(seeds.iter().copied().min().unwrap_or(0));
        for group in &mut selection.groups {
            group.rows.retain(|&row| seeds[row] == seed);
            group.rows.truncate(1);
        }
        Ok((selection, seed))
    }
}

/// How many trials, which follow each other, are one trial on its folds.
fn folds(axes: &[AxisInfo]) -> u64 {
    axes.iter().find(|axis| axis.folds).map_or(1, |axis| axis.values.len() as u64).max(1)
}

fn best(measured: Measured<'_>) -> String {
    let end = match measured.direction() {
        Direction::Lower => "least",
        Direction::Higher => "highest",
    };
    format!("{end} median {}", measured.objective.part.of(&measured.objective.measurement))
}

fn groups(axis: &AxisInfo, values: &[String], kept: &[usize]) -> Vec<Group> {
    let mut rows_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    kept.iter().for_each(|&row| rows_of.entry(&values[row]).or_default().push(row));
    let group = |value: &String| {
        let number = value.parse().ok().filter(|number: &f64| number.is_finite());
        Group {
            label: style::value(value),
            number,
            rows: rows_of.get(value.as_str()).cloned().unwrap_or_default(),
            chosen: Vec::new(),
        }
    };
    let mut groups: Vec<Group> = axis.values.iter().map(group).collect();
    if groups.iter().all(|group| group.number.is_some()) {
        groups.sort_by(|a, b| a.number.partial_cmp(&b.number).expect("finite numbers have an order"));
    }
    groups
}

fn notes(axes: &[AxisInfo], by: &[&str], at: &FixedAxes) -> Vec<String> {
    let mut notes = Vec::new();
    for axis in axes.iter().filter(|axis| !by.contains(&axis.path.as_str())) {
        let name = style::axis_name(&axis.path);
        match at.get(&axis.path) {
            Some(value) => notes.push(format!("{} = {}.", style::capital(&name), style::value(&value.to_string()))),
            None if axis.folds => notes.push(format!("{FOLDS}{} folds.", axis.values.len())),
            None if axis.values.len() > 1 => notes.push(format!("{POOLED} {name}: {}.", listed(&axis.values))),
            None => {}
        }
    }
    notes
}

/// The values of an axis; of very many, the first ones and the last one.
fn listed(values: &[String]) -> String {
    const MOST: usize = 40;
    let written = |values: &[String]| values.iter().map(|value| style::value(value)).collect::<Vec<_>>().join(", ");
    match values {
        [first @ .., last] if first.len() >= MOST => {
            format!("{}, ... {} ({} values)", written(&first[..MOST - 30]), style::value(last), values.len())
        }
        values => written(values),
    }
}

const POOLED: &str = "Pooled over";

/// The beginning of the note about folds.
pub(crate) const FOLDS: &str = "Every trial on ";

/// More different choices than this are counted instead of listed.
const MOST_CHOICES: usize = 24;

impl Selection {
    /// Of more groups than `most`, `most` at even distances from the first to the last, with a note that says so.
    pub(crate) fn thinned(mut self, most: usize) -> Self {
        let all = self.groups.len();
        if all > most {
            let kept: BTreeSet<usize> = (0..most).map(|place| place * (all - 1) / (most - 1)).collect();
            let mut place = 0..;
            self.groups.retain(|_| place.next().is_some_and(|place| kept.contains(&place)));
            self.notes.push(format!("Drawn are {most} of {all} values, at even distances in their order."));
        }
        self
    }

    /// Neighbors joined into at most `most` groups, each with the label of its first value, and a note that says so.
    pub(crate) fn joined(mut self, most: usize) -> Self {
        let all = self.groups.len();
        let each = all.div_ceil(most).max(1);
        if each > 1 {
            let mut joined: Vec<Group> = Vec::with_capacity(most);
            for (place, group) in self.groups.into_iter().enumerate() {
                match joined.last_mut() {
                    Some(last) if !place.is_multiple_of(each) => last.rows.extend(group.rows),
                    _ => joined.push(group),
                }
            }
            self.groups = joined;
            self.notes.push(format!("{all} values of {}, {each} joined at a time.", self.name));
        }
        self
    }

    /// The runs of all groups.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().flat_map(|group| group.rows.iter().copied())
    }

    /// Numbers rows by their place in `taken`, which is ascending; rows that are not there are left out.
    pub(super) fn count_in(&mut self, taken: &[usize]) {
        for group in &mut self.groups {
            group.rows = group.rows.iter().filter_map(|row| taken.binary_search(row).ok()).collect();
        }
        self.diverged = taken.iter().map(|&row| self.diverged[row]).collect();
        if !self.of_folds.is_empty() {
            self.of_folds = taken.iter().map(|&row| self.of_folds[row]).collect();
        }
    }

    /// The note about the trials that [`Source::select_best`] chose, if it had a choice.
    pub(crate) fn choice(&self) -> Option<String> {
        let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
        for group in self.groups.iter().filter(|group| !group.chosen.is_empty()) {
            let chosen = group.chosen.join(", ");
            match alike.iter_mut().find(|(other, _)| *other == chosen) {
                Some((_, labels)) => labels.push(&group.label),
                None => alike.push((chosen, vec![&group.label])),
            }
        }
        let described = |(chosen, labels): &(String, Vec<&str>)| match &self.name[..] {
            "" => chosen.clone(),
            _ => format!("{chosen} for {}", labels.join(", ")),
        };
        let mut choices: Vec<String> = alike.iter().take(MOST_CHOICES).map(described).collect();
        if alike.len() > MOST_CHOICES {
            choices.push(format!("and {} more", alike.len() - MOST_CHOICES));
        }
        (!choices.is_empty()).then(|| format!("Drawn is the trial with the {}: {}.", self.best, choices.join("; ")))
    }

    /// The rows, with the folds of one trial under one seed together: their mean is one value.
    pub(crate) fn by_folds(&self, rows: &[usize]) -> Vec<Vec<usize>> {
        if self.of_folds.is_empty() {
            return rows.iter().map(|&row| vec![row]).collect();
        }
        let mut together: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
        rows.iter().for_each(|&row| together.entry(self.of_folds[row]).or_default().push(row));
        together.into_values().collect()
    }

    /// How many runs there are, and how many of them diverged.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let rows = || self.groups.iter().flat_map(|group| &group.rows);
        (rows().count(), rows().filter(|&&row| self.diverged[row]).count())
    }

    /// "30 runs", of each value.
    pub(crate) fn runs(&self) -> String {
        let counts = || self.groups.iter().map(|group| group.rows.len());
        let (low, high) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        match (low, high) {
            (1, 1) => "1 run".into(),
            (low, high) if low == high => format!("{low} runs"),
            (low, high) => format!("{low} to {high} runs"),
        }
    }

    /// "30 runs a line", or just "30 runs" where there is one line.
    pub(crate) fn runs_each(&self, each: &str) -> String {
        if self.groups.len() > 1 { format!("{} a {each}", self.runs()) } else { self.runs() }
    }

    /// The note about runs that diverged, if any, and about what happens to runs that have nothing to draw.
    pub(crate) fn divergence(&self, lost: impl Fn(usize) -> bool, fate: &str) -> Option<String> {
        let (runs, diverged) = self.counts();
        let lost = self.groups.iter().flat_map(|group| &group.rows).any(|&row| lost(row));
        let fate = if lost { fate } else { "" };
        (diverged > 0).then(|| format!("{diverged} of {runs} runs diverged{fate}."))
    }
}

#[cfg(test)]
mod tests;
