//! Segments: finished runs in one immutable file.
//!
//! A segment is the eight bytes `RESTUDY\n`, the format version (four bytes, little-endian), and one frame a run: the length
//! of the payload (four bytes, little-endian), the BLAKE3 digest of the payload (32 bytes), and the payload, a
//! [`Record`] in the postcard wire format. Its name is the beginning of the digest of its bytes.
//!
//! A frame whose digest is wrong, or whose record is none that a run can leave, is skipped, one that is cut off or empty ends the reading: every other run is used, and what is
//! damaged is computed again. A segment that is cut off between two frames is a shorter segment: the runs behind are missing. The first twelve bytes are under no digest of
//! their own; what follows them is read whatever they are, but for a newer format: its name then is that of its bytes, in every format that there will be, while a version that was damaged
//! does not go with the name.

use std::{iter::Peekable, path::Path};

use postcard::ser_flavors::Flavor;
use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::{Format, StoreError, format1, format2};
use crate::digest::{Digest, Record};

const MAGIC: &[u8; 8] = b"RESTUDY\n";

/// The bytes of a frame before its payload.
const HEAD: usize = 4 + 32;

/// The largest segment that is written where more than one run is in it: an eighth of what is read, and about as much memory as
/// making it takes.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// The bytes of a segment with the given runs.
#[must_use]
pub fn encode<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
    encode_some(&mut records.into_iter().peekable(), usize::MAX).0
}

/// The bytes of a segment with as many of the runs as fit into `most` bytes, but one at least if there is any, and how many they are; the
/// rest is left.
pub(super) fn encode_some<'a>(
    records: &mut Peekable<impl Iterator<Item = &'a Record>>,
    most: usize,
) -> (Vec<u8>, usize) {
    let mut bytes = MAGIC.to_vec();
    // A folder is for one experiment, so that its records are of one format.
    let format =
        records.peek().map_or(Format::One, |record| if record.own.is_some() { Format::Two } else { Format::One });
    bytes.extend((format as u32).to_le_bytes());
    let mut count = 0;
    while let Some(record) = records.peek() {
        let start = bytes.len();
        bytes.extend([0; HEAD]);
        let written = match record.own {
            Some(own) => postcard::serialize_with_flavor(&format2::Written::of(record, own), Growing(bytes)),
            None => postcard::serialize_with_flavor(&format1::Written::of(record), Growing(bytes)),
        };
        bytes = written.expect("a record has no part that postcard cannot write");
        if count > 0 && bytes.len() > most {
            bytes.truncate(start);
            break;
        }
        records.next();
        count += 1;
        let (head, payload) = bytes[start..].split_at_mut(HEAD);
        head[..4].copy_from_slice(&(payload.len() as u32).to_le_bytes());
        head[4..].copy_from_slice(&Digest::of(payload).0);
    }
    (bytes, count)
}

/// Bytes that postcard writes at the end of others. Its own way of doing so copies every byte of a digest by itself.
struct Growing(Vec<u8>);

impl Flavor for Growing {
    type Output = Vec<u8>;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// The file name of a segment with the given bytes.
#[must_use]
pub fn file_name(bytes: &[u8]) -> String {
    format!("{:.16}.seg", Digest::of(bytes).to_string())
}

/// The intact runs of a segment, and what the damage is.
///
/// # Errors
/// The segment has a newer format.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<(Vec<Record>, Option<String>), StoreError> {
    decode_as(path, bytes, |record| record)
}

/// The same, with `of` of each run and not the run itself, of which few are in memory at a time.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_as<T: Send>(
    path: &Path,
    bytes: &[u8],
    of: impl Fn(Record) -> T + Sync,
) -> Result<(Vec<T>, Option<String>), StoreError> {
    const NO_SEGMENT: &str = "it does not begin as a segment does";
    let Some((start, mut rest)) = bytes.split_first_chunk::<12>() else {
        return Ok((Vec::new(), Some(NO_SEGMENT.into())));
    };
    let (magic, version) = start.split_at(MAGIC.len());
    let version = version.iter().rev().fold(0, |version, byte| version << 8 | u32::from(*byte));
    let format = Format::read(path, version).ok().flatten().filter(|_| magic == MAGIC);
    let known = format.is_some();
    if magic == MAGIC && !known && path.file_name().is_some_and(|name| name == file_name(bytes).as_str()) {
        Format::read(path, version)?;
    }
    let (mut frames, mut cut) = (Vec::new(), None);
    while !rest.is_empty() {
        let place = bytes.len() - rest.len();
        let Some((frame, after)) = Frame::first(rest) else {
            cut = Some(place);
            break;
        };
        frames.push((place, frame));
        rest = after;
    }
    // In the order of the frames, whichever thread is done first.
    let frames = frames.par_iter().with_min_len(FEW);
    let found: Vec<_> = frames.map(|(place, frame)| frame.record(format).map(&of).ok_or(*place)).collect();
    let damaged: Vec<_> = found.iter().filter_map(|run| run.as_ref().err().copied()).chain(cut).collect();
    let runs: Vec<T> = found.into_iter().flatten().collect();
    let reason = match damaged.as_slice() {
        _ if !known && runs.is_empty() => Some(NO_SEGMENT.into()),
        [] if !known => Some("its first bytes, which say what it is, are changed".into()),
        [] => None,
        [one] => Some(format!("the run at byte {one} is cut off or changed")),
        [first, rest @ ..] => {
            Some(format!("the run at byte {first} and {} after it are cut off or changed", rest.len()))
        }
    };
    Ok((runs, reason))
}

/// So many frames at least are checked by one thread.
const FEW: usize = 64;

/// A frame, which may have been changed.
struct Frame<'a> {
    digest: &'a [u8; 32],
    payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The first frame of `bytes`, and what follows; nothing if it is cut off, or empty.
    fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (digest, rest) = rest.split_first_chunk::<32>()?;
        let length = Some(u32::from_le_bytes(*length) as usize).filter(|length| *length > 0)?;
        let (payload, rest) = rest.split_at_checked(length)?;
        Some((Self { digest, payload }, rest))
    }

    /// The run in it; nothing if it was changed. Where the format is not known, it is what it can be read as.
    fn record(&self, format: Option<Format>) -> Option<Record> {
        if Digest::of(self.payload).0 != *self.digest {
            return None;
        }
        match format {
            Some(Format::One) => self.read::<format1::Read>(),
            Some(Format::Two) => self.read::<format2::Read>(),
            None => self.read::<format1::Read>().or_else(|| self.read::<format2::Read>()),
        }
    }

    fn read<T: DeserializeOwned + Into<Record>>(&self) -> Option<Record> {
        let record = postcard::take_from_bytes::<T>(self.payload).ok();
        // Nothing may stand behind it.
        let record = record.filter(|(_, rest)| rest.is_empty()).map(|(record, _)| record.into());
        record.filter(Record::is_in_shape).filter(Record::last_link_holds)
    }
}
