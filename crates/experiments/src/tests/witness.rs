use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::fixture;
use crate::{
    digest::{Digest, Record},
    results::{Maker, Manifest, manifest::TableEntry, witness::*},
    sweep::Study,
    table,
};

/// A study, its records, its manifest and its table `metrics`.
fn swept() -> (Study, Vec<Record>, Manifest, DataFrame) {
    let study = fixture::study(&[1, 7], &[0.02, 2.0], 3);
    let records = fixture::records(&study, 4);
    let rows = fixture::rows(&study, &records);
    let metrics = table::metrics(&study, &rows);
    let mut manifest = Manifest::new("s", Digest::of(study.canonical_toml().as_bytes()), Maker::OURS, &rows);
    let entry = TableEntry { rows: metrics.height(), digest: table::logical_digest(&metrics) };
    manifest.tables.insert("metrics".into(), entry);
    (study, records, manifest, metrics)
}

/// Records with a change in a measurement, or in an epoch, step or link before the last one.
fn forgeries(record: &Record) -> Vec<Record> {
    let changes: [fn(&mut Record); 7] = [
        |record| record.observations[2].values[1] = 0.0,
        |record| record.observations[2].values[2] = -0.0,
        |record| record.observations[0].values[3] += 1e-17,
        |record| record.observations[3].values[0] = f64::NAN,
        |record| record.observations[1].epoch += 1,
        |record| record.observations[1].step -= 1,
        |record| record.chain[1].0[31] ^= 1,
    ];
    let forge = |change: &fn(&mut Record)| {
        let mut forged = record.clone();
        change(&mut forged);
        forged
    };
    changes.iter().map(forge).filter(|forged| forged.first_difference(record).is_some()).collect()
}

#[test]
fn a_change_within_a_run_contradicts_digest_table_and_records() {
    let (study, records, manifest, metrics) = swept();
    let early = Manifest { measurements: None, ..manifest.clone() };
    let all: BTreeMap<_, _> = records.iter().map(|record| (record.id, record.clone())).collect();
    let mut together = Witness::with_table(&study, &early, &mut || None);
    together.check_all(&study, &early, &all);
    for (witness, by) in [
        (Witness::with_table(&study, &manifest, &mut || None), Evidence::Manifest),
        (Witness::with_table(&study, &early, &mut || Some(metrics.clone())), Evidence::Table),
        (together, Evidence::Table),
    ] {
        assert_eq!(witness.evidence(), by);
        for record in &records {
            assert_eq!(witness.contradiction(record), None);
            let forged = forgeries(record);
            assert!(forged.len() >= 6);
            for forged in forged {
                assert_eq!(forged.digest(), record.digest(), "the root does not bind it");
                assert_eq!(witness.contradiction(&forged), Some(Contradiction::Measurements));
            }
        }
    }
}

#[test]
fn changed_tables_and_records_are_no_evidence() {
    let (study, records, manifest, _) = swept();
    let early = Manifest { measurements: None, ..manifest.clone() };
    let mut forged = records.clone();
    forged[1] = forgeries(&records[1]).remove(0);
    let table = table::metrics(&study, &fixture::rows(&study, &forged));
    let whole = table::metrics(&study, &fixture::rows(&study, &records));
    assert!(agrees_with_table(&study, &manifest, &whole) && !agrees_with_table(&study, &manifest, &table));
    let mut witness = Witness::with_table(&study, &early, &mut || Some(table.clone()));
    assert_eq!(witness.evidence(), Evidence::Nothing);
    witness.check_all(&study, &early, &forged.iter().map(|record| (record.id, record.clone())).collect());
    assert_eq!(witness.evidence(), Evidence::Nothing);
    assert_eq!(witness.contradiction(&forged[1]), None, "the digest does not cover the change");
    let mut other = records[1].clone();
    other.observations.pop();
    other.chain.pop();
    assert_eq!(witness.contradiction(&other), Some(Contradiction::Digest));
    other.id = Digest::of(b"another");
    assert!(!witness.lists(&other.id) && witness.contradiction(&other).is_none());
}
