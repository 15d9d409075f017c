use polars::prelude::{Column, DataFrame, DataType};

use crate::digest::Digest;

/// The digest of what a table says, whatever file it stands in; its layout stands in the documentation of this module.
///
/// # Panics
/// On a column of another type than our tables have, or with nulls; neither the builders nor [`read`](super::read) give one.
#[must_use]
pub fn logical_digest(table: &DataFrame) -> Digest {
    let mut content = Content::default();
    content.bytes(b"restudy/table");
    content.whole(table.width() as u64);
    content.whole(table.height() as u64);
    table.columns().iter().for_each(|column| content.column(column));
    content.flush();
    Digest(*content.hasher.finalize().as_bytes())
}

/// Bytes that are hashed at once.
const PIECE: usize = 1 << 16;

/// A number as its bits; there is one NaN.
fn bits(value: f64) -> u64 {
    if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() }
}

/// Bytes on their way into the hasher, which likes large pieces.
#[derive(Default)]
struct Content {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
}

impl Content {
    fn column(&mut self, column: &Column) {
        const WHOLE: &str = "columns are UInt64, Float64 or String, without nulls";
        assert_eq!(column.null_count(), 0, "{WHOLE}");
        self.text(column.name());
        match column.dtype() {
            DataType::UInt64 => {
                self.bytes(b"u");
                let pieces = column.u64().expect(WHOLE).downcast_iter();
                pieces.for_each(|piece| self.wholes(piece.values(), |value| value));
            }
            DataType::Float64 => {
                self.bytes(b"f");
                let pieces = column.f64().expect(WHOLE).downcast_iter();
                pieces.for_each(|piece| self.wholes(piece.values(), bits));
            }
            _ => {
                self.bytes(b"s");
                column.str().expect(WHOLE).iter().for_each(|value| self.text(value.expect(WHOLE)));
            }
        }
    }

    fn whole(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    /// Many numbers, a piece at a time.
    fn wholes<T: Copy>(&mut self, values: &[T], bits: impl Fn(T) -> u64) {
        for values in values.chunks(PIECE / size_of::<u64>()) {
            let start = self.pending.len();
            self.pending.resize(start + size_of::<u64>() * values.len(), 0);
            for (slot, value) in self.pending[start..].as_chunks_mut().0.iter_mut().zip(values) {
                *slot = bits(*value).to_le_bytes();
            }
            self.flush();
        }
    }

    fn text(&mut self, value: &str) {
        self.pending.extend_from_slice(&(value.len() as u64).to_le_bytes());
        self.bytes(value.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
    }
}
