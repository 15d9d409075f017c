use crate::{digest::Record, store::Checkpoint};

/// What a group of runs hands over while it is under way, so that a kill costs seconds and not the whole of it. `lane` is the place of a run in the group.
///
/// An experiment that cannot give its state, or is done in seconds, asks nothing and hands over nothing.
pub trait Handover {
    /// Where an earlier process has left a run. An experiment that cannot go on from there begins anew.
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>>;

    /// Whether to [`keep`](Self::keep) every run of the group now; to be asked as often as `stopped`, and after it even where that breaks off. It costs
    /// next to nothing.
    fn due(&self) -> bool;

    /// Keeps where a run is. What cannot be kept is not: that is no error.
    fn keep(&self, lane: usize, checkpoint: &Checkpoint<'_>);

    /// Hands over a run that is finished, while others of the group may not be.
    fn finished(&self, lane: usize, record: Record);
}
