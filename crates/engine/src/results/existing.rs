//! The existing content of a results folder, checked against its manifest before a computation resumes from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{Computation, ComputeError, Manifest, ManifestError, owner, witness::Witness};
use crate::{
    digest::{Digest, Record},
    escape,
    store::{self, Runs, StoreError},
};

impl Computation<'_> {
    /// Reads the folder before anything in it is changed.
    pub(super) fn read_existing(&self, notice: &dyn Fn(&str)) -> Result<(Option<Manifest>, Runs), ComputeError> {
        if !self.folder.is_dir() {
            return Ok((None, Runs::default()));
        }
        owner::require(self.folder, &self.owner())?;
        let runs = Runs::load(self.folder)?;
        owner::require_known(self.folder, &self.owner(), self.network, self.tasks, runs.records())?;
        self.require_fit(self.folder, &runs)?;
        let earlier = self.earlier(notice)?;
        if let Some(manifest) = &earlier {
            self.require_agreement(self.folder, manifest, runs.records())?;
        }
        Ok((earlier, runs))
    }

    /// Refuses runs that contradict the manifest: a program broke the contract, or the runs or the manifest were
    /// changed.
    pub(super) fn require_agreement(
        &self,
        folder: &Path,
        manifest: &Manifest,
        records: &BTreeMap<Digest, Record>,
    ) -> Result<(), ComputeError> {
        let witness = Witness::new(folder, self.network.study(), manifest);
        let contradicted: Vec<_> =
            records.values().filter_map(|record| witness.contradiction(record).map(|_| record.id.short())).collect();
        if contradicted.is_empty() {
            return Ok(());
        }
        const NAMED: usize = 12;
        let runs = if contradicted.len() == 1 { "1 run".into() } else { format!("{} runs", contradicted.len()) };
        let more = contradicted.len().saturating_sub(NAMED);
        let names = contradicted[..contradicted.len() - more].join(", ");
        let names = if more == 0 { names } else { format!("{names} and {more} more") };
        Err(ComputeError::Contradiction { folder: folder.display().to_string(), runs, names })
    }

    /// Refuses results of the network whose shape does not match their settings; results of custom experiments cannot
    /// be checked.
    pub(super) fn require_fit(&self, folder: &Path, runs: &Runs) -> Result<(), StoreError> {
        let asked = self.tasks.iter().filter(|_| self.maker.experiment.is_none());
        let mut found = asked.filter_map(|task| Some((task, runs.records().get(&task.id)?)));
        match found.find(|(task, record)| !self.network.fits(task, record)) {
            Some((_, record)) => Err(StoreError::unfit(record, folder)),
            None => Ok(()),
        }
    }

    /// The number of stored runs of the study that cannot be checked because the manifest is missing although there are
    /// results. A study that was never finished, or that another process is finishing, has no manifest yet.
    pub(super) fn unchecked(&self, earlier: Option<&Manifest>, runs: &Runs) -> usize {
        let is_here = |name: &str| self.folder.join(name).exists();
        let answered = ["report.md", "summary.csv", "runs.parquet"].into_iter().any(is_here);
        if earlier.is_some() || !answered || store::is_busy(self.folder) || is_here("manifest.json") {
            return 0;
        }
        let stored: BTreeSet<_> = self.tasks.iter().map(|task| task.id).filter(|id| runs.contains(id)).collect();
        stored.len()
    }

    /// The notice about such runs.
    pub(super) fn unchecked_notice(&self, unchecked: usize) -> String {
        let (runs, were) = if unchecked == 1 { ("run", "was") } else { ("runs", "were") };
        let verify = match self.maker.experiment {
            // Only its notebook can compute it again.
            Some(_) => String::new(),
            None => format!("; `restudy verify {}` computes them again", escape::shell_path(self.folder)),
        };
        format!("{unchecked} stored {runs} {were} used unchecked: no manifest lists them{verify}")
    }

    /// The manifest in the folder. A malformed one is written again; one of another version or experiment is an error.
    pub(super) fn earlier(&self, notice: &dyn Fn(&str)) -> Result<Option<Manifest>, ComputeError> {
        self.manifest(self.folder, &|error| notice(&format!("{error}; it is written again")))
    }

    /// The manifest of a folder with results of this experiment.
    pub(super) fn manifest(
        &self,
        folder: &Path,
        malformed: &dyn Fn(ManifestError),
    ) -> Result<Option<Manifest>, ComputeError> {
        owner::require(folder, &self.owner())?;
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(ManifestError::Missing { .. }) => return Ok(None),
            Err(error @ ManifestError::Malformed { .. }) => {
                malformed(error);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some(manifest))
    }
}
