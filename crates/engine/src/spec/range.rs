use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    problem::Problem,
    sweeping::{MOST, Scale},
    tree::{Node, Value},
};
use crate::math;

/// Evenly spaced values: `{ from = 0.002, to = 2, steps = 4, scale = "log" }` is 0.002, 0.02, 0.2, 2.
///
/// Value `i` of `n` is `from + (to - from) · (i / (n - 1))`, or on the logarithmic scale
/// `exp(ln from + (ln to - ln from) · i / (n - 1))`, rounded to 12 significant decimal digits. The two ends are exact.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Range {
    /// The first value.
    pub from: f64,
    /// The last value.
    pub to: f64,
    /// The number of values.
    pub steps: u32,
    /// "linear" (equal differences) or "log" (equal ratios).
    #[serde(default)]
    pub scale: Option<Scale>,
}

impl Range {
    /// What the number of values must be.
    pub const STEPS: &str = "a whole number from 2 to 1000000";

    /// What the range says of its scale.
    pub fn log(&self) -> Option<bool> {
        self.scale.map(|scale| scale == Scale::Log)
    }

    /// The values; each stands where the range stands. Whole values are whole numbers, whatever the setting.
    pub fn values(&self, at: &str, node: &Node) -> Result<Vec<Node>, Problem> {
        let fault = |key: &str, expected: &str| {
            let value = node.get(key).unwrap_or(node);
            Problem::value(&format!("{at}.{key}"), value, expected)
        };
        let Self { from, to, steps, .. } = *self;
        if !(2..=MOST as u32).contains(&steps) {
            return Err(fault("steps", Self::STEPS).help("a single value is written [value]"));
        }
        let log = self.log() == Some(true);
        for (key, value) in [("from", from), ("to", to)] {
            if log && !(value.is_finite() && value > 0.0) {
                return Err(fault(key, "a positive number").help("zero and less have no place on a logarithmic scale"));
            }
            if !value.is_finite() {
                return Err(fault(key, "a finite number"));
            }
        }
        if from == to {
            return Err(fault("to", "another number than `from`").help("a single value is written [value]"));
        }
        let last = f64::from(steps - 1);
        let (low, high) = if log { (math::ln(from), math::ln(to)) } else { (from, to) };
        let value = |i: u32| match i {
            0 => from,
            i if i == steps - 1 => to,
            i if log => rounded(math::exp(low + (high - low) * f64::from(i) / last)),
            i => rounded(low + (high - low) * (f64::from(i) / last)),
        };
        Ok((0..steps).map(|i| Node { span: node.span, value: number(value(i)) }).collect())
    }
}

/// The value rounded to 12 significant decimal digits.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The number as TOML has it: whole if it is whole.
pub fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value == value.trunc() && value.abs() <= EXACT { Value::Whole(value as i128) } else { Value::Float(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{read::read, tree};

    fn values(text: &str) -> Vec<f64> {
        let node = tree::value(text, 0, 0).unwrap().unwrap();
        let range: Range = read(&node, "axis").unwrap();
        let number = |node: &Node| match node.value {
            Value::Whole(value) => value as f64,
            Value::Float(value) => value,
            _ => f64::NAN,
        };
        range.values("axis", &node).unwrap().iter().map(number).collect()
    }

    #[test]
    fn ranges_hit_the_numbers_that_people_mean() {
        assert_eq!(values("{ from = 0.002, to = 2, steps = 4, scale = 'log' }"), [0.002, 0.02, 0.2, 2.0]);
        assert_eq!(values("{ from = 0.1, to = 0.5, steps = 5 }"), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(values("{ from = 10, to = 1, steps = 4, scale = 'linear' }"), [10.0, 7.0, 4.0, 1.0]);
        assert_eq!(
            values("{ from = 1, to = 1024, steps = 11, scale = 'log' }"),
            [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0]
        );
    }
}
