use super::*;
use crate::{
    data::{DoubleMoon, Source},
    digest::record,
    seed::Seed,
    train::{Job, Kernel, Setting},
};

fn records(seeds: std::ops::Range<u64>) -> Vec<Record> {
    let split = DoubleMoon { train: 20, validation: 20, ..DoubleMoon::default() }.load(Seed(0)).unwrap();
    let mut setting = Setting::default();
    setting.train.epochs = 3;
    seeds
        .map(|seed| {
            let job = Job { setting: &setting, split: &split, seed: Seed(seed) };
            let id = Digest::of(&seed.to_le_bytes());
            record(Kernel::best(), &[job], &[id], &mut |_, _| std::ops::ControlFlow::Continue(())).unwrap().remove(0)
        })
        .collect()
}

#[test]
fn what_is_committed_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(0..5);
    let store = Store::open(folder.path()).unwrap();
    store.commit(&all[..3]).unwrap();
    store.commit(&all[3..]).unwrap();
    let (loaded, damage) = load(folder.path()).unwrap();
    assert!(damage.is_empty());
    assert_eq!(loaded.len(), 5);
    assert!(all.iter().all(|record| loaded[&record.id] == *record));
    store.compact(loaded.values()).unwrap();
    assert_eq!(segment_files(folder.path()).unwrap().len(), 1);
    assert_eq!(load(folder.path()).unwrap().0, loaded);
}

#[test]
fn a_segment_cut_off_anywhere_keeps_what_stands_before() {
    let all = records(0..3);
    let bytes = segment::encode(&all);
    let path = Path::new("x.seg");
    let one = segment::encode(&all[..1]).len();
    let two = segment::encode(&all[..2]).len();
    for length in 0..bytes.len() {
        let (found, damage) = segment::decode(path, &bytes[..length]).unwrap();
        assert_eq!(found.len(), usize::from(length >= one) + usize::from(length >= two), "{length}");
        assert_eq!(damage.is_none(), [12, one, two].contains(&length), "{length}");
    }
}

#[test]
fn every_flipped_byte_is_detected() {
    let all = records(0..1);
    let bytes = segment::encode(&all);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let detected = segment::decode(Path::new("x.seg"), &flipped)
            .map_or(true, |(found, damage)| damage.is_some() && found != all);
        assert!(detected, "byte {at}");
    }
}

#[test]
fn two_results_of_one_run_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut all = records(0..2);
    all[1].id = all[0].id;
    store.commit(&all[..1]).unwrap();
    store.commit(&all[1..]).unwrap();
    let error = load(folder.path()).unwrap_err();
    assert!(error.to_string().ends_with("differs from another result of the same run, first at epoch 0"), "{error}");
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path()).unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Busy { .. })));
    drop(first);
    Store::open(folder.path()).unwrap();
}

#[test]
fn a_newer_format_is_refused() {
    let mut bytes = segment::encode(&records(0..1));
    bytes[8] = 2;
    assert!(matches!(segment::decode(Path::new("x.seg"), &bytes), Err(StoreError::Newer { found: 2, .. })));
}
