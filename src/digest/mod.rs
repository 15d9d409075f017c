//! Digests: the chain over a run, the identity of a run, the root of a study. All are BLAKE3, 32 bytes.
//!
//! May touch: `math`, `seed`, `data`, `model`, `metric`, `train`.

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    model::Params,
    train::{Outcome, Point},
};

/// 32 bytes of BLAKE3; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Everything that a finished run leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The measurements, first the untrained network.
    pub points: Vec<Point>,
    /// The chain after each measurement; the last link is the digest of the run.
    pub chain: Vec<Digest>,
    /// How it ended.
    pub outcome: Outcome,
    /// The final parameters.
    pub params: Params,
}
