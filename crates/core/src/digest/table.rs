use alloc::vec::Vec;

use super::{Digest, portable_bits as bits};

/// The bytes that are hashed at once: BLAKE3 is fastest on large pieces.
const PIECE: usize = 1 << 16;

/// Computes the [logical digest](crate::digest#the-digest-of-a-table) of a table, column after column.
#[derive(Debug)]
pub struct TableHasher {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
}

impl TableHasher {
    /// Starts a table with these numbers of columns and rows.
    #[must_use]
    pub fn new(columns: usize, rows: usize) -> Self {
        let mut table = Self { hasher: blake3::Hasher::new(), pending: Vec::new() };
        table.bytes(b"restudy/table");
        table.whole(columns as u64);
        table.whole(rows as u64);
        table
    }

    /// Starts a column of whole numbers.
    pub fn column_of_wholes(&mut self, name: &str) {
        self.column(name, b"u");
    }

    /// Starts a column of floats.
    pub fn column_of_floats(&mut self, name: &str) {
        self.column(name, b"f");
    }

    /// Starts a column of texts.
    pub fn column_of_texts(&mut self, name: &str) {
        self.column(name, b"s");
    }

    fn column(&mut self, name: &str, kind: &[u8; 1]) {
        self.text(name);
        self.bytes(kind);
    }

    /// Appends a whole number in the next row.
    pub fn whole(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    /// Appends whole numbers in the next rows.
    pub fn wholes(&mut self, values: &[u64]) {
        self.numbers(values, |value| value);
    }

    /// Appends a float in the next row.
    pub fn float(&mut self, value: f64) {
        self.whole(bits(value));
    }

    /// Appends floats in the next rows.
    pub fn floats(&mut self, values: &[f64]) {
        self.numbers(values, bits);
    }

    fn numbers<T: Copy>(&mut self, values: &[T], bits: impl Fn(T) -> u64) {
        for values in values.chunks(PIECE / size_of::<u64>()) {
            let start = self.pending.len();
            self.pending.resize(start + size_of::<u64>() * values.len(), 0);
            for (slot, value) in self.pending[start..].as_chunks_mut().0.iter_mut().zip(values) {
                *slot = bits(*value).to_le_bytes();
            }
            self.flush();
        }
    }

    /// Appends a text in the next row.
    pub fn text(&mut self, value: &str) {
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

    /// Returns the digest, after the last row of the last column.
    #[must_use]
    pub fn finish(mut self) -> Digest {
        self.flush();
        Digest(*self.hasher.finalize().as_bytes())
    }
}
