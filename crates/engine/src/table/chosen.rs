//! The choice of the best trial of a summary: from the runs of all trials, or, with `confirm`, from those of the second
//! stage.

use super::{Summary, TrialSummary};
use crate::{
    measure::Direction,
    spec::Confirm,
    stats::{self, Choice, Constant},
};

/// The second stage of a study: the trials that its first stage chose, under seeds that the choice has not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// The number of chosen trials, and the seeds of the second stage.
    pub confirm: Confirm,
    /// The number of trials that they were chosen from.
    pub of: usize,
    /// The summaries of the confirming runs, in the order of the study; empty if the runs are not available.
    pub trials: Vec<TrialSummary>,
}

/// The prediction that trials must beat before one of them is called the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// None: the experiment has no prediction that needs no data.
    #[default]
    None,
    /// A prediction that is the same for every point.
    Constant(Constant),
    /// An unknown baseline, or trials that cannot be ranked: the reason, as a clause.
    Unknown(&'static str),
}

impl Summary {
    /// Adds the baseline and the choice of the best trial, if there can be one.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        let constant = match baseline {
            Baseline::Unknown(_) => return Self { choice: None, ..self },
            Baseline::Constant(constant) => Some(constant),
            Baseline::None => None,
        };
        let name = &self.objective.measurement;
        let own = self.columns.iter().find(|(_, own)| own.name == *name);
        let direction = own.map_or(Direction::Lower, |(_, own)| own.direction);
        // The points are the same in both stages, so the constant prediction is compared with the luckiest of all
        // trials, not only of those that confirm.
        let with_mean =
            |trial: &&TrialSummary| !stats::mean(&trial.decides.values().copied().collect::<Vec<_>>()).is_nan();
        let all = self.trials.iter().filter(with_mean).count();
        let trials = self.confirmed.as_ref().map_or(&self.trials, |confirmed| &confirmed.trials);
        // A part of the confirming trials does not determine the best of them.
        if self.confirmed.as_ref().is_some_and(|own| own.trials.len() < own.confirm.best as usize) {
            return Self { choice: None, ..self };
        }
        let values: Vec<_> = trials.iter().map(|trial| trial.decides.clone()).collect();
        self.choice = stats::choose_among(&values, direction, constant, all).map(|choice| {
            let trial = |place: usize| trials[place].trial;
            let all = |places: &[usize]| places.iter().map(|place| trial(*place)).collect();
            let (equals, worse, unsure) = (all(&choice.equals), all(&choice.worse), all(&choice.unsure));
            Choice { leader: trial(choice.leader), equals, worse, unsure, ..choice }
        });
        self
    }
}
