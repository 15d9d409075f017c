use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
};

use super::{
    ComputeError, Manifest, render, rows,
    verify::{self, Difference},
};
use crate::{
    digest::Record,
    run::{Event, Experiment, Network, Task, execute},
};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What is not as it is claimed to be; nothing if the results are proven.
    pub differences: Vec<Difference>,
    /// Files that are not there, and need not be.
    pub absent: Vec<String>,
    /// Runs that were computed again.
    pub computed: usize,
}

/// Computes runs of a study again, on the threads of the current rayon pool, and compares them with its folder: every run and
/// every file, or, with `sample`, so many runs, their rows, and the files by the digests of the manifest.
///
/// Gives nothing if `stop` ended it.
///
/// # Errors
/// Data cannot be had, or figures not be drawn.
pub fn prove<E: Experiment>(
    network: &Network<'_>,
    experiment: &E,
    tasks: &[Task],
    (folder, manifest): (&Path, &Manifest),
    sample: Option<usize>,
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<Option<Proof>, ComputeError> {
    let study = network.study();
    let mut differences = verify::claims(study, tasks, manifest, folder);
    let chosen = match sample {
        Some(size) => verify::sample(tasks, size, manifest.root),
        None => tasks.to_vec(),
    };
    let steps = chosen.iter().map(|task| experiment.steps(task)).sum();
    events(Event::Started { runs: tasks.len(), cached: tasks.len() - chosen.len(), steps });
    let records = Mutex::new(BTreeMap::new());
    let keep = |done: Vec<Record>| {
        let mut records = records.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        records.extend(done.into_iter().map(|record| (record.id, record)));
        Ok::<_, ComputeError>(())
    };
    if !execute(experiment, &chosen, &keep, events, stop)? {
        events(Event::Stopped);
        return Ok(None);
    }
    events(Event::Rendering);
    let records = records.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let claimed = manifest.runs.iter().map(|run| (run.id, run)).collect();
    differences.extend(chosen.iter().filter_map(|task| verify::run(study, task, &records[&task.id], &claimed)));
    let rows = rows(&chosen, &records);
    let (found, absent) = if sample.is_some() {
        verify::sampled_files(folder, manifest, network, &rows)?
    } else {
        verify::files(folder, &render(network, &rows, folder, manifest.maker())?)
    };
    events(Event::Stopped);
    differences.extend(found);
    Ok(Some(Proof { differences, absent, computed: chosen.len() }))
}
