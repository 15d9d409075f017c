use std::{ops::ControlFlow, time::Instant};

use super::{Amount, Experiment, NetworkExperiment, Task};
use crate::{
    digest::Digest,
    experiments::OfNetwork,
    seed::Seed,
    train::{Every, Job, Simd, Train},
};

/// Estimates the seconds of the tasks on one thread: their cost, scaled by a short timed run.
pub(super) fn seconds(network: &NetworkExperiment<'_>, tasks: &[Task]) -> f64 {
    let Some(task) = tasks.first() else { return 0.0 };
    let cost = || tasks.iter().map(|task| network.cost(task)).sum::<f64>();
    let mut setting = network.study().trials[task.trial].setting().clone();
    let Ok(split) = network.split(task.trial, task.seed) else { return 0.0 };
    setting.train =
        Train { epochs: (20_000 / split.train.len() as u64).clamp(1, setting.train.epochs), ..setting.train };
    setting.model.hidden = setting.model.hidden.min(20);
    setting.evaluate.every = Every::Epochs(1);
    let jobs: Vec<_> = (0..8).map(|seed| Job { setting: &setting, split: &split, seed: Seed(seed) }).collect();
    let started = Instant::now();
    let watch = &mut |_: usize, _: &_| {
        if started.elapsed().as_millis() < 20 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let done = crate::digest::record(Simd::best(), &jobs, &[Digest([0; 32]); 8], watch);
    let amount = Amount::new(&setting, split.train.d, split.train.len(), split.validation.len());
    let timed = if done.is_some() { 8.0 * amount.cost() } else { return cost() * 1e-9 };
    cost() * started.elapsed().as_secs_f64() / timed
}
