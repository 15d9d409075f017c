//! The table of results: rounded, in percent, with the best trial.

use super::{axis_texts::axis_texts, bounded, choice, confirmed::ConfirmedRows, scale, terms::Terms};
use crate::{
    stats::{self, Choice, ENOUGH, Finding, Interval},
    table::{Baseline, Spread, Summary, TrialSummary},
};

/// The results of a study, as in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsTable {
    /// The names of the columns, with their units.
    pub header: Vec<String>,
    /// The number of leading columns with values of axes.
    pub axes: usize,
    /// One row for each trial.
    pub rows: Vec<Vec<String>>,
    /// The number of columns with the objective, after the number of runs.
    pub errors: usize,
    /// The number of columns about success, after these.
    pub success: usize,
    /// The cells of the row for a constant answer, where one is known.
    pub constant: Option<Vec<String>>,
    /// The row of the best trial, if one is named.
    pub best: Option<usize>,
    /// The sentence about the best trial, or the reason why there is none.
    pub headline: Option<String>,
    /// The order of trials: "lowest mean validation error".
    pub best_mean: String,
    /// Cautions about trials with too few runs, and about runs that all agree.
    pub cautions: Vec<String>,
    /// The note about the uncertainty from the points.
    pub points: Option<String>,
}

/// Returns the table of results, as in both reports.
#[must_use]
pub fn results_table(summary: &Summary) -> ResultsTable {
    let results = Results::new(summary);
    let terms = &results.terms;
    let errors = terms.splits.iter().map(|(_, name)| terms.headed(name));
    let header = results.axes.iter().cloned().chain([results.counted.to_owned()]).chain(errors).chain(terms.reached());
    ResultsTable {
        errors: terms.splits.len(),
        success: terms.reached().len(),
        header: header.chain(results.trouble.iter().map(ToString::to_string)).collect(),
        axes: results.axes.len(),
        rows: results.rows.iter().map(Row::cells).collect(),
        constant: results.constant(),
        best: results.rows.iter().position(|row| row.best),
        headline: results.headline(),
        best_mean: terms.best(),
        cautions: results.caution().into_iter().chain(results.unseen()).collect(),
        points: results.other_points(),
    }
}

/// The results as displayed texts.
pub struct Results {
    /// The paths of the axes.
    pub axes: Vec<String>,
    /// The counted unit of a trial: runs, or seeds if each has a run on every fold.
    pub counted: &'static str,
    /// One row for each trial.
    pub rows: Vec<Row>,
    /// The columns about diverged and failed runs, if there are any.
    pub trouble: Vec<&'static str>,
    /// The words for the objective.
    pub terms: Terms,
    /// The right end of a scale for all errors, in the displayed unit.
    pub scale: f64,
    /// The choice of the best trial.
    pub choice: Option<Choice>,
    /// The level of confidence of intervals and bounds.
    pub confidence: f64,
    /// The trials that ran again, in a study with confirmation.
    pub confirmed: Option<ConfirmedRows>,
    /// Whether all runs are stored, and files beside the report list them.
    pub(super) is_finished: bool,
    pub(super) baseline: Baseline,
}

/// The row of a trial.
pub struct Row {
    /// The value on each axis.
    pub values: Vec<String>,
    /// The number of runs.
    pub runs: String,
    /// Whether they are too few for an interval.
    pub few: bool,
    /// Whether there are several with the same value.
    pub agree: bool,
    /// The final value of the objective, for each split.
    pub errors: Vec<Error>,
    /// The index of the trial in the study.
    pub trial: usize,
    /// The interquartile mean of the objective.
    pub iqm: String,
    /// The share of successful runs, and the epochs until success; empty without a condition of success.
    pub success: Vec<String>,
    /// The numbers of diverged and failed runs, in the order of [`Results::trouble`].
    pub trouble: Vec<String>,
    /// Whether this is the best trial.
    pub best: bool,
}

/// A mean with its interval, if it has one.
pub struct Error {
    /// The text: `0.53 [0.31, 0.80]`; for few runs with their range, `0.53 (0.31 to 0.80)`; for equal runs, `0.53
    /// (all)`.
    pub text: String,
    /// The mean, in the displayed unit; NaN without runs.
    pub mean: f64,
    /// The interval.
    pub interval: Interval,
}

/// The text of a missing number.
pub const ABSENT: &str = "–";

impl Results {
    /// Returns the unit over which a row averages.
    pub fn averaged(&self) -> &'static str {
        if self.has_folds() { "seeds of a trial, each a mean over its folds" } else { "runs of a trial" }
    }

    /// Whether every trial runs on several folds.
    pub fn has_folds(&self) -> bool {
        self.counted == "seeds"
    }

    /// Formats the rows of a summary.
    #[must_use]
    pub fn new(summary: &Summary) -> Self {
        let terms = Terms::of(summary);
        let choice = summary.choice.clone();
        let best = choice.as_ref().and_then(Choice::best);
        let trouble: Vec<_> = TROUBLE.into_iter().filter(|(_, of)| summary.trials.iter().any(|t| of(t) > 0)).collect();
        let values = axis_texts(summary, &summary.trials);
        let rows: Vec<_> = summary
            .trials
            .iter()
            .zip(values)
            .map(|(trial, values)| Row {
                trouble: trouble.iter().map(|(_, of)| of(trial).to_string()).collect(),
                best: best == Some(trial.trial),
                trial: trial.trial,
                ..Row::new(summary, &terms, trial, values)
            })
            .collect();
        let ends = rows.iter().flat_map(|row| &row.errors).map(|error| error.interval.high.max(error.mean));
        let confirmed = summary.confirmed.as_ref().map(|confirmed| {
            let trials = confirmed.trials.iter().zip(axis_texts(summary, &confirmed.trials));
            let row = |(trial, values): (&TrialSummary, Vec<String>)| Row {
                trial: trial.trial,
                ..Row::new(summary, &terms, trial, values)
            };
            ConfirmedRows { confirm: confirmed.confirm, rows: trials.map(row).collect(), of: confirmed.of }
        });
        Self {
            confirmed,
            counted: if summary.folds > 1 { "seeds" } else { "runs" },
            axes: summary.axes.iter().map(|axis| axis.path.clone()).collect(),
            trouble: trouble.into_iter().map(|(name, _)| name).collect(),
            scale: scale::end(ends.filter(|end| end.is_finite()).fold(0.0, f64::max), terms.factor == 100.0),
            rows,
            choice,
            confidence: summary.confidence,
            baseline: summary.baseline,
            is_finished: true,
            terms,
        }
    }

    /// Returns the rows that a page shows, in the order of the study: all, or those with the best means of the
    /// objective.
    pub fn shown(&self) -> impl Iterator<Item = &Row> {
        bounded::shown(&self.rows, self.choice.as_ref().map(|choice| choice.leader), &self.terms)
    }

    /// Returns a note about rows that are not shown.
    pub fn cut(&self) -> Option<String> {
        bounded::cut(&self.rows, &self.terms, if self.is_finished { "summary.csv has" } else { "restudy show lists" })
    }

    /// Returns the row of a trial, by its index in the study.
    pub fn row(&self, trial: usize) -> Option<&Row> {
        self.rows.iter().find(|row| row.trial == trial)
    }

    /// Returns the row of the runs that decide about a trial: those that confirm, if there are any.
    pub fn judged(&self, trial: usize) -> Option<&Row> {
        match &self.confirmed {
            Some(confirmed) => confirmed.rows.iter().find(|row| row.trial == trial),
            None => self.row(trial),
        }
    }

    /// Whether a best trial is named.
    pub fn has_best(&self) -> bool {
        self.rows.iter().any(|row| row.best)
    }

    /// Returns the sentence about the best trial, or the reason why there is none.
    pub fn headline(&self) -> Option<String> {
        if let Some(reason) = self.unranked() {
            return (self.rows.len() > 1).then(|| format!("No trial is named the best: {reason}."));
        }
        let choice = self.choice.as_ref()?;
        let sentence = choice::sentence(choice, self)?;
        let place = self.trouble.iter().position(|name| *name == "diverged");
        let row = self.judged(choice.leader);
        let diverged =
            place.and_then(|place| row?.trouble.get(place)).zip(row).is_some_and(|(count, row)| *count == row.runs);
        Some(if diverged {
            sentence + " All of its runs diverged, and count with their last measurement."
        } else {
            sentence
        })
    }

    /// Returns why the trials are not ranked, as a clause.
    pub fn unranked(&self) -> Option<&'static str> {
        if let Baseline::Unknown(reason) = self.baseline { Some(reason) } else { None }
    }

    /// Whether a best trial was sought among several.
    pub fn has_choice(&self) -> bool {
        self.choice.as_ref().is_some_and(|choice| choice.finding() != Finding::Single)
    }

    /// Returns the cells of the row for the constant answer, where one is known: its error is in the column of the
    /// objective.
    pub fn constant(&self) -> Option<Vec<String>> {
        let Baseline::Constant(constant) = self.baseline else { return None };
        let share = self.terms.shown(constant.wrong as f64 / constant.points as f64)?;
        let mut cells = vec![String::new(); self.axes.len()];
        *cells.first_mut()? = "constant answer".into();
        cells.push(ABSENT.into());
        let splits = self.terms.splits.len();
        let decides = self.terms.splits.iter().position(|(split, _)| *split == self.terms.objective().part);
        cells.extend((0..splits).map(|place| if Some(place) == decides { share.clone() } else { ABSENT.into() }));
        cells.extend(self.terms.reached().iter().map(|_| ABSENT.to_owned()));
        cells.extend(self.trouble.iter().map(|_| ABSENT.to_owned()));
        Some(cells)
    }
}

const TROUBLE: [(&str, Count); 2] = [("diverged", |trial| trial.diverged), ("failed", |trial| trial.failed)];

type Count = fn(&TrialSummary) -> u64;

impl Row {
    fn new(summary: &Summary, terms: &Terms, trial: &TrialSummary, values: Vec<String>) -> Self {
        let name = &terms.objective().measurement;
        let shares = [success(trial, summary.confidence), number(trial.success_epoch_median)];
        Self {
            values,
            runs: trial.runs.to_string(),
            agree: trial.runs > 1
                && summary.spread(trial, terms.objective().part, name).is_some_and(Spread::is_one_value),
            few: trial.runs > 0 && trial.runs < ENOUGH as u64,
            errors: terms
                .splits
                .iter()
                .map(|(split, _)| Error::new(terms, summary.spread(trial, *split, name), trial.runs))
                .collect(),
            trial: 0,
            iqm: summary
                .spread(trial, terms.objective().part, name)
                .and_then(|spread| terms.shown(spread.iqm))
                .unwrap_or_else(|| ABSENT.into()),
            success: if terms.success.is_some() { shares.into() } else { Vec::new() },
            trouble: Vec::new(),
            best: false,
        }
    }

    fn cells(&self) -> Vec<String> {
        let errors = self.errors.iter().map(|error| &error.text);
        let cells = self.values.iter().chain([&self.runs]).chain(errors).chain(&self.success);
        cells.chain(&self.trouble).cloned().collect()
    }
}

impl Error {
    fn new(terms: &Terms, spread: Option<&Spread>, runs: u64) -> Self {
        let nothing = Interval::NONE;
        let (mean, interval) = spread.map_or((f64::NAN, nothing), |spread| (spread.mean, spread.interval));
        let shown = |ends: [f64; 2]| Some([terms.shown(ends[0])?, terms.shown(ends[1])?]);
        let few = runs > 1 && runs < ENOUGH as u64;
        let text = match (terms.shown(mean), shown([interval.low, interval.high]), spread.filter(|_| runs > 1)) {
            (Some(mean), Some([low, high]), Some(_)) => format!("{mean} [{low}, {high}]"),
            (Some(mean), None, Some(spread)) if spread.is_one_value() => format!("{mean} (all)"),
            (Some(mean), None, Some(spread)) if few => match shown(spread.range) {
                Some([least, most]) => format!("{mean} ({least} to {most})"),
                None => mean,
            },
            (Some(mean), ..) => mean,
            _ => ABSENT.into(),
        };
        let [mean, low, high] = [mean, interval.low, interval.high].map(|value| terms.factor * value);
        Self { text, mean, interval: Interval { low, high } }
    }
}

/// The share of successful runs, with its interval, rounded outwards: `97 % [82, 100]`.
fn success(trial: &TrialSummary, confidence: f64) -> String {
    if trial.success_share.is_nan() {
        return ABSENT.into();
    }
    let share = format!("{:.0} %", 100.0 * trial.success_share);
    let found = (trial.success_share * trial.runs as f64).round() as u64;
    let Interval { low, high } = stats::share(found, trial.runs, confidence);
    if trial.runs > 1 { format!("{share} [{:.0}, {:.0}]", (100.0 * low).floor(), (100.0 * high).ceil()) } else { share }
}

fn number(value: f64) -> String {
    if value.is_nan() { ABSENT.into() } else { value.to_string() }
}
