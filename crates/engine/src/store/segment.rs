//! Segments: finished runs in one immutable file.
//!
//! A segment is the eight bytes `RESTUDY\n`, the format version (four bytes, little-endian), and one frame a run: the
//! length of the payload (four bytes, little-endian), the BLAKE3 digest of the payload (32 bytes), and the payload, a
//! [`Record`] in the postcard wire format. Its name is a prefix of the digest of its bytes.
//!
//! A frame with a wrong digest, or with a record that no run can have, is skipped; a frame that is cut off or empty
//! ends the reading. All other runs are used, and damaged ones are computed again. A segment that is cut off between
//! two frames is a shorter segment: the runs after the cut are missing. No digest covers the first twelve bytes; the
//! frames after them are read whatever these bytes are, unless they name a newer format: then the name of the file
//! matches its bytes, as in every future format, while a damaged version does not match the name.

use std::{iter::Peekable, path::Path};

use postcard::ser_flavors::Flavor;
use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::{Format, StoreError, format1, format2};
use crate::digest::{Digest, Record};

const MAGIC: &[u8; 8] = b"RESTUDY\n";

/// The length of a frame without its payload.
const HEAD: usize = 4 + 32;

/// The size limit of written segments with more than one run: an eighth of the limit for reading, and about the memory
/// that encoding takes.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// Encodes a segment with the given runs.
#[must_use]
pub fn encode<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
    encode_some(&mut records.into_iter().peekable(), usize::MAX).0
}

/// Encodes a segment with as many runs as fit into `most` bytes, but at least one if there is any, and returns their
/// number; the other runs stay in the iterator.
pub(super) fn encode_some<'a>(
    records: &mut Peekable<impl Iterator<Item = &'a Record>>,
    most: usize,
) -> (Vec<u8>, usize) {
    let mut bytes = MAGIC.to_vec();
    // A folder belongs to one experiment, so its records have one format.
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
        bytes = written.expect("postcard can write a record");
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

/// Appends to existing bytes. The flavor of postcard copies every byte of a digest separately.
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

/// Returns the file name of a segment with the given bytes.
#[must_use]
pub fn file_name(bytes: &[u8]) -> String {
    format!("{:.16}.seg", Digest::of(bytes).to_string())
}

/// Decodes the intact runs of a segment, and describes the damage.
///
/// # Errors
/// The segment has a newer format.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<(Vec<Record>, Option<String>), StoreError> {
    decode_as(path, bytes, |record| record)
}

/// The same, applying `of` to each run, so that few whole runs are in memory at a time.
///
/// # Errors
/// As [`decode`].
pub(super) fn decode_as<T: Send>(
    path: &Path,
    bytes: &[u8],
    of: impl Fn(Record) -> T + Sync,
) -> Result<(Vec<T>, Option<String>), StoreError> {
    const NO_SEGMENT: &str = "it does not begin with the header of a segment";
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
    // In the order of the frames, independent of the threads.
    let frames = frames.par_iter().with_min_len(FEW);
    let found: Vec<_> = frames.map(|(place, frame)| frame.record(format).map(&of).ok_or(*place)).collect();
    let damaged: Vec<_> = found.iter().filter_map(|run| run.as_ref().err().copied()).chain(cut).collect();
    let runs: Vec<T> = found.into_iter().flatten().collect();
    let reason = match damaged.as_slice() {
        _ if !known && runs.is_empty() => Some(NO_SEGMENT.into()),
        [] if !known => Some("its header was changed".into()),
        [] => None,
        [one] => Some(format!("the run at byte {one} is cut off or changed")),
        [first, rest @ ..] => {
            Some(format!("the run at byte {first} and {} after it are cut off or changed", rest.len()))
        }
    };
    Ok((runs, reason))
}

/// The minimum number of frames for a thread.
const FEW: usize = 64;

struct Frame<'a> {
    digest: &'a [u8; 32],
    payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The first frame of `bytes`, and the rest; `None` if it is cut off or empty.
    fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (digest, rest) = rest.split_first_chunk::<32>()?;
        let length = Some(u32::from_le_bytes(*length) as usize).filter(|length| *length > 0)?;
        let (payload, rest) = rest.split_at_checked(length)?;
        Some((Self { digest, payload }, rest))
    }

    /// The run in it; `None` if it was changed. Without a known format, all formats are tried.
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
        // No bytes may follow.
        let record = record.filter(|(_, rest)| rest.is_empty()).map(|(record, _)| record.into());
        record.filter(Record::is_in_shape).filter(Record::last_link_holds)
    }
}
