//! What is in a results folder before a computation goes on from it, held against the manifest beside it.

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
    /// What is in the folder, before anything in it is touched.
    pub(super) fn look(&self, notice: &dyn Fn(&str)) -> Result<(Option<Manifest>, Runs), ComputeError> {
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

    /// Refuses runs that are not those of the manifest beside them: a program broke the contract, or one of the two was changed.
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

    /// Refuses results of the network that are of another shape than their runs; what others experiment with is theirs to know.
    pub(super) fn require_fit(&self, folder: &Path, runs: &Runs) -> Result<(), StoreError> {
        let asked = self.tasks.iter().filter(|_| self.maker.experiment.is_none());
        let mut found = asked.filter_map(|task| Some((task, runs.records().get(&task.id)?)));
        match found.find(|(task, record)| !self.network.fits(task, record)) {
            Some((_, record)) => Err(StoreError::unfit(record, folder)),
            None => Ok(()),
        }
    }

    /// How many runs of the study are stored, and taken at their word, since the manifest that listed them is gone from beside the answers. Runs of a study
    /// that was never finished, or is being finished by another process, have none yet.
    pub(super) fn unheld(&self, earlier: Option<&Manifest>, runs: &Runs) -> usize {
        let is_here = |name: &str| self.folder.join(name).exists();
        let answered = ["report.md", "summary.csv", "runs.parquet"].into_iter().any(is_here);
        if earlier.is_some() || !answered || store::is_busy(self.folder) || is_here("manifest.json") {
            return 0;
        }
        let stored: BTreeSet<_> = self.tasks.iter().map(|task| task.id).filter(|id| runs.contains(id)).collect();
        stored.len()
    }

    /// What is said of so many such runs.
    pub(super) fn taken_over(&self, unheld: usize) -> String {
        let (runs, were) = if unheld == 1 { ("run", "was") } else { ("runs", "were") };
        let verify = match self.maker.experiment {
            // Only its notebook computes it again.
            Some(_) => String::new(),
            None => format!("; `restudy verify {}` computes them again", escape::shell_path(self.folder)),
        };
        format!(
            "{unheld} stored {runs} {were} taken over as found: no manifest lists them to check them against{verify}"
        )
    }

    /// The manifest that is in the folder. One that cannot be read is made anew, one of another version or experiment is not
    /// ours to replace.
    pub(super) fn earlier(&self, notice: &dyn Fn(&str)) -> Result<Option<Manifest>, ComputeError> {
        self.manifest(self.folder, &|error| notice(&format!("{error}; it is made anew")))
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
