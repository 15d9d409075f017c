//! Checks that an experiment still gives the results that are stored under its version.

use std::{collections::BTreeMap, ops::ControlFlow};

use restudy::{
    digest::{Digest, Record},
    run::{Experiment, Task},
    sweep::Study,
    train::Outcome,
};

use crate::error::{Error, Result};

/// An experiment, as a cell defines it.
pub(crate) struct Named<'a> {
    pub name: &'a str,
    pub version: u64,
    /// The function that defines it in a cell.
    pub call: &'a str,
    /// The inputs that it may depend on.
    pub inputs: &'a str,
}

impl Named<'_> {
    /// Computes the cheapest of the stored runs again, and the cheapest that failed; refuses different results.
    pub(crate) fn require(
        &self,
        study: &Study,
        experiment: &dyn Experiment,
        tasks: &[Task],
        stored: &BTreeMap<Digest, Record>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<()> {
        let failed = |task: &&Task| matches!(stored[&task.id].outcome, Outcome::Failed { .. });
        let mut known: Vec<&Task> = tasks.iter().filter(|task| stored.contains_key(&task.id)).collect();
        known.sort_by(|a, b| experiment.cost(a).total_cmp(&experiment.cost(b)));
        let chosen = [known.iter().find(|task| !failed(task)), known.iter().find(|task| failed(task))];
        for task in chosen.into_iter().flatten() {
            let again = experiment.run(&[**task], &mut |_, _| ControlFlow::Continue(()), stopped)?;
            if stopped() {
                return Err(Error::new("interrupted: nothing was stored", "run the cell again"));
            }
            if again.is_none_or(|again| again[0].digest() != stored[&task.id].digest()) {
                return Err(self.changed(study, task));
            }
        }
        Ok(())
    }

    fn changed(&self, study: &Study, task: &Task) -> Error {
        let Self { name, version, call, inputs } = self;
        let place = study.trials[task.trial].values.iter().zip(&study.axes);
        let place: String = place.map(|(value, axis)| format!("{} = {value}, ", axis.path)).collect();
        Error::new(
            format!(
                "the experiment `{name}` gives another result now than the one that is stored under version \
                 {version} ({place}seed {})",
                task.seed.0
            ),
            format!(
                "raise its version, {call}(\"{name}\", {}, …), if it was changed on purpose; it must otherwise depend on nothing but {inputs}",
                version + 1
            ),
        )
    }
}
