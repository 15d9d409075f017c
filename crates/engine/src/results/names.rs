//! Checks names in manifests and proofs: they are untrusted, and are printed and used as file names.

use std::path::{Component, Path};

use super::Manifest;
use crate::digest::grammar::is_line;

/// Whether a text is the name of one file or folder, on one line without control characters.
pub fn is_name(text: &str) -> bool {
    let mut parts = Path::new(text).components();
    let one = matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == text);
    one && is_line(text)
}

/// Returns what is wrong with the names in a manifest, if anything is.
pub fn problem(manifest: &Manifest) -> Option<String> {
    // Files in other folders are named after the study.
    if !is_name(&manifest.study) {
        return Some(format!("the name of its study, {:?}, is no valid file name", manifest.study));
    }
    let labels = [
        ("restudy", Some(&manifest.restudy)),
        ("experiment", manifest.experiment.as_ref()),
        ("declared", manifest.declared.as_ref()),
    ];
    for (key, label) in labels {
        if let Some(label) = label.filter(|label| !is_line(label)) {
            return Some(format!("`{key}` is {label:?}, not one line without control characters"));
        }
    }
    // Listed files are read, and removed when they become stale.
    let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let mut named = manifest.files.keys().chain(manifest.tables.keys());
    let path = named.find(|path| !inside(path) || !is_line(path))?;
    Some(format!("it lists {path}, which is not a file of its folder"))
}
