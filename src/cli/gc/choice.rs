//! Chooses the runs whose files are removed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clap::Args;

use crate::{
    cli::{
        CliError, Code, Common,
        fields::{Condition, Fields},
        open::OpenStudy,
        show::summary,
    },
    measure::Direction,
    seed::Seed,
    stats,
};

#[derive(Debug, Args)]
pub(super) struct Choice {
    /// Remove files only of runs that meet a condition, as for `restudy show`; may be repeated to combine conditions.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Leave the files of the N trials with the best means of the objective.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep_best: Option<u32>,
}

impl Choice {
    /// Returns the identities of the chosen runs; `None` if all are chosen, also those that the study does not ask for.
    pub(super) fn runs(&self, folder: &Path, common: &Common) -> Result<Option<BTreeSet<String>>, CliError> {
        if self.conditions.is_empty() && self.keep_best.is_none() {
            return Ok(None);
        }
        let opened = OpenStudy::open(folder, common)?;
        let study = &opened.study;
        let found = opened.find(true)?;
        found.warn_of_files();
        let fields = Fields::new(study);
        let conditions = self.conditions.iter().map(|text| Condition::parse(text, &fields));
        let conditions = conditions.collect::<Result<Vec<_>, _>>()?;
        let mut runs = found.runs();
        let (there, all) = (runs.len(), found.tasks.len());
        let spared = match self.keep_best {
            Some(_) if there < all => {
                return Err(CliError::usage(
                    Code::RunNotStored,
                    format!("--keep-best compares all trials, and {there} of {all} runs of {} are stored", study.name),
                    opened.how("compute the others with", &found.shown.findings),
                ));
            }
            Some(most) => {
                let summary = summary(study, &runs);
                let own = study.declaration().measurement(&study.objective().measurement);
                let direction = own.map_or(Direction::Lower, |own| own.direction);
                let values: Vec<BTreeMap<Seed, f64>> =
                    summary.trials.iter().map(|trial| trial.decides.clone()).collect();
                let best = stats::best(&values, direction, most as usize).into_iter();
                best.map(|place| summary.trials[place].trial).collect()
            }
            None => BTreeSet::new(),
        };
        let holds = |condition: &Condition, task, run| condition.holds(fields.cell(condition.field(), task, run));
        runs.retain(|(task, run)| {
            !spared.contains(&study.first_fold(task.trial))
                && conditions.iter().all(|condition| holds(condition, task, run))
        });
        Ok(Some(runs.into_iter().map(|(task, _)| task.id.to_string()).collect()))
    }
}
