//! Computes a study through its store: only missing runs are trained.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use restudy::{
    digest::{Digest, Record},
    results::{Computation, Maker, SweepOutcome, VERSION, owner, stages},
    run::{self, Experiment, NetworkExperiment, Prepared, Task},
    store::{self, journal::Request},
    sweep::Study,
    train::Simd,
};

use super::StudyResults;
use crate::{
    asking,
    cards::{count, runs},
    cell, custom,
    error::{Error, Result},
    live::Live,
    own::{Own, Practice, influence, unchanged},
};

/// Computes a study through its store, as `restudy sweep` does: only missing runs are trained. The cell shows the
/// progress; an interrupt keeps finished runs, and the state of unfinished runs of the network.
///
/// # Errors
/// The data cannot be read, the results folder cannot be used, the sweep was interrupted, or runs failed. Failed runs
/// are stored as failed, and [`expect_failures`](ExpectFailures::expect_failures) returns the results with them.
pub fn sweep(study: &Study) -> Result<StudyResults> {
    refuse_failures(compute(study, None, &asking::results())?)
}

/// Computes a study by a custom experiment; its results have their own folder, `STUDY-EXPERIMENT`.
///
/// # Errors
/// As [`sweep()`]; also if the experiment gives other results than before under the same version, or does not read an
/// axis.
pub fn sweep_own(study: &Study, experiment: &Own) -> Result<StudyResults> {
    experiment.require_name()?;
    let study = Study { name: format!("{}-{}", study.name, experiment.name()), ..study.clone() };
    refuse_failures(compute(&study, Some(experiment), &asking::results())?)
}

/// Expects that runs of a sweep fail: `sweep_own(&study, &experiment).expect_failures()?`.
pub trait ExpectFailures {
    /// Returns the results, failed runs included.
    ///
    /// # Errors
    /// The sweep itself failed, or none of its runs failed.
    fn expect_failures(self) -> Result<StudyResults>;
}

impl ExpectFailures for Result<StudyResults> {
    fn expect_failures(self) -> Result<StudyResults> {
        match self {
            Err(error) => error.into_value(),
            Ok(answers) => Err(Error::new(
                format!("failures were expected, and none of {} failed", count(answers.tasks.len(), "run")),
                "leave `expect_failures` out",
            )),
        }
    }
}

/// Refuses results with failed runs, unless the cell calls `expect_failures`.
pub(crate) fn refuse_failures(answers: StudyResults) -> Result<StudyResults> {
    let Some((task, message)) = answers.failures().next() else { return Ok(answers) };
    let study = &answers.study;
    let place = study.trials[task.trial].values.iter().zip(&study.axes);
    let place: String = place.map(|(value, axis)| format!("{} = {value}, ", axis.path)).collect();
    let (failed, all) = (answers.failed(), count(answers.tasks.len(), "run"));
    let first = format!("the first, {place}seed {}, said: {message}", task.seed.0);
    let call = if study.title().is_some() { "sweep(&study)" } else { "sweep_own(&study, &experiment)" };
    let help = format!(
        "they are stored as failed; change the experiment and raise its version, or, where they are to fail, write \
         `{call}.expect_failures()?`"
    );
    Err(Error::new(format!("{failed} of {all} failed; {first}"), help).with_value(answers))
}

/// Computes a study in a folder of its name in `results`.
pub(crate) fn compute(study: &Study, own: Option<&Own>, results: &Path) -> Result<StudyResults> {
    let folder = results.join(&study.name);
    custom::require_current(study)?;
    let live = Live::new(&study.name);
    let (tasks, answer) = match own {
        None => {
            let prepared = custom::prepared(study).inspect_err(|_| live.finish(&words(study)))?;
            require_figures(&*prepared).inspect_err(|_| live.finish(&words(study)))?;
            let tasks = prepared.tasks();
            if study.title().is_some() {
                custom_unchanged(study, &*prepared, &tasks, &folder).inspect_err(|_| live.finish(&words(study)))?;
            }
            let answer = answer(&*prepared, &*prepared, &tasks, &folder, Maker::OURS, &live);
            let tasks = match &answer {
                // The other runs decide which trials are confirmed.
                Ok(SweepOutcome::Current { records, .. } | SweepOutcome::Computed { records, .. }) => {
                    stages::of_records(&*prepared, &tasks, records)
                }
                _ => tasks,
            };
            (tasks, answer)
        }
        Some(own) => {
            custom::require_network(study, "`sweep_own`", "`sweep(&study)` computes it")?;
            if study.confirm.is_some() {
                return Err(Error::new(
                    "`sweep_own` runs no trials again: `confirm` in [sweep] is for `sweep(&study)`",
                    "leave `confirm` out of the specification, or declare the experiment, with settings of its own, and sweep that",
                ));
            }
            let network = NetworkExperiment::new(study, Simd::best())?;
            require_figures(&network).inspect_err(|_| live.finish(&words(study)))?;
            let tasks = own.tasks(&network);
            owner::require(&folder, &own.owner()).inspect_err(|_| live.finish(&words(study)))?;
            // If the folder cannot be read, the sweep reports it.
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
        SweepOutcome::Current { records, .. } => records,
        SweepOutcome::Computed { records, left_out, .. } => {
            if left_out > 0 {
                let kept = format!("{} contained {left_out} runs that are not of this study", folder.display());
                cell::warn(&format!("{kept}; they are kept, but no longer in its report"));
            }
            records
        }
        SweepOutcome::Interrupted { kept, .. } | SweepOutcome::Partial { kept, .. } => {
            let safe = format!("interrupted: {kept} of {} runs are stored in {}", study.run_count(), folder.display());
            return Err(Error::new(safe, "run the cell again: it goes on from these"));
        }
    };
    let asked: BTreeMap<Digest, Record> =
        tasks.iter().filter_map(|task| Some((task.id, records.get(&task.id)?.clone()))).collect();
    if study.title().is_some() {
        warn_of_idle_axes(study, &tasks, &asked);
    }
    Ok(StudyResults {
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

/// Warns about an axis whose values give equal runs: the closure probably does not read it.
fn warn_of_idle_axes(study: &Study, tasks: &[Task], records: &BTreeMap<Digest, Record>) {
    let name = &study.declaration().name;
    for (place, axis) in study.axes.iter().enumerate().filter(|(_, axis)| axis.values.len() > 1) {
        if !influence::differs(place, study, tasks, records) {
            cell::warn(&format!(
                "the axis `{}` changes nothing that `{name}` measures or keeps: does it read it?",
                axis.path
            ));
        }
    }
}

/// Refuses figures that cannot be drawn, and prints notices about the others.
fn require_figures(prepared: &dyn Prepared) -> Result<()> {
    run::require_figures(prepared)?.iter().for_each(|notice| cell::warn(notice));
    Ok(())
}

/// Refuses a closure that gives other results than those stored under its version.
fn custom_unchanged(study: &Study, prepared: &dyn Prepared, tasks: &[Task], folder: &Path) -> Result<()> {
    owner::require(folder, &owner::of(study))?;
    // If the folder cannot be read, the sweep reports it.
    let (stored, _) = store::load(folder).unwrap_or_default();
    let own = study.declaration();
    let experiment = unchanged::Named {
        name: &own.name,
        version: own.version,
        call: "experiment",
        inputs: "its settings and the seed",
    };
    cell::interruptible(|stop| {
        experiment.require(study, prepared, tasks, &stored, &|| stop.load(std::sync::atomic::Ordering::Relaxed))
    })
}

fn answer(
    network: &dyn Prepared,
    experiment: &dyn Experiment,
    tasks: &[Task],
    folder: &Path,
    maker: Maker<'_>,
    live: &Live,
) -> Result<SweepOutcome> {
    let cell::Origin { notebook, cell, count } = cell::origin();
    let cell = cell.or(count.map(|count| count.to_string()));
    let request = Request { notebook, cell, ..Request::default() };
    let computation = Computation { network, experiment, tasks, shard: None, folder, maker, render: false, request };
    Ok(cell::interruptible(|stop| computation.run(&|event| live.event(event), &|notice| cell::warn(notice), stop))?)
}

/// The last text of the progress output.
fn words(study: &Study) -> String {
    format!("{}: {}", study.name, runs(study))
}
