//! Stored runs against the manifest beside them: what two manifests have in common is no result if the segments of one say something else.

use super::Line;
use crate::{cli::folder::Folder, results::reading};

/// What is damaged in the segments of the two studies, or contradicts the manifest of the same folder.
pub(super) fn compare(a: &Folder, b: &Folder) -> Vec<Line> {
    let found = |side: &Folder| {
        let findings = reading::segments(&side.path, &side.study, Some(&side.manifest)).findings;
        let name = side.path.display().to_string();
        findings.into_iter().map(move |found| Line(STORED, format!("{name}/{found}"), None, None))
    };
    let mut lines: Vec<_> = [a, b].into_iter().flat_map(found).collect();
    // A folder may be compared with itself.
    lines.dedup_by(|one, other| one.1 == other.1);
    lines
}

/// The kind of these lines.
const STORED: &str = "stored runs that are damaged, or not what the manifest beside them lists";
