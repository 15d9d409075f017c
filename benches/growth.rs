//! The time of the training of a study alone: the same runs in the same groups, without store, tables and report.
//!
//! ```text
//! cargo bench --profile dev --bench growth -- study.toml
//! ```
//!
//! The additional time of `restudy sweep` is its overhead; `benches/growth.sh` compares both.
#![expect(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::{path::PathBuf, sync::atomic::AtomicBool, time::Instant};

use restudy::{
    digest::Record,
    run::{Experiment, NetworkExperiment, RunError, execute},
    sweep,
    train::Simd,
};

fn main() {
    let file = std::env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .find(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let Some(file) = file else { return println!("pass the path of a specification") };
    let study = sweep::load(&file, &[]).unwrap_or_else(|error| panic!("{error}"));
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap_or_else(|error| panic!("{error}"));
    let tasks = network.tasks();
    let steps: u64 = tasks.iter().map(|task| network.steps(task)).sum();
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    let discard = |_: Vec<Record>| Ok::<_, RunError>(());
    let done = pool.install(|| execute(&network, &tasks, &discard, &|_| (), &AtomicBool::new(false)));
    assert!(done.unwrap_or_else(|error| panic!("{error}")), "the run is not stopped");
    let seconds = started.elapsed().as_secs_f64();
    println!("{:.2} s on one thread for {} runs, {steps} steps", seconds, tasks.len());
}
