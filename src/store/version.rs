//! The version as it stands in manifests and on reports: that of this program, marked where its sources were not those of
//! their commit. `0.1.0+dirty.3f2a90c1d4e5` was changed by a patch whose BLAKE3 digest begins so; the journal has the rest.
//!
//! The mark says who made results, and nothing of what they are. So a sweep that finds one in a manifest leaves it as it is, even if somebody has changed
//! its digits: it cannot know who has made what it did not make, no run is trained otherwise for it, and the root does not have it. Whoever verifies
//! makes the report again with the mark of the manifest, and so sees where report and manifest do not say the same.
//!
//! A mark stays as long as any run may have been computed by such a program, by the manifest or the journal: until the folder is
//! computed anew by another. A program that was built without `git` knows nothing of its commit, and is not marked.

use super::Origin;

const MARK: &str = "+dirty.";

/// The version without a mark.
#[must_use]
pub fn plain(version: &str) -> &str {
    version.split_once(MARK).map_or(version, |(plain, _)| plain)
}

/// The beginning of the digest of the patch, if the version is marked.
#[must_use]
pub fn patch(version: &str) -> Option<&str> {
    version.split_once(MARK).map(|(_, patch)| patch)
}

/// The version for results that `origin` makes; `others` is the patch of whoever has computed a part of them.
#[must_use]
pub fn marked(version: &str, origin: &Origin, others: Option<&str>) -> String {
    match (&origin.patch, others) {
        (Some(own), _) => format!("{version}{MARK}{}", own.short()),
        (None, Some(inherited)) => format!("{version}{MARK}{inherited}"),
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
        let marked_version = marked("0.1.0", &dirty, None);
        assert_eq!(marked_version, "0.1.0+dirty.abababababab");
        assert_eq!((plain(&marked_version), patch(&marked_version)), ("0.1.0", Some("abababababab")));
        assert_eq!((plain("0.1.0"), patch("0.1.0")), ("0.1.0", None));
        assert_eq!(marked("0.1.0", &clean, None), "0.1.0");
        assert_eq!(marked("0.2.0", &clean, Some("abababababab")), "0.2.0+dirty.abababababab");
        assert_eq!(marked("0.1.0", &dirty, Some("cdcdcdcdcdcd")), marked_version);
    }
}
