use std::fmt;

use serde_json::Value as Json;

use crate::math;

/// One value of a swept setting.
#[derive(Debug, Clone, PartialEq)]
pub enum AxisValue {
    /// A whole number.
    Int(u64),
    /// A number.
    Float(f64),
    /// A text, or true or false.
    String(String),
}

impl fmt::Display for AxisValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value),
        }
    }
}

impl AxisValue {
    /// The value of a checked setting.
    pub(super) fn of(value: &Json) -> Self {
        match value {
            Json::Number(number) => match number.as_u64() {
                Some(whole) => Self::Int(whole),
                None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::String(text.clone()),
            other => Self::String(other.to_string()),
        }
    }

    /// Formats the value for display only: a number of extreme size is written with an exponent, not with all its
    /// zeros.
    #[must_use]
    pub fn brief(&self) -> String {
        match self {
            Self::Float(value) if *value != 0.0 && !(1e-5..=1e15).contains(&value.abs()) => format!("{value:e}"),
            other => other.to_string(),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::String(_) => None,
        }
    }
}

/// One swept setting. All its values are of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The path of the setting: `model.hidden`.
    pub path: String,
    /// Its distinct values, in the order of the study.
    pub values: Vec<AxisValue>,
    /// Whether figures use a logarithmic scale: as the specification sets it; by default, if the values are at least
    /// three positive numbers whose ratios are more even than their differences.
    pub log: bool,
}

impl Axis {
    /// Creates an axis; if some values are texts, all become texts.
    pub(super) fn new(path: String, values: Vec<AxisValue>, log: Option<bool>) -> Self {
        let text = |value: &AxisValue| matches!(value, AxisValue::String(_));
        let values = if values.iter().any(text) {
            values.into_iter().map(|value| AxisValue::String(value.to_string())).collect()
        } else {
            values
        };
        let log = log.unwrap_or_else(|| is_logarithmic(&values));
        Self { path, values, log }
    }
}

/// Whether the values are at least three positive numbers whose ratios are more even than their differences.
///
/// The unevenness of a scale is the largest step between sorted values divided by the smallest step, once of the
/// logarithms and once of the values. The scale with the smaller quotient wins.
pub(super) fn is_logarithmic(values: &[AxisValue]) -> bool {
    let Some(mut numbers) = values.iter().map(AxisValue::number).collect::<Option<Vec<_>>>() else { return false };
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    if numbers.len() < 3 || numbers[0] <= 0.0 {
        return false;
    }
    let unevenness = |numbers: &[f64]| {
        let steps = || numbers.windows(2).map(|pair| pair[1] - pair[0]);
        steps().fold(0.0, f64::max) / steps().fold(f64::INFINITY, f64::min)
    };
    let logarithms: Vec<_> = numbers.iter().map(|&number| math::ln(number)).collect();
    unevenness(&logarithms) < unevenness(&numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(values: &[f64]) -> bool {
        is_logarithmic(&values.iter().map(|&value| AxisValue::Float(value)).collect::<Vec<_>>())
    }

    #[test]
    fn numbers_far_from_one_are_brief() {
        let brief = |value: f64| AxisValue::Float(value).brief();
        assert_eq!([1e300, -1.5e300, 1e-7, 2.5e-9].map(brief), ["1e300", "-1.5e300", "1e-7", "2.5e-9"]);
        for value in [0.0, 0.02, 1e-5, -0.25, 1e15, 1234.5] {
            assert_eq!(brief(value), AxisValue::Float(value).to_string());
        }
        assert_eq!(AxisValue::Float(1e300).to_string().len(), 301, "stored values keep their spelling");
        assert_eq!(
            (AxisValue::Int(u64::MAX).brief(), AxisValue::String("1e300".into()).brief()),
            (u64::MAX.to_string(), "1e300".into())
        );
    }

    #[test]
    fn scales_are_as_a_person_would_choose() {
        for values in [&[2.0, 0.2, 0.02, 0.002][..], &[1.0, 2.0, 5.0, 7.0, 10.0, 100.0], &[1.0, 2.0, 4.0]] {
            assert!(log(values), "{values:?}");
        }
        for values in
            [&[1.0, 2.0, 3.0, 4.0][..], &[10.0, 20.0, 30.0], &[1.0, 100.0], &[0.0, 1.0, 10.0], &[0.1, 0.2, 0.3]]
        {
            assert!(!log(values), "{values:?}");
        }
    }
}
