//! A study computed: its tables, its figures, its runs, its proof.

mod computing;
mod lookup;
mod measured;
mod proof;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use polars::prelude::DataFrame;
use restudy::{
    digest::{Digest, Record, root},
    drawer::{self, Figure},
    figure, plane,
    report::{ResultsTable, results_table},
    results::{self, rows},
    run::{self, Task},
    sweep::{self, Study},
    table::{self, RunRow, Summary},
    train::Outcome,
};

pub use computing::{ExpectFailures, sweep, sweep_own};
#[cfg(test)]
pub(crate) use computing::{compute, refuse_failures};
pub use proof::Verified;

use crate::{
    cards::{Card, runs, titled},
    custom,
    error::{Error, Result},
    frame::Table,
    own::Own,
    picture::Picture,
    show::{Bundle, Show},
    tex::digits,
};

/// The answers of a study: every run, and what is made of them.
#[derive(Clone)]
pub struct StudyResults {
    study: Arc<Study>,
    own: Option<Own>,
    folder: PathBuf,
    tasks: Vec<Task>,
    records: Arc<BTreeMap<Digest, Record>>,
    /// Whether these are only some of the seeds.
    partial: bool,
    tables: OnceLock<Arc<Tables>>,
    summary: OnceLock<Arc<Summary>>,
}

/// The tables that figures are drawn from, but the points.
struct Tables {
    runs: DataFrame,
    metrics: DataFrame,
    weights: DataFrame,
}

impl Tables {
    fn of(study: &Study, rows: &[RunRow<'_>]) -> Self {
        let (runs, metrics) = (table::runs(study, rows), table::metrics(study, rows));
        Self { runs, metrics, weights: table::weights(study, rows) }
    }
}

impl StudyResults {
    /// The study.
    #[must_use]
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// The folder of the results.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The root over the digests of all runs: the one number that proves the whole.
    #[must_use]
    pub fn root(&self) -> Digest {
        root(self.rows().iter().map(|row| (row.record.id, row.record.digest())))
    }

    /// How many runs failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failures().count()
    }

    /// The trials for people, as the report has them: errors in percent with intervals, the best one in bold.
    #[must_use]
    pub fn trials(&self) -> Table {
        let ResultsTable { header, axes, rows, best, headline, .. } = results_table(&self.statistics());
        Table::written(header, rows).read_as(best, axes, headline.unwrap_or_default())
    }

    /// Every statistic of every trial: a row for each metric on each part of the data.
    #[must_use]
    pub fn summary(&self) -> Table {
        let summary = self.statistics();
        let mut header: Vec<String> = summary.axes.iter().map(|axis| axis.path.clone()).collect();
        let statistics = ["metric", "mean", "sd", "median", "iqm", "low", "high"];
        header.extend(statistics.map(String::from));
        let mut rows = Vec::new();
        for trial in &summary.trials {
            for ((part, own), spread) in summary.columns.iter().zip(&trial.finals) {
                let mut row: Vec<String> = trial.values.iter().map(ToString::to_string).collect();
                row.push(format!("{} {}", lookup::title(*part), own.name).trim_start().to_owned());
                let interval = spread.interval;
                let numbers = [spread.mean, spread.sd, spread.median, spread.iqm, interval.low, interval.high];
                row.extend(numbers.map(|number| digits(number, 6)));
                rows.push(row);
            }
        }
        Table::written(header, rows).read_as(None, summary.axes.len() + 1, String::new())
    }

    /// The table of runs: one row each.
    #[must_use]
    pub fn runs(&self) -> Table {
        Table::stored(self.tables().runs.clone())
    }

    /// The table of measurements: one row a run, measurement and part of the data.
    #[must_use]
    pub fn metrics(&self) -> Table {
        Table::stored(self.tables().metrics.clone())
    }

    /// The table of final parameters: one row a run and parameter.
    #[must_use]
    pub fn weights(&self) -> Table {
        Table::stored(self.tables().weights.clone())
    }

    /// A figure of the specification, by its name.
    ///
    /// # Errors
    /// There is no figure of that name, or it cannot be drawn.
    pub fn figure(&self, name: &str) -> Result<Picture> {
        let figures = &self.study.spec.figures;
        let figure = figures.get(name).ok_or_else(|| {
            let names: Vec<_> = figures.keys().map(String::as_str).collect();
            Error::new(format!("the study has no figure {name:?}"), format!("its figures are {}", names.join(", ")))
        })?;
        self.paint(figure)
    }

    /// Every figure of the specification.
    ///
    /// # Errors
    /// One cannot be drawn.
    pub fn figures(&self) -> Result<Vec<Picture>> {
        self.study.spec.figures.values().map(|figure| self.paint(figure)).collect()
    }

    /// Any figure, from a line as it stands in a specification: `curves = { metric = "error", by = "model.hidden" }`.
    ///
    /// # Errors
    /// The line is wrong, or the figure cannot be drawn.
    pub fn draw(&self, figure: &str) -> Result<Picture> {
        self.paint(&sweep::figure(&self.study, figure)?)
    }

    /// The same answers seen through the first seeds only; nothing is computed, and nothing written.
    ///
    /// # Errors
    /// There are not so many seeds.
    pub fn first_seeds(&self, count: usize) -> Result<Self> {
        let seeds = &self.study.seeds;
        if count == 0 || count > seeds.len() {
            return Err(Error::new(
                format!("the study has no {count} seeds"),
                format!("take from 1 to {}", seeds.len()),
            ));
        }
        // Runs that confirm are none of these.
        let study = Study { seeds: seeds[..count].to_vec(), confirm: None, ..(*self.study).clone() };
        let tasks = self.tasks.iter().filter(|task| study.seeds.contains(&task.seed)).copied().collect();
        let partial = self.partial || count < seeds.len();
        let (tables, summary) = (OnceLock::new(), OnceLock::new());
        Ok(Self { study: Arc::new(study), tasks, partial, tables, summary, ..self.clone() })
    }

    fn rows(&self) -> Vec<RunRow<'_>> {
        rows(&self.tasks, &self.records)
    }

    /// The runs that all trials have in common: those that confirm are of some alone, and only the verdict and the tables have them.
    fn first(&self) -> Vec<RunRow<'_>> {
        self.rows().into_iter().filter(|row| !self.study.confirms(row.seed)).collect()
    }

    /// The runs that failed, and what they said.
    fn failures(&self) -> impl Iterator<Item = (&Task, &str)> {
        self.tasks.iter().filter_map(|task| match &self.records.get(&task.id)?.outcome {
            Outcome::Failed { message } => Some((task, message.as_str())),
            _ => None,
        })
    }

    fn statistics(&self) -> Arc<Summary> {
        let make = || {
            let prepared = custom::prepared(&self.study).ok();
            let facts = prepared.and_then(|prepared| prepared.facts().ok()).unwrap_or_default();
            Arc::new(table::summary(&self.study, &self.rows()).with_baseline(run::baseline(&self.study, &facts)))
        };
        Arc::clone(self.summary.get_or_init(make))
    }

    fn tables(&self) -> Arc<Tables> {
        let make = || Arc::new(Tables::of(&self.study, &self.rows()));
        Arc::clone(self.tables.get_or_init(make))
    }

    /// The tables that figures draw.
    fn drawn(&self) -> Arc<Tables> {
        if self.study.confirm.is_some() { Arc::new(Tables::of(&self.study, &self.first())) } else { self.tables() }
    }

    fn paint(&self, figure: &Figure) -> Result<Picture> {
        // Only the points that this figure needs are read or drawn.
        let mut study = (*self.study).clone();
        study.spec.figures = BTreeMap::from([("this".to_owned(), figure.clone())]);
        let points = results::points(&*custom::prepared(&study)?)?;
        let (tables, axes) = (self.drawn(), study.axis_infos());
        let Tables { runs, metrics, weights } = &*tables;
        let (measurements, objective) = (study.measurements(), study.objective());
        let figure = drawer::typed(figure);
        let caption = figure.caption(&measurements, objective);
        let tables = figure::Tables {
            runs,
            metrics,
            weights,
            points: &points,
            axes: &axes,
            measurements: &measurements,
            objective,
            confidence: study.confidence,
            fields: &plane::field,
        };
        Ok(Picture::new(figure::svg(&figure, &study.spec.study.question, &tables)?, caption))
    }

    fn card(&self) -> Card {
        let study = &self.study;
        let mut card =
            Card::new(format!("{}: {}", study.name, study.spec.study.question.trim())).line("runs", runs(study));
        match &self.own {
            Some(own) => card = card.line("experiment", format!("{}, version {}", own.name(), own.version())),
            None if study.title().is_some() => card = card.line("experiment", titled(study)),
            None => {}
        }
        if let Some((_, first)) = self.failures().next() {
            card = card.line("failed", format!("{} of {}; the first said: {first}", self.failed(), self.tasks.len()));
        }
        let of = if self.partial { "only some seeds of " } else { "" };
        // Not the whole path: the output is the same wherever the notebook stands.
        let mut folder = self.folder.components().rev().take(2).collect::<Vec<_>>();
        folder.reverse();
        card.line("results", format!("{of}{}", folder.iter().collect::<PathBuf>().display())).line("root", self.root())
    }
}

impl Show for StudyResults {
    fn bundle(&self) -> Bundle {
        let (card, trials) = (self.card(), self.trials().bundle());
        let of = |mime: &str| trials.data().get(mime).cloned().unwrap_or_default();
        Bundle::text(format!("{}\n\n{}", card.text(), of("text/plain"))).html(card.html() + &of("text/html"))
    }
}

#[cfg(test)]
mod tests;
