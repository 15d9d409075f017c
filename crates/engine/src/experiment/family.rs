//! Families of experiments: a specification itself declares an experiment of a family, in a section that no other
//! specification has.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use super::Kind;
use crate::spec::{Problem, tree::Node};

/// A family of experiments, such as programs: the section `[command]` of a specification declares one.
pub trait Family: Send + Sync {
    /// Returns the section by which a specification chooses the family.
    fn section(&self) -> &'static str;

    /// Returns the experiment that a specification declares. `folder` is the folder of the specification; `kept` is
    /// whether it is the copy in a results folder, whose files may be missing.
    ///
    /// # Errors
    /// The specification does not declare an experiment of the family.
    fn declare(&self, root: &Node, folder: &Path, kept: bool) -> Result<Arc<dyn Kind>, Vec<Problem>>;
}

static FAMILIES: RwLock<Vec<Arc<dyn Family>>> = RwLock::new(Vec::new());

/// Registers a family, in place of one with the same section.
pub fn register_family(family: Arc<dyn Family>) {
    let mut all = FAMILIES.write().unwrap_or_else(PoisonError::into_inner);
    all.retain(|other| other.section() != family.section());
    all.push(family);
}

/// Returns all registered families.
#[must_use]
pub fn families() -> Vec<Arc<dyn Family>> {
    FAMILIES.read().unwrap_or_else(PoisonError::into_inner).clone()
}
