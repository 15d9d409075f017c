use polars::prelude::DataFrame;

use crate::{digest::Digest, figure::rows::content_digest};

/// The digest of what a table says, whatever file it stands in; its layout stands in the documentation of this module.
///
/// # Panics
/// On a column of another type than our tables have, or with nulls; neither the builders nor [`read`](super::read) give one.
#[must_use]
pub fn logical_digest(table: &DataFrame) -> Digest {
    let columns: Vec<_> = table.columns().iter().collect();
    content_digest(&columns, table.height(), None)
}
