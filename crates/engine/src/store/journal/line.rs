//! The lines of a journal, as text and parsed.
//!
//! A large study has a line for every few thousand runs, and all are read to find who computed a run; so digests are
//! parsed as numbers, without allocating strings.

use std::{collections::BTreeMap, fmt, path::Path, time::Duration};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
};

use super::{Entry, now};
use crate::{
    digest::{Digest, Record},
    store::json,
};

/// A committed segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Commit {
    /// Seconds since 1970.
    committed: u64,
    /// The age of the process in seconds; absent in older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<f64>,
    segment: String,
    pub(super) runs: Runs,
}

impl Commit {
    pub(super) fn new<'a>(segment: &Path, records: impl IntoIterator<Item = &'a Record>, worked: Duration) -> Self {
        let short = |record: &Record| (short(record.id), short(record.digest()));
        let runs: BTreeMap<_, _> = records.into_iter().map(short).collect();
        let segment = segment.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Milliseconds suffice, and are easy to read.
        let after = Some(worked.as_millis() as f64 / 1000.0);
        Self { committed: now(), after, segment, runs: Runs(runs.into_iter().collect()) }
    }
}

/// Runs that were damaged, and are computed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Loss {
    /// Seconds since 1970.
    lost: u64,
    pub(super) runs: Runs,
}

impl Loss {
    pub(super) fn new(runs: Vec<(u64, u64)>) -> Self {
        Self { lost: now(), runs: Runs(runs) }
    }
}

/// The first twelve hexadecimal digits of a digest, as a number.
pub(super) fn short(digest: Digest) -> u64 {
    let [a, b, c, d, e, f, ..] = digest.0;
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

/// For each run its identity and its digest, both [short]; serialized as an object of strings.
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
                while let Some((ShortDigest(id), ShortDigest(digest))) = map.next_entry()? {
                    runs.push((id, digest));
                }
                Ok(Runs(runs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

struct ShortDigest(u64);

impl<'de> Deserialize<'de> for ShortDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl de::Visitor<'_> for Digits {
            type Value = ShortDigest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("twelve hexadecimal digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ShortDigest, E> {
                let digit = |number: u64, byte: u8| Some(number << 4 | u64::from(char::from(byte).to_digit(16)?));
                let number = if text.len() == 12 { text.bytes().try_fold(0, digit) } else { None };
                number.map(ShortDigest).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// Serializes an object as a line. Its last key is a prefix of the digest of the text before it, so that a change is
/// detected.
pub(super) fn line(object: &impl Serialize) -> String {
    let mut text = serde_json::to_string(object).expect("a line is plain data");
    // Removes the closing brace.
    text.pop();
    let sum = Digest::of(text.as_bytes()).short();
    text + SUM + &sum + "\"}\n"
}

const SUM: &str = ",\"sum\":\"";

/// Whether the sum of a line is right; `None` for lines of older versions, which have none.
fn sum_holds(line: &[u8]) -> Option<bool> {
    let (text, sum) = line.strip_suffix(b"\"}")?.split_last_chunk::<12>()?;
    let text = text.strip_suffix(SUM.as_bytes())?;
    Some(Digest::of(text).short().as_bytes() == sum)
}

/// Why a line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineError {
    /// The line ends too early.
    Torn,
    /// The line is not as it was written.
    Changed,
    /// The line is intact, but of an unknown kind.
    Unknown,
}

/// Parses a line without its line end.
pub(super) fn read<T: DeserializeOwned>(line: &[u8]) -> Result<T, LineError> {
    let sum = sum_holds(line);
    if sum == Some(false) {
        return Err(LineError::Changed);
    }
    json::from_slice(line).map_err(|error| match sum {
        Some(_) => LineError::Unknown,
        None if error.is_eof() => LineError::Torn,
        None => LineError::Changed,
    })
}

/// Removes a torn last line.
pub(super) fn without_torn_end(lines: &[u8]) -> &[u8] {
    let start = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    let torn = read::<de::IgnoredAny>(&lines[start..]) == Err(LineError::Torn);
    if torn { &lines[..start] } else { lines }
}

/// The parsed lines of a process.
#[derive(Debug, Default)]
pub(super) struct ProcessLog {
    /// `None` if no entry can be read.
    pub(super) entry: Option<Entry>,
    pub(super) commits: Vec<Commit>,
    pub(super) losses: Vec<Loss>,
    /// The number of lines that were changed or cut off.
    pub(super) damaged: usize,
}

impl ProcessLog {
    pub(super) fn parse(lines: &[u8]) -> Self {
        let mut log = Self::default();
        let mut rest = lines;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 1..]));
            rest = after;
            match log.take(line) {
                // A killed or running process leaves the beginning of a line; a process that could not write all of a
                // line writes it again.
                Err(LineError::Torn) if end.is_none() => {}
                Err(LineError::Torn) if after.split(|byte| *byte == b'\n').any(|later| later.starts_with(line)) => {}
                Err(LineError::Torn | LineError::Changed) => log.damaged += 1,
                Err(LineError::Unknown) | Ok(()) => {}
            }
        }
        log
    }

    fn take(&mut self, line: &[u8]) -> Result<(), LineError> {
        if line.is_empty() {
            return Ok(());
        }
        if line.starts_with(b"{\"lost\"") {
            self.losses.push(read(line)?);
            return Ok(());
        }
        if !line.starts_with(b"{\"committed\"") {
            self.entry = Some(read(line)?);
            return Ok(());
        }
        let commit: Commit = read(line)?;
        if let Some(entry) = &mut self.entry {
            entry.computed = entry.computed.saturating_add(commit.runs.0.len());
            // Older lines have only whole seconds.
            entry.seconds = commit.after.unwrap_or(commit.committed.saturating_sub(entry.started) as f64);
        }
        self.commits.push(commit);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
