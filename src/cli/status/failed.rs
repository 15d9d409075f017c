//! The failed runs of a study.

use std::collections::BTreeMap;

use crate::{
    cli::{
        open::{OpenStudy, StoredRuns},
        sweep, text,
    },
    results::reading,
    train::Outcome,
};

/// The failed runs among the stored ones.
pub(super) struct FailedRuns {
    pub(super) count: usize,
    reasons: String,
}

impl FailedRuns {
    pub(super) fn of(opened: &OpenStudy, found: Option<&StoredRuns>) -> Self {
        let runs = found.map(StoredRuns::runs).unwrap_or_default();
        let is_failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. });
        let failed: Vec<_> = runs.iter().filter(|(_, run)| is_failed(&run.outcome)).collect();
        // Tables do not have the reasons.
        let wanted: BTreeMap<_, _> = failed.iter().map(|(task, run)| (task.id, run.digest)).collect();
        let manifest = found.and_then(|found| found.manifest.as_ref()).filter(|manifest| manifest.has_root_of_runs());
        let records = match wanted.is_empty() {
            true => BTreeMap::new(),
            false => reading::records(&opened.path, &opened.study, manifest, &wanted),
        };
        Self { count: failed.len(), reasons: sweep::reasons(records.values().map(|record| &record.outcome)) }
    }

    /// Prints their number, and why they failed, as far as their records are stored.
    pub(super) fn say(&self) {
        if self.count > 0 {
            let them = if self.count == 1 { "it" } else { "them" };
            let again = format!("`restudy sweep --retry-failed` runs {them} again");
            text::say(format!("  FAILED    {}{}; {again}", text::count(self.count, "run"), self.reasons));
        }
    }
}
