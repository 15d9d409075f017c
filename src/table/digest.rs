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

/// Bytes on their way into the hasher, which likes large pieces.
#[derive(Default)]
struct Content {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
}

impl Content {
    fn column(&mut self, column: &Column) {
        const WHOLE: &str = "columns are UInt64, Float64 or String, without nulls";
        self.text(column.name());
        match column.dtype() {
            DataType::UInt64 => {
                self.bytes(b"u");
                column.u64().expect(WHOLE).iter().for_each(|value| self.whole(value.expect(WHOLE)));
            }
            DataType::Float64 => {
                self.bytes(b"f");
                column.f64().expect(WHOLE).iter().for_each(|value| self.float(value.expect(WHOLE)));
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

    fn float(&mut self, value: f64) {
        self.whole(if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() });
    }

    fn text(&mut self, value: &str) {
        self.whole(value.len() as u64);
        self.bytes(value.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= 1 << 16 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
    }
}
