//! A study computed through its store: only what is missing is trained.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use restudy::{
    digest::{Digest, Record},
    results::{Answer, Computation, Maker, VERSION, owner},
    run::{Experiment, Network, Task},
    store::{self, journal::Asked},
    sweep::Study,
    train::Kernel,
};

use super::Answers;
use crate::{
    asking,
    cards::runs,
    cell,
    error::{Error, Result},
    live::Live,
    own::{Own, Practice},
};

/// Computes a study through its store, as `restudy sweep` does: only what is missing is trained. Progress is seen in the cell;
/// an interrupt keeps what is finished.
///
/// # Errors
/// Data cannot be had, the folder of the results cannot be worked in, or the sweep was interrupted.
pub fn sweep(study: &Study) -> Result<Answers> {
    compute(study, None, &asking::results())
}

/// Computes a study by an experiment of the reader's own; its results have a folder of their own, `STUDY-EXPERIMENT`.
///
/// # Errors
/// As [`sweep()`]; or the experiment gives other results than before under the same version, or does not read an axis.
pub fn sweep_own(study: &Study, experiment: &Own) -> Result<Answers> {
    experiment.require_name()?;
    let study = Study { name: format!("{}-{}", study.name, experiment.name()), ..study.clone() };
    compute(&study, Some(experiment), &asking::results())
}

/// Computes a study in a folder of its name in `results`.
pub(crate) fn compute(study: &Study, own: Option<&Own>, results: &Path) -> Result<Answers> {
    let folder = results.join(&study.name);
    let network = Network::new(study, Kernel::best())?;
    let live = Live::new(&study.name);
    let (tasks, answer) = match own {
        None => {
            let tasks = network.tasks();
            let answer = answer(&network, &network, &tasks, &folder, Maker::OURS, &live);
            (tasks, answer)
        }
        Some(own) => {
            let tasks = own.tasks(&network);
            owner::require(&folder, &own.owner()).inspect_err(|_| live.finish(&words(study)))?;
            // A folder that cannot be read is reported by what comes next.
            let (stored, _) = store::load(&folder).unwrap_or_default();
            own.require_unchanged(&network, &tasks, &stored).inspect_err(|_| live.finish(&words(study)))?;
            own.require_influence(&network, &tasks, &stored).inspect_err(|_| live.finish(&words(study)))?;
            let title = own.title();
            let maker = Maker { version: VERSION, experiment: Some(&title) };
            let answer = answer(&network, &Practice { network: &network, own }, &tasks, &folder, maker, &live);
            (tasks, answer)
        }
    };
    live.finish(&words(study));
    let records = match answer? {
        Answer::Current { records, .. } => records,
        Answer::Computed { records, left_out, .. } => {
            if left_out > 0 {
                let kept = format!("{} held {left_out} runs that this study does not ask for", folder.display());
                cell::warn(&format!("{kept}; they are kept, but no longer in its report"));
            }
            records
        }
        Answer::Interrupted { kept, .. } | Answer::Partial { kept, .. } => {
            let safe = format!("interrupted: {kept} of {} runs are stored in {}", tasks.len(), folder.display());
            return Err(Error::new(safe, "run the cell again: it goes on from these"));
        }
    };
    let asked: BTreeMap<Digest, Record> =
        tasks.iter().filter_map(|task| Some((task.id, records.get(&task.id)?.clone()))).collect();
    Ok(Answers {
        study: Arc::new(study.clone()),
        own: own.cloned(),
        folder,
        tasks,
        records: Arc::new(asked),
        partial: false,
        tables: OnceLock::new(),
        summary: OnceLock::new(),
    })
}

fn answer<E: Experiment>(
    network: &Network<'_>,
    experiment: &E,
    tasks: &[Task],
    folder: &Path,
    maker: Maker<'_>,
    live: &Live,
) -> Result<Answer> {
    let cell::Origin { notebook, cell, count } = cell::origin();
    let cell = cell.or(count.map(|count| count.to_string()));
    let asked = Asked { notebook, cell, ..Asked::default() };
    let computation = Computation { network, experiment, tasks, shard: None, folder, maker, render: false, asked };
    Ok(cell::interruptible(|stop| computation.run(&|event| live.event(event), &|notice| cell::warn(notice), stop))?)
}

/// What stays of the progress of a sweep.
fn words(study: &Study) -> String {
    format!("{}: {}", study.name, runs(study))
}
