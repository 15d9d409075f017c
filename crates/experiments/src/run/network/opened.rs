//! Reads data files once for all trials and seeds that divide them.

use std::sync::Arc;

use super::{CachedData, NetworkExperiment, RunError, found, seeds};
use crate::{
    data::{Data, DataSeed, Opened, Source, SplitData},
    digest::Digest,
    experiments::OfNetwork,
    run::{
        contents::{File, files},
        of_data,
    },
    seed::Seed,
    sweep::{Study, Trial},
};

/// The files read last: trials that only divide them differently follow each other.
pub(super) struct LastOpened {
    data: Data,
    files: Vec<File>,
    opened: Arc<Opened>,
    /// Whether the content is kept for the runs.
    is_kept: bool,
}

/// The count of numbers that may still be kept between runs.
pub(super) struct Room {
    /// In divided points.
    pub split: usize,
    /// In contents of files.
    pub opened: usize,
}

/// Reserves room for this many numbers, if there is enough.
fn take(room: &mut usize, numbers: usize) -> bool {
    let fits = numbers <= *room;
    *room -= if fits { numbers } else { 0 };
    fits
}

impl CachedData {
    pub fn new(
        network: &NetworkExperiment<'_>,
        trial: &Trial,
        room: &mut Room,
        last: &mut Option<LastOpened>,
    ) -> Result<Self, RunError> {
        let (study, seed) = (network.study, network.first_seed());
        let trial = &*found(trial, &network.data_overrides);
        let data = trial.data();
        let under = data.seeding().of(seed);
        if !last.as_ref().is_some_and(|last| data.is_read_as(&last.data)) {
            // Frees the memory before the next file is read.
            *last = None;
            // The reader comes first: it refuses other kinds of files before they are hashed.
            if let Some(opened) = data.open().map_err(of_data)? {
                let files = files(study, trial)?;
                require_unchanged(&opened, &files)?;
                let is_kept = take(&mut room.opened, opened.numbers());
                *last = Some(LastOpened { data: data.clone(), files, opened: Arc::new(opened), is_kept });
            }
        }
        let (split, reading, files) = match last {
            Some(last) => {
                let of_seeds = |fault| seeds::of_first(data, &last.opened, &study.seeds, of_data(fault));
                let loaded = data.divide(&last.opened, under).map_err(of_seeds)?;
                (loaded.split, Some(loaded.reading), last.files.clone())
            }
            None => (data.load(under).map_err(of_data)?, None, files(study, trial)?),
        };
        let (inputs, train, validation) = (split.train.d, split.train.len(), split.validation.len());
        // Data that is divided for every run is kept undivided.
        let opened = last.as_ref().filter(|last| last.is_kept).map(|last| Arc::clone(&last.opened));
        let anew = opened.is_some() && data.seeding() == DataSeed::PerRun;
        let split = (!anew && take(&mut room.split, (train + validation) * (inputs + 1))).then(|| Arc::new(split));
        let opened = opened.filter(|_| split.is_none());
        Ok(Self { inputs, train, validation, split, files, opened, reading, absent: false })
    }
}

/// Reads the files of a trial's data again and refuses changed ones; `None` for a generator.
pub(super) fn reopened(study: &Study, trial: &Trial, expected: &[File]) -> Result<Option<Arc<Opened>>, RunError> {
    let opened = trial.data().open().map_err(of_data)?;
    if let Some(opened) = &opened {
        require_unchanged(opened, expected)?;
    } else if files(study, trial)? != expected {
        return Err(changed());
    }
    Ok(opened.map(Arc::new))
}

/// Divides or draws data under a seed of the study.
pub(super) fn divided(data: &Data, opened: Option<&Opened>, seed: Seed) -> Result<Arc<SplitData>, RunError> {
    let under = data.seeding().of(seed);
    let split = match opened {
        Some(opened) => data.divide(opened, under).map(|loaded| loaded.split),
        None => data.load(under),
    };
    split.map(Arc::new).map_err(of_data)
}

/// Refuses files that differ from the opened content.
fn require_unchanged(opened: &Opened, files: &[File]) -> Result<(), RunError> {
    let digests: Vec<Digest> = files.iter().map(|file| file.digest).collect();
    if digests == opened.contents() { Ok(()) } else { Err(changed()) }
}

fn changed() -> RunError {
    RunError::Source {
        code: "data.changed-while-training",
        message: "a file of the data was changed while its runs were being trained".into(),
        help: "run the same command again; runs on the old content keep their own identities".into(),
    }
}

#[cfg(test)]
impl NetworkExperiment<'_> {
    /// Drops cached data, so that it is read again.
    pub(in crate::run) fn forget(&mut self) {
        for known in &mut self.data {
            (known.split, known.opened) = (None, None);
        }
    }
}
