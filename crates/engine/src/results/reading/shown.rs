//! The runs of a study as they may be shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    Finding, Segments, data,
    segments::{self, name, segments},
    tables,
};
use crate::{
    digest::Digest,
    results::{Manifest, owner, stages, study_text},
    run::Task,
    store::{self, index::Brief},
    sweep::{self, Study},
};

/// The runs of a study that are in its folder.
#[derive(Debug, Default)]
pub struct Shown {
    runs: BTreeMap<Digest, Brief>,
    /// The runs that segments hold, with their digests, if these were read.
    pub stored: Option<BTreeMap<Digest, Digest>>,
    /// Runs that segments hold otherwise than the manifest lists them, or in two ways.
    pub refused: BTreeSet<Digest>,
    /// What is damaged, or contradicts the manifest.
    pub findings: Vec<Finding>,
    /// How many runs come from the table `runs`.
    pub of_table: usize,
    /// Whether there are segments.
    pub has_segments: bool,
    /// Runs that the manifest lists and of which no whole copy is here, though one that is damaged or says something else is.
    pub lost: usize,
    /// How many of the runs are listed in a manifest that does not vouch for them.
    pub unvouched: usize,
}

/// Of segments of more bytes than a look may take time for, the runs are read only where no table has them; else it is seen by their names whether they are whole.
const MOST_BYTES: u64 = 24 << 20;

/// Whether the segments of a folder are small enough to be read by a command that only looks.
#[must_use]
pub fn is_small(folder: &Path) -> bool {
    store::segment_bytes(folder) <= MOST_BYTES
}

/// Looks for the runs of a study. What comes from the table `runs` needs no segment; these are read where runs are not in it, or to see that they are
/// whole (`thorough`).
#[must_use]
pub fn shown(folder: &Path, study: &Study, manifest: Option<&Manifest>, tasks: &[Task], thorough: bool) -> Shown {
    let mut shown = Shown { has_segments: store::has_segments(folder), ..Shown::default() };
    let vouching = manifest.filter(|manifest| manifest.has_root_of_runs());
    shown.findings.extend(manifest.and_then(|manifest| unvouched(manifest, &BTreeSet::new())));
    if let Some(manifest) = vouching {
        let table = tables::read(folder, manifest, "runs");
        match table.and_then(|table| table.map(|(table, _)| tables::briefs(study, manifest, tasks, &table)).transpose())
        {
            Ok(briefs) => shown.runs = briefs.unwrap_or_default(),
            Err(finding) => shown.findings.push(finding),
        }
        shown.findings.extend(misplaced(folder, study, manifest, tasks));
    }
    shown.of_table = shown.runs.len();
    let listed: BTreeSet<_> = manifest.iter().flat_map(|manifest| &manifest.runs).map(|run| run.id).collect();
    if thorough && is_small(folder) || tasks.iter().any(|task| !shown.runs.contains_key(&task.id)) {
        let Segments { runs, findings, refused, unbound, failed } = segments(folder, study, manifest);
        shown.stored = (!failed).then(|| runs.values().map(|run| (run.id, run.digest)).collect::<BTreeMap<_, _>>());
        let asked: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
        let (mut doubted, mut others) = (0, 0);
        for (id, brief) in runs.into_iter().filter(|(id, _)| asked.contains(id)) {
            if let Some(own) = shown.runs.get(&id) {
                // The root binds the record, and nothing but the manifest the table.
                if !same(own, &brief) {
                    others += 1;
                    shown.runs.insert(id, brief);
                }
            } else {
                let is_listed = listed.contains(&id);
                shown.unvouched += usize::from(vouching.is_none() && is_listed);
                doubted += usize::from(unbound && is_listed);
                shown.runs.insert(id, brief);
            }
        }
        if let (None, Some(manifest)) = (vouching, manifest) {
            shown.findings = unvouched(manifest, &refused).into_iter().collect();
        }
        shown.refused = refused;
        if others > 0 {
            let runs = if others == 1 { "1 run".to_owned() } else { format!("{others} runs") };
            let reason = format!("it says something else of {runs} than the stored records, which are shown");
            shown.findings.push(Finding::contradicts("runs.parquet", reason));
        }
        if doubted > 0 {
            shown.findings.push(Finding::damaged(
                "manifest.json",
                "it lists no digests of measurements and binds the last ones alone: metrics.parquet, which binds the others, is not here whole",
            ));
        }
        shown.findings.extend(findings);
    }
    if thorough && shown.stored.is_none() && !shown.findings.iter().any(|found| found.file == "segments") {
        let reason = "it is not what it was when it was written: its name is not that of its bytes";
        let damaged = store::misnamed(folder).into_iter().map(|file| Finding::damaged(name(&file), reason));
        shown.findings.extend(damaged);
    }
    let missing = |task: &&Task| listed.contains(&task.id) && !shown.runs.contains_key(&task.id);
    shown.lost = if shown.findings.is_empty() { 0 } else { tasks.iter().filter(missing).count() };
    shown
}

/// What is wrong with a manifest that does not vouch for its runs; nothing with another one. No sweep goes on beside it if `refused` are stored otherwise.
#[must_use]
pub fn unvouched(manifest: &Manifest, refused: &BTreeSet<Digest>) -> Option<Finding> {
    if manifest.has_root_of_runs() {
        return None;
    }
    let reason = "its root is not that of the runs it lists: it vouches for nothing";
    Some(match refused.first() {
        None => Finding::contradicts("manifest.json", reason),
        Some(first) => {
            let of = segments::some(*first, refused.len());
            Finding::contradicts(
                "manifest.json",
                format!("{reason}; what it lists of {of} is not what segments/ holds"),
            )
            .stopping()
        }
    })
}

/// Whether two copies of a run say the same; every NaN is the same.
fn same(one: &Brief, other: &Brief) -> bool {
    let bits = |brief: &Brief| {
        let values = brief.finals.iter().flatten();
        let bits: Vec<_> = values.map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect();
        // Of a run that was never measured, a table has no numbers, and a record has nothing.
        if bits.iter().all(|bits| *bits == u64::MAX) { Vec::new() } else { bits }
    };
    one.outcome.name() == other.outcome.name()
        && (one.epoch, one.success_epoch, one.digest) == (other.epoch, other.success_epoch, other.digest)
        && bits(one) == bits(other)
}

/// Runs that the manifest gives another trial or seed than they have.
fn misplaced(folder: &Path, study: &Study, manifest: &Manifest, tasks: &[Task]) -> Option<Finding> {
    // What is asked now, of files as they are now, may have the same runs at other places; the manifest is held against what it was made from.
    wrong_place(manifest, tasks)?;
    let file = folder.join("study.toml");
    let kept = sweep::read_kept(&file).and_then(|text| sweep::parse(&study.name, &file, &text, &[])).ok()?;
    if study_text(&kept, folder).1 != manifest.specification {
        return None;
    }
    let network = data::network(&kept, folder, Some(manifest)).ok()?;
    let owner = owner::owner(folder).unwrap_or_else(|_| Some(manifest.owner()));
    let tasks = stages::listed(&*network, &owner::tasks(owner.as_ref(), &*network), manifest);
    let wrong = wrong_place(manifest, &tasks)?;
    let reason = format!("it gives run {} another trial or seed than it has", wrong.short());
    Some(Finding::contradicts("manifest.json", reason))
}

/// The first run of a manifest that is in another place among these tasks, which must be its runs.
fn wrong_place(manifest: &Manifest, tasks: &[Task]) -> Option<Digest> {
    // Of two files with the same content on an axis, the runs are the same ones, at two places.
    let places: BTreeSet<_> = tasks.iter().map(|task| (task.id, task.trial, task.seed.0)).collect();
    let ids: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
    // Other trials have other runs.
    if manifest.runs.iter().any(|run| !ids.contains(&run.id)) || manifest.runs.len() != tasks.len() {
        return None;
    }
    manifest.runs.iter().find(|run| !places.contains(&(run.id, run.trial, run.seed))).map(|run| run.id)
}

impl Shown {
    /// A run.
    #[must_use]
    pub fn get(&self, id: &Digest) -> Option<&Brief> {
        self.runs.get(id)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether what is shown is what the manifest binds, and all of it, as far as it lists it.
    #[must_use]
    pub fn is_vouched_for(&self) -> bool {
        self.lost == 0
            && self.unvouched == 0
            && !self.findings.iter().any(|found| found.file == "manifest.json" && found.contradicts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Outcome;

    #[test]
    fn a_run_that_was_never_measured_is_the_same_in_table_and_record() {
        let brief = |finals: [Vec<f64>; 2]| Brief {
            id: Digest([1; 32]),
            digest: Digest([2; 32]),
            outcome: Outcome::Failed { message: "no".into() },
            epoch: 0,
            success_epoch: None,
            finals,
        };
        assert!(same(&brief([vec![], vec![]]), &brief([vec![f64::NAN], vec![f64::NAN, -f64::NAN]])));
        assert!(!same(&brief([vec![], vec![]]), &brief([vec![f64::NAN], vec![0.0]])));
    }
}
