//! Two results of one run that differ: the place, what each has there, where it is, and who computed it.

use std::path::{Path, PathBuf};

use super::StoreError;
use crate::{
    digest::{Place, Record},
    store::{journal, read, runs, segment},
};

impl StoreError {
    /// Two results of one run, and the folders in which they and their journals are.
    #[must_use]
    pub fn disagreement(record: &Record, folder: &Path, other: &Record, others: &Path) -> Self {
        let place = match record.first_difference(other) {
            Some(Place::Epoch(epoch)) => format!(", first at epoch {epoch}"),
            Some(Place::Length) => ", one being longer".into(),
            Some(Place::Kept) => ", in their final parameters".into(),
            Some(Place::Outcome) | None => ", in how they ended".into(),
        };
        let (what, values) = values(other, record);
        // Results that end the same have the same digest, whatever they have on the way.
        let alike = record.digest() == other.digest();
        let digest = |record: &Record| match alike {
            true => format!("measurements {}", record.measurements().short()),
            false => format!("digest {}", record.digest().short()),
        };
        let [first, second] = values;
        let origins = [(first, other, others), (second, record, folder)].map(|(value, record, folder)| {
            let (file, who) = found(record, folder, alike.then_some("these measurements"));
            format!("{file}: {what} {value} ({}), {who}", digest(record))
        });
        Self::Disagreement { run: record.id.short(), epoch: place, origins }
    }
}

/// What differs first between two results of one run, and what it is in each.
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

/// The digest of a result, the segment that holds it, and the process that computed it, as far as that can be found.
pub(super) fn origin(record: &Record, folder: &Path) -> String {
    let (file, who) = found(record, folder, Some("this shape"));
    format!("{} in {file}, {who}", record.digest().short())
}

/// The segment that holds a result, and the process that computed it, as far as that can be found. The journal knows the digest of a result alone; `unbound` is
/// what differs and is not bound by that digest.
fn found(record: &Record, folder: &Path, unbound: Option<&str>) -> (String, String) {
    let holds = |file: &PathBuf| {
        let records = read(file).ok().and_then(|bytes| segment::decode(file, &bytes).ok());
        records.is_some_and(|(records, _)| {
            records.iter().any(|own| own.id == record.id && own.first_difference(record).is_none())
        })
    };
    let file = runs::files(folder).unwrap_or_default().into_iter().find(holds);
    let file = file.map_or_else(|| folder.display().to_string(), |file| file.display().to_string());
    let who = match journal::Origins::read(folder).of(record.id, record.digest()) {
        names if names.is_empty() => "computed by nobody that the journal knows".into(),
        names => match unbound {
            None => format!("computed by {}", names.join(" and by ")),
            Some(what) => {
                format!("the journal names {} for a run that ends so, not for {what}", names.join(" and "))
            }
        },
    };
    (file, who)
}
