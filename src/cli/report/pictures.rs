//! Copies the pictures that a page links, for a report in another folder.

use std::{fs, path::Path};

use crate::{
    report,
    results::KeptFiles,
    store::{self, StoreError},
};

/// Copies the kept pictures that `page` links from a results folder to `output`, and returns their paths. Pictures that
/// were removed are left out.
pub(super) fn copy(folder: &Path, output: &Path, kept: Option<&KeptFiles>, page: &str) -> Result<Vec<String>, StoreError> {
    let all = kept.into_iter().flat_map(|kept| &kept.runs).flat_map(|run| &run.pictures.all);
    let linked = all.filter(|picture| page.contains(&format!("src=\"{}\"", report::address(picture))));
    let mut copied = Vec::new();
    for picture in linked {
        let (from, to) = (folder.join(&picture.path), output.join(&picture.path));
        // A link could lead to any file of the machine.
        if !fs::symlink_metadata(&from).is_ok_and(|about| about.is_file()) {
            continue;
        }
        let bytes = store::read(&from).map_err(|error| StoreError::io("read", &from, error))?;
        if let Some(above) = to.parent() {
            fs::create_dir_all(above).map_err(|error| StoreError::io("create", above, error).of_named())?;
        }
        store::write(&to, &bytes).map_err(StoreError::of_named)?;
        copied.push(picture.path.clone());
    }
    Ok(copied)
}
