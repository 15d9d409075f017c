use std::path::Path;

use crate::{digest::Record, store::Checkpoint};

/// Receives checkpoints and finished runs of a group during its computation, so that a kill costs seconds of work.
/// `lane` is the index of a run in the group.
///
/// An experiment without a state to save, or with runs of seconds, need not use it.
pub trait Handover {
    /// Returns the checkpoint of an earlier process. An experiment that cannot continue from it starts the run again.
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>>;

    /// Returns whether to [`keep`](Self::keep) every run of the group now. Call it as often as `stopped`, and once more
    /// after `stopped` ends the group; a call is cheap.
    fn due(&self) -> bool;

    /// Saves the checkpoint of a run. A failure is ignored.
    fn keep(&self, lane: usize, checkpoint: &Checkpoint<'_>);

    /// Returns the results folder in which the runs are stored; `None` if they are only compared.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Hands over a finished run; others of the group may be unfinished.
    fn finished(&self, lane: usize, record: Record);
}
