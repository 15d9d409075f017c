//! Where the groups of a figure stand along its lower axis.

use super::{scale::Scale, select::Selection};

/// The places of groups.
pub(super) struct Places {
    pub scale: Scale,
    /// Of each group, its value on the scale.
    pub of: Vec<f64>,
    /// Whether distances mean something: the groups are numbers, drawn where they are.
    pub numeric: bool,
    /// The least distance of two groups in pixels.
    pub room: f64,
}

/// The least distance at which groups can be told apart, in pixels.
const ROOM: f64 = 40.0;

impl Places {
    /// Numbers where they are if that leaves room for each on `length` pixels; otherwise evenly.
    pub(super) fn new(selection: &Selection, length: f64) -> Self {
        let numbers: Option<Vec<f64>> = selection.groups.iter().map(|group| group.number).collect();
        let scale = numbers.as_ref().and_then(|numbers| Scale::of_values(numbers, selection.log, length, ROOM));
        match (scale, numbers) {
            (Some(scale), Some(of)) => Self { scale, of, numeric: true, room: ROOM },
            _ => Self {
                scale: Scale::names(selection.groups.iter().map(|group| group.label.clone())),
                of: (0..selection.groups.len()).map(|group| group as f64).collect(),
                numeric: false,
                room: length / selection.groups.len().max(1) as f64,
            },
        }
    }
}

/// How far the dot of a run stands aside, from -1 to 1: by the golden ratio, so that no two near in rank stand together.
pub(super) fn jitter(index: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let turned = (index as f64 + 0.5) * GOLDEN;
    2.0 * (turned - turned.floor()) - 1.0
}
