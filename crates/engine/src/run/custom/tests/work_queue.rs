//! Tests that finished runs are stored while another run measures nothing.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use crate::{
    digest::Record,
    measure::{Direction, Measurement},
    run::{
        CustomExperiment, Declared, End, Log, PrepareOptions, RunError, Taken, Task, WorkQueue, groups, prepare,
        register_custom, work_at,
    },
    seed::Seed,
};

/// The number of calls of `pass` since a run was finished.
static PASSED: AtomicUsize = AtomicUsize::new(0);
static FINISHED: AtomicBool = AtomicBool::new(false);

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Settings {}

/// The run under seed 1 measures nothing until `pass` was called twice.
struct Silent;

impl CustomExperiment for Silent {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new("silent", 1).measuring([Measurement::new("passes", Direction::Lower)])
    }

    fn run(&self, _: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let began = Instant::now();
        while seed.0 == 1 && PASSED.load(Ordering::Relaxed) < 2 {
            if began.elapsed() > Duration::from_secs(60) {
                return Err(End::Failed("`pass` was not called".into()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        log.measure(1, [("passes", 1.0)])
    }
}

struct Queue;

impl WorkQueue<RunError> for Queue {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, RunError> {
        Ok(Some(Taken { now: group.to_vec(), later: Vec::new() }))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), RunError> {
        assert!(records.iter().all(|record| record.outcome.text() == "completed"), "{records:?}");
        FINISHED.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn pass(&self) -> Result<(), RunError> {
        PASSED.fetch_add(usize::from(FINISHED.load(Ordering::Relaxed)), Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn finished_runs_are_passed_on_while_another_measures_nothing() {
    register_custom(Silent).unwrap();
    let text = "[study]\nquestion = \"?\"\n[experiment]\nname = \"silent\"\n[sweep]\nseeds = 2\n";
    let study = crate::sweep::parse("silent", std::path::Path::new("silent.toml"), text, &[]).unwrap();
    let prepared = prepare(&study, &PrepareOptions::default()).unwrap();
    let groups = groups(&*prepared, &prepared.tasks(), 2);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let done = pool.install(|| work_at(&Queue, &*prepared, groups, &|_| {}, &AtomicBool::new(false)));
    assert!(done.unwrap());
}
