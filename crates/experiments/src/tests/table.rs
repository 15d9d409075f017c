use polars::prelude::{Column, DataFrame, DataType};
use proptest::prelude::*;

use super::fixture;
use crate::{
    data::{Dataset, SplitData},
    digest::{Digest, Observation},
    seed::Seed,
    sweep::{Axis, AxisValue},
    table::*,
};

fn tables() -> Vec<DataFrame> {
    let study = fixture::study(&[1, 7], &[0.02, 2.0], 5);
    let records = fixture::records(&study, 4);
    let rows = fixture::rows(&study, &records);
    vec![runs(&study, &rows), metrics(&study, &rows), weights(&study, &rows), points(&two_points())]
}

fn two_points() -> Vec<PointsRow<'static>> {
    let points = |x: f64| Dataset { d: 2, x: vec![x, 1.5, -x, 2.5], y: vec![-1.0, 1.0] };
    let split = Box::leak(Box::new(SplitData { train: points(0.5), validation: points(0.25) }));
    vec![PointsRow { data: Digest([7; 32]), trial: 0, seed: Seed(3), split }]
}

fn schema(table: &DataFrame) -> Vec<String> {
    table.columns().iter().map(|column| format!("{} {}", column.name(), column.dtype())).collect()
}

#[test]
fn schemas_are_as_documented() {
    let tables = tables();
    assert_eq!(
        schema(&tables[0]),
        [
            "run str",
            "trial u64",
            "model.hidden u64",
            "train.learning-rate f64",
            "seed u64",
            "outcome str",
            "epoch u64",
            "step u64",
            "train_loss f64",
            "train_error f64",
            "validation_loss f64",
            "validation_error f64",
            "zero_epoch f64",
            "digest str",
        ]
    );
    assert_eq!(
        schema(&tables[1]),
        ["run str", "epoch u64", "step u64", "split str", "loss f64", "error f64", "chain str"]
    );
    assert_eq!(schema(&tables[2]), ["run str", "block str", "row u64", "column u64", "value f64"]);
    assert_eq!(
        schema(&tables[3]),
        ["data str", "trial u64", "seed u64", "split str", "index u64", "x1 f64", "x2 f64", "y f64"]
    );
}

#[test]
fn rows_are_in_the_order_of_their_records() {
    let study = fixture::study(&[3], &[0.02], 2);
    let records = fixture::records(&study, 3);
    let rows = fixture::rows(&study, &records);
    let table = metrics(&study, &rows);
    assert_eq!(table.height(), 2 * 4 * 2);
    let place = 8 + 2 * 2 + 1; // second run, third measurement, validation
    assert_eq!(text_at(&table, "run", place), records[1].id.to_string());
    assert_eq!(text_at(&table, "chain", place), records[1].chain[2].to_string());
    assert_eq!(text_at(&table, "split", place), "validation");
    assert_eq!(table.column("error").unwrap().f64().unwrap().get(place), Some(records[1].observations[2].values[3]));
    assert_eq!(table.column("step").unwrap().u64().unwrap().get(place), Some(2000));
    let weights = weights(&study, &rows);
    assert_eq!(weights.height(), 2 * (3 * 2 + 3 + 3 + 1));
    assert_eq!(text_at(&weights, "block", 13 + 9), "Wo");
    let column = |name: &str, i| weights.column(name).unwrap().u64().unwrap().get(i).unwrap();
    assert_eq!((column("row", 3), column("column", 3)), (1, 1));
    assert_eq!((column("row", 11), column("column", 11)), (0, 2));
}

fn text_at(table: &DataFrame, column: &str, row: usize) -> String {
    table.column(column).unwrap().str().unwrap().get(row).unwrap().to_string()
}

#[test]
fn a_diverged_run_has_no_weights_and_a_first_zero_is_found() {
    let study = fixture::study(&[7], &[2.0], 5);
    let mut records = fixture::records(&study, 4);
    records[0].observations[2].values[1] = 0.0;
    let earlier = |observation: &mut Observation| observation.values[1] = 0.1;
    records[0].observations[..2].iter_mut().for_each(earlier);
    records[1].observations.iter_mut().for_each(earlier);
    let rows = fixture::rows(&study, &records);
    let runs = runs(&study, &rows);
    assert_eq!(text_at(&runs, "outcome", 4), "diverged");
    let zero = runs.column("zero_epoch").unwrap().f64().unwrap();
    assert_eq!(zero.get(0), Some(2.0));
    assert!(zero.get(1).unwrap().is_nan());
    assert_eq!(weights(&study, &rows).height(), 4 * 29);
}

#[test]
fn an_axis_has_the_type_of_its_values() {
    let axis = |values: Vec<AxisValue>| {
        let axis = Axis { path: "a".into(), values, log: false };
        column::axis(&axis, axis.values.iter()).dtype().clone()
    };
    let (whole, float, text) = (AxisValue::Int(2), AxisValue::Float(0.5), AxisValue::String("he".into()));
    assert_eq!(axis(vec![whole.clone()]), DataType::UInt64);
    assert_eq!(axis(vec![whole.clone(), float]), DataType::Float64);
    assert_eq!(axis(vec![whole, text]), DataType::String);
}

#[test]
fn a_table_survives_parquet_and_its_bytes_are_stable() {
    for table in tables() {
        let bytes = write(&table);
        let back = read(&bytes).unwrap();
        assert!(
            back.equals_missing(&table) || table.columns().iter().any(|column| column.dtype() == &DataType::Float64)
        );
        assert_eq!(logical_digest(&back), logical_digest(&table));
        assert_eq!(write(&back), bytes, "writing what was read gives the same bytes");
    }
    let empty = weights(&fixture::study(&[7], &[0.02], 1), &[]);
    assert_eq!(logical_digest(&read(&write(&empty)).unwrap()), logical_digest(&empty));
}

#[test]
fn broken_bytes_are_refused() {
    let bytes = write(&tables()[0]);
    assert!(matches!(read(b""), Err(ReadError::Parquet(_))));
    assert!(matches!(read(b"PAR1 is not enough PAR1"), Err(ReadError::Parquet(_))));
    assert!(matches!(read(&bytes[..bytes.len() / 2]), Err(ReadError::Parquet(_))));
    let foreign = DataFrame::new_infer_height(vec![Column::new("a".into(), [1_i32, 2])]).unwrap();
    assert!(matches!(read(&write(&foreign)), Err(ReadError::Column { .. })));
    let null = DataFrame::new_infer_height(vec![Column::new("a".into(), [Some(1_u64), None])]).unwrap();
    assert!(matches!(read(&write(&null)), Err(ReadError::Column { .. })));
}

#[test]
fn value_stability() {
    const PINNED: &str = "92e1a5d0ca3bf85eb44c75c8189d31abe850e1fb1e5a2837ed9bfde17926c313";
    let table = column::frame(
        2,
        vec![
            column::whole("a", vec![1, u64::MAX]),
            column::float("b", vec![-0.0, f64::NAN]),
            column::text("c", ["", "ü"].into_iter()),
        ],
    );
    assert_eq!(logical_digest(&table).to_string(), PINNED, "pinned: a change is a new format version");
    let mut negative = table;
    negative.with_column(column::float("b", vec![-0.0, -f64::NAN])).unwrap();
    assert_eq!(logical_digest(&negative).to_string(), PINNED, "there is one NaN");
}

proptest! {
    #[test]
    fn any_change_of_a_cell_changes_the_digest(which in 0..4_usize, column: prop::sample::Index, row: prop::sample::Index) {
        let mut table = tables().swap_remove(which);
        let before = logical_digest(&table);
        let (column, row) = (column.index(table.width()), row.index(table.height()));
        let old = table.columns()[column].clone();
        let name = old.name().to_string();
        let changed = match old.dtype() {
            DataType::UInt64 => {
                let mut values: Vec<u64> = old.u64().unwrap().iter().flatten().collect();
                values[row] ^= 1;
                column::whole(&name, values)
            }
            DataType::Float64 => {
                let mut values: Vec<f64> = old.f64().unwrap().iter().flatten().collect();
                values[row] = if values[row].is_nan() { 0.0 } else { f64::from_bits(values[row].to_bits() ^ 1) };
                column::float(&name, values)
            }
            _ => {
                let mut values: Vec<String> = old.str().unwrap().iter().flatten().map(String::from).collect();
                values[row].push(' ');
                column::text(&name, values.iter())
            }
        };
        table.with_column(changed).unwrap();
        prop_assert_ne!(logical_digest(&table), before);
    }
}

#[test]
fn names_types_order_and_shape_change_the_digest() {
    let digest = |columns: Vec<Column>| logical_digest(&DataFrame::new_infer_height(columns).unwrap());
    let whole = |name| column::whole(name, vec![0, 0]);
    let tables = [
        digest(vec![whole("a")]),
        digest(vec![whole("b")]),
        digest(vec![column::float("a", vec![0.0, 0.0])]),
        digest(vec![column::text("a", ["", ""].into_iter())]),
        digest(vec![column::whole("a", vec![0, 0, 0])]),
        digest(vec![whole("a"), whole("b")]),
        digest(vec![whole("b"), whole("a")]),
        digest(vec![column::text("a", ["x", "yz"].into_iter())]),
        digest(vec![column::text("a", ["xy", "z"].into_iter())]),
    ];
    for (i, table) in tables.iter().enumerate() {
        assert!(!tables[..i].contains(table), "table {i}");
    }
}
