//! What a figure reads is in its digest.

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::*;
use crate::{fixture, settings::FixedAxes};

/// The digest of a figure that names some columns and reads one of them.
fn drawn(tables: &Tables<'_>, named: &[&str], read: &str) -> Result<Digest, FigureError> {
    let mut hasher = RowsHasher::new();
    let source = Source::new(tables, &mut hasher);
    let selection = source.select(&[], &FixedAxes::new())?;
    let (rows, _) = source.take([selection], named)?;
    rows.runs.floats(read)?;
    Ok(hasher.finish())
}

#[test]
fn a_column_that_is_not_hashed_cannot_be_read() {
    let owned = fixture::trained(&[2, 7], &[0.02, 0.2], 3, 2, 20);
    let tables = owned.tables();
    let missing = |column: &str| Err(FigureError::Column { column: column.into(), kind: "Float64" });
    assert_eq!(drawn(&tables, &["validation_error"], "validation_loss"), missing("validation_loss"));
    let one = drawn(&tables, &["validation_error"], "validation_error").unwrap();
    let two = drawn(&tables, &["validation_error", "validation_loss"], "validation_loss").unwrap();
    assert_ne!(one, two, "a figure that reads one more column");
    let mut hasher = RowsHasher::new();
    let source = Source::new(&tables, &mut hasher);
    let selection = source.select(&[], &FixedAxes::new()).unwrap();
    let (mut rows, _) = source.take([selection], &[]).unwrap();
    let metrics = rows.metrics(&["run", "loss"]).unwrap().view;
    assert!(metrics.floats("loss").is_ok() && metrics.floats("error").is_err() && metrics.wholes("step").is_err());
}

#[test]
fn a_row_that_is_not_hashed_cannot_be_read() {
    let owned = fixture::trained(&[2, 7], &[0.02, 0.2], 3, 2, 20);
    let tables = owned.tables();
    let at: FixedAxes = [("model.hidden".to_owned(), crate::AxisValue::Int(7))].into();
    let mut hasher = RowsHasher::new();
    let source = Source::new(&tables, &mut hasher);
    let (chosen, all) =
        (source.select(&["train.learning-rate"], &at).unwrap(), source.select(&[], &FixedAxes::new()).unwrap());
    let (mut rows, [chosen, all]) = source.take([chosen, all], &["validation_error"]).unwrap();
    assert_eq!(rows.runs.floats("validation_error").unwrap().len(), 6);
    let groups: Vec<_> = chosen.groups.iter().map(|group| group.rows.clone()).collect();
    assert_eq!(groups, [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(all.rows().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5], "what the first selection has not is left out");
    let names = rows.runs.texts("run").unwrap();
    assert!(names.iter().all(|name| *name >= "002"), "{names:?}");
    let metrics = rows.metrics(&["run", "epoch", "error"]).unwrap();
    let of = metrics.view.texts("run").unwrap();
    for (run, range) in metrics.ranges.iter().enumerate() {
        assert!(range.len() == 6 && of[range.clone()].iter().all(|name| *name == names[run]));
    }
    assert_eq!(of.len(), 6 * 6);
}

/// The table with other values in one column.
fn changed(table: &DataFrame, column: &str, change: impl Fn(usize, f64) -> f64) -> DataFrame {
    let values = fixture::floats(table, column).into_iter().enumerate().map(|(row, value)| change(row, value));
    let mut table = table.clone();
    table.with_column(Column::from(Series::new(column.into(), values.collect::<Vec<_>>()))).unwrap();
    table
}

/// A value that changes a drawing changes the digest of its rows, whatever table it is in.
#[test]
fn a_drawing_does_not_change_without_its_digest() {
    let owned = fixture::trained(&[2, 7], &[0.02, 0.2], 3, 4, 20);
    let mut changes = 0;
    for (name, figure) in crate::defaults(&owned.declared(Some(2))) {
        let draw = |tables: &Tables<'_>| {
            let drawing = figure.draw("?", tables, Theme::STUDY).unwrap();
            // Without the digest, which stands in the file.
            let svg: String = drawing.svg().lines().filter(|line| !line.contains("restudy rows=")).collect();
            (svg, drawing.rows())
        };
        let before = draw(&owned.tables());
        let tables = [
            ("metrics", &owned.metrics),
            ("runs", &owned.runs),
            ("weights", &owned.weights),
            ("points", &owned.points),
        ];
        for (which, table) in tables {
            for column in table.columns().iter().filter(|column| column.dtype() == &DataType::Float64) {
                for row in [0, table.height() / 2, table.height() - 1] {
                    let other =
                        changed(table, column.name(), |at, value| if at == row { value * 1.25 + 0.01 } else { value });
                    let mut tables = owned.tables();
                    match which {
                        "metrics" => tables.metrics = &other,
                        "runs" => tables.runs = &other,
                        "weights" => tables.weights = &other,
                        _ => tables.points = &other,
                    }
                    let after = draw(&tables);
                    assert!(
                        after.0 == before.0 || after.1 != before.1,
                        "{name}: {which}, {}, row {row}",
                        column.name()
                    );
                    changes += usize::from(after.0 != before.0);
                }
            }
        }
    }
    assert!(changes > 20, "{changes} changes were drawn");
}
