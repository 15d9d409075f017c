//! The rows of a table of trials: their order, and the runs that are in no row.

use clap::Args;

use super::Run;
use crate::{
    cli::{
        CliError, Code,
        fields::{Cell, Field},
    },
    table::{Summary, TrialSummary},
};

#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Rows {
    /// Show one row per run instead of one per trial.
    #[arg(long)]
    pub(in crate::cli) runs: bool,
    /// Show only runs that meet a condition: a field, one of = != < <= > >=, and a value; may be repeated to combine
    /// conditions.
    #[arg(long = "where", value_name = "CONDITION")]
    pub(in crate::cli) conditions: Vec<String>,
    /// Sort by a field; trials are sorted by the mean over their runs.
    #[arg(long, value_name = "FIELD")]
    pub(in crate::cli) sort: Option<String>,
    /// Sort in descending order.
    #[arg(long, requires = "sort")]
    pub(in crate::cli) reverse: bool,
    /// Show at most N rows.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) limit: Option<usize>,
}

/// The number of runs in no row, because other folds under their seed are missing.
pub(super) fn left_out(summary: &Summary, runs: &[Run<'_>]) -> usize {
    if summary.folds == 1 {
        return 0;
    }
    let confirmed = summary.confirmed.iter().flat_map(|own| &own.trials);
    let seeds: u64 = summary.trials.iter().chain(confirmed).map(|trial| trial.runs + trial.failed).sum();
    runs.len().saturating_sub(seeds as usize * summary.folds)
}

/// Sorts the rows by a field that trials have.
pub(super) fn sort(summary: &mut Summary, field: Field, reverse: bool) -> Result<(), CliError> {
    let cell = |trial: &TrialSummary| match field {
        Field::Final(place) => Cell::Float(trial.finals.get(place).map_or(f64::NAN, |spread| spread.mean)),
        _ => Cell::Float(trial.success_epoch_median),
    };
    match field {
        Field::Axis(place) => {
            // Rows combine all folds.
            if summary.trials.iter().any(|trial| trial.values.len() <= place) {
                return Err(CliError::usage(Code::SortUnfit, "rows are means over the folds, and cannot be sorted by them", "add --runs to sort runs"));
            }
            let cell = |trial: &'_ TrialSummary| trial.values[place].clone();
            summary.trials.sort_by(|one, other| Cell::of(&cell(one)).order(Cell::of(&cell(other)), reverse));
        }
        Field::Final(_) | Field::SuccessEpoch => {
            summary.trials.sort_by(|one, other| cell(one).order(cell(other), reverse));
        }
        Field::Trial if reverse => summary.trials.reverse(),
        Field::Trial => {}
        Field::Seed | Field::Outcome | Field::Epoch => {
            return Err(CliError::usage(
                Code::SortUnfit,
                "trials have no single seed, outcome or epoch to be sorted by",
                "add --runs to sort runs, or sort by an axis or a metric",
            ));
        }
    }
    Ok(())
}
