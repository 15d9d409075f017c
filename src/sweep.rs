//! The sweep of `restudy-engine`, with all experiments of this program registered.

use std::path::Path;

pub use restudy_engine::sweep::*;

use crate::{init, spec::SpecError};

/// As [`restudy_engine::sweep::load`], after [`crate::init`].
///
/// # Errors
/// The file cannot be read, or the specification is not valid.
pub fn load(path: &Path, sets: &[String]) -> Result<Study, SpecError> {
    init();
    restudy_engine::sweep::load(path, sets)
}

/// As [`restudy_engine::sweep::parse`], after [`crate::init`].
///
/// # Errors
/// The specification is not valid.
pub fn parse(name: &str, file: &Path, text: &str, sets: &[String]) -> Result<Study, SpecError> {
    init();
    restudy_engine::sweep::parse(name, file, text, sets)
}
