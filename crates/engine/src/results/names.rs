//! What a manifest or a proof may name things: it may come from anyone, and what it says is printed, and made into names of files.

use std::path::{Component, Path};

use super::Manifest;
use crate::digest::grammar::is_line;

/// Whether a text is the name of one file or folder on one line, and nothing that a terminal would obey.
pub fn is_name(text: &str) -> bool {
    let mut parts = Path::new(text).components();
    let one = matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == text);
    one && is_line(text)
}

/// What is wrong with the names in a manifest, if anything is.
pub fn fault(manifest: &Manifest) -> Option<String> {
    // What is made of it is named after its study, here and elsewhere.
    if !is_name(&manifest.study) {
        return Some(format!("its study has the name {:?}, which no file can have", manifest.study));
    }
    let labels = [
        ("restudy", Some(&manifest.restudy)),
        ("experiment", manifest.experiment.as_ref()),
        ("declared", manifest.declared.as_ref()),
    ];
    for (key, label) in labels {
        if let Some(label) = label.filter(|label| !is_line(label)) {
            return Some(format!("`{key}` is {label:?}, which is not one line without control characters"));
        }
    }
    // What it names is read, and removed once it is stale.
    let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let mut named = manifest.files.keys().chain(manifest.tables.keys());
    let path = named.find(|path| !inside(path) || !is_line(path))?;
    Some(format!("it names {path}, which is not a file of its folder"))
}
