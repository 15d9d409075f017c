//! The experiments that this process knows.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Contradiction, Kind};

static KNOWN: RwLock<Vec<Arc<dyn Kind>>> = RwLock::new(Vec::new());

/// Makes an experiment known; one of the same name and version gives way.
///
/// # Errors
/// What it declares contradicts itself.
pub fn register(kind: Arc<dyn Kind>) -> Result<(), Contradiction> {
    kind.declaration().check()?;
    if let Some(taken) =
        known().iter().find(|own| own.is_default() && own.declaration().name == kind.declaration().name)
        && !kind.is_default()
    {
        let experiment = taken.declaration().name.clone();
        return Err(Contradiction { experiment, reason: "this name is that of an experiment of every restudy".into() });
    }
    let key = |kind: &Arc<dyn Kind>| (kind.declaration().name.clone(), kind.declaration().version);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.retain(|own| key(own) != key(&kind));
    known.push(kind);
    Ok(())
}

/// The experiment of this name and version.
#[must_use]
pub fn find(name: &str, version: u64) -> Option<Arc<dyn Kind>> {
    known().into_iter().find(|kind| kind.declaration().name == name && kind.declaration().version == version)
}

/// All experiments that are known, first the one of specifications that name none.
#[must_use]
pub fn known() -> Vec<Arc<dyn Kind>> {
    let mut known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone();
    known.sort_by_key(|kind| !kind.is_default());
    known
}
