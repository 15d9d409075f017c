//! Traces of runs that end the same: one of two that differ is wrong.

use std::collections::BTreeMap;

use crate::{cli::text, results::Manifest};

/// Of how many runs that both manifests list with the same digest, and with the same digest of measurements as far as they list one, the traces differ.
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

/// What is said of so many.
pub(in crate::cli) fn said(differing: usize) -> String {
    let of = text::count(differing, "run");
    let end = if differing == 1 { "ends" } else { "end" };
    format!("traces of {of} that {end} the same: one of the two manifests is wrong, and `restudy verify` of either folder says which")
}
