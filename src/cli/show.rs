use std::path::PathBuf;

use clap::Args;

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{
    results::rows,
    run::Network,
    store,
    table::{self, Summary},
    train::Kernel,
};

/// Show the answer of a study: one row a trial, or one row a run.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// One row a run instead of one a trial.
    #[arg(long)]
    runs: bool,
}

impl Command for Show {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::open(&self.folder)?;
        let network = Network::new(&folder.study, Kernel::best())?;
        let (records, _) = store::load(&folder.path)?;
        let tasks = network.tasks();
        let rows = rows(&tasks, &records);
        if rows.len() < tasks.len() {
            return Err(CliError::usage(
                format!("{} of {} are not here", tasks.len() - rows.len(), text::count(tasks.len(), "run")),
                format!("compute them with `restudy sweep`, or read {}", folder.path.join("summary.csv").display()),
            ));
        }
        let last = |values: &[f64], i: usize| format!("{:.4}", values[i]);
        if common.json() {
            for row in &rows {
                let point = row.record.points.last();
                text::say(serde_json::json!({
                    "run": row.record.id, "trial": row.trial, "seed": row.seed, "outcome": row.record.outcome.name(),
                    "epoch": point.map(|point| point.epoch), "digest": row.record.digest(),
                    "train": point.map(|point| &point.train), "validation": point.map(|point| &point.validation),
                }));
            }
        } else if self.runs {
            let study = &folder.study;
            let axes = study.axes.iter().map(|axis| axis.path.clone());
            let own = ["seed", "outcome", "epoch", "train loss", "train error", "validation loss", "validation error", "run"];
            let header: Vec<_> = axes.chain(own.map(String::from)).collect();
            let cells = rows.iter().filter_map(|row| {
                let point = row.record.points.last()?;
                let mut cells: Vec<_> = study.trials[row.trial].values.iter().map(ToString::to_string).collect();
                cells.extend([row.seed.0.to_string(), row.record.outcome.name().into(), point.epoch.to_string()]);
                cells.extend([&point.train, &point.validation].into_iter().flat_map(|part| [last(part, 0), last(part, 1)]));
                cells.push(row.record.id.short());
                Some(cells)
            });
            text::table(&header, &cells.collect::<Vec<_>>());
        } else {
            summary_table(&table::summary(&folder.study, &rows));
        }
        Ok(Exit::Done)
    }
}

/// The summary for a terminal: final errors as mean and interval in percent, and how many runs reached zero.
pub(super) fn summary_table(summary: &Summary) {
    let own = ["runs", "training error, %", "validation error, %", "reached zero", "after epochs"];
    let header: Vec<_> = summary.axes.iter().map(|axis| axis.path.clone()).chain(own.map(String::from)).collect();
    let error = |finals: &[table::Spread]| {
        let Some(error) = finals.get(1) else { return "–".into() };
        format!("{:.2} [{:.2}, {:.2}]", 100.0 * error.mean, 100.0 * error.interval.low, 100.0 * error.interval.high)
    };
    let rows = summary.trials.iter().map(|trial| {
        let mut cells: Vec<_> = trial.values.iter().map(ToString::to_string).collect();
        cells.extend([trial.runs.to_string(), error(&trial.finals[0]), error(&trial.finals[1])]);
        cells.push(format!("{:.0} %", 100.0 * trial.zero_share));
        cells.push(if trial.zero_epoch_median.is_nan() { "–".into() } else { trial.zero_epoch_median.to_string() });
        cells
    });
    text::table(&header, &rows.collect::<Vec<_>>());
}
