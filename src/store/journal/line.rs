//! The lines of a journal, as text and as what they say.
//!
//! A large study has a line for every few thousand runs, and all of them are read to know who computed a run; so runs are read as numbers,
//! without a text for each.

use std::{collections::BTreeMap, fmt, path::Path};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Entry, now};
use crate::digest::{Digest, Record};

/// A segment that was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Commit {
    /// When, in seconds since 1970.
    committed: u64,
    segment: String,
    pub(super) runs: Runs,
}

impl Commit {
    /// These runs, now.
    pub(super) fn new<'a>(segment: &Path, records: impl IntoIterator<Item = &'a Record>) -> Self {
        let short = |record: &Record| (short(record.id), short(record.digest()));
        let runs: BTreeMap<_, _> = records.into_iter().map(short).collect();
        let segment = segment.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { committed: now(), segment, runs: Runs(runs.into_iter().collect()) }
    }
}

/// The first twelve hexadecimal digits of a digest, as a number.
pub(super) fn short(digest: Digest) -> u64 {
    let [a, b, c, d, e, f, ..] = digest.0;
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

/// For each run its identity and its digest, both [short]: an object of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runs(pub(super) Vec<(u64, u64)>);

impl Serialize for Runs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, digest)| (format!("{id:012x}"), format!("{digest:012x}"))))
    }
}

impl<'de> Deserialize<'de> for Runs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> de::Visitor<'de> for Pairs {
            type Value = Runs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("runs by identity")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Runs, A::Error> {
                let mut runs = Vec::new();
                while let Some((Short(id), Short(digest))) = map.next_entry()? {
                    runs.push((id, digest));
                }
                Ok(Runs(runs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Twelve hexadecimal digits.
struct Short(u64);

impl<'de> Deserialize<'de> for Short {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl de::Visitor<'_> for Digits {
            type Value = Short;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("twelve hexadecimal digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Short, E> {
                let digit = |number: u64, byte: u8| Some(number << 4 | u64::from(char::from(byte).to_digit(16)?));
                let number = if text.len() == 12 { text.bytes().try_fold(0, digit) } else { None };
                number.map(Short).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// An object as a line.
pub(super) fn line(object: &impl Serialize) -> String {
    serde_json::to_string(object).expect("a line is plain data") + "\n"
}

/// What the lines of a process say.
pub(super) fn parse(bytes: &[u8]) -> Option<(Entry, Vec<Commit>)> {
    let (mut entry, mut commits): (Option<Entry>, Vec<Commit>) = (None, Vec::new());
    for line in bytes.split(|byte| *byte == b'\n') {
        if !line.starts_with(b"{\"committed\"") {
            entry = serde_json::from_slice(line).ok().or(entry);
        } else if let Ok(commit) = serde_json::from_slice::<Commit>(line) {
            if let Some(entry) = &mut entry {
                entry.computed = entry.computed.saturating_add(commit.runs.0.len());
                entry.seconds = commit.committed.saturating_sub(entry.started) as f64;
            }
            commits.push(commit);
        }
    }
    Some((entry?, commits))
}
