use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Digest, Hasher};

/// Computes the leaf of a run in the tree of its study, over its identity and its digest.
#[must_use]
pub fn leaf(id: Digest, digest: Digest) -> Digest {
    Hasher::new("restudy/leaf").bytes(&id.0).bytes(&digest.0).finish()
}

/// Computes the root of a study: of the Merkle tree over the leaves of its runs, sorted by identity.
///
/// A level pairs neighbors into nodes; an unpaired last node moves up unchanged. The root of a study without runs is
/// the digest of "restudy/node".
#[must_use]
pub fn root(runs: impl IntoIterator<Item = (Digest, Digest)>) -> Digest {
    let mut level = leaves(runs).1;
    while level.len() > 1 {
        level = above(&level);
    }
    level.pop().unwrap_or_else(|| Hasher::new("restudy/node").finish())
}

/// A sibling on the path from a leaf to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// The sibling is on the left.
    Left(Digest),
    /// The sibling is on the right.
    Right(Digest),
}

/// Returns the siblings on the path from the leaf of a run to the root; `None` if the study does not contain the run.
///
/// An unpaired node has no sibling, so the path has no entry for its level.
#[must_use]
pub fn path(runs: impl IntoIterator<Item = (Digest, Digest)>, id: Digest) -> Option<Vec<Beside>> {
    let (ids, mut level) = leaves(runs);
    let mut place = ids.iter().position(|other| *other == id)?;
    let mut path = Vec::new();
    while level.len() > 1 {
        let sibling = level.get(place ^ 1).copied();
        path.extend(sibling.map(|node| if place % 2 == 1 { Beside::Left(node) } else { Beside::Right(node) }));
        level = above(&level);
        place /= 2;
    }
    Some(path)
}

/// Computes the root from a leaf and the siblings on its path.
#[must_use]
pub fn climb(leaf: Digest, path: &[Beside]) -> Digest {
    path.iter().fold(leaf, |current, sibling| match sibling {
        Beside::Left(left) => node(*left, current),
        Beside::Right(right) => node(current, *right),
    })
}

/// Returns identities and leaves, sorted by identity.
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
    fn only_the_path_of_a_leaf_leads_to_the_root() {
        for count in 1..40_u8 {
            let runs: Vec<_> = (0..count).map(|i| (Digest::of(&[i]), Digest::of(&[i, 1]))).collect();
            let whole = root(runs.iter().copied());
            for &(id, digest) in &runs {
                let siblings = path(runs.iter().copied(), id).unwrap();
                assert_eq!(climb(leaf(id, digest), &siblings), whole);
                assert_ne!(climb(leaf(id, Digest([0; 32])), &siblings), whole);
                for cut in 0..siblings.len() {
                    assert_ne!(climb(leaf(id, digest), &siblings[..cut]), whole);
                    let mut swapped = siblings.clone();
                    swapped[cut] = match swapped[cut] {
                        Beside::Left(node) => Beside::Right(node),
                        Beside::Right(node) => Beside::Left(node),
                    };
                    assert_ne!(climb(leaf(id, digest), &swapped), whole);
                }
            }
            assert_eq!(path(runs.iter().copied(), Digest([7; 32])), None);
        }
    }
}
