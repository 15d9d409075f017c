use alloc::vec::Vec;

use super::{Digest, Hasher};

/// The leaf of a run in the tree of its study: over its identity and its digest.
#[must_use]
pub fn leaf(id: Digest, digest: Digest) -> Digest {
    Hasher::new("restudy/leaf").bytes(&id.0).bytes(&digest.0).finish()
}

/// The root of a study: the Merkle tree over the leaves of its runs, sorted by identity.
///
/// A level pairs neighbours into nodes; an odd one out moves up as it is. A study without runs has the digest of "restudy/node".
#[must_use]
pub fn root(runs: impl IntoIterator<Item = (Digest, Digest)>) -> Digest {
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.sort_unstable();
    let mut level: Vec<_> = runs.into_iter().map(|(id, digest)| leaf(id, digest)).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Hasher::new("restudy/node").bytes(&left.0).bytes(&right.0).finish(),
                rest => rest[0],
            })
            .collect();
    }
    level.pop().unwrap_or_else(|| Hasher::new("restudy/node").finish())
}
