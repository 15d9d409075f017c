//! The end of a scale for errors.

/// The next of 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100 for percentages; otherwise the next of 1, 2, 5 times a power of
/// ten.
pub(super) fn end(value: f64, percent: bool) -> f64 {
    if percent {
        return [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|end| value <= *end).unwrap_or(100.0);
    }
    let power = |exponent: i32| format!("1e{exponent}").parse().unwrap_or(1.0);
    let ends = (-300..=300).flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * power(exponent)));
    if value > 0.0 { ends.into_iter().find(|end| value <= *end).unwrap_or(value) } else { 1.0 }
}
