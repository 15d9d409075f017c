//! Compares stored runs with the manifest beside them: equal manifests prove nothing if the segments of one disagree.

use super::Line;
use crate::{cli::folder::Folder, results::reading};

/// Segments of either study that are damaged or contradict the manifest of their folder.
pub(super) fn compare(a: &Folder, b: &Folder) -> Vec<Line> {
    let found = |side: &Folder| {
        let findings = reading::segments(&side.path, &side.study, Some(&side.manifest)).findings;
        let name = side.path.display().to_string();
        findings.into_iter().map(move |found| Line(STORED, format!("{name}/{found}"), None, None))
    };
    let mut lines: Vec<_> = [a, b].into_iter().flat_map(found).collect();
    // Both folders may be the same.
    lines.dedup_by(|one, other| one.1 == other.1);
    lines
}

const STORED: &str = "stored runs that are damaged or differ from the manifest beside them";
