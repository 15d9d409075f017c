use super::{Experiment, Task};

/// Divides tasks into groups of one shape, each as large as possible, and orders them by falling cost. If there are
/// fewer groups than threads, the largest groups are halved: half a group takes less time, though more than half.
#[must_use]
pub fn groups(experiment: &dyn Experiment, tasks: &[Task], threads: usize) -> Vec<Vec<Task>> {
    groups_at(experiment, tasks, threads, &|_| None)
}

/// Divides tasks as [`groups`] does, where some runs have checkpoints: a group has runs with a checkpoint at the same
/// `step`, and its cost is that of the remaining steps.
#[must_use]
pub fn groups_at(
    experiment: &dyn Experiment,
    tasks: &[Task],
    threads: usize,
    step: &dyn Fn(&Task) -> Option<u64>,
) -> Vec<Vec<Task>> {
    arrange(experiment, tasks, threads, step, &|task| experiment.most_together(task))
}

/// The groups of a verification.
pub(super) fn groups_verified(experiment: &dyn Experiment, tasks: &[Task], threads: usize) -> Vec<Vec<Task>> {
    arrange(experiment, tasks, threads, &|_| None, &|task| experiment.most_together_verified(task))
}

fn arrange(
    experiment: &dyn Experiment,
    tasks: &[Task],
    threads: usize,
    step: &dyn Fn(&Task) -> Option<u64>,
    most: &dyn Fn(&Task) -> usize,
) -> Vec<Vec<Task>> {
    /// Smaller groups take no less time.
    const FEWEST: usize = 4;
    let groups = with_costs(experiment, tasks, step, most);
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

fn with_costs(
    experiment: &dyn Experiment,
    tasks: &[Task],
    step: &dyn Fn(&Task) -> Option<u64>,
    most: &dyn Fn(&Task) -> usize,
) -> Vec<(f64, Vec<Task>)> {
    let remaining = |task: &Task| {
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
            (tasks.iter().map(remaining).fold(0.0, |total, cost| total + cost), tasks)
        })
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    groups
}

/// Sorts tasks by shape, and tasks of one shape by [affinity](Experiment::affinity).
#[must_use]
pub fn by_shape(experiment: &dyn Experiment, tasks: &[Task]) -> Vec<(Vec<u64>, Task)> {
    let mut shaped: Vec<_> = tasks.iter().map(|task| (experiment.shape(task), *task)).collect();
    shaped.sort_by_cached_key(|(_, task)| experiment.affinity(task));
    shaped.sort_by(|a, b| a.0.cmp(&b.0));
    shaped
}
