//! The lines of a journal, as text and as what they say.
//!
//! A large study has a line for every few thousand runs, and all of them are read to know who computed a run; so runs are read as numbers,
//! without a text for each.

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

/// A segment that was committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Commit {
    /// When, in seconds since 1970.
    committed: u64,
    /// How long the process had worked, in seconds; older versions did not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<f64>,
    segment: String,
    pub(super) runs: Runs,
}

impl Commit {
    /// These runs, now, by a process that has worked so long.
    pub(super) fn new<'a>(segment: &Path, records: impl IntoIterator<Item = &'a Record>, worked: Duration) -> Self {
        let short = |record: &Record| (short(record.id), short(record.digest()));
        let runs: BTreeMap<_, _> = records.into_iter().map(short).collect();
        let segment = segment.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // To the millisecond: nobody wants more, and it is read by people, too.
        let after = Some(worked.as_millis() as f64 / 1000.0);
        Self { committed: now(), after, segment, runs: Runs(runs.into_iter().collect()) }
    }
}

/// Runs that were damaged, and are to be computed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Loss {
    /// When it was seen, in seconds since 1970.
    lost: u64,
    pub(super) runs: Runs,
}

impl Loss {
    /// These runs, as of now.
    pub(super) fn new(runs: Vec<(u64, u64)>) -> Self {
        Self { lost: now(), runs: Runs(runs) }
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

/// An object as a line. Its last key is the beginning of the digest of what stands before, so that a change of it is seen.
pub(super) fn line(object: &impl Serialize) -> String {
    let mut text = serde_json::to_string(object).expect("a line is plain data");
    // The brace that closes it; no line is without keys.
    text.pop();
    let sum = Digest::of(text.as_bytes()).short();
    text + SUM + &sum + "\"}\n"
}

/// What stands before the sum of a line.
const SUM: &str = ",\"sum\":\"";

/// Whether the sum of a line is right; nothing where it has none, as those of older versions.
fn sum_holds(line: &[u8]) -> Option<bool> {
    let (text, sum) = line.strip_suffix(b"\"}")?.split_last_chunk::<12>()?;
    let text = text.strip_suffix(SUM.as_bytes())?;
    Some(Digest::of(text).short().as_bytes() == sum)
}

/// Why a line says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It ends too early.
    Torn,
    /// It is not what was written.
    Changed,
    /// It is as it was written, by a version that says something else in it.
    Strange,
}

/// Reads a line, without its end.
pub(super) fn read<T: DeserializeOwned>(line: &[u8]) -> Result<T, Unread> {
    let sum = sum_holds(line);
    if sum == Some(false) {
        return Err(Unread::Changed);
    }
    json::from_slice(line).map_err(|error| match sum {
        Some(_) => Unread::Strange,
        None if error.is_eof() => Unread::Torn,
        None => Unread::Changed,
    })
}

/// Lines without an end that is torn.
pub(super) fn without_torn_end(lines: &[u8]) -> &[u8] {
    let start = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    let torn = read::<de::IgnoredAny>(&lines[start..]) == Err(Unread::Torn);
    if torn { &lines[..start] } else { lines }
}

/// What the lines of a process say.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// How it went; nothing if no such line can be read.
    pub(super) entry: Option<Entry>,
    pub(super) commits: Vec<Commit>,
    pub(super) losses: Vec<Loss>,
    /// How many lines were changed or cut off.
    pub(super) damaged: usize,
}

impl Said {
    /// What these lines say.
    pub(super) fn by(lines: &[u8]) -> Self {
        let mut said = Self::default();
        let mut rest = lines;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 1..]));
            rest = after;
            match said.take(line) {
                // A process that is killed, or at it now, leaves the beginning of a line; whoever could not write all of one writes it again.
                Err(Unread::Torn) if end.is_none() => {}
                Err(Unread::Torn) if after.split(|byte| *byte == b'\n').any(|later| later.starts_with(line)) => {}
                Err(Unread::Torn | Unread::Changed) => said.damaged += 1,
                Err(Unread::Strange) | Ok(()) => {}
            }
        }
        said
    }

    fn take(&mut self, line: &[u8]) -> Result<(), Unread> {
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
            // Older lines have whole seconds alone.
            entry.seconds = commit.after.unwrap_or(commit.committed.saturating_sub(entry.started) as f64);
        }
        self.commits.push(commit);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
