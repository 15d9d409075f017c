//! Scales: where a value stands between the ends of an axis, and which values are written there.
//!
//! plotters' own logarithmic coordinates ask the platform for logarithms; these use `math`, so that every machine draws the
//! same.

use super::style::{self, Shown, decade, ten_to};
use crate::{math, stats};

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
    /// Values that are marked, with what is written there.
    pub ticks: Vec<(f64, String)>,
}

/// The least distance of two ticks, as a share of the axis.
const GAP: f64 = 0.07;

impl Scale {
    /// Where a value stands; beyond the ends where it does, and at the high end where it is not finite.
    pub(super) fn place(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return 1.0;
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
        Self { spacing, low, high, clipped: false, ticks: Vec::new() }
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
        let mut scale = Self::new(Spacing::Linear, low, high);
        let step = round_step((high - low) / 5.5).max(least_step);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        // From whole numbers and powers of ten: 0.3, not 0.30000000000000004.
        scale.ticks = (first..=last).map(|i| i as f64 * step).map(|tick| (tick, style::digits(tick, 6))).collect();
        scale
    }

    /// For the values of a metric, in its shown unit: from zero, evenly if they are of one size; otherwise by logarithm, or
    /// by square root where zero must have a place.
    pub(super) fn metric(shown: Shown, values: impl Iterator<Item = f64>) -> Self {
        let finite: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let max = finite.iter().copied().fold(0.0, f64::max);
        let min = finite.iter().copied().fold(max, f64::min);
        if max <= 0.0 {
            return Self::linear(0.0, 1.0);
        }
        if min * 20.0 >= max {
            return Self::linear(0.0, round_up(max));
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
    use crate::metric::Metric;

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
        let of = |metric, values: &[f64]| Scale::metric(Shown::of(metric), values.iter().copied());
        assert_eq!(of(Metric::Error, &[9.0, 11.0, 30.0]).spacing, Spacing::Linear);
        assert_eq!(of(Metric::Error, &[0.0, 0.1, 30.0]).spacing, Spacing::Root);
        assert_eq!(of(Metric::Loss, &[0.001, 0.7, f64::INFINITY, f64::NAN]).spacing, Spacing::Log);
        assert_eq!(of(Metric::Error, &[0.0, 0.0]).spacing, Spacing::Linear);
        assert_eq!(of(Metric::Loss, &[]).spacing, Spacing::Linear);
        let wild = of(Metric::Loss, &[0.5, 0.6, 0.7, 1e100]);
        assert!(wild.holds(0.5) && !wild.holds(1e100) && wild.remark().ends_with("clipped"));
    }

    #[test]
    fn zero_and_infinity_have_a_place() {
        let root = Scale::metric(Shown::of(Metric::Error), [0.0, 0.1, 40.0].into_iter());
        assert_eq!((root.place(0.0), root.place(f64::INFINITY)), (0.0, 1.0));
        let log = Scale::log(0.1, 10.0);
        assert!(log.place(0.0) < 0.0 && log.place(0.0).is_finite());
    }
}
