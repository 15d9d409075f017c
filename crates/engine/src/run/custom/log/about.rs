//! What a log knows of its run.

use std::path::Path;

use super::Log;
use crate::digest::Digest;

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
}
