use polars::prelude::{DataFrame, DataType};

use crate::digest::{Digest, TableHasher};

/// Returns the digest of the content of a table, independent of its file; the layout is documented at
/// [digests](restudy_core::digest#the-digest-of-a-table).
///
/// # Panics
/// If a column has another type or nulls, which neither the builders nor [`read`](super::read) return.
#[must_use]
pub fn logical_digest(table: &DataFrame) -> Digest {
    const WHOLE: &str = "columns are UInt64, Float64 or String, without nulls";
    let mut content = TableHasher::new(table.width(), table.height());
    for column in table.columns() {
        assert_eq!(column.null_count(), 0, "{WHOLE}");
        match column.dtype() {
            DataType::UInt64 => {
                content.column_of_wholes(column.name());
                column.u64().expect(WHOLE).downcast_iter().for_each(|piece| content.wholes(piece.values()));
            }
            DataType::Float64 => {
                content.column_of_floats(column.name());
                column.f64().expect(WHOLE).downcast_iter().for_each(|piece| content.floats(piece.values()));
            }
            _ => {
                content.column_of_texts(column.name());
                column.str().expect(WHOLE).iter().for_each(|value| content.text(value.expect(WHOLE)));
            }
        }
    }
    content.finish()
}
