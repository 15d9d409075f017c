use super::*;
use crate::{
    digest::Kept,
    record::{Observation, Outcome},
};

/// Invented but valid runs: two values on either half of the data, and a network of two inputs and three units.
pub(super) fn records(seeds: std::ops::Range<u64>) -> Vec<Record> {
    let record = |seed: u64| {
        let number = |place: u64| (seed * 31 + place) as f64 / 97.0;
        let point = |epoch: u64| Observation {
            epoch,
            step: 20 * epoch,
            // All runs measure the same before the first step.
            values: (0..4).map(|place| if epoch == 0 { 0.5 } else { number(7 * epoch + place) + 0.1 }).collect(),
        };
        let kept = Kept { shapes: vec![[3, 2], [3, 1], [1, 3], [1, 1]], values: (0..13).map(number).collect() };
        let chain = (0..4).map(|epoch: u64| Digest::of(&[seed, epoch].map(u64::to_le_bytes).concat())).collect();
        let id = Digest::of(&seed.to_le_bytes());
        let mut record = Record {
            id,
            observations: (0..4).map(point).collect(),
            chain,
            outcome: Outcome::Completed,
            kept,
            own: None,
        };
        record.close();
        record
    };
    seeds.map(record).collect()
}

#[test]
fn committed_runs_are_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(0..5);
    let store = Store::open(folder.path()).unwrap();
    store.commit(&all[..3]).unwrap();
    store.commit(&all[3..]).unwrap();
    let (loaded, damage) = load(folder.path()).unwrap();
    assert!(damage.is_empty());
    assert_eq!(loaded.len(), 5);
    assert!(all.iter().all(|record| loaded[&record.id] == *record));
    assert!(!is_tidy(folder.path()));
    store.compact(&Runs::load(folder.path()).unwrap()).unwrap();
    assert!(is_tidy(folder.path()));
    assert_eq!(runs::files(folder.path()).unwrap().len(), 1);
    assert_eq!(load(folder.path()).unwrap().0, loaded);
}

#[test]
fn a_segment_that_is_cut_off_keeps_the_runs_before() {
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
    let name = segment::file_name(&bytes);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let (found, damage) = segment::decode(Path::new(&name), &flipped).unwrap();
        assert!(damage.is_some(), "byte {at}");
        // The header identifies the file, and has no data of runs.
        assert_eq!(found == all, at < 12, "byte {at}");
    }
}

#[test]
fn a_changed_run_leaves_its_neighbors_intact() {
    let all = records(0..3);
    let mut bytes = segment::encode(&all);
    let (one, two) = (segment::encode(&all[..1]).len(), segment::encode(&all[..2]).len());
    bytes[two - 1] ^= 1;
    let (found, damage) = segment::decode(Path::new("x.seg"), &bytes).unwrap();
    assert_eq!(found, [all[0].clone(), all[2].clone()]);
    assert_eq!(damage.unwrap(), format!("the run at byte {one} is cut off or changed"));
}

#[test]
fn two_results_of_one_run_are_refused_with_their_origins() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut all = records(0..2);
    all[1].id = all[0].id;
    let entry = journal::Entry::of_this_machine("0.1.0", Instructions::NONE, &journal::Request::default());
    let mut journal = journal::Journal::new(folder.path(), &entry);
    let files = [0, 1].map(|i| store.commit(&all[i..=i]).unwrap());
    journal.committed(&files[0], &all[..1]);
    let error = load(folder.path()).unwrap_err();
    let StoreError::Disagreement { epoch, mut origins, .. } = error else { panic!("{error}") };
    assert_eq!(epoch, ", first at epoch 0");
    // The segments are read in the order of their names.
    if files[0] > files[1] {
        origins.reverse();
    }
    // Untrained networks may measure the same with different parameters; their links differ.
    let value = |i: usize| format!("link of its chain {}", all[i].chain[0].short());
    let place =
        |i: usize| format!("{}: {} (digest {}), computed by", files[i].display(), value(i), all[i].digest().short());
    assert_eq!(origins[0], format!("{} {}", place(0), entry.complete().who()));
    assert_eq!(origins[1], format!("{} a process that is not in the journal", place(1)));
    assert!(files.iter().all(|file| file.exists()), "no file is removed");
}

#[test]
fn processes_share_a_folder_unless_one_has_locked_it() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join("segments/.writing-x");
    let first = Store::open(folder.path()).unwrap();
    fs::write(&left, "half").unwrap();
    let second = Store::open(folder.path()).unwrap();
    assert!(left.exists(), "another process may be writing it");
    drop(first);
    assert!(left.exists(), "another process may still be writing it");
    drop(second);
    assert!(!left.exists(), "the last process cleans up");
    fs::write(&left, "half").unwrap();
    let third = Store::open(folder.path()).unwrap();
    assert!(!left.exists(), "and so does the first process");
    drop(third);
    let lock = fs::File::open(folder.path().join("segments/lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Busy { .. })));
}

#[test]
fn without_locks_only_leases_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(0..2);
    drop(Store::open(folder.path()).unwrap());
    let stores = [0, 1].map(|_| Store {
        folder: folder.path().into(),
        working: Lock::None("not here".into()),
        most_bytes: segment::MOST_BYTES,
    });
    assert!(stores[0].leases().is_none() && stores[0].lockless() == Some("not here"));
    stores[0].commit(&all[..1]).unwrap();
    stores[1].commit(&all).unwrap();
    stores[1].compact(&Runs::load(folder.path()).unwrap()).unwrap();
    assert_eq!(load(folder.path()).unwrap().0.len(), 2);
    assert!(is_tidy(folder.path()));
}

#[test]
fn one_process_finishes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Store::open(folder.path()).unwrap(), Store::open(folder.path()).unwrap());
    let finishing = one.finish(&AtomicBool::new(false), &|_| ()).unwrap();
    assert!(two.finish(&AtomicBool::new(true), &|_| ()).unwrap().is_none());
    drop(finishing);
    assert!(two.finish(&AtomicBool::new(true), &|_| ()).unwrap().is_some());
}

#[test]
fn compaction_keeps_new_runs_and_readers_find_all_runs() {
    let folder = tempfile::tempdir().unwrap();
    let all = records(0..4);
    let (one, two) = (Store::open(folder.path()).unwrap(), Store::open(folder.path()).unwrap());
    one.commit(&all[..1]).unwrap();
    one.commit(&all[1..2]).unwrap();
    let mut early = Runs::load(folder.path()).unwrap();
    two.commit(&all[2..3]).unwrap();
    let mut late = Runs::load(folder.path()).unwrap();
    two.commit(&all[3..]).unwrap();
    // Both compact at once, as without locks, in either order.
    two.compact(&late).unwrap();
    one.compact(&early).unwrap();
    assert_eq!(load(folder.path()).unwrap().0.len(), 4);
    assert!(early.refresh(folder.path()).unwrap() && late.refresh(folder.path()).unwrap());
    one.compact(&early).unwrap();
    two.compact(&late).unwrap();
    assert_eq!(runs::files(folder.path()).unwrap().len(), 1);
    assert_eq!(load(folder.path()).unwrap().0, *early.records());
}

#[test]
fn a_newer_format_is_refused() {
    let mut bytes = segment::encode(&records(0..1));
    bytes[8] = 3;
    let name = segment::file_name(&bytes);
    assert!(matches!(segment::decode(Path::new(&name), &bytes), Err(StoreError::Newer { found: 3, .. })));
    // A file with another name was never written like this.
    let (found, damage) = segment::decode(Path::new("x.seg"), &bytes).unwrap();
    assert_eq!((found.len(), damage.is_some()), (1, true));
}

#[test]
fn an_impossible_record_is_damage() {
    let all = records(0..2);
    let refused = |change: &dyn Fn(&mut Record)| {
        let mut forged = all[0].clone();
        change(&mut forged);
        forged.close();
        let bytes = segment::encode([&forged, &all[1]]);
        let (found, damage) = segment::decode(Path::new("x.seg"), &bytes).unwrap();
        assert_eq!(found.last(), all.last());
        assert_eq!(damage.is_some(), found.len() == 1);
        damage.is_some()
    };
    assert!(!refused(&|_| {}));
    assert!(!refused(&|record| *record.kept.values.last_mut().unwrap() = 3.0));
    assert!(refused(&|record| record.kept.shapes[0][1] = 0));
    assert!(refused(&|record| record.kept.shapes[0][1] = usize::MAX));
    assert!(refused(&|record| record.kept.shapes[0][0] += 1));
    assert!(refused(&|record| record.kept.values.truncate(1)));
    assert!(refused(&|record| record.kept.values.push(0.0)));
    assert!(refused(&|record| _ = record.observations[1].values.pop()));
    assert!(refused(&|record| record.observations[3].values.clear()));
    assert!(refused(&|record| record.observations[2].step = record.observations[1].step));
    assert!(refused(&|record| record.observations[2].epoch = 0));
}

#[test]
fn commit_after_calls_back_before_anything_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut named = PathBuf::new();
    let path = store
        .commit_after(&records(0..2), |path| {
            assert!(!path.exists(), "a kill at this moment would leave runs without an entry in the journal");
            named = path.to_owned();
        })
        .unwrap();
    assert_eq!(named, path);
    assert!(path.exists());
}
