//! The version as it stands in manifests and on reports: that of this program, marked where its sources were not those of
//! their commit. `0.1.0+dirty.3f2a90c1d4e5` was changed by a patch whose BLAKE3 digest begins so; the journal has the rest.
//!
//! The mark says who made results, and nothing of what they are. So a sweep that finds one in a manifest leaves it as it is, even if somebody has changed
//! its digits: it cannot know who has made what it did not make, no run is trained otherwise for it, and the root does not have it. Whoever verifies
//! makes the report again with the mark of the manifest, and so sees where report and manifest do not say the same.
//!
//! `0.1.0+unknown` stands where some runs were there before, and neither the journal nor a manifest knows who computed them: nobody can say by which sources.
//!
//! A mark stays as long as any run may have been computed by such a program, by the manifest or the journal: until the folder is
//! computed anew by another. A program that was built without `git` knows nothing of its commit, and is not marked.

use super::Origin;

const DIRTY: &str = "+dirty.";
const UNKNOWN: &str = "+unknown";

/// What is known of the sources that were not those of the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirtyMark {
    /// They were changed by a patch whose digest begins so.
    Dirty(String),
    /// Nobody knows who computed a part of the runs.
    Unknown,
}

/// The version without a mark.
#[must_use]
pub fn plain(version: &str) -> &str {
    let plain = version.split_once(DIRTY).map_or(version, |(plain, _)| plain);
    plain.strip_suffix(UNKNOWN).unwrap_or(plain)
}

/// The mark of a version, if it has one.
#[must_use]
pub fn mark(version: &str) -> Option<DirtyMark> {
    match version.split_once(DIRTY) {
        Some((_, patch)) => Some(DirtyMark::Dirty(patch.to_owned())),
        None => version.ends_with(UNKNOWN).then_some(DirtyMark::Unknown),
    }
}

/// The version for results that `origin` makes; `others` is the mark of whoever has computed a part of them.
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
        assert_eq!(
            marked("0.1.0", &dirty, Some(&DirtyMark::Unknown)),
            marked_version,
            "what is known to be changed is told"
        );
    }
}
