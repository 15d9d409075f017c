//! The version in manifests and reports: that of this program, with a mark if its sources differed from their commit.
//! `0.1.0+dirty.3f2a90c1d4e5` was changed by a patch with this prefix of its BLAKE3 digest; the journal has the rest.
//!
//! The mark names the program that made results, and is no part of the results. So a sweep that finds a mark in a
//! manifest keeps it, even if its digits were edited: it cannot know who computed the stored runs, the training does
//! not depend on it, and the root does not cover it. `verify` renders the report with the mark of the manifest, and so
//! detects a report and a manifest that disagree.
//!
//! `0.1.0+unknown` means that some runs were stored before, and neither the journal nor a manifest names who computed
//! them, so their sources are unknown.
//!
//! A mark stays as long as such a program may have computed any run, by the manifest or the journal: until the folder
//! is computed again by another. A program that was built without `git` does not know its commit, and is not marked.

use super::Origin;

const DIRTY: &str = "+dirty.";
const UNKNOWN: &str = "+unknown";

/// Why the sources of results are not those of the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirtyMark {
    /// They were changed by a patch with this digest prefix.
    Dirty(String),
    /// The sources of some runs are unknown.
    Unknown,
}

/// Returns the version without a mark.
#[must_use]
pub fn plain(version: &str) -> &str {
    let plain = version.split_once(DIRTY).map_or(version, |(plain, _)| plain);
    plain.strip_suffix(UNKNOWN).unwrap_or(plain)
}

/// Returns the mark of a version, if it has one.
#[must_use]
pub fn mark(version: &str) -> Option<DirtyMark> {
    match version.split_once(DIRTY) {
        Some((_, patch)) => Some(DirtyMark::Dirty(patch.to_owned())),
        None => version.ends_with(UNKNOWN).then_some(DirtyMark::Unknown),
    }
}

/// Returns the version for results that `origin` makes; `others` is the mark of the other programs that computed a part
/// of them.
#[must_use]
pub fn marked(version: &str, origin: &Origin, others: Option<&DirtyMark>) -> String {
    match (&origin.patch, others) {
        (Some(own), _) => format!("{version}{DIRTY}{}", own.short()),
        (None, Some(DirtyMark::Dirty(inherited))) => format!("{version}{DIRTY}{inherited}"),
        (None, Some(DirtyMark::Unknown)) => format!("{version}{UNKNOWN}"),
        (None, None) => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn a_mark_is_set_inherited_and_read() {
        let (clean, dirty) = (Origin::default(), Origin { patch: Some(Digest([0xab; 32])), ..Origin::default() });
        let patch = |digits: &str| DirtyMark::Dirty(digits.to_owned());
        let marked_version = marked("0.1.0", &dirty, None);
        assert_eq!(marked_version, "0.1.0+dirty.abababababab");
        assert_eq!((plain(&marked_version), mark(&marked_version)), ("0.1.0", Some(patch("abababababab"))));
        assert_eq!((plain("0.1.0"), mark("0.1.0")), ("0.1.0", None));
        assert_eq!(marked("0.1.0", &clean, None), "0.1.0");
        assert_eq!(marked("0.2.0", &clean, Some(&patch("abababababab"))), "0.2.0+dirty.abababababab");
        assert_eq!(marked("0.1.0", &dirty, Some(&patch("cdcdcdcdcdcd"))), marked_version);
        let unknown = marked("0.1.0", &clean, Some(&DirtyMark::Unknown));
        assert_eq!((plain(&unknown), mark(&unknown)), ("0.1.0", Some(DirtyMark::Unknown)));
        assert_eq!(marked("0.1.0", &dirty, Some(&DirtyMark::Unknown)), marked_version, "a known patch has precedence");
    }
}
