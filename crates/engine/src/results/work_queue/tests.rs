use super::*;
use crate::{
    run::WorkQueue as _,
    seed::Seed,
    store::{
        journal::{Entry, Request},
        leases::{TIMEOUTS, Timeouts},
    },
};

#[test]
fn a_stalled_owner_is_reported_and_its_runs_are_then_computed_here() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let group = [1, 2].map(|number| Task { trial: 0, seed: Seed(number), id: Digest::of(&[number as u8]) });
    // It touches its file, and makes no progress.
    let mut stalled = store.leases().unwrap();
    assert_eq!(stalled.lease(&group.map(|task| task.id)), [true, true]);

    let reports = Mutex::new(Vec::new());
    let events = |event: Event<'_>| {
        if let Event::Stuck { owner, tasks, given_up, .. } = event {
            reports.lock().unwrap().push((owner.to_owned(), tasks.to_vec(), given_up));
        }
    };
    let entry = Entry::of_this_machine("0.1.0", crate::store::Instructions::NONE, &Request::default());
    let checkpoints = Checkpoints::of(folder.path());
    let queue = WorkQueue::new(&store, &checkpoints, Runs::default(), Journal::new(folder.path(), &entry), &events);
    let (report, give_up) = (Duration::from_millis(20), Duration::from_millis(100));
    queue.state().leases.as_mut().unwrap().timeouts = Timeouts { report, give_up, ..TIMEOUTS };
    let began = Instant::now();
    let taken = loop {
        let taken = queue.take(&group).unwrap().unwrap();
        if !taken.now.is_empty() {
            break taken;
        }
        assert_eq!(taken.later, group);
        assert!(began.elapsed() < Duration::from_secs(60), "the leases of a stalled owner end");
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(taken, Taken { now: group.to_vec(), later: Vec::new() });
    let reports = reports.lock().unwrap();
    let found: Vec<_> = reports.iter().map(|(_, tasks, given_up)| (tasks.as_slice(), *given_up)).collect();
    assert_eq!(found, [(group.as_slice(), false), (group.as_slice(), true)]);
    assert!(reports[0].0.starts_with(&format!("process {}", std::process::id())), "{}", reports[0].0);
}
