use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use super::*;
use crate::{
    run::{Event, Taken, WorkQueue, execute, groups_at, work_at},
    store::Checkpoints,
    sweep::Study,
    train::Simd,
};

/// Runs of two shapes and of unequal length, some of which end early.
fn study() -> Study {
    let text = "
        [study]
        question = \"?\"
        [data.double-moon]
        train = 40
        validation = 20
        [train]
        sampling = \"shuffle\"
        [stop]
        loss-below = 0.05
        [sweep]
        \"model.hidden\" = [1, 4]
        \"train.epochs\" = [20, 33]
        \"train.learning-rate\" = [0.02, 0.2]
        seeds = 5
    ";
    crate::tests::fixture::parse("small", Path::new("small.toml"), text, &[]).unwrap()
}

/// A queue without other processes.
struct Folder {
    checkpoints: Checkpoints,
    done: Mutex<BTreeMap<Digest, Record>>,
}

impl WorkQueue<RunError> for Folder {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, RunError> {
        Ok(Some(Taken { now: group.to_vec(), later: Vec::new() }))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), RunError> {
        self.checkpoints.remove(records.iter().map(|record| &record.id));
        self.done.lock().unwrap().extend(records.into_iter().map(|record| (record.id, record)));
        Ok(())
    }

    fn checkpoints(&self) -> Option<&Checkpoints> {
        Some(&self.checkpoints)
    }
}

fn expected(network: &NetworkExperiment<'_>) -> BTreeMap<Digest, Record> {
    let done = Mutex::new(BTreeMap::new());
    let keep = |records: Vec<Record>| {
        done.lock().unwrap().extend(records.into_iter().map(|record| (record.id, record)));
        Ok::<_, RunError>(())
    };
    assert!(execute(network, &network.tasks(), &keep, &|_| (), &AtomicBool::new(false)).unwrap());
    done.into_inner().unwrap()
}

/// Works until `most` measurements or the end. Returns the number of measurements and the finished runs.
fn session(
    network: &NetworkExperiment<'_>,
    folder: &Path,
    tasks: &[Task],
    threads: usize,
    most: usize,
) -> (usize, BTreeMap<Digest, Record>) {
    let folder = Folder { checkpoints: Checkpoints::of(folder), done: Mutex::default() };
    let (stop, measured) = (AtomicBool::new(false), AtomicUsize::new(0));
    let events = |event: Event<'_>| {
        if let Event::Advanced { steps, .. } = event
            && steps > 0
            && measured.fetch_add(1, Ordering::Relaxed) + 1 >= most
        {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let groups = groups_at(network, tasks, threads, &|task| folder.checkpoints.step(&task.id));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| work_at(&folder, network, groups, &events, &stop)).unwrap();
    (measured.into_inner(), folder.done.into_inner().unwrap())
}

#[test]
fn stopped_runs_resume_in_other_groups_and_no_step_is_repeated() {
    let study = study();
    let whole = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let expected = expected(&whole);
    let ended_early = expected.values().filter(|record| matches!(record.outcome, Outcome::Converged { .. })).count();
    assert!(0 < ended_early && ended_early < expected.len());
    for (threads, most) in [(1, 1), (1, 40), (2, 97), (4, 250)] {
        let folder = tempfile::tempdir().unwrap();
        let segments = folder.path().join("segments");
        fs::create_dir(&segments).unwrap();
        let (mut measured, mut done) = (0, BTreeMap::new());
        for round in 0.. {
            let simd = if round % 2 == 0 { Simd::best() } else { Simd::Portable };
            let network = NetworkExperiment::new(&study, simd).unwrap();
            let mut missing: Vec<_> = network.tasks().into_iter().filter(|task| !done.contains_key(&task.id)).collect();
            if missing.is_empty() {
                break;
            }
            // Only some of them, so that later groups have runs at other steps.
            missing.truncate(if round < 8 { 25 } else { usize::MAX });
            let most = if round < 8 { most } else { usize::MAX };
            let (more, finished) = session(&network, folder.path(), &missing, threads, most);
            measured += more;
            done.extend(finished);
        }
        assert_eq!(fs::read_dir(&segments).unwrap().count(), 0, "nothing is left");
        assert!(done.keys().eq(expected.keys()));
        assert!(done.values().zip(expected.values()).all(|(one, other)| one.first_difference(other).is_none()));
        // One event for each measurement but the first, and one more for each run that ends early.
        let each: usize = expected.values().map(|record| record.observations.len() - 1).sum();
        assert_eq!(measured, each + ended_early, "{threads} threads, {most} measurements at a time");
    }
}

#[test]
fn a_checkpoint_that_does_not_fit_its_run_is_ignored() {
    let study = study();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let expected = expected(&network);
    let task = network.tasks()[0];
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    session(&network, folder.path(), &[task], 1, 5);
    let kept = Checkpoints::of(folder.path()).keeper(task.id).kept().unwrap();
    assert_eq!(kept.step, 200);
    type Change = fn(&mut Checkpoint<'static>);
    let changes: [Change; 6] = [
        |kept| kept.step += 1,
        |kept| kept.points.to_mut()[2].step += 1,
        |kept| kept.points.to_mut().iter_mut().for_each(|point| point.values.push(1.0)),
        |kept| _ = (kept.points.to_mut().pop(), kept.chain.to_mut().pop()),
        |kept| _ = kept.chain.to_mut().pop(),
        |kept| kept.state.to_mut().truncate(80),
    ];
    for change in changes {
        let mut other = kept.clone();
        change(&mut other);
        // The file itself is valid.
        Checkpoints::of(folder.path()).keeper(task.id).keep(&other);
        let (_, done) = session(&network, folder.path(), &[task], 1, usize::MAX);
        assert!(done[&task.id].first_difference(&expected[&task.id]).is_none());
    }
}
