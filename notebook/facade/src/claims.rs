//! Claims: statements of a notebook that are checked where they are made. A failed claim stops the notebook.

use std::fmt;

use restudy::model::{Params, literal::Matrix};

use crate::cell;

/// Claims a condition, and checks it: `claim!("the shapes fit", a.columns == b.rows)`.
///
/// Prints the claim with a check mark. If it fails, panics with the claim and the condition.
#[macro_export]
macro_rules! claim {
    ($text:expr, $condition:expr $(,)?) => {
        $crate::claims::holds(&$text, $condition, stringify!($condition))
    };
}

/// Claims that two values are equal, and checks it: `claim_eq!("both forms agree in every bit", a, b)`.
///
/// Prints the claim with a check mark. If it fails, panics with the claim and both values.
#[macro_export]
macro_rules! claim_eq {
    ($text:expr, $left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => $crate::claims::equal(&$text, *left == *right, left, right),
        }
    };
}

/// Claims that two numbers, or all pairs of numbers of two values, differ by at most a bound, and checks it:
/// `claim_close!("finite differences agree", a, b, 1e-6)`.
#[macro_export]
macro_rules! claim_close {
    ($text:expr, $left:expr, $right:expr, $most:expr $(,)?) => {
        $crate::claims::close(&$text, $crate::claims::Distance::distance(&$left, &$right), $most)
    };
}

/// Runs work that is expected to panic, and returns the message.
///
/// # Panics
/// If the work does not panic.
#[track_caller]
pub fn expect_panic<T>(work: impl FnOnce() -> T) -> String {
    match cell::expected(work) {
        Err(message) => message,
        Ok(_) => panic!("a panic was expected, and there was none"),
    }
}

/// The distance of two values.
pub trait Distance {
    /// Returns the largest absolute difference of two of their numbers; NaN if one of these is NaN, infinite if the
    /// shapes differ.
    fn distance(&self, other: &Self) -> f64;
}

impl Distance for f64 {
    fn distance(&self, other: &Self) -> f64 {
        if self == other { 0.0 } else { (self - other).abs() }
    }
}

impl Distance for [f64] {
    fn distance(&self, other: &Self) -> f64 {
        let worse = |worst: f64, next: f64| if worst.is_nan() || next <= worst { worst } else { next };
        let pairs = self.iter().zip(other).map(|(one, other)| one.distance(other));
        if self.len() == other.len() { pairs.fold(0.0, worse) } else { f64::INFINITY }
    }
}

impl Distance for Vec<f64> {
    fn distance(&self, other: &Self) -> f64 {
        self.as_slice().distance(other)
    }
}

impl<const N: usize> Distance for [f64; N] {
    fn distance(&self, other: &Self) -> f64 {
        self.as_slice().distance(other)
    }
}

impl Distance for Params {
    fn distance(&self, other: &Self) -> f64 {
        let same = (self.d, self.h()) == (other.d, other.h());
        let numbers = |params: &Self| params.values().collect::<Vec<_>>();
        if same { numbers(self).distance(&numbers(other)) } else { f64::INFINITY }
    }
}

impl Distance for Matrix {
    fn distance(&self, other: &Self) -> f64 {
        let same = (self.rows, self.columns) == (other.rows, other.columns);
        if same { self.entries.distance(&other.entries) } else { f64::INFINITY }
    }
}

impl<T: Distance + ?Sized> Distance for &T {
    fn distance(&self, other: &Self) -> f64 {
        (**self).distance(other)
    }
}

/// Checks a claimed condition.
///
/// # Panics
/// If the condition is false.
#[doc(hidden)]
#[track_caller]
pub fn holds(text: &dyn fmt::Display, is_true: bool, condition: &str) {
    assert!(is_true, "not so: {text}\n  condition: {condition}");
    cell::say(&format!("✓ {text}"));
}

/// Checks a claimed equality.
///
/// # Panics
/// If the values differ.
#[doc(hidden)]
#[track_caller]
pub fn equal(text: &dyn fmt::Display, is_true: bool, left: &dyn fmt::Debug, right: &dyn fmt::Debug) {
    assert!(is_true, "not so: {text}\n   left: {}\n  right: {}", excerpt(left), excerpt(right));
    cell::say(&format!("✓ {text}"));
}

/// Checks a claimed bound on a distance.
///
/// # Panics
/// If the distance is larger.
#[doc(hidden)]
#[track_caller]
pub fn close(text: &dyn fmt::Display, distance: f64, most: f64) {
    // A NaN fails this comparison.
    assert!(distance <= most, "not so: {text}\n  largest difference: {distance:e}\n             at most: {most:e}");
    let found = if distance == 0.0 { "no difference".into() } else { format!("largest difference {distance:.1e}") };
    cell::say(&format!("✓ {text} ({found}, at most {most:e})"));
}

/// At most this many characters of a value are shown.
const MOST: usize = 400;

fn excerpt(value: &dyn fmt::Debug) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_true_claim_does_not_panic() {
        let (a, b) = (vec![1, 2], vec![1, 2]);
        claim_eq!("equal", a, b);
        claim!("a text that is made".to_owned(), a.len() + 1 < 4 && b.iter().all(|x| *x >= 1));
        claim!("any condition", if a[0] == 1 { b[0] == 1 } else { false });
        claim!("any other", matches!(a[..], [1, 2]));
        claim!("nothing is moved", a != Vec::<i32>::new());
        claim_close!("near", 0.1 + 0.2, 0.3, 1e-15);
        claim_close!("near", a.iter().map(|x| f64::from(*x)).collect::<Vec<_>>(), vec![1.0, 2.5], 0.5);
        drop((a, b));
    }

    #[test]
    fn a_failed_claim_names_its_values() {
        let (one, params) = (1.5, Params::zeros(2, 40));
        let other = Params { bo: 1.0, ..params.clone() };
        let output = [
            expect_panic(|| claim!("one is more than two", one > 2.0)),
            expect_panic(|| claim_eq!("a product", 2 * 3, 7 - 1 - 1)),
            expect_panic(|| claim_eq!("the same", params, other)),
            expect_panic(|| claim_close!("near", params, other, 1e-9)),
            expect_panic(|| claim_close!("a number", f64::NAN, 1.0, 1e9)),
            expect_panic(|| claim_close!("of one length", vec![1.0], vec![1.0, 2.0], 1e9)),
            expect_panic(|| expect_panic(|| 7)),
        ];
        insta::assert_snapshot!(output.join("\n\n"));
    }

    #[test]
    fn the_distance_is_the_largest_or_nan() {
        assert_eq!([1.0, f64::INFINITY].distance(&[1.25, f64::INFINITY]), 0.25);
        assert!([1.0, f64::NAN, 2.0].distance(&[1.0, 1.0, 7.0]).is_nan());
    }
}
