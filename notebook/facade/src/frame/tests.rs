use polars::prelude::Column;

use super::*;
use crate::claims::expect_panic;

fn all(table: &Table) -> String {
    table.bundle().data().iter().map(|(mime, text)| format!("{mime}\n{text}\n\n")).collect()
}

fn stored(rows: u64) -> Table {
    let runs: Vec<String> = (0..rows).map(|i| format!("{i:063x}a")).collect();
    let errors: Vec<f64> = (0..rows).map(|i| 1.0 / (i as f64 - 3.0)).collect();
    let columns = [
        Column::new("run".into(), runs),
        Column::new("seed".into(), (0..rows).collect::<Vec<u64>>()),
        Column::new("error".into(), errors),
    ];
    Table::stored(DataFrame::new(rows as usize, columns.into()).unwrap())
}

#[test]
fn a_written_table_is_aligned() {
    let table =
        table(["method", "η", "error, %"]).row(("plain & <simple>", 0.02, 0.1 + 0.2)).row(("momentum", 2.0, 12.5));
    insta::assert_snapshot!(all(&table.read_as(Some(1), 1, "The best one.".into())));
}

#[test]
fn a_long_table_shows_its_beginning() {
    insta::assert_snapshot!(all(&stored(180)));
    let more = |rows| all(&stored(rows)).contains("more rows");
    assert_eq!([12, 13, 14].map(more), [false, false, true]);
}

#[test]
fn numbers_keep_every_bit() {
    let table = stored(20);
    let errors = table.numbers("error").unwrap();
    assert_eq!((errors.len(), errors[0].to_bits(), errors[3]), (20, (-1.0_f64 / 3.0).to_bits(), f64::INFINITY));
    assert_eq!(table.numbers("seed").unwrap()[19], 19.0);
    assert_eq!(table.texts("run").unwrap()[1].len(), 64);
    assert_eq!(super::table(["n"]).row([7]).frame().height(), 1);
}

#[test]
fn errors_name_what_is_missing() {
    let table = stored(1);
    insta::assert_snapshot!(
        [table.numbers("eror").unwrap_err(), table.numbers("run").unwrap_err()]
            .map(|error| error.to_string())
            .join("\n\n")
    );
    assert!(expect_panic(|| super::table(["a", "b"]).row([1])).contains("cells of a row"));
}
