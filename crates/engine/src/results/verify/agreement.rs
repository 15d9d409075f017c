//! How far two computations of the same runs agree: for every measurement and every kept file the same bits, or apart
//! by so much from a step on, or different.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::{Deserialize, Deserializer, Serialize};

use super::Difference;
use crate::{
    digest::{Digest, Observation, Record},
    experiment::{Promise, Tolerance},
    run::{Task, value_names},
    store,
    sweep::Study,
};

/// How far computations agree.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agreement {
    /// The number of runs that were compared.
    pub runs: usize,
    /// The number of runs without a record to compare with.
    pub missing: usize,
    /// The measurements, by name, in the order of their declaration.
    pub measurements: Vec<Agreed>,
    /// The kept files and arrays.
    pub files: Vec<Agreed>,
    /// The runs that took another course: they ended otherwise or measured at other steps.
    pub different: Vec<OtherCourse>,
    /// Whether every difference is within the tolerance that the experiment promises.
    pub within: bool,
}

/// How far one measurement or file agrees over all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agreed {
    /// The name: `validation.loss`, `model.pt`.
    pub name: String,
    /// The number of runs that have it in both computations.
    pub runs: usize,
    /// The number of these runs in which it has the same bits.
    pub same: usize,
    /// How far the others are apart; `None` for files, and if all are the same.
    pub apart: Option<Apart>,
}

/// The largest distances between values. JSON has no infinity: a distance beyond all doubles is `null` there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Apart {
    /// The largest absolute difference.
    #[serde(deserialize_with = "distance")]
    pub absolute: f64,
    /// The largest difference in relation to the larger of both values.
    #[serde(deserialize_with = "distance")]
    pub relative: f64,
    /// The largest difference in units in the last place: the number of doubles between both values, plus one.
    pub ulps: u64,
    /// The first step at which any run differs.
    pub step: u64,
}

fn distance<'de, D: Deserializer<'de>>(value: D) -> Result<f64, D::Error> {
    Option::<f64>::deserialize(value).map(|value| value.unwrap_or(f64::INFINITY))
}

/// A run that took another course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherCourse {
    /// The run.
    pub run: Digest,
    /// How it differs.
    pub how: String,
}

/// How far the recomputed runs of a custom experiment agree with the stored ones. If they are as close as the
/// experiment promises, and not the same, the stored records take their place: files were made from these.
pub(super) fn accept(
    study: &Study,
    tasks: &[Task],
    records: &mut BTreeMap<Digest, Record>,
    folder: &Path,
    differences: &mut Vec<Difference>,
) -> Option<Agreement> {
    if study.kind.is_default() {
        return None;
    }
    let stored = stored_of(records, folder);
    differences.extend(files_beside(study, &stored, folder));
    let agreement = of(study, tasks, &stored, records, folder);
    if agreement.is_accepted(study) {
        *records = stored;
    }
    Some(agreement)
}

/// The files beside stored arrays that differ from these: a program's kept files.
fn files_beside(study: &Study, records: &BTreeMap<Digest, Record>, folder: &Path) -> Vec<Difference> {
    let mut found = Vec::new();
    for record in records.values() {
        let mut rest = record.kept.values.as_slice();
        for (place, shape) in record.kept.shapes.iter().enumerate() {
            let (values, others) = rest.split_at((shape[0] * shape[1]).min(rest.len()));
            rest = others;
            let differ = study.kind.check_array(folder, &record.id, place, values);
            found.extend(differ.into_iter().map(|(file, how)| Difference::new(file, how)));
        }
    }
    found
}

/// Returns the stored records of computed runs.
#[must_use]
pub fn stored_of(computed: &BTreeMap<Digest, Record>, folder: &Path) -> BTreeMap<Digest, Record> {
    let keep = |_: &Path, record: Record| computed.contains_key(&record.id).then_some((record.id, record));
    let stored = store::each(folder, keep).map(|(records, _)| records.into_iter().flatten().collect());
    stored.unwrap_or_default()
}

/// Compares two computations of runs; `folder` has the names of kept files.
#[must_use]
pub fn of(
    study: &Study,
    tasks: &[Task],
    one: &BTreeMap<Digest, Record>,
    other: &BTreeMap<Digest, Record>,
    folder: &Path,
) -> Agreement {
    let tolerance = match study.declaration().promise {
        Promise::Tolerance(tolerance) => tolerance,
        Promise::Bits | Promise::Nothing => Tolerance::default(),
    };
    let mut agreement = Agreement { within: true, ..Agreement::default() };
    let (mut measurements, mut files) = (Entries::default(), Entries::default());
    let mut seen = BTreeSet::new();
    for task in tasks.iter().filter(|task| seen.insert(task.id)) {
        let (one, other) = match (one.get(&task.id), other.get(&task.id)) {
            (Some(one), Some(other)) => (one, other),
            (None, Some(_)) => {
                agreement.missing += 1;
                continue;
            }
            _ => continue,
        };
        agreement.runs += 1;
        if let Some(how) = other_course(one, other) {
            agreement.within = false;
            agreement.different.push(OtherCourse { run: task.id, how });
            continue;
        }
        let names = value_names(&study.measured(&study.trials[task.trial]));
        for (slot, name) in names.iter().enumerate() {
            let apart = apart(&one.observations, &other.observations, slot);
            let is_measured = one.observations.iter().any(|observation| !observation.values[slot].is_nan());
            if is_measured {
                agreement.within &= apart.is_none_or(|(_, within)| within.all(&tolerance));
                measurements.add(name, apart.map(|(apart, _)| apart), apart.is_none());
            }
        }
        for (name, is_same) in parts(study, task, one, other, folder) {
            agreement.within &= is_same || tolerance.files;
            files.add(&name, None, is_same);
        }
    }
    agreement.within &= agreement.missing == 0;
    (agreement.measurements, agreement.files) = (measurements.0, files.0);
    agreement
}

impl Agreement {
    /// Returns whether every compared bit is the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        let same = |agreed: &Agreed| agreed.same == agreed.runs;
        self.different.is_empty() && self.measurements.iter().chain(&self.files).all(same)
    }

    /// Returns whether bits differ, and every difference is within the tolerance that the experiment promises.
    #[must_use]
    pub fn is_accepted(&self, study: &Study) -> bool {
        matches!(study.declaration().promise, Promise::Tolerance(_)) && self.within && !self.is_same()
    }

    /// Returns the names of what is not the same: measurements, files, and `outcome` for other courses.
    #[must_use]
    pub fn changed(&self) -> Vec<String> {
        let apart = |agreed: &&Agreed| agreed.same < agreed.runs;
        let named = self.measurements.iter().chain(&self.files).filter(apart).map(|agreed| agreed.name.clone());
        named.chain((!self.different.is_empty()).then(|| "the course of runs".to_owned())).collect()
    }
}

/// Entries in the order in which their names were first added.
#[derive(Default)]
pub(super) struct Entries(pub(super) Vec<Agreed>);

impl Entries {
    fn add(&mut self, name: &str, apart: Option<Apart>, is_same: bool) {
        self.join(&Agreed { name: name.to_owned(), runs: 1, same: usize::from(is_same), apart });
    }

    /// Adds how far further runs agree.
    pub(super) fn join(&mut self, more: &Agreed) {
        let place = self.0.iter().position(|agreed| agreed.name == more.name).unwrap_or_else(|| {
            self.0.push(Agreed { name: more.name.clone(), runs: 0, same: 0, apart: None });
            self.0.len() - 1
        });
        let agreed = &mut self.0[place];
        agreed.runs += more.runs;
        agreed.same += more.same;
        agreed.apart = match (agreed.apart, more.apart) {
            (Some(one), Some(other)) => Some(Apart {
                absolute: one.absolute.max(other.absolute),
                relative: one.relative.max(other.relative),
                ulps: one.ulps.max(other.ulps),
                step: one.step.min(other.step),
            }),
            (one, other) => one.or(other),
        };
    }
}

/// How a run took another course: then single values cannot be compared.
fn other_course(one: &Record, other: &Record) -> Option<String> {
    if one.outcome != other.outcome {
        return Some(format!("it ended as `{}`, and now as `{}`", one.outcome.text(), other.outcome.text()));
    }
    let steps = |record: &Record| record.observations.iter().map(|observation| observation.step).collect::<Vec<_>>();
    let (mine, theirs) = (steps(one), steps(other));
    if mine != theirs {
        return Some(format!("it measured at {} steps, and now at {} or other ones", mine.len(), theirs.len()));
    }
    let absent = |(one, other): (&Observation, &Observation)| {
        one.values.iter().zip(&other.values).any(|(one, other)| one.is_nan() != other.is_nan())
    };
    let place = one.observations.iter().zip(&other.observations).position(absent)?;
    Some(format!("it measured other things at step {}", one.observations[place].step))
}

/// Whether all differences of a measurement are within a tolerance, value by value.
#[derive(Clone, Copy)]
struct Within<'a>(&'a [Observation], &'a [Observation], usize);

impl Within<'_> {
    fn all(&self, tolerance: &Tolerance) -> bool {
        let Self(one, other, slot) = *self;
        one.iter().zip(other).all(|(one, other)| {
            let (one, other) = (one.values[slot], other.values[slot]);
            one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan() || tolerance.covers(one, other)
        })
    }
}

fn apart<'a>(one: &'a [Observation], other: &'a [Observation], slot: usize) -> Option<(Apart, Within<'a>)> {
    let mut found: Option<Apart> = None;
    for (mine, theirs) in one.iter().zip(other) {
        let (a, b) = (mine.values[slot], theirs.values[slot]);
        if a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan() {
            continue;
        }
        let absolute = (a - b).abs();
        let largest = a.abs().max(b.abs());
        let relative = if absolute == 0.0 { 0.0 } else { absolute / largest };
        let known = found.get_or_insert(Apart { absolute, relative, ulps: 0, step: mine.step });
        known.absolute = known.absolute.max(absolute);
        known.relative = known.relative.max(relative);
        known.ulps = known.ulps.max(ulps(a, b));
    }
    Some((found?, Within(one, other, slot)))
}

/// The distance of two doubles in the order of all doubles; 0 and -0 are one apart.
fn ulps(one: f64, other: f64) -> u64 {
    let place = |value: f64| {
        let bits = value.to_bits() as i64;
        if bits < 0 { i128::from(i64::MIN) - i128::from(bits) - 1 } else { i128::from(bits) }
    };
    u64::try_from((place(one) - place(other)).unsigned_abs()).unwrap_or(u64::MAX)
}

/// The kept files or arrays of a run, and whether each is the same.
fn parts(study: &Study, task: &Task, one: &Record, other: &Record, folder: &Path) -> Vec<(String, bool)> {
    let (mut mine, mut theirs) = (one.kept.values.as_slice(), other.kept.values.as_slice());
    let mut found = Vec::new();
    for (place, name) in study.declaration().keeps.iter().enumerate() {
        let shapes = [one, other].map(|record| record.kept.shapes.get(place).copied().unwrap_or([0, 0]));
        let [(own, rest), (new, rest_of_new)] = [
            mine.split_at((shapes[0][0] * shapes[0][1]).min(mine.len())),
            theirs.split_at((shapes[1][0] * shapes[1][1]).min(theirs.len())),
        ];
        (mine, theirs) = (rest, rest_of_new);
        let named = study.kind.parts_of_array(folder, &task.id, place, [own, new]);
        let is_same = shapes[0] == shapes[1] && own.iter().zip(new).all(|(a, b)| a.to_bits() == b.to_bits());
        found.extend(named.unwrap_or_else(|| vec![(name.clone(), is_same)]));
    }
    found
}

#[cfg(test)]
mod tests;
