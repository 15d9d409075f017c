//! The results of a study: its tables, its figures, its runs, its proof.

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

/// The results of a study: every run, and the tables and figures made from the runs.
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

/// The tables that figures use, except the table of points.
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
    /// Returns the study.
    #[must_use]
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Returns the folder of the results.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the root: the digest over the digests of all runs, which proves the whole study.
    #[must_use]
    pub fn root(&self) -> Digest {
        root(self.rows().iter().map(|row| (row.record.id, row.record.digest())))
    }

    /// Returns the number of failed runs.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failures().count()
    }

    /// Returns the trials as the report shows them: errors in percent with intervals, the best trial in bold.
    #[must_use]
    pub fn trials(&self) -> Table {
        let ResultsTable { header, axes, rows, best, headline, .. } = results_table(&self.statistics());
        Table::written(header, rows).read_as(best, axes, headline.unwrap_or_default())
    }

    /// Returns every statistic of every trial: a row for each metric on each split.
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

    /// Returns the table of runs: one row per run.
    #[must_use]
    pub fn runs(&self) -> Table {
        Table::stored(self.tables().runs.clone())
    }

    /// Returns the table of measurements: one row per run, measurement and split.
    #[must_use]
    pub fn metrics(&self) -> Table {
        Table::stored(self.tables().metrics.clone())
    }

    /// Returns the table of final parameters: one row per run and parameter.
    #[must_use]
    pub fn weights(&self) -> Table {
        Table::stored(self.tables().weights.clone())
    }

    /// Returns a figure of the specification by its name.
    ///
    /// # Errors
    /// The study has no figure of this name, or the figure cannot be drawn.
    pub fn figure(&self, name: &str) -> Result<Picture> {
        let figures = &self.study.spec.figures;
        let figure = figures.get(name).ok_or_else(|| {
            let names: Vec<_> = figures.keys().map(String::as_str).collect();
            Error::new(format!("the study has no figure {name:?}"), format!("its figures are {}", names.join(", ")))
        })?;
        self.paint(figure)
    }

    /// Returns every figure of the specification.
    ///
    /// # Errors
    /// A figure cannot be drawn.
    pub fn figures(&self) -> Result<Vec<Picture>> {
        self.study.spec.figures.values().map(|figure| self.paint(figure)).collect()
    }

    /// Draws a figure from a line of a specification: `curves = { metric = "error", by = "model.hidden" }`.
    ///
    /// # Errors
    /// The line is invalid, or the figure cannot be drawn.
    pub fn draw(&self, figure: &str) -> Result<Picture> {
        self.paint(&sweep::figure(&self.study, figure)?)
    }

    /// Returns the results of the first seeds only; computes and writes nothing.
    ///
    /// # Errors
    /// The study has fewer seeds.
    pub fn first_seeds(&self, count: usize) -> Result<Self> {
        let seeds = &self.study.seeds;
        if count == 0 || count > seeds.len() {
            return Err(Error::new(
                format!("the study has no {count} seeds"),
                format!("take from 1 to {}", seeds.len()),
            ));
        }
        // Confirmation runs are not among the first seeds.
        let study = Study { seeds: seeds[..count].to_vec(), confirm: None, ..(*self.study).clone() };
        let tasks = self.tasks.iter().filter(|task| study.seeds.contains(&task.seed)).copied().collect();
        let partial = self.partial || count < seeds.len();
        let (tables, summary) = (OnceLock::new(), OnceLock::new());
        Ok(Self { study: Arc::new(study), tasks, partial, tables, summary, ..self.clone() })
    }

    fn rows(&self) -> Vec<RunRow<'_>> {
        rows(&self.tasks, &self.records)
    }

    /// The runs on the seeds of all trials. Confirmation runs exist for some trials only: the verdict and the tables
    /// use them.
    fn first(&self) -> Vec<RunRow<'_>> {
        self.rows().into_iter().filter(|row| !self.study.confirms(row.seed)).collect()
    }

    /// The failed runs and their messages.
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

    fn drawn(&self) -> Arc<Tables> {
        if self.study.confirm.is_some() { Arc::new(Tables::of(&self.study, &self.first())) } else { self.tables() }
    }

    fn paint(&self, figure: &Figure) -> Result<Picture> {
        // Only read or draw the points that this figure needs.
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
        // Only the end of the path, so that the output does not depend on the place of the notebook.
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
