//! What a log knows of its run.

use std::path::Path;

use super::Log;
use crate::{digest::Digest, run::value_names};

impl Log<'_> {
    /// Returns the identity of the run.
    #[must_use]
    pub fn id(&self) -> Digest {
        self.id
    }

    /// Returns the results folder in which the run is stored; `None` if it is only compared.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.handover.and_then(|(handover, _)| handover.folder())
    }

    /// Returns the step of the last measurement.
    #[must_use]
    pub fn last_step(&self) -> Option<u64> {
        self.observations.last().map(|observation| observation.step)
    }

    /// Returns the number of steps of the run, as the experiment declares it.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Returns the names of the declared values that were never measured, and of those that the last measurement lacks.
    #[must_use]
    pub fn lacking(&self) -> [Vec<String>; 2] {
        let names = value_names(&self.measured);
        let is_measured = |slot: usize| self.observations.iter().any(|own| !own.values[slot].is_nan());
        let is_last = |slot: usize| self.observations.last().is_some_and(|own| !own.values[slot].is_nan());
        let named = |keep: &dyn Fn(usize) -> bool| {
            names.iter().enumerate().filter(|(slot, _)| keep(*slot)).map(|(_, name)| name.clone()).collect()
        };
        [named(&|slot| !is_measured(slot)), named(&|slot| is_measured(slot) && !is_last(slot))]
    }
}
