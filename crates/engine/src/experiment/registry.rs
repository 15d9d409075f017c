//! The experiments that are registered in this process.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Contradiction, Kind};

static REGISTERED: RwLock<Vec<Arc<dyn Kind>>> = RwLock::new(Vec::new());

/// Registers an experiment, in place of one with the same name and version.
///
/// # Errors
/// The declaration contradicts itself, or its name belongs to a default experiment.
pub fn register(kind: Arc<dyn Kind>) -> Result<(), Contradiction> {
    kind.declaration().check()?;
    if let Some(taken) =
        registered().iter().find(|other| other.is_default() && other.declaration().name == kind.declaration().name)
        && !kind.is_default()
    {
        let experiment = taken.declaration().name.clone();
        return Err(Contradiction {
            experiment,
            reason: "this name belongs to an experiment that is part of restudy".into(),
        });
    }
    let key = |kind: &Arc<dyn Kind>| (kind.declaration().name.clone(), kind.declaration().version);
    let mut all = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
    all.retain(|other| key(other) != key(&kind));
    all.push(kind);
    Ok(())
}

/// Returns the experiment of this name and version.
#[must_use]
pub fn find(name: &str, version: u64) -> Option<Arc<dyn Kind>> {
    registered().into_iter().find(|kind| kind.declaration().name == name && kind.declaration().version == version)
}

/// Returns all registered experiments, the default one first.
#[must_use]
pub fn registered() -> Vec<Arc<dyn Kind>> {
    let mut all = REGISTERED.read().unwrap_or_else(PoisonError::into_inner).clone();
    all.sort_by_key(|kind| !kind.is_default());
    all
}
