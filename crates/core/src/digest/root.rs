use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

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
    let mut level = leaves(runs).1;
    while level.len() > 1 {
        level = above(&level);
    }
    level.pop().unwrap_or_else(|| Hasher::new("restudy/node").finish())
}

/// What stands beside the way from a leaf up to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// A node to the left.
    Left(Digest),
    /// A node to the right.
    Right(Digest),
}

/// The way from the leaf of a run up to the root; none if the run is not there.
///
/// Where a node is the odd one out of its level, nothing stands beside it, and the way has no entry.
#[must_use]
pub fn path(runs: impl IntoIterator<Item = (Digest, Digest)>, id: Digest) -> Option<Vec<Beside>> {
    let (ids, mut level) = leaves(runs);
    let mut place = ids.iter().position(|own| *own == id)?;
    let mut path = Vec::new();
    while level.len() > 1 {
        let beside = level.get(place ^ 1).copied();
        path.extend(beside.map(|node| if place % 2 == 1 { Beside::Left(node) } else { Beside::Right(node) }));
        level = above(&level);
        place /= 2;
    }
    Some(path)
}

/// The root that a leaf and what stands beside its way give.
#[must_use]
pub fn climb(leaf: Digest, path: &[Beside]) -> Digest {
    path.iter().fold(leaf, |own, beside| match beside {
        Beside::Left(left) => node(*left, own),
        Beside::Right(right) => node(own, *right),
    })
}

/// Identities and leaves, sorted by identity.
fn leaves(runs: impl IntoIterator<Item = (Digest, Digest)>) -> (Vec<Digest>, Vec<Digest>) {
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.sort_unstable();
    runs.into_iter().map(|(id, digest)| (id, leaf(id, digest))).unzip()
}

fn above(level: &[Digest]) -> Vec<Digest> {
    let pairs = level.chunks(2).map(|pair| match pair {
        [left, right] => node(*left, *right),
        rest => rest[0],
    });
    pairs.collect()
}

fn node(left: Digest, right: Digest) -> Digest {
    Hasher::new("restudy/node").bytes(&left.0).bytes(&right.0).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_to_the_root_and_no_other_does() {
        for count in 1..40_u8 {
            let runs: Vec<_> = (0..count).map(|i| (Digest::of(&[i]), Digest::of(&[i, 1]))).collect();
            let whole = root(runs.iter().copied());
            for &(id, digest) in &runs {
                let way = path(runs.iter().copied(), id).unwrap();
                assert_eq!(climb(leaf(id, digest), &way), whole);
                assert_ne!(climb(leaf(id, Digest([0; 32])), &way), whole);
                for cut in 0..way.len() {
                    assert_ne!(climb(leaf(id, digest), &way[..cut]), whole);
                    let mut turned = way.clone();
                    turned[cut] = match turned[cut] {
                        Beside::Left(node) => Beside::Right(node),
                        Beside::Right(node) => Beside::Left(node),
                    };
                    assert_ne!(climb(leaf(id, digest), &turned), whole);
                }
            }
            assert_eq!(path(runs.iter().copied(), Digest([7; 32])), None);
        }
    }
}
