use polars::prelude::{AnyValue, DataFrame};

/// Where two tables first differ, for people: their columns, their number of rows, or a cell.
#[must_use]
pub fn first_difference(stored: &DataFrame, computed: &DataFrame) -> String {
    if stored.schema() != computed.schema() {
        return "its columns are not the ones that are computed".into();
    }
    if stored.height() != computed.height() {
        return format!("{} rows are stored, {} are computed", stored.height(), computed.height());
    }
    let cell = |table: &DataFrame, column: usize, row: usize| {
        table.columns()[column].get(row).unwrap_or(AnyValue::Null).into_static()
    };
    for row in 0..stored.height() {
        for column in 0..stored.width() {
            let (theirs, ours) = (cell(stored, column, row), cell(computed, column, row));
            if theirs != ours {
                let name = stored.columns()[column].name();
                return format!("row {}, column `{name}`: {theirs} is stored, {ours} is computed", row + 1);
            }
        }
    }
    "its content differs in a way that does not show (the sign of a zero)".into()
}
