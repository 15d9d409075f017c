use polars::prelude::{AnyValue, DataFrame};

/// Describes the first difference between two tables: their columns, their number of rows, or a cell.
#[must_use]
pub fn first_difference(stored: &DataFrame, computed: &DataFrame) -> String {
    if stored.schema() != computed.schema() {
        return "its columns are not those computed".into();
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
                let (theirs, ours) = (shown(&theirs), shown(&ours));
                return format!("row {}, column `{name}`: {theirs} is stored, {ours} is computed", row + 1);
            }
        }
    }
    "its content differs only in the sign of a zero".into()
}

/// All significant digits of a cell: polars prints six, in which different numbers may look the same.
fn shown(cell: &AnyValue<'_>) -> String {
    if let AnyValue::Float64(value) = cell { format!("{value:?}") } else { cell.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::{float, frame};

    #[test]
    fn different_numbers_are_shown_differently() {
        let table = |value: f64| frame(2, vec![float("loss", vec![1.0, value])]);
        let next = f64::from_bits(0.085_623_f64.to_bits() + 1);
        for (theirs, ours, expected) in [
            (0.085_623, next, "0.085623 is stored, 0.08562300000000002 is computed"),
            (1e300, 2.0, "1e300 is stored, 2.0 is computed"),
            (f64::NAN, 0.5, "NaN is stored, 0.5 is computed"),
        ] {
            let difference = first_difference(&table(theirs), &table(ours));
            assert_eq!(difference, format!("row 2, column `loss`: {expected}"));
        }
    }
}
