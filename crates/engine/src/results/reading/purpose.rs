//! What a folder says of its purpose, where that is damaged or contradicts its manifest.

use std::path::Path;

use super::Finding;
use crate::{
    results::{Manifest, owner},
    store::{OWNER, OwnerError, StoreError},
};

/// What is wrong with the file that says which experiment a folder belongs to, and what to do about it; nothing if it is whole, or not here.
#[must_use]
pub fn purpose(folder: &Path) -> Option<Finding> {
    let error = owner::owner(folder).err()?;
    let remedy = match Manifest::read_head(folder).ok().map(|manifest| manifest.owner()) {
        Some(claimed) => format!(
            "restore it, or, if `restudy verify` finds nothing else, remove it: the manifest says that the folder is for {claimed}"
        ),
        None => "restore it, or remove it if you know what the runs in segments/ are".to_owned(),
    };
    let (reason, contradicts) = match error {
        StoreError::Owner(OwnerError::Malformed { reason, .. }) => {
            (format!("it does not say what the folder is for ({reason}), and no sweep goes on here: {remedy}"), false)
        }
        StoreError::Owner(OwnerError::Contradiction { found, claimed, .. }) => (
            format!(
                "it says that the folder is for {found}, and manifest.json for {claimed}; no sweep goes on here: {remedy}"
            ),
            true,
        ),
        StoreError::Newer { found, .. } => {
            let reason =
                format!("what the folder is for is not known, and no sweep goes on here: it has format {found}");
            (format!("{reason}, of a newer restudy: use that, or {remedy}"), false)
        }
        other => (format!("what the folder is for is not known, and no sweep goes on here: {other}"), false),
    };
    Some(Finding { file: OWNER.into(), reason, contradicts, stops: true })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_whole_or_absent_is_nothing_wrong() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(purpose(folder.path()), None);
        fs::create_dir(folder.path().join("segments")).unwrap();
        let put = |text: &str| fs::write(folder.path().join(OWNER), text).unwrap();
        put("{\"format\":1,\"experiment\":null}\n");
        assert_eq!(purpose(folder.path()), None);
        for damaged in ["", "garbage", "{\"format\":1}\n", "{\"format\":9,\"experiment\":null}\n"] {
            put(damaged);
            let found = purpose(folder.path()).unwrap();
            assert!(found.file == OWNER && !found.contradicts && found.reason.contains("no sweep goes on here"));
        }
    }
}
