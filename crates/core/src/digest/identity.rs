use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};
use core::fmt;

use super::{Digest, Hasher};
use crate::seed::Seed;

/// The version of the arithmetic contract. A change of any bit of any result needs a new version.
pub const CONTRACT: u64 = 1;

/// The value of a setting in an identity.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A whole number.
    Int(u64),
    /// A number, identified by its bits, not its digits.
    Float(f64),
    /// A text.
    String(Cow<'a, str>),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "u{value}"),
            Self::Float(value) => write!(f, "f{:016x}", value.to_bits()),
            Self::String(value) => write!(f, "s{}:{value}", value.len()),
        }
    }
}

/// The identity of a run: a digest of the contract's version, every setting of its trial, and its seed.
///
/// `settings` are pairs of path and value, sorted by path; each becomes one line.
pub fn run_id<'a>(settings: impl IntoIterator<Item = (&'a str, Value<'a>)>, seed: Seed) -> Digest {
    Identities::new(settings).under(seed)
}

/// Computes the identities of the runs of one trial; their common settings are hashed once.
#[derive(Debug, Clone)]
pub struct Identities(blake3::Hasher);

impl Identities {
    /// Starts the identities of runs with these settings, sorted as for [`run_id`].
    pub fn new<'a>(settings: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Self {
        let mut hasher = Hasher::new("restudy/id");
        hasher.bytes(format!("\ncontract={CONTRACT}\n").as_bytes());
        for (path, value) in settings {
            hasher.bytes(format!("{path}={value}\n").as_bytes());
        }
        let mut shared = blake3::Hasher::new();
        shared.update(&hasher.0);
        Self(shared)
    }

    /// Starts the identities of runs of a custom experiment. They have a separate tag and cover the name and version of
    /// the experiment, the names of the measured values in order (`train.loss`) and of the kept arrays, and every path
    /// and value with its length.
    pub fn of_experiment<'a>(
        (name, version): (&str, u64),
        [measured, kept]: [&[String]; 2],
        settings: impl IntoIterator<Item = (&'a str, Value<'a>)>,
    ) -> Self {
        let mut hasher = Hasher::new("restudy/id/2");
        hasher.bytes(format!("\nexperiment={}:{name}\nversion={version}\n", name.len()).as_bytes());
        for (key, names) in [("measured", measured), ("kept", kept)] {
            hasher.bytes(format!("{key}={}\n", names.len()).as_bytes());
            names.iter().for_each(|name| _ = hasher.bytes(format!("{}:{name}\n", name.len()).as_bytes()));
        }
        for (path, value) in settings {
            let value = value.to_string();
            hasher.bytes(format!("{}:{path}={}:{value}\n", path.len(), value.len()).as_bytes());
        }
        let mut shared = blake3::Hasher::new();
        shared.update(&hasher.0);
        Self(shared)
    }

    /// Returns the identity of the run with `seed`.
    #[must_use]
    pub fn under(&self, seed: Seed) -> Digest {
        let mut hasher = self.0.clone();
        hasher.update(format!("seed={}\n", seed.0).as_bytes());
        Digest(*hasher.finalize().as_bytes())
    }
}
