//! The sweep of `restudy-engine`, where everything is known that this program has.

use std::path::Path;

pub use restudy_engine::sweep::*;

use crate::{init, spec::SpecError};

/// As [`restudy_engine::sweep::load`].
///
/// # Errors
/// The file cannot be read, or what it says cannot be run.
pub fn load(path: &Path, sets: &[String]) -> Result<Study, SpecError> {
    init();
    restudy_engine::sweep::load(path, sets)
}

/// As [`restudy_engine::sweep::parse`].
///
/// # Errors
/// What it says cannot be run.
pub fn parse(name: &str, file: &Path, text: &str, sets: &[String]) -> Result<Study, SpecError> {
    init();
    restudy_engine::sweep::parse(name, file, text, sets)
}
