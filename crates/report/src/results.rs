//! The summary as a small table for people: rounded, in percent, with the best trial found.

use super::{axis_texts::axis_texts, bounded, choice, confirmed::ConfirmedRows, scale, terms::Terms};
use crate::{
    stats::{self, Choice, ENOUGH, Finding, Interval},
    table::{Baseline, Spread, Summary, TrialSummary},
};

/// The results of a study as a report gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsTable {
    /// The names of the columns, with their units.
    pub header: Vec<String>,
    /// How many columns, from the left, hold values of axes.
    pub axes: usize,
    /// One row a trial.
    pub rows: Vec<Vec<String>>,
    /// How many columns behind the number of runs hold the measurement that decides.
    pub errors: usize,
    /// How many columns behind these are about success.
    pub success: usize,
    /// What a constant answer comes to, cell by cell, where one is known: a row below the others.
    pub constant: Option<Vec<String>>,
    /// The row of the best trial, if one is to be named.
    pub best: Option<usize>,
    /// The best trial in a sentence, or why there is none.
    pub headline: Option<String>,
    /// What trials are put in order by: "lowest mean validation error".
    pub best_mean: String,
    /// What is to be said of trials with too few runs, and of intervals without width.
    pub cautions: Vec<String>,
    /// What the points that everything was measured on leave open.
    pub points: Option<String>,
}

/// The table of results, as both reports have it.
#[must_use]
pub fn results_table(summary: &Summary) -> ResultsTable {
    let results = Results::new(summary);
    let terms = &results.terms;
    let errors = terms.parts.iter().map(|(_, name)| terms.headed(name));
    let header = results.axes.iter().cloned().chain([results.counted.to_owned()]).chain(errors).chain(terms.reached());
    ResultsTable {
        errors: terms.parts.len(),
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

/// The rows of the table, already in words.
pub struct Results {
    /// The paths of the axes.
    pub axes: Vec<String>,
    /// What is counted of a trial: runs, or seeds where each has a run on every fold.
    pub counted: &'static str,
    /// One row a trial.
    pub rows: Vec<Row>,
    /// The names of the columns about runs that went wrong, as far as there are any.
    pub trouble: Vec<&'static str>,
    /// What the measurement that decides is called.
    pub terms: Terms,
    /// The right end of a scale for all errors, in the unit that they are shown in.
    pub scale: f64,
    /// What can be said of the best trial.
    pub choice: Option<Choice>,
    /// How sure intervals and bounds are.
    pub confidence: f64,
    /// The trials that ran again, of a study that confirms.
    pub confirmed: Option<ConfirmedRows>,
    /// What the trials are held against.
    pub(super) baseline: Baseline,
}

/// A trial.
pub struct Row {
    /// The value on each axis.
    pub values: Vec<String>,
    /// Number of runs.
    pub runs: String,
    /// Whether they are too few to rely on their interval.
    pub few: bool,
    /// Whether there are several, which all came to the same value.
    pub agree: bool,
    /// The final value of the measurement that decides, of each of its parts.
    pub errors: Vec<Error>,
    /// The place of the trial in the study.
    pub trial: usize,
    /// The mean of the middle half of the final values that decide.
    pub iqm: String,
    /// Share of runs that succeeded, and epochs until they did; nothing where nothing says when one has.
    pub success: Vec<String>,
    /// Runs that went wrong, in the order of [`Results::trouble`].
    pub trouble: Vec<String>,
    /// Whether this is the best trial.
    pub best: bool,
}

/// A mean with its interval if it has one.
pub struct Error {
    /// `0.53 [0.31, 0.80]`, of few runs with their range, `0.53 (0.31 to 0.80)`, of runs that agree `0.53 (all)`.
    pub text: String,
    /// The mean, in the unit that it is shown in; NaN without runs.
    pub mean: f64,
    /// The interval.
    pub interval: Interval,
}

/// What stands in the place of a number that there is not.
pub const ABSENT: &str = "–";

impl Results {
    /// Of what the numbers of a row are means.
    pub fn averaged(&self) -> &'static str {
        if self.has_folds() { "seeds of a trial, each a mean over its folds" } else { "runs of a trial" }
    }

    /// Whether every trial runs on several folds.
    pub fn has_folds(&self) -> bool {
        self.counted == "seeds"
    }

    /// The rows of a summary.
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
        let confirmed = summary.confirmed.as_ref().map(|own| {
            let trials = own.trials.iter().zip(axis_texts(summary, &own.trials));
            let row = |(trial, values): (&TrialSummary, Vec<String>)| Row {
                trial: trial.trial,
                ..Row::new(summary, &terms, trial, values)
            };
            ConfirmedRows { confirm: own.confirm, rows: trials.map(row).collect(), of: own.of }
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
            terms,
        }
    }

    /// The rows that a page shows, in the order of the study: all, or of many trials those with the best means of what decides.
    pub fn shown(&self) -> impl Iterator<Item = &Row> {
        bounded::shown(&self.rows, self.choice.as_ref().map(|choice| choice.leader), &self.terms)
    }

    /// What is said of rows that are not shown.
    pub fn cut(&self) -> Option<String> {
        bounded::cut(&self.rows, &self.terms, "summary.csv")
    }

    /// The row of a trial, by its place in the study.
    pub fn row(&self, trial: usize) -> Option<&Row> {
        self.rows.iter().find(|row| row.trial == trial)
    }

    /// The row of the runs by which a trial is judged.
    pub fn judged(&self, trial: usize) -> Option<&Row> {
        match &self.confirmed {
            Some(own) => own.rows.iter().find(|row| row.trial == trial),
            None => self.row(trial),
        }
    }

    /// Whether there is a best trial.
    pub fn has_best(&self) -> bool {
        self.rows.iter().any(|row| row.best)
    }

    /// The best trial in a sentence, or why there is none.
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
            sentence + " All of its runs diverged, and count with what was measured last."
        } else {
            sentence
        })
    }

    /// Why the trials are not ranked, as a clause.
    pub fn unranked(&self) -> Option<&'static str> {
        if let Baseline::Unknown(reason) = self.baseline { Some(reason) } else { None }
    }

    /// Whether a best trial was looked for among several.
    pub fn has_choice(&self) -> bool {
        self.choice.as_ref().is_some_and(|choice| choice.finding() != Finding::Single)
    }

    /// The cells of a row for the constant answer, where one is known: what it gets wrong stands where the measurement that decides does.
    pub fn constant(&self) -> Option<Vec<String>> {
        let Baseline::Constant(constant) = self.baseline else { return None };
        let share = self.terms.shown(constant.wrong as f64 / constant.points as f64)?;
        let mut cells = vec![String::new(); self.axes.len()];
        *cells.first_mut()? = "constant answer".into();
        cells.push(ABSENT.into());
        let parts = self.terms.parts.len();
        let decides = self.terms.parts.iter().position(|(part, _)| *part == self.terms.objective().part);
        cells.extend((0..parts).map(|place| if Some(place) == decides { share.clone() } else { ABSENT.into() }));
        cells.extend(self.terms.reached().iter().map(|_| ABSENT.to_owned()));
        cells.extend(self.trouble.iter().map(|_| ABSENT.to_owned()));
        Some(cells)
    }
}

/// What can go wrong with a run, and how to count it.
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
                .parts
                .iter()
                .map(|(part, _)| Error::new(terms, summary.spread(trial, *part, name), trial.runs))
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

    /// The cells, as they stand.
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

/// The share of runs that succeeded, with its interval, which is rounded outwards: `97 % [82, 100]`.
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
