//! Scales: where a value stands between the ends of an axis, and which values are written there.
//!
//! plotters' own logarithmic coordinates ask the platform for logarithms; these use `math`, so that every machine draws the
//! same.

use super::style::{self, Shown, decade, ten_to};
use crate::stats;
use restudy_core::{math, measure::Direction};

/// How values are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// Evenly.
    Linear,
    /// By their square root: room for the small ones, and a place for zero.
    Root,
    /// By their logarithm.
    Log,
}

/// A scale from 0 at its low end to 1 at its high end.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    pub spacing: Spacing,
    low: f64,
    high: f64,
    /// Whether there are values beyond the ends.
    clipped: bool,
    /// Where what is not finite stands: at the end that is worst.
    worst: f64,
    /// Values that are marked, with what is written there.
    pub ticks: Vec<(f64, String)>,
}

/// The least distance of two ticks, as a share of the axis.
const GAP: f64 = 0.07;

impl Scale {
    /// Where a value stands; beyond the ends where it does, and at the worst end where it is not finite.
    pub(super) fn place(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return self.worst;
        }
        let (low, high) = (self.spaced(self.low), self.spaced(self.high));
        let place = (self.spaced(value) - low) / (high - low);
        if place.is_finite() { place } else { 0.0 }
    }

    /// Whether a value stands between the ends.
    pub(super) fn holds(&self, value: f64) -> bool {
        value.is_finite() && (0.0..=1.0).contains(&self.place(value))
    }

    fn spaced(&self, value: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => value,
            Spacing::Root => math::sqrt(value.max(0.0)),
            Spacing::Log => math::log10(value.max(f64::MIN_POSITIVE)),
        }
    }

    fn new(spacing: Spacing, low: f64, high: f64) -> Self {
        Self { spacing, low, high, clipped: false, worst: 1.0, ticks: Vec::new() }
    }

    /// From `low` to `high`, with round ticks.
    pub(super) fn linear(low: f64, high: f64) -> Self {
        Self::stepped(low, high, 0.0)
    }

    /// From 0 to a whole number, with whole ticks.
    pub(super) fn counts(high: f64) -> Self {
        Self::stepped(0.0, high, 1.0)
    }

    fn stepped(low: f64, high: f64, least_step: f64) -> Self {
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
        Self::marked((low, high), round_step((high - low) / 5.5).max(least_step), 6)
    }

    /// Evenly from a number to a greater one, with ticks at multiples of a step that are written in so many digits.
    fn marked((low, high): (f64, f64), step: f64, digits: usize) -> Self {
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        // From whole numbers and powers of ten: 0.3, not 0.30000000000000004.
        let ticks = (first..=last).map(|i| i as f64 * step).map(|tick| (tick, style::digits(tick, digits)));
        Self { ticks: ticks.collect(), ..Self::new(Spacing::Linear, low, high) }
    }

    /// For the values of a measurement, in its shown unit: from zero, evenly if they are of one size; otherwise by
    /// logarithm, or by square root where zero must have a place. Evenly around them where zero means nothing, or where
    /// some are below it.
    pub(super) fn metric(shown: Shown<'_>, values: impl Iterator<Item = f64>) -> Self {
        let worst = if shown.direction == Direction::Higher { 0.0 } else { 1.0 };
        Self { worst, ..Self::of_measured(shown, values) }
    }

    fn of_measured(shown: Shown<'_>, values: impl Iterator<Item = f64>) -> Self {
        let finite: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        if finite.iter().any(|&value| value < 0.0) {
            return Self::around(finite);
        }
        let max = finite.iter().copied().fold(0.0, f64::max);
        let min = finite.iter().copied().fold(max, f64::min);
        if max <= 0.0 {
            return Self::linear(0.0, 1.0);
        }
        if min * 20.0 >= max {
            return if shown.from_zero { Self::linear(0.0, round_up(max)) } else { Self::around(finite) };
        }
        if shown.reaches_zero {
            let mut scale = Self::new(Spacing::Root, 0.0, round_up(max));
            let top = decade(max);
            let candidates = (top - 4..=top).rev().flat_map(|exponent| [5.0, 2.0, 1.0].map(|m| m * ten_to(exponent)));
            let high = scale.high;
            scale.keep_apart([high].into_iter().chain(candidates.filter(|&tick| tick < high)));
            scale.ticks.push((0.0, "0".into()));
            return scale;
        }
        // Runs on their way to infinity, or to a loss of nothing, must not press all others together.
        const REACH: f64 = 1e6;
        let positive: Vec<f64> = finite.into_iter().filter(|&value| value > 0.0).collect();
        let middle = stats::median(&positive);
        let min = positive.iter().copied().fold(max, f64::min);
        let clipped = min < middle / REACH || max > middle * REACH;
        Self { clipped, ..Self::log(min.max(middle / REACH) / 1.25, max.min(middle * REACH) * 1.25) }
    }

    /// Evenly, from a round number below some values to one above them. A few that are very far from the others are beyond
    /// the ends.
    fn around(mut values: Vec<f64>) -> Self {
        const REACH: f64 = 100.0;
        // Differences of greater ones are not finite.
        const MOST: f64 = 1e300;
        values.iter_mut().for_each(|value| *value = value.clamp(-MOST, MOST));
        values.sort_unstable_by(f64::total_cmp);
        let (Some(&least), Some(&greatest)) = (values.first(), values.last()) else { return Self::linear(0.0, 1.0) };
        let [first, third] = [0.25, 0.75].map(|q| stats::quantile(&values, q));
        let reach = if third > first { REACH * (third - first) } else { f64::INFINITY };
        let (mut low, mut high) = (least.max(first - reach), greatest.min(third + reach));
        let clipped = low > least || high < greatest;
        let size = low.abs().max(high.abs());
        if high - low <= 1e-9 * size {
            let margin = if size > 0.0 { 0.1 * size } else { 0.5 };
            (low, high) = (low - margin, high + margin);
        }
        let step = round_step((high - low) / 5.5);
        // As many digits as tell neighbours apart.
        let digits = if size > 0.0 { (decade(size) - decade(step) + 2).clamp(6, 15) } else { 6 };
        let ends = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { clipped, ..Self::marked(ends, step, digits as usize) }
    }

    /// By logarithm, from one positive number to a larger one.
    pub(super) fn log(low: f64, high: f64) -> Self {
        let mut scale = Self::new(Spacing::Log, low, high);
        let decades = decade(low)..=decade(high);
        let multiples: &[f64] = if high < low * 100.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let candidates = decades.flat_map(|exponent| multiples.iter().map(move |m| m * ten_to(exponent)));
        scale.keep_apart(candidates.filter(|tick| (low..=high).contains(tick)));
        scale
    }

    /// For the values of an axis, each of them a tick, if there is room for them on `length` pixels.
    pub(super) fn of_values(values: &[f64], log: bool, length: f64, room: f64) -> Option<Self> {
        let (low, high) = (values.first().copied()?, values.last().copied()?);
        let spacing = if log && low > 0.0 { Spacing::Log } else { Spacing::Linear };
        let mut scale = Self::new(spacing, low, high);
        let margin = room * 0.7 / (length - room * 1.4);
        let near =
            values.windows(2).any(|pair| (scale.place(pair[1]) - scale.place(pair[0])) * (length - room * 1.4) < room);
        if near || values.len() < 2 {
            return None;
        }
        (scale.low, scale.high) = match spacing {
            Spacing::Log => {
                let factor = math::exp(math::ln(high / low) * margin);
                (low / factor, high * factor)
            }
            _ => (low - (high - low) * margin, high + (high - low) * margin),
        };
        scale.ticks = values.iter().map(|&value| (value, style::value(&value.to_string()))).collect();
        Some(scale)
    }

    /// Evenly spaced places 0, 1, ... for things with names.
    pub(super) fn names(names: impl Iterator<Item = String>) -> Self {
        let ticks: Vec<(f64, String)> = names.enumerate().map(|(i, name)| (i as f64, name)).collect();
        let count = ticks.len();
        Self { ticks, ..Self::new(Spacing::Linear, -0.5, count.max(1) as f64 - 0.5) }
    }

    /// Marks the candidates that stand far enough from those before, and from zero.
    fn keep_apart(&mut self, candidates: impl Iterator<Item = f64>) {
        for tick in candidates {
            let place = self.place(tick);
            let clear = self.ticks.iter().all(|(other, _)| (self.place(*other) - place).abs() >= GAP);
            if clear && (self.spacing != Spacing::Root || place >= GAP) {
                self.ticks.push((tick, style::number(tick)));
            }
        }
    }

    /// What must stand behind the unit so that nobody is misled.
    pub(super) fn remark(&self) -> &'static str {
        match self.spacing {
            Spacing::Linear if self.clipped => ", clipped",
            Spacing::Linear => "",
            Spacing::Root => ", square-root scale",
            Spacing::Log if self.clipped => ", log scale, clipped",
            Spacing::Log => ", log scale",
        }
    }
}

/// The least round number that is at least a positive number.
fn round_up(value: f64) -> f64 {
    let tens = ten_to(decade(value));
    let round = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0].map(|m| m * tens);
    round.into_iter().find(|&round| round >= value).unwrap_or(10.0 * tens)
}

/// The least of 1, 2, 5 times a power of ten that is at least a positive number.
fn round_step(least: f64) -> f64 {
    let exponent = decade(least);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * ten_to(exponent));
    steps.into_iter().find(|&step| step >= least).unwrap_or(steps[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use restudy_core::measure::{Measurement, Shown as Style};

    fn loss() -> Measurement {
        Measurement { split: true, unit: "nat".into(), ..Measurement::new("loss", Direction::Lower) }
    }

    fn error() -> Measurement {
        Measurement { shown: Style::Percent, reaches_zero: true, ..Measurement { name: "error".into(), ..loss() } }
    }

    fn written(scale: &Scale) -> Vec<&str> {
        scale.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(written(&Scale::linear(0.0, 1.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(written(&Scale::linear(-1.3, 2.9)), ["\u{2212}1", "0", "1", "2"]);
        assert_eq!(written(&Scale::counts(3.0)), ["0", "1", "2", "3"]);
        assert_eq!(written(&Scale::counts(100.0)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(written(&Scale::log(0.001, 10.0)), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(written(&Scale::log(0.4, 6.0)), ["0.5", "1", "2", "5"]);
    }

    #[test]
    fn learning_rates_stand_evenly_by_logarithm() {
        let rates = [0.002, 0.02, 0.2, 2.0];
        let scale = Scale::of_values(&rates, true, 700.0, 40.0).unwrap();
        assert_eq!(written(&scale), ["0.002", "0.02", "0.2", "2"]);
        let places = rates.map(|rate| scale.place(rate));
        assert!(places.windows(3).all(|p| (p[2] - 2.0 * p[1] + p[0]).abs() < 1e-9), "{places:?}");
        assert!(places[0] > 0.0 && places[3] < 1.0);
        assert!(Scale::of_values(&[1.0, 1.001, 5.0], false, 700.0, 40.0).is_none(), "too near");
    }

    #[test]
    fn a_metric_chooses_its_spacing() {
        let of = |metric: &Measurement, values: &[f64]| Scale::metric(Shown::of(metric), values.iter().copied());
        assert_eq!(of(&error(), &[9.0, 11.0, 30.0]).spacing, Spacing::Linear);
        assert_eq!(of(&error(), &[0.0, 0.1, 30.0]).spacing, Spacing::Root);
        assert_eq!(of(&loss(), &[0.001, 0.7, f64::INFINITY, f64::NAN]).spacing, Spacing::Log);
        assert_eq!(of(&error(), &[0.0, 0.0]).spacing, Spacing::Linear);
        assert_eq!(of(&loss(), &[]).spacing, Spacing::Linear);
        let wild = of(&loss(), &[0.5, 0.6, 0.7, 1e100]);
        assert!(wild.holds(0.5) && !wild.holds(1e100) && wild.remark().ends_with("clipped"));
    }

    #[test]
    fn zero_and_infinity_have_a_place() {
        let root = Scale::metric(Shown::of(&error()), [0.0, 0.1, 40.0].into_iter());
        assert_eq!((root.place(0.0), root.place(f64::INFINITY)), (0.0, 1.0));
        let log = Scale::log(0.1, 10.0);
        assert!(log.place(0.0) < 0.0 && log.place(0.0).is_finite());
    }

    #[test]
    fn values_below_zero_and_far_from_it_have_a_scale_around_them() {
        let reward = Measurement::new("reward", Direction::Higher);
        let of = |values: &[f64]| Scale::metric(Shown::of(&reward), values.iter().copied());
        assert_eq!(
            written(&of(&[-210.0, -90.0, 40.0])),
            ["\u{2212}250", "\u{2212}200", "\u{2212}150", "\u{2212}100", "\u{2212}50", "0", "50"]
        );
        assert_eq!(written(&of(&[3.13, 3.14, 3.16])), ["3.13", "3.14", "3.15", "3.16"]);
        assert_eq!(of(&[1.0, 2.0, 3e4]).spacing, Spacing::Log);
        let scale = of(&[-3.0, f64::NEG_INFINITY, 5.0]);
        assert_eq!([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| scale.place(value)), [0.0; 3]);
        let wild = of(&[-1.0, -1.1, -1.2, -1.3, -1e200]);
        assert!(wild.holds(-1.2) && !wild.holds(-1e200) && wild.remark() == ", clipped");
        let all =
            [&[-7.0][..], &[-1e-300], &[-f64::MAX, f64::MAX], &[-1e20, -1e20], &[-1.0, 0.0], &[-f64::MIN_POSITIVE]];
        for values in all {
            let scale = of(values);
            assert!((2..20).contains(&scale.ticks.len()), "{values:?}: {scale:?}");
            let inside = |&value: &f64| value.abs() > 1e300 || scale.holds(value);
            assert!(values.iter().all(inside), "{values:?}: {scale:?}");
        }
    }
}
