//! Collects the runs of a study that commands show.

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

/// The stored runs of a study.
#[derive(Debug, Default)]
pub struct Shown {
    runs: BTreeMap<Digest, Brief>,
    /// The runs in the segments, with their digests, if these were read.
    pub stored: Option<BTreeMap<Digest, Digest>>,
    /// Runs in the segments that contradict the manifest, or have two results.
    pub refused: BTreeSet<Digest>,
    /// Files that are damaged or contradict the manifest.
    pub findings: Vec<Finding>,
    /// The number of runs from the table `runs`.
    pub of_table: usize,
    /// Whether there are segments.
    pub has_segments: bool,
    /// The number of runs that the manifest lists and that have no intact copy, although a damaged or contradicting one
    /// exists.
    pub lost: usize,
    /// The number of runs that are listed in a manifest with a wrong root.
    pub untrusted: usize,
}

/// Larger segments are read only for runs that no table has; otherwise only their names are checked.
const MOST_BYTES: u64 = 24 << 20;

/// Whether the segments of a folder are small enough to be read by read-only commands.
#[must_use]
pub fn is_small(folder: &Path) -> bool {
    store::segment_bytes(folder) <= MOST_BYTES
}

/// Collects the runs of a study. Runs in the table `runs` need no segment; segments are read for other runs, or, if
/// `thorough`, to check that they are intact.
#[must_use]
pub fn shown(folder: &Path, study: &Study, manifest: Option<&Manifest>, tasks: &[Task], thorough: bool) -> Shown {
    let mut shown = Shown { has_segments: store::has_segments(folder), ..Shown::default() };
    let valid = manifest.filter(|manifest| manifest.has_root_of_runs());
    shown.findings.extend(manifest.and_then(|manifest| untrusted(manifest, &BTreeSet::new())));
    if let Some(manifest) = valid {
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
        let Segments { runs, findings, refused, unchecked, failed } = segments(folder, study, manifest);
        shown.stored = (!failed).then(|| runs.values().map(|run| (run.id, run.digest)).collect::<BTreeMap<_, _>>());
        let asked: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
        let (mut doubted, mut others) = (0, 0);
        for (id, brief) in runs.into_iter().filter(|(id, _)| asked.contains(id)) {
            if let Some(own) = shown.runs.get(&id) {
                // The root covers the record, but only the manifest covers the table.
                if !same(own, &brief) {
                    others += 1;
                    shown.runs.insert(id, brief);
                }
            } else {
                let is_listed = listed.contains(&id);
                shown.untrusted += usize::from(valid.is_none() && is_listed);
                doubted += usize::from(unchecked && is_listed);
                shown.runs.insert(id, brief);
            }
        }
        if let (None, Some(manifest)) = (valid, manifest) {
            shown.findings = untrusted(manifest, &refused).into_iter().collect();
        }
        shown.refused = refused;
        if others > 0 {
            let runs = if others == 1 { "1 run".to_owned() } else { format!("{others} runs") };
            let reason = format!("it differs from the stored records of {runs}; the records are shown");
            shown.findings.push(Finding::contradicts("runs.parquet", reason));
        }
        if doubted > 0 {
            shown.findings.push(Finding::damaged(
                "manifest.json",
                "it has no digests of measurements and proves only the last ones: metrics.parquet, which proves the others, is missing or damaged",
            ));
        }
        shown.findings.extend(findings);
    }
    if thorough && shown.stored.is_none() && !shown.findings.iter().any(|found| found.file == "segments") {
        let reason = "it was changed: its name does not match its bytes";
        let damaged = store::misnamed(folder).into_iter().map(|file| Finding::damaged(name(&file), reason));
        shown.findings.extend(damaged);
    }
    let missing = |task: &&Task| listed.contains(&task.id) && !shown.runs.contains_key(&task.id);
    shown.lost = if shown.findings.is_empty() { 0 } else { tasks.iter().filter(missing).count() };
    shown
}

/// Returns the finding about a manifest with a wrong root; `None` if its root is valid. No sweep runs if stored runs
/// are `refused`.
#[must_use]
pub fn untrusted(manifest: &Manifest, refused: &BTreeSet<Digest>) -> Option<Finding> {
    if manifest.has_root_of_runs() {
        return None;
    }
    let reason = "its root is not that of the runs it lists: it proves nothing";
    Some(match refused.first() {
        None => Finding::contradicts("manifest.json", reason),
        Some(first) => {
            let of = segments::some(*first, refused.len());
            Finding::contradicts("manifest.json", format!("{reason}; its entry of {of} contradicts segments/"))
                .stopping()
        }
    })
}

/// Whether two copies of a run agree; all NaN are equal.
fn same(one: &Brief, other: &Brief) -> bool {
    let bits = |brief: &Brief| {
        let values = brief.finals.iter().flatten();
        let bits: Vec<_> = values.map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect();
        // A run that was never measured has NaN in a table, and no values in a record.
        if bits.iter().all(|bits| *bits == u64::MAX) { Vec::new() } else { bits }
    };
    one.outcome.name() == other.outcome.name()
        && (one.epoch, one.success_epoch, one.digest) == (other.epoch, other.success_epoch, other.digest)
        && bits(one) == bits(other)
}

/// The finding about runs that the manifest lists with a wrong trial or seed.
fn misplaced(folder: &Path, study: &Study, manifest: &Manifest, tasks: &[Task]) -> Option<Finding> {
    // With edited files, the current study may have the same runs at other places; the manifest is compared with the
    // study that it was made from.
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
    let reason = format!("it lists run {} with a wrong trial or seed", wrong.short());
    Some(Finding::contradicts("manifest.json", reason))
}

/// The first run of a manifest at another place than in `tasks`, which must be its runs.
fn wrong_place(manifest: &Manifest, tasks: &[Task]) -> Option<Digest> {
    // Two files with the same content on an axis give one run at two places.
    let places: BTreeSet<_> = tasks.iter().map(|task| (task.id, task.trial, task.seed.0)).collect();
    let ids: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
    // Other identities: these are not the same runs.
    if manifest.runs.iter().any(|run| !ids.contains(&run.id)) || manifest.runs.len() != tasks.len() {
        return None;
    }
    manifest.runs.iter().find(|run| !places.contains(&(run.id, run.trial, run.seed))).map(|run| run.id)
}

impl Shown {
    /// Returns a run.
    #[must_use]
    pub fn get(&self, id: &Digest) -> Option<&Brief> {
        self.runs.get(id)
    }

    /// Whether there are no runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether the manifest proves all shown runs, and no listed run is lost.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.lost == 0
            && self.untrusted == 0
            && !self.findings.iter().any(|found| found.file == "manifest.json" && found.contradicts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Outcome;

    #[test]
    fn a_run_without_measurements_agrees_in_table_and_record() {
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
