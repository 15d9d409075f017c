//! Checks the owner file of a folder.

use std::path::Path;

use super::Finding;
use crate::{
    results::{Manifest, owner},
    store::{OWNER, OwnerError, StoreError},
};

/// Returns the finding about an owner file that is damaged or contradicts the manifest, with the remedy; `None` if it
/// is valid or missing.
#[must_use]
pub fn owner_finding(folder: &Path) -> Option<Finding> {
    let error = owner::owner(folder).err()?;
    let remedy = match Manifest::read_head(folder).ok().map(|manifest| manifest.owner()) {
        Some(claimed) => format!(
            "restore it, or, if `restudy verify` finds nothing else, remove it: according to the manifest, the folder belongs to {claimed}"
        ),
        None => "restore it, or remove it if you are sure which experiment computed the runs in segments/".to_owned(),
    };
    let (reason, contradicts) = match error {
        StoreError::Owner(OwnerError::Malformed { reason, .. }) => {
            (format!("it does not name the owner of the folder ({reason}), and no sweep runs here: {remedy}"), false)
        }
        StoreError::Owner(OwnerError::Contradiction { found, claimed, .. }) => (
            format!(
                "it names {found} as the owner of the folder, but manifest.json names {claimed}; no sweep runs here: {remedy}"
            ),
            true,
        ),
        StoreError::Newer { found, .. } => {
            let reason = format!("the owner of the folder is unknown, and no sweep runs here: it has format {found}");
            (format!("{reason}, which a newer restudy wrote: use that version, or {remedy}"), false)
        }
        other => (format!("the owner of the folder is unknown, and no sweep runs here: {other}"), false),
    };
    Some(Finding { file: OWNER.into(), reason, contradicts, stops: true })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_valid_or_missing_owner_file_is_no_finding() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(owner_finding(folder.path()), None);
        fs::create_dir(folder.path().join("segments")).unwrap();
        let put = |text: &str| fs::write(folder.path().join(OWNER), text).unwrap();
        put("{\"format\":1,\"experiment\":null}\n");
        assert_eq!(owner_finding(folder.path()), None);
        for damaged in ["", "garbage", "{\"format\":1}\n", "{\"format\":9,\"experiment\":null}\n"] {
            put(damaged);
            let found = owner_finding(folder.path()).unwrap();
            assert!(found.file == OWNER && !found.contradicts && found.reason.contains("no sweep runs here"));
        }
    }
}
