use std::path::PathBuf;

use clap::Args;

use super::{
    CliError, Command, Common, Exit,
    fields::{Cell, Condition, Field, Fields},
    look::Look,
    text,
};
use crate::{
    run::Task,
    store::index::Brief,
    sweep::Study,
    table::{self, Final, Summary, TrialSummary},
};

/// Show the answer of a study: one row a trial, or one row a run.
///
/// Of a study that is not finished, it shows the runs that are there. Fields are the axes (by path, or by the end of it), trial,
/// seed, outcome, epoch, zero-epoch, and the last measurement: train-loss, train-error, validation-error and so on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  restudy show results/hidden --where hidden=7 --where 'learning-rate<0.1'
  restudy show results/hidden --runs --where outcome=diverged
  restudy show results/hidden --sort validation-error --limit 10")]
pub(super) struct Show {
    /// The results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
    /// One row a run instead of one a trial.
    #[arg(long)]
    runs: bool,
    /// Only runs with this: a field, one of = != < <= > >= and a value. Several must all hold.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Sort the rows by a field; of trials, by the mean over their runs.
    #[arg(long, value_name = "FIELD")]
    sort: Option<String>,
    /// The largest first.
    #[arg(long, requires = "sort")]
    reverse: bool,
    /// Show only so many rows.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

type Run<'a> = (&'a Task, &'a Brief);

impl Command for Show {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let look = Look::at(&self.folder, common)?;
        let study = &look.study;
        let fields = Fields::new(study);
        let conditions = self.conditions.iter().map(|text| Condition::parse(text, &fields));
        let conditions = conditions.collect::<Result<Vec<_>, _>>()?;
        let sort = self.sort.as_deref().map(|name| fields.named(name)).transpose()?;
        let found = look.find()?;
        found.warn();
        let mut runs = found.runs();
        let (there, all) = (runs.len(), found.tasks.len());
        if there == 0 {
            return Err(CliError::usage(
                format!("{all} of {} are not here", text::count(all, "run")),
                match &look.manifest {
                    Some(_) => format!("compute them with `restudy sweep`, or read {}", look.path.join("summary.csv").display()),
                    None => "compute them with `restudy sweep`".into(),
                },
            ));
        }
        runs.retain(|(task, run)| conditions.iter().all(|condition| condition.holds(fields.cell(condition.field(), task, run))));
        let chosen = runs.len();
        let shown = if common.json() || self.runs {
            self.sort_runs(&mut runs, sort, &fields);
            let shown = self.limit.unwrap_or(usize::MAX).min(runs.len());
            if common.json() { runs[..shown].iter().for_each(|run| tell(study, run)) } else { self.table(study, &runs[..shown]) }
            (shown, runs.len(), "run")
        } else {
            let mut summary = summary(study, &runs);
            let all = summary.trials.len();
            if let Some(field) = sort {
                sort_trials(&mut summary, field, self.reverse)?;
            }
            summary.trials.truncate(self.limit.unwrap_or(usize::MAX));
            summary_table(&summary);
            (summary.trials.len(), all, "trial")
        };
        if !common.json() && !common.quiet {
            if chosen < there {
                text::warn(format!("{} of {} meet the conditions", text::thousands(chosen as u64), text::count(there, "run")));
            }
            if shown.0 < shown.1 {
                text::warn(format!("{} of {} are shown", text::thousands(shown.0 as u64), text::count(shown.1, shown.2)));
            }
        }
        if there < all {
            let missing = text::count(all - there, "run");
            text::warn(format!("the study is not finished: {missing} of {} are not here yet; go on with `{}`", text::thousands(all as u64), look.sweep()));
        }
        Ok(Exit::Done)
    }
}

impl Show {
    fn sort_runs(&self, runs: &mut [Run<'_>], sort: Option<Field>, fields: &Fields<'_>) {
        let Some(field) = sort else { return };
        runs.sort_by(|(task, run), (other_task, other)| {
            fields.cell(field, task, run).order(fields.cell(field, other_task, other), self.reverse)
        });
    }

    fn table(&self, study: &Study, runs: &[Run<'_>]) {
        let last = |values: &[f64], i: usize| values.get(i).map_or("–".into(), |value| format!("{value:.4}"));
        let axes = study.axes.iter().map(|axis| axis.path.clone());
        let own = ["seed", "outcome", "epoch", "train loss", "train error", "validation loss", "validation error", "run"];
        let header: Vec<_> = axes.chain(own.map(String::from)).collect();
        let cells = runs.iter().map(|(task, run)| {
            let mut cells: Vec<_> = study.trials[task.trial].values.iter().map(ToString::to_string).collect();
            cells.extend([task.seed.0.to_string(), run.outcome.name().into(), run.epoch.to_string()]);
            cells.extend(run.finals.iter().flat_map(|part| [last(part, 0), last(part, 1)]));
            cells.push(run.id.short());
            cells
        });
        text::table(&header, &cells.collect::<Vec<_>>());
    }
}

/// Tells a program of a run.
fn tell(study: &Study, (task, run): &Run<'_>) {
    let values = &study.trials[task.trial].values;
    let axes = study.axes.iter().zip(values).map(|(axis, value)| {
        let value = match Cell::of(value) {
            Cell::Whole(value) => value.into(),
            Cell::Float(value) => value.into(),
            Cell::Text(value) => value.into(),
        };
        (axis.path.clone(), value)
    });
    text::say(serde_json::json!({
        "run": run.id, "trial": task.trial, "seed": task.seed, "outcome": run.outcome.name(), "epoch": run.epoch,
        "digest": run.digest, "train": run.finals[0], "validation": run.finals[1],
        "axes": axes.collect::<serde_json::Map<_, _>>(),
    }));
}

/// The trials of some runs, which are sorted by trial; a trial without any of them is left out.
fn summary(study: &Study, runs: &[Run<'_>]) -> Summary {
    let mut trials: Vec<_> = runs.iter().map(|(task, _)| task.trial).collect();
    trials.dedup();
    let finals = runs.iter().map(|(task, run)| Final {
        trial: task.trial,
        outcome: &run.outcome,
        finals: run.finals.each_ref().map(Vec::as_slice),
        zero_epoch: run.zero_epoch,
    });
    table::summary_of(study, &trials, &finals.collect::<Vec<_>>())
}

fn sort_trials(summary: &mut Summary, field: Field, reverse: bool) -> Result<(), CliError> {
    let metrics = &summary.metrics;
    let cell = |trial: &TrialSummary| match field {
        Field::Final(part, metric) => {
            let place = metrics.iter().position(|recorded| *recorded == metric);
            Cell::Float(place.map_or(f64::NAN, |place| trial.finals[part][place].mean))
        }
        _ => Cell::Float(trial.zero_epoch_median),
    };
    match field {
        Field::Axis(place) => {
            let cell = |trial: &'_ TrialSummary| trial.values[place].clone();
            summary.trials.sort_by(|one, other| Cell::of(&cell(one)).order(Cell::of(&cell(other)), reverse));
        }
        Field::Final(..) | Field::ZeroEpoch => {
            summary.trials.sort_by(|one, other| cell(one).order(cell(other), reverse));
        }
        Field::Trial if reverse => summary.trials.reverse(),
        Field::Trial => {}
        Field::Seed | Field::Outcome | Field::Epoch => {
            return Err(CliError::usage(
                "trials have no single seed, outcome or epoch to be sorted by",
                "add --runs to sort runs, or sort by an axis or a metric",
            ));
        }
    }
    Ok(())
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
