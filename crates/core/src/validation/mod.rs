//! Errors in settings, located by key so that a caller can add the file and the line.
//!
//! A [`SettingError`] names the offending key relative to the structure that was checked; the
//! specification adds the file, the line and the text.

use alloc::{string::String, vec::Vec};

/// A setting with an invalid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The dotted key, relative to the checked structure: `learning-rate`, `every.epochs`.
    pub key: String,
    /// The description of a valid value, which follows "expected": `a positive number`.
    pub expected: String,
}

/// Collects the errors of a structure, with one line for each check.
#[derive(Debug, Default)]
pub struct SettingErrors(Vec<SettingError>);

impl SettingErrors {
    /// Creates an empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error at `key` unless the condition `holds`.
    pub fn require(&mut self, holds: bool, key: &str, expected: &str) {
        if !holds {
            self.0.push(SettingError { key: key.into(), expected: expected.into() });
        }
    }

    /// Adds the errors of a nested structure under the key `prefix`.
    pub fn under(&mut self, prefix: &str, errors: Vec<SettingError>) {
        self.0.extend(errors.into_iter().map(|error| SettingError {
            key: if error.key.is_empty() { prefix.into() } else { alloc::format!("{prefix}.{}", error.key) },
            expected: error.expected,
        }));
    }

    /// Returns the errors.
    #[must_use]
    pub fn found(self) -> Vec<SettingError> {
        self.0
    }
}
