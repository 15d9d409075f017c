//! The ends of `panic!`.
pub fn stop() -> !;
pub fn stop_with(arguments: crate::fmt::Arguments<'_>) -> !;
