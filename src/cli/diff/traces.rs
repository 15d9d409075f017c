//! Traces of runs with equal results: if two traces differ, one is wrong.

use std::collections::BTreeMap;

use crate::{cli::text, results::Manifest};

/// The number of runs with different traces though both manifests list the same digests of results and measurements.
pub(in crate::cli) fn differing(a: &Manifest, b: &Manifest) -> usize {
    let listed = |manifest: &Manifest| -> BTreeMap<_, _> {
        let measured = |place: usize| manifest.measurements.as_ref().and_then(|digests| digests.get(place).copied());
        let runs = manifest.runs.iter().enumerate();
        runs.map(|(place, run)| (run.id, (run.digest, measured(place), run.trace.clone()))).collect()
    };
    let (ours, theirs) = (listed(a), listed(b));
    let differ = |(id, (digest, measured, trace)): &(_, &(_, Option<_>, String))| {
        theirs.get(*id).is_some_and(|(other, others, another)| {
            other == digest && measured.zip(*others).is_none_or(|(one, other)| one == other) && another != trace
        })
    };
    ours.iter().filter(differ).count()
}

/// The message for this number of runs.
pub(in crate::cli) fn message(differing: usize) -> String {
    let of = text::count(differing, "run");
    let end = if differing == 1 { "ends" } else { "end" };
    format!("traces of {of} that {end} the same: one of the two manifests is wrong; `restudy verify` on each folder shows which")
}
