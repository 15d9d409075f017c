use super::{Experiment, Task};

/// Tasks of one shape side by side, in groups as full as they can be, the dearest group first. Where there are fewer groups than
/// threads, the largest are halved: half a group takes less time, though not half of it.
#[must_use]
pub fn groups(experiment: &dyn Experiment, tasks: &[Task], threads: usize) -> Vec<Vec<Task>> {
    groups_at(experiment, tasks, threads, &|_| None)
}

/// The same for runs of which some are half done: only those that are kept after the same `step` are put together, and only what is left of them counts.
#[must_use]
pub fn groups_at(
    experiment: &dyn Experiment,
    tasks: &[Task],
    threads: usize,
    step: &dyn Fn(&Task) -> Option<u64>,
) -> Vec<Vec<Task>> {
    arranged(experiment, tasks, threads, step, &|task| experiment.most_together(task))
}

/// The groups in which runs are verified.
pub(super) fn groups_verified(experiment: &dyn Experiment, tasks: &[Task], threads: usize) -> Vec<Vec<Task>> {
    arranged(experiment, tasks, threads, &|_| None, &|task| experiment.most_together_verified(task))
}

fn arranged(
    experiment: &dyn Experiment,
    tasks: &[Task],
    threads: usize,
    step: &dyn Fn(&Task) -> Option<u64>,
    most: &dyn Fn(&Task) -> usize,
) -> Vec<Vec<Task>> {
    /// Fewer runs take no less time.
    const FEWEST: usize = 4;
    let groups = priced(experiment, tasks, step, most);
    let mut groups: Vec<_> = groups.into_iter().map(|(_, tasks)| tasks).collect();
    while groups.len() < threads
        && let Some(largest) =
            groups.iter_mut().rev().max_by_key(|group| group.len()).filter(|group| group.len() > FEWEST)
    {
        let half = largest.split_off(largest.len().div_ceil(2));
        groups.push(half);
    }
    groups
}

/// The groups with their costs.
fn priced(
    experiment: &dyn Experiment,
    tasks: &[Task],
    step: &dyn Fn(&Task) -> Option<u64>,
    most: &dyn Fn(&Task) -> usize,
) -> Vec<(f64, Vec<Task>)> {
    let left = |task: &Task| {
        let done = step(task).unwrap_or(0) as f64 / experiment.steps(task).max(1) as f64;
        experiment.cost(task) * (1.0 - done.min(1.0))
    };
    let mut shaped: Vec<_> =
        by_shape(experiment, tasks).into_iter().map(|(shape, task)| ((shape, step(&task)), task)).collect();
    shaped.sort_by(|a, b| a.0.cmp(&b.0));
    let mut groups: Vec<(f64, Vec<Task>)> = shaped
        .chunk_by(|a, b| a.0 == b.0)
        .flat_map(|same| same.chunks(most(&same[0].1)))
        .map(|group| {
            let tasks: Vec<_> = group.iter().map(|(_, task)| *task).collect();
            (tasks.iter().map(left).fold(0.0, |total, cost| total + cost), tasks)
        })
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    groups
}

/// Tasks of one shape beside each other, and among them those of one [affinity](Experiment::affinity).
#[must_use]
pub fn by_shape(experiment: &dyn Experiment, tasks: &[Task]) -> Vec<(Vec<u64>, Task)> {
    let mut shaped: Vec<_> = tasks.iter().map(|task| (experiment.shape(task), *task)).collect();
    shaped.sort_by_cached_key(|(_, task)| experiment.affinity(task));
    shaped.sort_by(|a, b| a.0.cmp(&b.0));
    shaped
}
