//! What is wrong with a setting, said so that whoever knows where the setting came from can point at it.
//!
//! A [`SettingError`] names the offending key relative to the structure that was checked; the
//! specification adds the file, the line and the text.

use alloc::{string::String, vec::Vec};

/// One setting that cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The key, dotted, relative to the structure that was checked: `learning-rate`, `every.epochs`.
    pub key: String,
    /// What a usable value is, to follow "expected": `a positive number`.
    pub expected: String,
}

/// A collector that keeps the checks of a structure down to one line each.
#[derive(Debug, Default)]
pub struct SettingErrors(Vec<SettingError>);

impl SettingErrors {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault at `key` unless `holds`.
    pub fn require(&mut self, holds: bool, key: &str, expected: &str) {
        if !holds {
            self.0.push(SettingError { key: key.into(), expected: expected.into() });
        }
    }

    /// Takes over the faults of a part, which stands under `prefix`.
    pub fn under(&mut self, prefix: &str, faults: Vec<SettingError>) {
        self.0.extend(faults.into_iter().map(|fault| SettingError {
            key: if fault.key.is_empty() { prefix.into() } else { alloc::format!("{prefix}.{}", fault.key) },
            expected: fault.expected,
        }));
    }

    /// What was found.
    #[must_use]
    pub fn found(self) -> Vec<SettingError> {
        self.0
    }
}
