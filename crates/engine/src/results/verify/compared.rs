//! How far the runs of a verification agree with the results, measurement by measurement, for verdicts that are passed
//! on to others.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    Agreement,
    agreement::{self, Agreed, Entries},
};
use crate::{
    digest::{Digest, Outcome, Record},
    results::witness::{Evidence, Witness},
    run::Task,
    sweep::Study,
};

/// How far computed runs agree with those that they are compared with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Compared {
    /// The number of different runs that were computed.
    pub runs: usize,
    /// The number of these that failed.
    pub failed: usize,
    /// The number of these that are not the same.
    pub different: usize,
    /// Of these, the number of runs that ended otherwise or measured at other steps.
    pub other_course: usize,
    /// Of these, the number of runs without a stored record, by which the distance would be known.
    pub unknown: usize,
    /// The number of other differences: files of the results folder, its manifest, its stored records.
    pub beside: usize,
    /// The measurements, by name; empty if only digests of last measurements could be compared.
    pub measurements: Vec<Agreed>,
    /// The kept files and arrays.
    pub files: Vec<Agreed>,
}

impl Compared {
    /// Compares recomputed runs with the manifest, by digests that cover every measurement, and those that differ with
    /// the stored records that the manifest proves.
    pub(super) fn of(
        study: &Study,
        tasks: &[Task],
        records: &BTreeMap<Digest, Record>,
        witness: &Witness,
        folder: &Path,
    ) -> Self {
        let is_listed = |record: &Record| witness.lists(&record.id) && witness.contradiction(record).is_none();
        let mut seen = BTreeSet::new();
        let different: Vec<Task> = tasks.iter().filter(|task| seen.insert(task.id)).copied().collect();
        let (same, others): (Vec<Task>, Vec<Task>) =
            different.iter().copied().partition(|task| records.get(&task.id).is_some_and(is_listed));
        let failed = failed(different.iter().filter_map(|task| records.get(&task.id)));
        let mut compared = Self { runs: different.len(), failed, different: others.len(), ..Self::default() };
        if witness.evidence() == Evidence::Nothing {
            compared.unknown = others.len();
            return compared;
        }
        let agreed = agreement::of(study, &same, records, records, folder);
        if others.is_empty() {
            return compared.with(agreed);
        }
        let ids: BTreeSet<_> = others.iter().map(|task| task.id).collect();
        let wanted = records.iter().filter(|(id, _)| ids.contains(id)).map(|(id, own)| (*id, own.clone())).collect();
        let mut stored = agreement::stored_of(&wanted, folder);
        stored.retain(|_, record| is_listed(record));
        compared.with(agreed).with(agreement::of(study, &others, &stored, &wanted, folder))
    }

    /// Compares two computations of runs.
    #[must_use]
    pub fn of_two(agreement: Agreement, one: &BTreeMap<Digest, Record>, other: &BTreeMap<Digest, Record>) -> Self {
        let differs = |(id, record): &(&Digest, &Record)| {
            let other = other.get(id).map(|other| (other.digest(), other.measurements()));
            other != Some((record.digest(), record.measurements()))
        };
        let different = one.iter().filter(differs).count();
        Self { runs: one.len(), failed: failed(other.values()), different, ..Self::default() }.with(agreement)
    }

    /// Adds how far further runs agree.
    fn with(self, agreement: Agreement) -> Self {
        let (mut measurements, mut files) = (Entries(self.measurements), Entries(self.files));
        agreement.measurements.iter().for_each(|more| measurements.join(more));
        agreement.files.iter().for_each(|more| files.join(more));
        Self {
            other_course: self.other_course + agreement.different.len(),
            unknown: self.unknown + agreement.missing,
            measurements: measurements.0,
            files: files.0,
            ..self
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.different == 0 && self.beside == 0
    }

    /// Whether its numbers are possible: parts are not larger than the whole.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let Self { runs, failed, different, other_course, unknown, .. } = self;
        let whole = |agreed: &Agreed| agreed.same <= agreed.runs;
        // Kept files without a name count several times.
        let of_runs = |agreed: &Agreed| agreed.runs <= *runs && agreed.runs - agreed.same <= *different;
        failed <= runs
            && different <= runs
            && other_course.checked_add(*unknown).is_some_and(|all| all <= *different)
            && self.measurements.iter().all(|agreed| whole(agreed) && of_runs(agreed))
            && self.files.iter().all(whole)
    }
}

fn failed<'a>(records: impl Iterator<Item = &'a Record>) -> usize {
    records.filter(|record| matches!(record.outcome, Outcome::Failed { .. })).count()
}
