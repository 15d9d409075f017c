//! The message about two results of one run that differ: where, the two values, the files, and who computed them.

use std::path::{Path, PathBuf};

use super::StoreError;
use crate::{
    digest::{Place, Record},
    store::{journal, read, runs, segment},
};

impl StoreError {
    /// Returns the error for two results of one run in the given folders.
    #[must_use]
    pub fn disagreement(record: &Record, folder: &Path, other: &Record, others: &Path) -> Self {
        let place = match record.first_difference(other) {
            Some(Place::Epoch(epoch)) => format!(", first at epoch {epoch}"),
            Some(Place::Length) => ", in the number of measurements".into(),
            Some(Place::Kept) => ", in the final parameters".into(),
            Some(Place::Outcome) | None => ", in the outcome".into(),
        };
        let (what, values) = values(other, record);
        // Digests cover the end of a run: results that differ only on the way have equal digests.
        let alike = record.digest() == other.digest();
        let digest = |record: &Record| match alike {
            true => format!("measurements {}", record.measurements().short()),
            false => format!("digest {}", record.digest().short()),
        };
        let [first, second] = values;
        let origins = [(first, other, others), (second, record, folder)].map(|(value, record, folder)| {
            let (file, who) = locate(record, folder, alike.then_some("these measurements"));
            format!("{file}: {what} {value} ({}), {who}", digest(record))
        });
        Self::Disagreement { run: record.id.short(), epoch: place, origins }
    }
}

/// The first value that differs between two results of one run, named, and both values.
fn values(one: &Record, other: &Record) -> (String, [String; 2]) {
    let each = |value: &dyn Fn(&Record) -> String| [one, other].map(value);
    let differing = |pick: &dyn Fn(&Record) -> Vec<f64>| {
        let (one, other) = (pick(one), pick(other));
        let at = one
            .iter()
            .zip(&other)
            .position(|(one, other)| one.to_bits() != other.to_bits() && !(one.is_nan() && other.is_nan()))?;
        Some((at + 1, [format!("{:?}", one[at]), format!("{:?}", other[at])]))
    };
    match one.first_difference(other) {
        Some(Place::Epoch(_)) => {
            let at = one.agreeing(other);
            let step = |record: &Record| (record.observations[at].epoch, record.observations[at].step);
            if step(one) != step(other) {
                return (
                    "measured at".into(),
                    each(&|record| format!("epoch {}, step {}", step(record).0, step(record).1)),
                );
            }
            for (split, points) in [("training", 0), ("validation", 1)] {
                let metrics = |record: &Record| record.observations[at].halves()[points].to_vec();
                if let Some((number, values)) = differing(&metrics) {
                    let half = one.observations[at].halves()[0].len();
                    let what = match one.own {
                        None => format!("evaluate.metrics.{} on the {split} points", number - 1),
                        Some(_) => format!("measured value {}", number + points * half),
                    };
                    return (what, values);
                }
            }
            let metrics = |record: &Record| record.observations[at].values.len();
            if metrics(one) != metrics(other) {
                return ("metrics:".into(), each(&|record| metrics(record).to_string()));
            }
            let link = |record: &Record| record.chain.get(at).map_or_else(|| "none".into(), |link| link.short());
            ("link of its chain".into(), each(&link))
        }
        Some(Place::Length) => ("measurements:".into(), each(&|record| record.observations.len().to_string())),
        Some(Place::Kept) => match differing(&|record| record.kept.values.clone()) {
            Some((number, values)) => (format!("parameter {number}"), values),
            None => ("parameters:".into(), each(&|record| record.kept.values.len().to_string())),
        },
        Some(Place::Outcome) | None => ("ended:".into(), each(&|record| record.outcome.text())),
    }
}

pub(super) fn origin(record: &Record, folder: &Path) -> String {
    let (file, who) = locate(record, folder, Some("this shape"));
    format!("{} in {file}, {who}", record.digest().short())
}

/// The segment of a result, and the process that computed it, where known. The journal has only the digest of a result;
/// `unbound` names a difference that this digest does not cover.
fn locate(record: &Record, folder: &Path, unbound: Option<&str>) -> (String, String) {
    let holds = |file: &PathBuf| {
        let records = read(file).ok().and_then(|bytes| segment::decode(file, &bytes).ok());
        records.is_some_and(|(records, _)| {
            records.iter().any(|own| own.id == record.id && own.first_difference(record).is_none())
        })
    };
    let file = runs::files(folder).unwrap_or_default().into_iter().find(holds);
    let file = file.map_or_else(|| folder.display().to_string(), |file| file.display().to_string());
    let who = match journal::Origins::read(folder).of(record.id, record.digest()) {
        names if names.is_empty() => "computed by a process that is not in the journal".into(),
        names => match unbound {
            None => format!("computed by {}", names.join(" and by ")),
            Some(what) => {
                format!(
                    "the journal names {} for a run with the same end, which does not identify {what}",
                    names.join(" and ")
                )
            }
        },
    };
    (file, who)
}
