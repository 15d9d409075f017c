use super::*;
use crate::{
    run::WorkQueue as _,
    seed::Seed,
    store::{
        journal::{Asked, Entry},
        leases::{BOUNDS, Bounds},
    },
};

#[test]
fn whoever_gets_nowhere_is_named_and_its_runs_are_done_here_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let group = [1, 2].map(|number| Task { trial: 0, seed: Seed(number), id: Digest::of(&[number as u8]) });
    // Its heart beats, and nothing else.
    let mut wedged = store.leases().unwrap();
    assert_eq!(wedged.lease(&group.map(|task| task.id)), [true, true]);

    let said = Mutex::new(Vec::new());
    let events = |event: Event<'_>| {
        if let Event::Stuck { owner, tasks, given_up, .. } = event {
            said.lock().unwrap().push((owner.to_owned(), tasks.to_vec(), given_up));
        }
    };
    let entry = Entry::of_this_machine("0.1.0", crate::store::Instructions::NONE, &Asked::default());
    let checkpoints = Checkpoints::of(folder.path());
    let queue = WorkQueue::new(&store, &checkpoints, Runs::default(), Journal::new(folder.path(), &entry), &events);
    let (word, patience) = (Duration::from_millis(20), Duration::from_millis(100));
    queue.state().leases.as_mut().unwrap().bounds = Bounds { word, patience, ..BOUNDS };
    let began = Instant::now();
    let taken = loop {
        let taken = queue.take(&group).unwrap().unwrap();
        if !taken.now.is_empty() {
            break taken;
        }
        assert_eq!(taken.later, group);
        assert!(began.elapsed() < Duration::from_secs(60), "it is not waited for for ever");
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(taken, Taken { now: group.to_vec(), later: Vec::new() });
    let said = said.lock().unwrap();
    let told: Vec<_> = said.iter().map(|(_, tasks, given_up)| (tasks.as_slice(), *given_up)).collect();
    assert_eq!(told, [(group.as_slice(), false), (group.as_slice(), true)]);
    assert!(said[0].0.starts_with(&format!("process {}", std::process::id())), "{}", said[0].0);
}
