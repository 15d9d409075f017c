//! Digests: the chain over a run, the identity of a run, the root of a study. All are BLAKE3, 32 bytes. Each hash
//! begins with a tag for its kind, so that digests of two kinds never collide. Their exact layouts are part of the
//! contract.
//!
//! # The digest of a table
//!
//! The bytes of a Parquet file change with the version of the writer; the logical digest covers the contents of the
//! table. [`TableHasher`] computes it. It is BLAKE3 over, in this order, with every whole number as 8 little-endian
//! bytes and every text as its length in bytes and its UTF-8:
//!
//! 1. the 13 bytes `restudy/table`;
//! 2. the number of columns, the number of rows;
//! 3. for each column, in order: its name as a text; one byte for its type (`u` UInt64, `f` Float64, `s` String); its
//!    values in row order: a whole number, the bits of a float (every NaN as `0x7ff8000000000000`), or a text.

pub mod grammar;
mod identity;
mod root;
mod table;

use core::{fmt, str::FromStr};

use alloc::{string::String, sync::Arc, vec::Vec};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use identity::{CONTRACT, Identities, Value, run_id};
pub use root::{Beside, climb, leaf, path, root};
pub use table::TableHasher;

/// 32 bytes of BLAKE3, displayed, and serialized to readable formats, as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Computes the digest of plain bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Computes the digest of data: `"restudy/data"`, then for both splits the number of points, the number of inputs,
    /// the inputs and the labels.
    #[must_use]
    pub fn of_split(split: &impl Labelled) -> Self {
        let mut hasher = Hasher::new("restudy/data");
        for (inputs, x, y) in split.parts() {
            hasher.whole(y.len() as u64).whole(inputs as u64);
            hasher.floats(x).floats(y);
        }
        hasher.finish()
    }

    /// Returns all 64 hexadecimal digits, in ASCII.
    #[must_use]
    pub fn digits(&self) -> [u8; 64] {
        // Neither formatting machinery nor a table, so that the loop becomes vector code: large studies write millions.
        let digit = |half: u8| half + if half > 9 { b'a' - 10 } else { b'0' };
        let mut digits = [0; 64];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        digits
    }

    /// Returns the first 12 hexadecimal digits, for display.
    #[must_use]
    pub fn short(&self) -> String {
        self.0[..6]
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|half| char::from_digit(half.into(), 16))
            .collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "64 hexadecimal digits";
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| EXPECTED)?;
        let mut bytes = [0; 32];
        // Bytes that are not digits are reported only after the loop: a manifest has hundreds of thousands of digests.
        let mut seen = 0;
        for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
            let (high, low) = (HALVES[usize::from(*high)], HALVES[usize::from(*low)]);
            seen |= high | low;
            *byte = high << 4 | low & 15;
        }
        if seen & NO_DIGIT == 0 { Ok(Self(bytes)) } else { Err(EXPECTED) }
    }
}

/// Labeled points in two splits: training and validation.
pub trait Labelled {
    /// Returns, for each split, the number of inputs of a point, the inputs point after point, and the labels.
    fn parts(&self) -> [(usize, &[f64], &[f64]); 2];
}

impl<T: Labelled> Labelled for Arc<T> {
    fn parts(&self) -> [(usize, &[f64], &[f64]); 2] {
        (**self).parts()
    }
}

/// The entry of [`HALVES`] for a byte that is not a hexadecimal digit.
const NO_DIGIT: u8 = 16;

/// The values of the hexadecimal digits, in both cases.
const HALVES: [u8; 256] = {
    let mut halves = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        halves[b"0123456789abcdef"[value] as usize] = value as u8;
        halves[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    halves
};

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Digits)
        } else {
            deserializer.deserialize_tuple(32, Bytes)
        }
    }
}

/// Parses a digest from a text without copying it.
struct Digits;

impl de::Visitor<'_> for Digits {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest, E> {
        text.parse().map_err(|expected| E::custom(alloc::format!("expected {expected}")))
    }
}

/// Reads a digest from a binary format. The array of serde checks and moves the whole digest for every byte.
struct Bytes;

impl<'de> de::Visitor<'de> for Bytes {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("32 bytes")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut bytes: A) -> Result<Digest, A::Error> {
        let mut digest = [0; 32];
        for (place, byte) in digest.iter_mut().enumerate() {
            *byte = bytes.next_element()?.ok_or_else(|| de::Error::invalid_length(place, &self))?;
        }
        Ok(Digest(digest))
    }
}

/// Returns the bits of a number; every NaN has the same bits, since processors differ in theirs.
#[must_use]
pub fn portable_bits(value: f64) -> u64 {
    if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() }
}

/// Collects bytes and hashes them at once: most inputs are short.
#[derive(Debug)]
pub struct Hasher(Vec<u8>);

impl Hasher {
    /// Starts a hash that begins with the tag `kind`.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        let mut bytes = Vec::with_capacity(256);
        bytes.extend_from_slice(kind.as_bytes());
        Self(bytes)
    }

    /// Appends plain bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Appends a whole number, as 8 little-endian bytes.
    pub fn whole(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    /// Appends the bits of numbers, each as 8 little-endian bytes.
    pub fn floats(&mut self, values: &[f64]) -> &mut Self {
        let start = self.0.len();
        self.0.resize(start + size_of_val(values), 0);
        for (slot, value) in self.0[start..].as_chunks_mut().0.iter_mut().zip(values) {
            *slot = value.to_le_bytes();
        }
        self
    }

    /// Returns the digest of all appended bytes.
    #[must_use]
    pub fn finish(&self) -> Digest {
        Digest::of(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn only_64_hexadecimal_digits_parse() {
        let digest = Digest::of(b"digits");
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest));
        assert_eq!(text.to_uppercase().parse(), Ok(digest));
        assert_eq!(text[1..].parse::<Digest>(), Err("64 hexadecimal digits"));
        for place in 0..64 {
            for byte in ['g', 'G', '/', ':', '@', '`', ' ', '\0', 'é'] {
                let mut other = text.clone();
                // A letter of two bytes takes the place of two digits, so that the length is right.
                let end = place + byte.len_utf8();
                if end > 64 {
                    continue;
                }
                other.replace_range(place..end, byte.encode_utf8(&mut [0; 4]));
                assert_eq!(other.parse::<Digest>(), Err("64 hexadecimal digits"), "{other}");
            }
        }
    }
}
