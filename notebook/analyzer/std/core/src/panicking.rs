//! The functions that `panic!` calls.
pub fn stop() -> !;
pub fn stop_with(arguments: crate::fmt::Arguments<'_>) -> !;
