//! The positions of the groups of a figure along its lower axis.

use std::collections::BTreeMap;

use super::{rows::Selection, scale::Scale};

/// The most groups that a reader can tell apart.
pub(super) const MOST: usize = 200;

pub(super) struct XPositions {
    pub scale: Scale,
    /// The value of each group on the scale.
    pub of: Vec<f64>,
    /// Whether distances have a meaning: the groups are numbers, at their values.
    pub numeric: bool,
    /// The least distance of two groups in pixels.
    pub room: f64,
}

/// The least distance of two groups that a reader can tell apart, in pixels.
const ROOM: f64 = 40.0;

impl XPositions {
    /// Numbers at their values if `length` pixels have room for each; otherwise even positions.
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

/// The horizontal offset of the dot of a run, from -1 to 1: by the golden ratio, so that no two near in rank are
/// adjacent.
pub(super) fn jitter(index: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let turned = (index as f64 + 0.5) * GOLDEN;
    2.0 * (turned - turned.floor()) - 1.0
}

/// The dots of a figure that are visible. Of many dots, those that others of their color would hide are left out; every
/// run is still under a dot.
pub(super) struct VisibleDots {
    /// The number of dots at each place, in steps of [`NEAR`](Self::NEAR) pixels; none where few dots are all drawn.
    drawn: Option<BTreeMap<(i64, i64), u8>>,
}

impl VisibleDots {
    /// The most dots that are all drawn.
    const FEW: usize = 20_000;
    /// Dots nearer than this, in pixels, are as good as one: a dot is more than twice as wide.
    const NEAR: f64 = 3.0;
    /// The most dots at one place: one more changes nothing.
    const DEEP: u8 = 8;

    /// For the dots of one color in a figure with `dots` dots.
    pub(super) fn of(dots: usize) -> Self {
        Self { drawn: (dots > Self::FEW).then(BTreeMap::new) }
    }

    /// Whether one more dot at a place in pixels shows.
    pub(super) fn shows(&mut self, (x, y): (f64, f64)) -> bool {
        let Some(drawn) = &mut self.drawn else { return true };
        let depth = drawn.entry(((x / Self::NEAR) as i64, (y / Self::NEAR) as i64)).or_insert(0);
        let shows = *depth < Self::DEEP;
        *depth += u8::from(shows);
        shows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_dots_are_all_drawn_and_of_many_those_that_show() {
        let drawn = |dots: usize, at: &dyn Fn(usize) -> (f64, f64)| {
            let mut seen = VisibleDots::of(dots);
            (0..dots).filter(|&i| seen.shows(at(i))).count()
        };
        assert_eq!(drawn(VisibleDots::FEW, &|_| (10.0, 10.0)), VisibleDots::FEW);
        assert_eq!(drawn(100_000, &|_| (10.0, 10.0)), usize::from(VisibleDots::DEEP));
        let spread = |i: usize| ((i % 860) as f64, (i / 860 % 430) as f64);
        assert!(drawn(1_000_000, &spread) < 860 * 430);
    }
}
