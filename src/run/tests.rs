use std::{collections::BTreeMap, path::Path};

use super::*;
use crate::{sweep, train::Kernel};

fn study() -> sweep::Study {
    let text = "
        [study]
        question = \"?\"
        [data.double-moon]
        train = 40
        validation = 20
        [train]
        epochs = 3
        [sweep]
        \"model.hidden\" = [1, 4]
        \"train.learning-rate\" = [0.02, 0.2]
        seeds = 5
    ";
    sweep::parse("small", Path::new("small.toml"), text, &[]).unwrap()
}

fn all(threads: usize, tasks: &dyn Fn(Vec<Task>) -> Vec<Task>) -> BTreeMap<Digest, Digest> {
    let study = study();
    let network = Network::new(&study, Kernel::best()).unwrap();
    let records = Mutex::new(BTreeMap::new());
    let keep = |done: Vec<Record>| {
        records.lock().unwrap().extend(done.iter().map(|record| (record.id, record.digest())));
        Ok::<_, RunError>(())
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let tasks = tasks(network.tasks());
    assert!(pool.install(|| execute(&network, &tasks, &keep, &|_| (), &AtomicBool::new(false))).unwrap());
    records.into_inner().unwrap()
}

#[test]
fn threads_and_company_change_no_bit() {
    let one = all(1, &|tasks| tasks);
    assert_eq!(one.len(), 20);
    for threads in [2, 4] {
        assert_eq!(all(threads, &|tasks| tasks), one);
    }
    let (id, digest) = one.iter().nth(7).unwrap();
    let alone = all(1, &|tasks| tasks.into_iter().filter(|task| task.id == *id).collect());
    assert_eq!(alone, BTreeMap::from([(*id, *digest)]));
}

#[test]
fn groups_hold_one_shape_and_the_dearest_comes_first() {
    let study = study();
    let network = Network::new(&study, Kernel::Portable).unwrap();
    let groups = groups(&network, &network.tasks());
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [8, 8, 2, 2]);
    assert!(groups.iter().all(|group| group.iter().all(|task| network.shape(task) == network.shape(&group[0]))));
    assert!(network.cost(&groups[0][0]) > network.cost(&groups[1][0]), "four hidden units cost more than one");
}

#[test]
fn steps_told_add_up_and_every_run_is_told_finished() {
    let study = study();
    let network = Network::new(&study, Kernel::best()).unwrap();
    let (steps, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let events = |event: Event<'_>| match event {
        Event::Advanced { steps: more } => drop(steps.fetch_add(more as usize, Ordering::Relaxed)),
        Event::Finished { .. } => drop(finished.fetch_add(1, Ordering::Relaxed)),
        _ => {}
    };
    execute(&network, &network.tasks(), &|_| Ok::<_, RunError>(()), &events, &AtomicBool::new(false)).unwrap();
    assert_eq!((steps.into_inner(), finished.into_inner()), (20 * 3 * 40, 20));
}

#[test]
fn a_stop_gives_nothing_up_that_was_committed_and_an_error_ends_the_work() {
    let study = study();
    let network = Network::new(&study, Kernel::best()).unwrap();
    let stop = AtomicBool::new(false);
    let commit = |_| {
        stop.store(true, Ordering::Relaxed);
        Ok::<_, RunError>(())
    };
    assert!(!execute(&network, &network.tasks(), &commit, &|_| (), &stop).unwrap());
    let refuse = |_| Err(RunError::Data { message: "no room".into(), help: String::new() });
    let error = execute(&network, &network.tasks(), &refuse, &|_| (), &AtomicBool::new(false)).unwrap_err();
    assert_eq!(error.to_string(), "no room");
}
