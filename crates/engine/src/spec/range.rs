use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    problem::{Code, Problem},
    sweeping::{MOST, Scale},
    tree::{Node, Span, Table, Value},
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
    /// The allowed numbers of values, as text.
    pub const STEPS: &str = "a whole number from 2 to 1000000";

    /// Returns whether the scale is logarithmic, if it is set.
    pub fn log(&self) -> Option<bool> {
        self.scale.map(|scale| scale == Scale::Log)
    }

    /// Returns the values, each with the span of the range. An integral value becomes a whole number, for settings of
    /// any type.
    pub fn values(&self, at: &str, node: &Node) -> Result<Vec<Node>, Problem> {
        let invalid = |key: &str, expected: &str| {
            let value = node.get(key).unwrap_or(node);
            Problem::value(Code::AxisRange, &format!("{at}.{key}"), value, expected)
        };
        let Self { from, to, steps, .. } = *self;
        if !(2..=MOST as u32).contains(&steps) {
            let problem = invalid("steps", Self::STEPS);
            let is_single = steps <= 1 && from.is_finite();
            return Err(if is_single {
                problem.help(format!("a single value is written [{}]", shown(from)))
            } else {
                problem
            });
        }
        let log = self.log() == Some(true);
        for (key, value) in [("from", from), ("to", to)] {
            if log && !(value.is_finite() && value > 0.0) {
                return Err(invalid(key, "a positive number").help(
                    "zero and less have no place on a logarithmic scale: give a positive number, or leave out `scale`",
                ));
            }
            if !value.is_finite() {
                return Err(invalid(key, "a finite number"));
            }
        }
        if from == to {
            return Err(invalid("to", "another number than `from`")
                .help(format!("a single value is written [{}]", shown(from))));
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

/// Returns the problem of a range that sets `step`, the distance between values, instead of `steps`, their number; the
/// remedy names the number.
pub fn step(at: &str, table: &Table, node: &Node) -> Problem {
    let number = |key: &str| match table.get(key).map(|entry| &entry.node.value) {
        Some(Value::Int(value)) => Some(*value as f64),
        Some(Value::Float(value)) => Some(*value),
        _ => None,
    };
    let span = table.get("step").map_or(node.span, |entry| entry.span);
    let problem = Problem::new(Code::AxisStep, format!("`{at}` has no setting `step`"))
        .at(span, "the number of values is asked for: `steps`");
    let spaces = match (number("from"), number("to"), number("step")) {
        (Some(from), Some(to), Some(step)) => (to - from) / step,
        _ => f64::NAN,
    };
    let is_linear =
        table.get("scale").is_none_or(|entry| matches!(&entry.node.value, Value::String(scale) if scale == "linear"));
    if is_linear
        && spaces.is_finite()
        && spaces >= 1.0
        && spaces < MOST as f64
        && (spaces - spaces.round()).abs() < 1e-9
    {
        return problem.help(format!("write `steps = {}` in its place", spaces.round() + 1.0));
    }
    problem.help("write the values as a list, such as [1, 3, 5]")
}

fn shown(value: f64) -> String {
    Node { span: Span { source: 0, start: 0, end: 0 }, value: number(value) }.to_string()
}

/// Rounds a value to 12 significant decimal digits.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// Returns a number as a TOML value: a whole number if it is integral and exact as a double.
pub fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value == value.trunc() && value.abs() <= EXACT { Value::Int(value as i128) } else { Value::Float(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{read::read, tree};

    fn values(text: &str) -> Vec<f64> {
        let node = tree::value(text, 0, 0).unwrap().unwrap();
        let range: Range = read(&node, "axis").unwrap();
        let number = |node: &Node| match node.value {
            Value::Int(value) => value as f64,
            Value::Float(value) => value,
            _ => f64::NAN,
        };
        range.values("axis", &node).unwrap().iter().map(number).collect()
    }

    /// The remedy, applied, gives the intended values.
    #[test]
    fn a_distance_becomes_the_number_of_values() {
        let help = |text: &str| {
            let node = tree::value(text, 0, 0).unwrap().unwrap();
            let Value::Table(table) = &node.value else { panic!("{text} is a table") };
            step("axis", table, &node).help.concat()
        };
        for (text, old, meant) in [
            ("{ from = 1, to = 9, step = 2 }", "step = 2", vec![1.0, 3.0, 5.0, 7.0, 9.0]),
            ("{ from = 0.1, to = 0.4, step = 0.1 }", "step = 0.1", vec![0.1, 0.2, 0.3, 0.4]),
            ("{ from = 9, to = 1, step = -4 }", "step = -4", vec![9.0, 5.0, 1.0]),
        ] {
            let help = help(text);
            let new = help.split('`').nth(1).unwrap();
            assert_eq!(values(&text.replace(old, new)), meant, "{help}");
        }
        assert!(help("{ from = 1, to = 8, step = 2 }").contains("as a list"));
        assert!(help("{ from = 1, to = 8, step = 0 }").contains("as a list"));
        assert!(help("{ from = 1, to = 9, step = 2, scale = 'log' }").contains("as a list"));
        assert!(help("{ from = 1, step = 2 }").contains("as a list"));
    }

    #[test]
    fn ranges_give_short_decimal_numbers() {
        assert_eq!(values("{ from = 0.002, to = 2, steps = 4, scale = 'log' }"), [0.002, 0.02, 0.2, 2.0]);
        assert_eq!(values("{ from = 0.1, to = 0.5, steps = 5 }"), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(values("{ from = 10, to = 1, steps = 4, scale = 'linear' }"), [10.0, 7.0, 4.0, 1.0]);
        assert_eq!(
            values("{ from = 1, to = 1024, steps = 11, scale = 'log' }"),
            [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0]
        );
    }
}
