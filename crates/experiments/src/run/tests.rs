use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use super::*;
use crate::data::Source;
use crate::digest::{Digest, Record};
use crate::experiments::OfNetwork;
use crate::seed::Seed;
use crate::{
    sweep,
    train::{Job, Simd},
};

mod opened;
mod stages;

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
    crate::tests::fixture::parse("small", Path::new("small.toml"), text, &[]).unwrap()
}

fn all(threads: usize, tasks: &dyn Fn(Vec<Task>) -> Vec<Task>) -> BTreeMap<Digest, Digest> {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
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
fn threads_and_affinity_change_no_bit() {
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
fn groups_have_one_shape_and_the_most_expensive_comes_first() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::Portable).unwrap();
    let tasks = network.tasks();
    let groups = |threads| groups(&network, &tasks, threads);
    let sizes = |threads| groups(threads).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(sizes(8), [3, 3, 3, 3, 2, 2, 2, 2], "halved as long as it helps");
    let groups = groups(1);
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10]);
    assert!(groups.iter().all(|group| group.iter().all(|task| network.shape(task) == network.shape(&group[0]))));
    assert!(network.cost(&groups[0][0]) > network.cost(&groups[1][0]), "four hidden units cost more than one");
}

#[test]
fn events_count_all_steps_and_every_finished_run() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let (steps, finished, cost) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(0.0));
    let events = |event: Event<'_>| match event {
        Event::Advanced { steps: more, cost: share } => {
            steps.fetch_add(more as usize, Ordering::Relaxed);
            *cost.lock().unwrap() += share;
        }
        Event::Finished { .. } => drop(finished.fetch_add(1, Ordering::Relaxed)),
        _ => {}
    };
    execute(&network, &network.tasks(), &|_| Ok::<_, RunError>(()), &events, &AtomicBool::new(false)).unwrap();
    assert_eq!((steps.into_inner(), finished.into_inner()), (20 * 3 * 40, 20));
    let whole: f64 = network.tasks().iter().map(|task| network.cost(task)).sum();
    assert!((cost.into_inner().unwrap() / whole - 1.0).abs() < 1e-9, "the shares are the whole cost");
}

#[test]
fn a_stop_keeps_committed_runs_and_an_error_ends_the_work() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let stop = AtomicBool::new(false);
    let commit = |_| {
        stop.store(true, Ordering::Relaxed);
        Ok::<_, RunError>(())
    };
    assert!(!execute(&network, &network.tasks(), &commit, &|_| (), &stop).unwrap());
    let refuse = |_| Err(RunError::Source { code: "data.no-room", message: "no room".into(), help: String::new() });
    let error = execute(&network, &network.tasks(), &refuse, &|_| (), &AtomicBool::new(false)).unwrap_err();
    assert_eq!(error.to_string(), "no room");
}

#[test]
fn shards_are_whole_groups_of_similar_cost_that_make_up_the_study() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let tasks = network.tasks();
    let side_by_side = |tasks: &[Task]| groups(&network, tasks, 1).into_iter();
    let whole: Vec<_> =
        side_by_side(&tasks).flat_map(|group| group.chunks(8).map(<[Task]>::to_vec).collect::<Vec<_>>()).collect();
    for count in [1, 2, 3, 4, 7] {
        let shards: Vec<Vec<Task>> = (1..=count)
            .map(|number| format!("{number}/{count}").parse::<Shard>().unwrap().of(&network, &tasks))
            .collect();
        let mut together: Vec<_> = shards.iter().flatten().map(|task| task.id).collect();
        together.sort_unstable();
        let mut expected: Vec<_> = tasks.iter().map(|task| task.id).collect();
        expected.sort_unstable();
        assert_eq!(together, expected, "{count} shards have every run once");
        for shard in &shards {
            let groups = whole.iter().filter(|group| group.iter().all(|task| shard.contains(task)));
            assert_eq!(groups.map(Vec::len).sum::<usize>(), shard.len(), "groups of the complete study");
        }
    }
    let shards = ["1/2", "2/2"].map(|shard| shard.parse::<Shard>().unwrap().of(&network, &tasks));
    let cost = |tasks: &[Task]| tasks.iter().map(|task| network.cost(task)).sum::<f64>();
    let (one, other) = (cost(&shards[0]), cost(&shards[1]));
    assert!(one / other < 1.25 && other / one < 1.25, "{one} {other}");
}

#[test]
fn the_shards_of_a_study_are_pinned() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::Portable).unwrap();
    let tasks = network.tasks();
    let shards = (1..=3).map(|number| {
        let shard = format!("{number}/3").parse::<Shard>().unwrap().of(&network, &tasks);
        shard.iter().map(|task| format!("{}.{}", task.trial, task.seed.0)).collect::<Vec<_>>().join(" ")
    });
    // Machines with different shards would do some runs twice, and others never.
    assert_eq!(
        shards.collect::<Vec<_>>(),
        ["2.0 2.1 2.2 2.3 3.0 3.1 3.2 3.3", "0.0 0.1 0.2 0.3 1.0 1.1 1.2 1.3", "0.4 1.4 2.4 3.4"]
    );
}

/// Panics at the first call.
struct Broken(AtomicUsize);

impl WorkQueue<RunError> for Broken {
    fn take(&self, _: &[Task]) -> Result<Option<Taken>, RunError> {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) != 0, "a queue that panics");
        Ok(Some(Taken { now: Vec::new(), later: Vec::new() }))
    }

    fn give(&self, _: Vec<Record>) -> Result<(), RunError> {
        Ok(())
    }
}

#[test]
fn a_thread_that_panics_does_not_block_the_others() {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let study = study();
        let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
        let groups = groups(&network, &network.tasks(), 2);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let queue = Broken(AtomicUsize::new(0));
        let work = || pool.install(|| work_at(&queue, &network, groups, &|_| (), &AtomicBool::new(false)).is_ok());
        sender.send(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err()).unwrap();
    });
    assert_eq!(receiver.recv_timeout(std::time::Duration::from_secs(60)), Ok(true));
}

/// Defers every run a number of times, as if another process worked on it.
struct Reluctant(Mutex<BTreeMap<Digest, u32>>, Mutex<usize>);

impl WorkQueue<RunError> for Reluctant {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, RunError> {
        let mut held = self.0.lock().unwrap();
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for task in group {
            match held.get_mut(&task.id) {
                // Another process has done it.
                None => {}
                Some(0) => now.push(*task),
                Some(times) => {
                    *times -= 1;
                    later.push(*task);
                }
            }
        }
        Ok(Some(Taken { now, later }))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), RunError> {
        *self.1.lock().unwrap() += records.len();
        Ok(())
    }
}

#[test]
fn deferred_runs_are_retried_and_runs_of_other_processes_are_skipped() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let tasks = network.tasks();
    let held = tasks.iter().enumerate().skip(3).map(|(i, task)| (task.id, i as u32 % 3)).collect();
    let queue = Reluctant(Mutex::new(held), Mutex::new(0));
    let steps = AtomicUsize::new(0);
    let events = |event: Event<'_>| {
        if let Event::Advanced { steps: more, .. } = event {
            steps.fetch_add(more as usize, Ordering::Relaxed);
        }
    };
    assert!(work_at(&queue, &network, groups(&network, &tasks, 2), &events, &AtomicBool::new(false)).unwrap());
    assert_eq!(queue.1.into_inner().unwrap(), 17);
    assert_eq!(steps.into_inner(), 20 * 3 * 40, "events include steps of other processes");
}

#[test]
fn a_stop_takes_effect_between_measurements() {
    let mut study = study();
    for trial in &mut study.trials {
        *trial = trial.with_setting(|setting| {
            setting.train.epochs = 1_000_000_000;
            setting.evaluate.every = crate::train::Every::Epochs(500_000_000);
        });
    }
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let stop = AtomicBool::new(false);
    let calls = AtomicUsize::new(0);
    let stopped = || calls.fetch_add(1, Ordering::Relaxed) > 3;
    let done = network.run(&network.tasks()[..1], &mut |_, _| ControlFlow::Continue(()), &stopped).unwrap();
    assert!(done.is_none());
    stop.store(true, Ordering::Relaxed);
    assert!(!execute(&network, &network.tasks(), &|_| Ok::<_, RunError>(()), &|_| (), &stop).unwrap());
}

#[test]
fn seeds_without_a_class_are_named_before_training() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.csv");
    let rows: String = (0..100).map(|i| format!("{i},{}\n", u8::from(i % 12 == 0))).collect();
    std::fs::write(&file, format!("x,label\n{rows}")).unwrap();
    let study = |seed: &str| {
        let text = format!(
            "[study]\nquestion = \"?\"\n[evaluate]\nmetrics = [\"loss\", \"error\", \"auc\"]\n[data.csv]\nfile = {file:?}\nseed = {seed}\nvalidation = {{ share = 0.2 }}\n[sweep]\nseeds = 40\n"
        );
        crate::tests::fixture::parse("d", Path::new("d.toml"), &text, &[]).unwrap()
    };
    let per_run = study("\"per-run\"");
    let network = prepare(&per_run, &PrepareOptions::default()).unwrap();
    let fault = network.require_seeds(&network.tasks(), &[]).unwrap_err();
    assert!(
        matches!(&fault, RunError::Source { code: "data.one-class", help, .. } if help.contains("stratified = true")),
        "{fault:?}"
    );
    let found = fault.to_string();
    let failing: Vec<u64> = per_run
        .seeds
        .iter()
        .map(|seed| seed.0)
        .filter(|seed| per_run.trials[0].data().load(Seed(*seed)).is_err())
        .collect();
    assert!(!failing.is_empty() && failing.len() <= 12, "{failing:?}");
    let listed: Vec<_> = failing.iter().map(u64::to_string).collect();
    let listed = listed.join(", ");
    assert!(found.starts_with(&format!("under the seeds {listed} the data cannot be divided")), "{found}");
    // The message is the same if one of them is the first seed, and from the run itself; its remedies work.
    let mut first = per_run.clone();
    first.seeds.retain(|seed| seed.0 >= failing[0]);
    let fault = prepare(&first, &PrepareOptions::default()).map(|_| ()).unwrap_err();
    let RunError::Source { code: "data.one-class", message, help } = fault else { panic!("{fault:?}") };
    assert_eq!(message, found);
    assert!(!help.contains("another `seed`") && help.contains("leave these seeds out"), "{help}");
    let once = help.rsplit("seed = ").next().unwrap().split(' ').next().unwrap();
    prepare(&study(once), &PrepareOptions::default()).unwrap();
    first.seeds.retain(|seed| !failing.contains(&seed.0));
    let network = prepare(&first, &PrepareOptions::default()).unwrap();
    network.require_seeds(&network.tasks(), &[]).unwrap();
    let plain = NetworkExperiment::new(&per_run, Simd::best()).unwrap();
    let late = plain.split(0, Seed(*failing.last().unwrap())).unwrap_err();
    assert!(late.to_string().starts_with(&format!("under seed {} the data", failing.last().unwrap())), "{late}");
    let only = sweep::Study { seeds: vec![Seed(failing[0])], ..per_run.clone() };
    let fault = prepare(&only, &PrepareOptions::default()).map(|_| ()).unwrap_err();
    assert!(matches!(&fault, RunError::Source { help, .. } if help.contains("sweep other seeds")), "{fault:?}");
    // Under the other seeds both splits have both classes, and every metric is defined.
    let is_defined = per_run.seeds.iter().filter(|seed| !failing.contains(&seed.0)).all(|seed| {
        let split = per_run.trials[0].data().load(*seed).unwrap();
        Job { setting: per_run.trials[0].setting(), split: &split, seed: *seed }.undefined().is_none()
    });
    assert!(is_defined);
    let stratified = study("\"per-run\"\nstratified = true");
    let network = prepare(&stratified, &PrepareOptions::default()).unwrap();
    network.require_seeds(&network.tasks(), &[]).unwrap();
    let fixed = study("1");
    let network = prepare(&fixed, &PrepareOptions::default()).unwrap();
    network.require_seeds(&network.tasks(), &[]).unwrap();
}
