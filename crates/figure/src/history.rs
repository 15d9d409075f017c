//! The measurements of the runs over time, as quartiles of each group.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use restudy_core::measure::{Direction, Split};
use restudy_stats as stats;

use super::{
    FigureError,
    rows::{Rows, Selection},
    settings,
    style::MetricFormat,
};

/// The quartiles of a group at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quartiles {
    pub time: f64,
    pub quartiles: [f64; 3],
}

pub(super) struct History {
    /// By group, then by part.
    pub curves: BTreeMap<(usize, usize), Vec<Quartiles>>,
    /// The unit of time.
    pub unit: String,
    /// The last time.
    pub length: f64,
}

/// One run on one part of the data: times and values.
type Series = Vec<(u64, f64)>;

/// The most times that are drawn: a figure has no pixels for more.
const MOST_TIMES: usize = 240;

/// The part of rows that are not drawn.
const OTHER: u8 = u8::MAX;

impl History {
    pub(super) fn read(
        rows: &mut Rows<'_>,
        shown: MetricFormat<'_>,
        parts: &[Split],
        selection: &Selection,
    ) -> Result<Self, FigureError> {
        let metrics = rows.metrics(&["run", "epoch", "step", "split", shown.name])?;
        let (table, places) = (metrics.view, metrics.ranges);
        let (values, epochs, splits) = (table.floats(shown.name)?, table.wholes("epoch")?, table.texts("split")?);
        // A byte a row: there are many rows.
        let (first, second) = (parts.first().map(|part| part.name()), parts.get(1).map(|part| part.name()));
        let place = |split: &str| match Some(split) {
            split if split == first => 0,
            split if split == second => 1,
            _ => OTHER,
        };
        let part_of: Vec<u8> = splits.iter().map(|split| place(split)).collect();
        // Of several measurements in an epoch, only the steps differ.
        let again = |rows: &Range<usize>| {
            let mut before = [u64::MAX; 2];
            rows.clone().filter(|row| part_of[*row] != OTHER).any(|row| {
                let (before, epoch) = (&mut before[usize::from(part_of[row])], epochs[row]);
                std::mem::replace(before, epoch) == epoch
            })
        };
        let within = places.iter().any(again);
        let times = if within { table.wholes("step")? } else { epochs };
        let series = |run: usize, part: usize| -> Series {
            let of_part = places[run].clone().filter(|&row| usize::from(part_of[row]) == part);
            of_part.map(|row| (times[row], values[row] * shown.factor)).collect()
        };
        let outcomes = rows.runs.texts("outcome")?;
        let mut curves = BTreeMap::new();
        for (group, runs) in selection.groups.iter().enumerate() {
            for part in 0..parts.len() {
                let measured = runs.rows.iter().filter(|&&run| !places[run].is_empty());
                let of_group: Vec<(Series, &str)> = measured.map(|&run| (series(run, part), outcomes[run])).collect();
                curves.insert((group, part), curve(&of_group, shown));
            }
        }
        let length = curves.values().flatten().map(|point| point.time).fold(0.0, f64::max);
        Ok(Self { curves, unit: if within { "Step".into() } else { settings::capital(shown.over) }, length })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.curves.values().all(Vec::is_empty)
    }
}

/// The quartiles over the runs of a group. After its end a run that converged stays where it was, and one that diverged
/// counts as worst.
fn curve(runs: &[(Series, &str)], shown: MetricFormat<'_>) -> Vec<Quartiles> {
    let direction = shown.direction;
    let times: BTreeSet<u64> = runs.iter().flat_map(|(series, _)| series.iter().map(|&(time, _)| time)).collect();
    let mut times: Vec<u64> = times.into_iter().collect();
    let every = times.len().div_ceil(MOST_TIMES).max(1);
    let last = times.len().saturating_sub(1);
    let mut index = 0..;
    times.retain(|_| index.next().is_some_and(|i: usize| i.is_multiple_of(every) || i == last));
    let mut places = vec![0; runs.len()];
    let at = |time: u64| {
        let now = runs.iter().zip(&mut places).filter_map(|((series, outcome), place)| {
            while series.get(*place).is_some_and(|&(measured, _)| measured < time) {
                *place += 1;
            }
            match series.get(*place) {
                Some(&(measured, value)) => (measured == time).then_some(value),
                // A measurement without a better direction has no worst value.
                None if *outcome == "diverged" && shown.neutral => None,
                None if *outcome == "diverged" => Some(direction.worst()),
                None if *outcome == "converged" => series.last().map(|&(_, value)| value),
                None => None,
            }
        });
        // By rank, so that what is between a value and the worst is the worst in either direction.
        let counts = |value: &f64| !value.is_nan() && (value.is_finite() || !shown.neutral);
        let mut now: Vec<f64> = now.filter(counts).map(|value| direction.rank(value)).collect();
        now.sort_unstable_by(f64::total_cmp);
        let [best, middle, worst] = [0.25, 0.5, 0.75].map(|q| stats::quantile(&now, q));
        let quartiles = match direction {
            Direction::Lower => [best, middle, worst],
            Direction::Higher => [-worst, -middle, -best],
        };
        (!now.is_empty()).then_some(Quartiles { time: time as f64, quartiles })
    };
    times.into_iter().filter_map(at).collect()
}
