use proptest::prelude::*;

use super::*;
use crate::store::Store;

fn id() -> Digest {
    Digest::of(b"a run")
}

/// A run after some measurements, ten steps apart, and three more steps.
fn halfway(measured: u64, state: usize) -> Checkpoint<'static> {
    let point = |place: u64| Observation { epoch: place, step: 10 * place, values: vec![place as f64, 0.5, -0.0] };
    Checkpoint {
        step: 10 * measured.saturating_sub(1) + 3,
        points: (0..measured).map(point).collect(),
        chain: (0..measured).map(|place| Digest::of(&place.to_le_bytes())).collect(),
        state: (0..state).map(|byte| byte as u8 ^ measured as u8).collect(),
    }
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let file = folder.path().join(format!("segments/{}.checkpoint", id()));
    (folder, file)
}

fn reload(folder: &Path) -> Option<Checkpoint<'static>> {
    Checkpoints::of(folder).keeper(id()).kept()
}

#[test]
fn another_process_reads_the_latest_checkpoint() {
    let (folder, _) = place();
    let checkpoints = Checkpoints::of(folder.path());
    let mut keeper = checkpoints.keeper(id());
    assert_eq!(keeper.kept(), None);
    // The state grows beyond its room, too.
    for (measured, state) in [(1, 100), (1, 100), (2, 90), (7, 160), (7, 5000), (40, 0), (41, 5064)] {
        keeper.keep(&halfway(measured, state));
        assert_eq!(reload(folder.path()), Some(halfway(measured, state)));
        assert_eq!(Checkpoints::of(folder.path()).step(&id()), Some(halfway(measured, state).step));
    }
    assert_eq!(checkpoints.step(&id()), Some(403));
    checkpoints.remove(&[id()]);
    assert_eq!((reload(folder.path()), checkpoints.step(&id())), (None, None));
    assert_eq!(fs::read_dir(folder.path().join("segments")).unwrap().count(), 0);
}

#[test]
fn a_process_that_takes_a_run_over_owns_its_checkpoint() {
    let (folder, _) = place();
    let [one, other] = [(), ()].map(|()| Checkpoints::of(folder.path()));
    let [mut first, mut second] = [one.keeper(id()), other.keeper(id())];
    first.keep(&halfway(3, 50));
    assert_eq!(second.kept(), Some(halfway(3, 50)));
    second.keep(&halfway(4, 50));
    // The first process was only thought to be gone.
    first.keep(&halfway(5, 50));
    assert_eq!(reload(folder.path()), Some(halfway(4, 50)));
    second.keep(&halfway(6, 50));
    assert_eq!(reload(folder.path()), Some(halfway(6, 50)));
    // A removed file means that another process committed the run.
    other.remove(&[id()]);
    second.keep(&halfway(7, 50));
    assert_eq!(reload(folder.path()), None);
}

#[test]
fn a_write_that_is_cut_off_leaves_the_checkpoint_before() {
    let (folder, file) = place();
    let checkpoints = Checkpoints::of(folder.path());
    let mut keeper = checkpoints.keeper(id());
    keeper.keep(&halfway(3, 300));
    keeper.keep(&halfway(5, 300));
    let before = fs::read(&file).unwrap();
    keeper.keep(&halfway(9, 300));
    let after = fs::read(&file).unwrap();
    let log = bytes::log_place(bytes::room(&before)) as usize;
    // The log is written first, then the slot; each may be cut off anywhere.
    for cut in (before.len()..=after.len()).chain((0..log).map(|place| after.len() + place)) {
        let mut bytes = after[..cut.min(after.len())].to_vec();
        if cut < after.len() {
            bytes[..log].copy_from_slice(&before[..log]);
        } else {
            bytes[cut - after.len()..log].copy_from_slice(&before[cut - after.len()..log]);
        }
        fs::write(&file, &bytes).unwrap();
        let found = reload(folder.path()).unwrap();
        assert!(found == halfway(5, 300) || found == halfway(9, 300) && cut > after.len(), "cut off at {cut}");
    }
}

#[test]
fn every_changed_byte_invalidates_the_checkpoint() {
    let (folder, file) = place();
    Checkpoints::of(folder.path()).keeper(id()).keep(&halfway(3, 40));
    let bytes = fs::read(&file).unwrap();
    let room = bytes::room(&bytes);
    // The second slot has never been written.
    let empty = bytes::slot_place(1, room) as usize..bytes::log_place(room) as usize;
    let unused = bytes::slot_place(0, room) as usize + 96 + 40..empty.start;
    for place in (0..bytes.len()).filter(|place| !empty.contains(place) && !unused.contains(place)) {
        let mut other = bytes.clone();
        other[place] ^= 1 << (place % 8);
        fs::write(&file, &other).unwrap();
        assert_eq!(reload(folder.path()), None, "byte {place}");
        fs::write(&file, &bytes[..place]).unwrap();
        assert_eq!(reload(folder.path()), None, "cut off at {place}");
    }
    // The file of another run under this name.
    fs::write(&file, &bytes).unwrap();
    let stranger = file.with_file_name(format!("{}.checkpoint", Digest::of(b"another")));
    fs::copy(&file, &stranger).unwrap();
    assert_eq!(Checkpoints::of(folder.path()).keeper(Digest::of(b"another")).kept(), None);
}

#[test]
fn without_a_writable_folder_there_is_no_checkpoint() {
    let (folder, _) = place();
    let checkpoints = Checkpoints::of(folder.path());
    let mut keeper = checkpoints.keeper(id());
    fs::remove_dir(folder.path().join("segments")).unwrap();
    keeper.keep(&halfway(3, 40));
    assert_eq!((keeper.kept(), checkpoints.step(&id())), (None, None));
    // Later the folder can be written to.
    fs::create_dir(folder.path().join("segments")).unwrap();
    keeper.keep(&halfway(4, 40));
    assert_eq!(keeper.kept(), Some(halfway(4, 40)));
}

#[test]
fn compaction_removes_checkpoints_of_stored_runs_and_stale_ones() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let record = crate::store::tests::records(1..2).remove(0);
    let ids = [record.id, Digest::of(b"under way"), Digest::of(b"forgotten")];
    let checkpoints = Checkpoints::of(folder.path());
    ids.iter().for_each(|id| checkpoints.keeper(*id).keep(&halfway(2, 10)));
    let path = |id: &Digest| folder.path().join(format!("segments/{id}.checkpoint"));
    File::options().write(true).open(path(&ids[2])).unwrap().set_modified(SystemTime::now() - 2 * STALE).unwrap();
    store.commit([&record]).unwrap();
    let runs = Runs::load(folder.path()).unwrap();
    assert!(!is_tidy(folder.path(), runs.records()));
    store.compact(&runs).unwrap();
    assert_eq!(ids.map(|id| path(&id).exists()), [false, true, false]);
    assert!(is_tidy(folder.path(), runs.records()) && crate::store::is_tidy(folder.path()));
}

proptest! {
    /// Untrusted bytes never cause a panic or an allocation larger than the file.
    #[test]
    fn changed_bytes_are_no_checkpoint(at in 0_usize..500, bytes in prop::collection::vec(any::<u8>(), 1..40)) {
        let (folder, file) = place();
        Checkpoints::of(folder.path()).keeper(id()).keep(&halfway(3, 40));
        let mut other = fs::read(&file).unwrap();
        let at = at.min(other.len() - bytes.len());
        other[at..at + bytes.len()].copy_from_slice(&bytes);
        fs::write(&file, &other).unwrap();
        let found = reload(folder.path());
        prop_assert!(found.is_none_or(|found| found == halfway(3, 40)));
    }
}
