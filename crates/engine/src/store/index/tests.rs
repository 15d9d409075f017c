use proptest::prelude::*;

use super::*;
use crate::{
    digest::Kept,
    record::Observation,
    store::{Runs, Store, load},
};

/// An intact record with arbitrary values.
fn record(id: u64, errors: &[f64], diverged: bool) -> Record {
    let point = |(epoch, error): (usize, &f64)| Observation {
        epoch: epoch as u64,
        step: 10 * epoch as u64,
        // The last measurement of a run that diverged is not finite.
        values: vec![
            0.5,
            *error,
            if diverged && epoch + 1 == errors.len() { f64::INFINITY } else { 0.75 },
            error + 0.1,
        ],
    };
    let points: Vec<_> = errors.iter().enumerate().map(point).collect();
    let epoch = errors.len() as u64 - 1;
    let mut record = Record {
        id: Digest::of(&id.to_le_bytes()),
        chain: vec![Digest([7; 32]); points.len()],
        observations: points,
        outcome: if diverged { Outcome::Diverged { epoch } } else { Outcome::Completed },
        kept: Kept { shapes: vec![[1, 2], [1, 1], [1, 1], [1, 1]], values: vec![0.0; 5] },
        own: None,
    };
    record.close();
    record
}

/// The summaries, computed from the segments.
fn literal(folder: &Path) -> Vec<Brief> {
    load(folder).unwrap().0.values().map(Brief::of).collect()
}

fn committed(folder: &Path, records: &[Record], pieces: usize) -> Store {
    let store = Store::open(folder).unwrap();
    for piece in records.chunks(records.len().div_ceil(pieces.max(1)).max(1)) {
        store.commit(piece).unwrap();
    }
    store
}

fn compact(store: &Store) {
    store.compact(&Runs::load(store.folder()).unwrap()).unwrap();
}

fn sorted(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by_key(|record| record.id);
    records
}

#[test]
fn an_index_that_is_damaged_or_missing_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let records = sorted((0..5).map(|id| record(id, &[0.3, 0.0], id == 2)).collect());
    let store = committed(folder.path(), &records, 2);
    assert_eq!(Briefs::load(folder.path()).unwrap().read, 2, "there is no index before the end");
    compact(&store);
    let path = folder.path().join("segments/index");
    let bytes = fs::read(&path).unwrap();
    let expected = literal(folder.path());
    let briefs = Briefs::load(folder.path()).unwrap();
    assert_eq!((briefs.read, briefs.runs()), (0, &expected[..]));
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x11;
        fs::write(&path, flipped).unwrap();
        let briefs = Briefs::load(folder.path()).unwrap();
        assert_eq!((briefs.read, briefs.runs()), (1, &expected[..]), "byte {at}");
        fs::write(&path, &bytes[..at]).unwrap();
        assert_eq!(Briefs::load(folder.path()).unwrap().runs(), expected, "cut off at {at}");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(Briefs::load(folder.path()).unwrap().runs(), expected);
}

#[test]
fn newer_segments_are_read_and_removed_segments_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let records = sorted((0..4).map(|id| record(id, &[0.3], false)).collect());
    let store = committed(folder.path(), &records[..3], 1);
    compact(&store);
    let indexed = files(folder.path()).unwrap();
    store.commit(&records[2..]).unwrap();
    let briefs = Briefs::load(folder.path()).unwrap();
    assert_eq!((briefs.read, briefs.runs().len()), (1, 4), "the run in both is one");
    assert_eq!(briefs.get(&records[3].id), Some(&Brief::of(&records[3])));
    fs::remove_file(&indexed[0]).unwrap();
    assert_eq!(Briefs::load(folder.path()).unwrap().runs().len(), 2);
    assert_eq!(Briefs::load(&folder.path().join("nowhere")).unwrap().runs(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_index_agrees_with_the_segments(
        runs in prop::collection::btree_map(any::<u64>(), (prop::collection::vec(prop_oneof![Just(0.0), 0.0..1.0_f64], 1..4), any::<bool>()), 1..12),
        pieces in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let records = sorted(runs.iter().map(|(id, (errors, diverged))| record(*id, errors, *diverged)).collect());
        let store = committed(folder.path(), &records, pieces);
        let before = Briefs::load(folder.path()).unwrap();
        compact(&store);
        let after = Briefs::load(folder.path()).unwrap();
        let expected = literal(folder.path());
        prop_assert_eq!(before.runs(), &expected[..]);
        prop_assert_eq!(after.runs(), &expected[..]);
        prop_assert_eq!(after.read, 0);
        // The rebuilt index is the same bytes.
        let path = folder.path().join("segments/index");
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        compact(&store);
        prop_assert_eq!(fs::read(&path).unwrap(), bytes);
        for record in &records {
            prop_assert_eq!(after.get(&record.id), Some(&Brief::of(record)));
        }
    }
}
