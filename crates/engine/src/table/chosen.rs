//! What may be said of the best trial of a summary, and of which runs: those of all trials, or of a study that confirms, those of its second stage.

use super::{Summary, TrialSummary};
use crate::{
    measure::Direction,
    spec::Confirm,
    stats::{self, Choice, Constant},
};

/// The second stage of a study: the trials that its first stage chose, under seeds that the choice has not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// How many trials run again, and under which seeds.
    pub confirm: Confirm,
    /// Among how many trials these were chosen.
    pub of: usize,
    /// What their confirming runs came to, in the order of the study; nothing where these are not at hand.
    pub trials: Vec<TrialSummary>,
}

/// What trials are held against before one of them is called the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// Nothing: the experiment knows of no answer that needs no data.
    #[default]
    None,
    /// An answer that is the same for every point.
    Constant(Constant),
    /// Something that is not known, or trials that cannot be ranked: the reason, as a clause.
    Unknown(&'static str),
}

impl Summary {
    /// The same with what can be said of the best trial, where it may be said that there is one.
    #[must_use]
    pub fn beside(mut self, baseline: Baseline) -> Self {
        self.baseline = baseline;
        let constant = match baseline {
            Baseline::Unknown(_) => return Self { choice: None, ..self },
            Baseline::Constant(constant) => Some(constant),
            Baseline::None => None,
        };
        let name = &self.objective.measurement;
        let own = self.columns.iter().find(|(_, own)| own.name == *name);
        let direction = own.map_or(Direction::Lower, |(_, own)| own.direction);
        // The points are the same in both stages, so that a constant answer is beaten by the luckiest of all trials, not of those that confirm.
        let with_mean =
            |trial: &&TrialSummary| !stats::mean(&trial.decides.values().copied().collect::<Vec<_>>()).is_nan();
        let all = self.trials.iter().filter(with_mean).count();
        let trials = self.confirmed.as_ref().map_or(&self.trials, |confirmed| &confirmed.trials);
        // Some of the trials that run again say nothing of the best of them.
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
