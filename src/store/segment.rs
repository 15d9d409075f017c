//! Segments: finished runs in one immutable file.
//!
//! A segment is the eight bytes `RESTUDY\n`, the format version (four bytes, little-endian), and one frame a run: the length
//! of the payload (four bytes, little-endian), the BLAKE3 digest of the payload (32 bytes), and the payload, a
//! [`Record`] in the postcard wire format. Its name is the beginning of the digest of its bytes.
//!
//! A frame that is cut off or whose digest is wrong ends the reading: what stands before it is used, the rest is
//! damage, and is computed again.

use std::path::Path;

use super::{FORMAT, StoreError};
use crate::digest::{Digest, Record};

const MAGIC: &[u8; 8] = b"RESTUDY\n";

/// The bytes of a segment with the given runs.
#[must_use]
pub fn encode<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    for record in records {
        let payload = postcard::to_allocvec(record).expect("a record has no part that postcard cannot write");
        bytes.extend((payload.len() as u32).to_le_bytes());
        bytes.extend(Digest::of(&payload).0);
        bytes.extend(payload);
    }
    bytes
}

/// The file name of a segment with the given bytes.
#[must_use]
pub fn file_name(bytes: &[u8]) -> String {
    format!("{:.16}.seg", Digest::of(bytes).to_string())
}

/// The runs of a segment up to the first damage, and what the damage is.
///
/// # Errors
/// The segment has a newer format.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<(Vec<Record>, Option<String>), StoreError> {
    let Some((version, mut rest)) = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk::<4>()) else {
        return Ok((Vec::new(), Some("it does not begin as a segment does".into())));
    };
    let version = u32::from_le_bytes(*version);
    if version > FORMAT {
        return Err(StoreError::Newer { path: path.into(), found: version.into() });
    }
    if version == 0 {
        return Ok((Vec::new(), Some("there is no format 0".into())));
    }
    let mut records = Vec::new();
    while !rest.is_empty() {
        let Some((record, after)) = frame(rest) else {
            let offset = bytes.len() - rest.len();
            return Ok((records, Some(format!("the run at byte {offset} is cut off or changed"))));
        };
        records.push(record);
        rest = after;
    }
    Ok((records, None))
}

/// The run in the first frame of `bytes`, and what follows it.
fn frame(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (digest, rest) = rest.split_first_chunk::<32>()?;
    let (payload, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    if Digest::of(payload).0 != *digest {
        return None;
    }
    let record: Record = postcard::from_bytes(payload).ok()?;
    record.last_link_holds().then_some((record, rest))
}
