//! Scales: the position of a value between the ends of an axis, and the values of its ticks.
//!
//! The logarithmic coordinates of plotters use the logarithms of the platform; these use `math`, so that every machine
//! draws the same.

use restudy_core::{math, measure::Direction};
use restudy_stats as stats;

use super::style::{self, MetricFormat, decade, ten_to};

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
    /// The position of values that are not finite: the worst end.
    worst: f64,
    /// The distance of two ticks of a scale that need not begin at zero.
    step: Option<f64>,
    /// The values of the ticks, with their texts.
    pub ticks: Vec<(f64, String)>,
}

/// The least distance of two ticks, as a share of the axis.
const GAP: f64 = 0.07;

impl Scale {
    /// The position of a value: between 0 and 1, or beyond; the worst end for one that is not finite.
    pub(super) fn place(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return self.worst;
        }
        let (low, high) = (self.spaced(self.low), self.spaced(self.high));
        let place = (self.spaced(value) - low) / (high - low);
        if place.is_finite() { place } else { 0.0 }
    }

    /// A value in so many digits, or in as many as it takes to tell it from others on a scale far from zero.
    pub(super) fn written(&self, value: f64, digits: usize) -> String {
        let own = self.step.filter(|_| value != 0.0).map_or(0, |step| decade(value.abs()) - decade(step) + 2);
        style::digits(value, (own.clamp(0, 15) as usize).max(digits))
    }

    /// Whether the scale need not begin at zero.
    pub(super) fn is_far_from_zero(&self) -> bool {
        self.step.is_some()
    }

    /// Whether a value is between the ends.
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
        Self { spacing, low, high, clipped: false, worst: 1.0, step: None, ticks: Vec::new() }
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
    pub(super) fn metric(shown: MetricFormat<'_>, values: impl Iterator<Item = f64>) -> Self {
        let worst = if shown.direction == Direction::Higher { 0.0 } else { 1.0 };
        Self { worst, ..Self::of_measured(shown, values) }
    }

    fn of_measured(shown: MetricFormat<'_>, values: impl Iterator<Item = f64>) -> Self {
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
        // One zero among many values is the underflow of a loss; several of few are values that zero has a place among.
        let zeros = finite.iter().filter(|value| **value == 0.0).count();
        if shown.reaches_zero || 20 * zeros >= finite.len() {
            let mut scale = Self::new(Spacing::Root, 0.0, round_up(max));
            let top = decade(max);
            let candidates = (top - 4..=top).rev().flat_map(|exponent| [5.0, 2.0, 1.0].map(|m| m * ten_to(exponent)));
            let high = scale.high;
            scale.keep_apart([high].into_iter().chain(candidates.filter(|&tick| tick < high)));
            scale.ticks.push((0.0, "0".into()));
            return scale;
        }
        // Runs that approach infinity, or a loss of zero, must not squeeze all others together.
        const REACH: f64 = 1e6;
        let positive: Vec<f64> = finite.into_iter().filter(|&value| value > 0.0).collect();
        let middle = stats::median(&positive);
        let min = positive.iter().copied().fold(max, f64::min);
        let clipped = min < middle / REACH || max > middle * REACH;
        Self { clipped, ..Self::log(min.max(middle / REACH) / 1.25, max.min(middle * REACH) * 1.25) }
    }

    /// Evenly, from a round number below some values to one above them. A few that are very far from the others are
    /// beyond the ends.
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
        // As many digits as distinguish neighbors.
        let digits = if size > 0.0 { (decade(size) - decade(step) + 2).clamp(6, 15) } else { 6 };
        let ends = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { clipped, step: Some(step), ..Self::marked(ends, step, digits as usize) }
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

    /// Adds the candidates as ticks that are far enough from earlier ones, and from zero.
    fn keep_apart(&mut self, candidates: impl Iterator<Item = f64>) {
        for tick in candidates {
            let place = self.place(tick);
            let clear = self.ticks.iter().all(|(other, _)| (self.place(*other) - place).abs() >= GAP);
            if clear && (self.spacing != Spacing::Root || place >= GAP) {
                self.ticks.push((tick, style::number(tick)));
            }
        }
    }

    /// The remark behind the unit about a scale that is not linear, or clipped.
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
mod tests;
