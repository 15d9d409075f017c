//! The proof of one run of a declared experiment, which is checked against the root of its study without the other
//! runs.
//!
//! The format is that of a proof of the network, in version 2. `run` has the name and version of the experiment, and
//! the names of the measured values and of the stored arrays, all of which are part of the identity; `final` has the
//! values in the order of these names, null where one was not measured, and the arrays with their rows and columns. The
//! digests are those of the contract, at the end of section 6.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

mod number;
mod specification;
mod text;

pub use number::Number;
pub use specification::{file_digest, json, put, setting};
pub use text::{Unreadable, brief, difference};

use super::{Manifest, names::is_name};
use crate::{
    digest::{self, Beside, Digest, Identities, Kept, Observation, Record, grammar::seen},
    experiment::Kind,
    run::{Prepared, Task, value_names},
    seed::Seed,
    spec::{catalog, problem::quoted, write::section},
};

/// The version of the file format.
const PROOF: u32 = 2;

/// A proof file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomProof {
    /// The version of the file.
    pub proof: u32,
    /// The name of the study.
    pub study: String,
    /// The root of the study.
    pub root: Digest,
    /// The identity of the run, with everything that it covers.
    pub run: Identity,
    /// The digest of the run.
    pub digest: Digest,
    /// The outcome of the run.
    pub outcome: String,
    /// The last measurement; `None` for a run that failed before it measured anything.
    #[serde(rename = "final")]
    pub last: Option<LastLink>,
    /// The hashes beside the path from the run to the root.
    pub path: Vec<Beside>,
    /// The digest of everything above.
    pub seal: Digest,
}

/// The identity of a run, and everything that it covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The identity.
    pub id: Digest,
    /// The name of the experiment.
    pub experiment: String,
    /// Its version.
    pub version: u64,
    /// The names of the measured values.
    pub measured: Vec<String>,
    /// The names of the stored arrays.
    pub kept: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// Every setting by its path; files as digests of their bytes.
    pub settings: BTreeMap<String, Json>,
}

/// The last link of the chain of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastLink {
    /// The epoch of the last measurement.
    pub epoch: u64,
    /// Its step.
    pub step: u64,
    /// The values, in the order of their names; null where one was not measured.
    pub values: Vec<Option<Number>>,
    /// The stored arrays, in the order of their names; empty for a run that did not complete.
    pub arrays: Vec<Array>,
    /// The link before the last one.
    pub previous: Digest,
}

/// A stored array.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Array {
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
    /// Its values, row by row.
    pub values: Vec<Number>,
}

impl CustomProof {
    /// Returns the proof of a run of a study; `None` if the manifest lists no such run, or another result of it.
    #[must_use]
    pub fn new(prepared: &dyn Prepared, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        let entry = manifest.runs.iter().find(|run| run.id == task.id && run.digest == record.digest())?;
        let study = prepared.study();
        let own = study.declaration();
        let last = record.observations.last().map(|point| LastLink {
            epoch: point.epoch,
            step: point.step,
            values: point.values.iter().map(|value| (!value.is_nan()).then_some(Number(*value))).collect(),
            arrays: record
                .kept
                .arrays()
                .map(|([rows, columns], values)| Array {
                    rows,
                    columns,
                    values: values.iter().copied().map(Number).collect(),
                })
                .collect(),
            previous: record.chain.iter().rev().nth(1).copied().unwrap_or(record.id),
        });
        let runs = manifest.runs.iter().map(|run| (run.id, run.digest));
        let proof = Self {
            proof: PROOF,
            study: manifest.study.clone(),
            root: manifest.root,
            run: Identity {
                id: task.id,
                experiment: own.name.clone(),
                version: own.version,
                measured: value_names(&study.measured(&study.trials[task.trial])),
                kept: own.keeps.clone(),
                seed: task.seed.0,
                settings: prepared.settings(task.trial).into_iter().map(|(path, value)| (path, json(value))).collect(),
            },
            digest: entry.digest,
            outcome: record.outcome.text(),
            last,
            path: digest::path(runs, task.id)?,
            seal: Digest([0; 32]),
        };
        Some(Self { seal: proof.own_seal(), ..proof })
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a proof is plain data") + "\n"
    }

    /// Parses a proof; `None` if the text is of another version. A proof has only one valid text, except for white
    /// space.
    ///
    /// # Errors
    /// The text is not a valid proof of this version.
    pub fn parse(text: &str) -> Option<Result<Self, Unreadable>> {
        let head: Map<String, Json> = serde_json::from_str(text).ok()?;
        (head.get("proof")?.as_u64()? == u64::from(PROOF)).then_some(())?;
        let invalid =
            |error: serde_json::Error| Unreadable::Invalid(vec![format!("text: {}", seen(&error.to_string()))]);
        let proof: Self = match serde_json::from_str(text).map_err(invalid) {
            Ok(proof) => proof,
            Err(error) => return Some(Err(error)),
        };
        let own = serde_json::to_string(&proof).expect("a proof is plain data");
        Some(match difference(text, &own) {
            Some(difference) => Err(Unreadable::Invalid([vec![difference], proof.validate()].concat())),
            None => Ok(proof),
        })
    }

    /// Returns what is wrong with the proof; empty if the run is part of the study with this root.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
        };
        require(is_name(&self.study), "study: it is not the name of a study: one line, without control characters");
        require(
            self.own_id() == Some(self.run.id),
            "run: experiment, names, settings and seed are not those of the identity",
        );
        let record = self.record();
        require(record.is_some(), "final: the numbers of values do not match the names and shapes");
        require(
            record.as_ref().is_none_or(|own| own.is_in_shape()),
            "outcome: a run with these values cannot have this outcome",
        );
        let of = |own: &Record| digest::run_digest(*own.chain.last().unwrap_or(&own.id), &self.outcome);
        require(
            record.as_ref().is_none_or(|own| of(own) == self.digest),
            "final: numbers and outcome are not those of the run's digest",
        );
        let root = digest::climb(digest::leaf(self.run.id, self.digest), &self.path);
        require(self.path.len() <= 64 && root == self.root, "path: it does not lead from the run to the root");
        require(self.own_seal() == self.seal, "seal: the file was changed after it was made");
        faults
    }

    /// Returns what a valid proof does not prove.
    #[must_use]
    pub fn unchecked(&self, recomputed: bool) -> Vec<String> {
        let mut open = vec![format!("that the study is called `{}`: no root has a name", seen(&self.study))];
        if !recomputed {
            open.push(format!(
                "that the settings give these numbers: --recompute, with the program of the experiment `{}`, computes the run again",
                self.run.experiment
            ));
            open.push("the measurements before the last one, which are not in the file".into());
        }
        open
    }

    /// The run with only its last measurement, which is the part in the file.
    fn record(&self) -> Option<Record> {
        let Identity { id, measured, kept: names, seed, .. } = &self.run;
        let own = Some(digest::Own { seed: Seed(*seed), success: None });
        let outcome = digest::Outcome::of_text(&self.outcome)?;
        let Some(last) = &self.last else {
            return Some(Record { id: *id, observations: vec![], chain: vec![], outcome, kept: Kept::default(), own });
        };
        let values: Vec<f64> = last.values.iter().map(|value| value.map_or(f64::NAN, |Number(value)| value)).collect();
        let kept = Kept {
            shapes: last.arrays.iter().map(|array| [array.rows, array.columns]).collect(),
            values: last.arrays.iter().flat_map(|array| array.values.iter().map(|Number(value)| *value)).collect(),
        };
        let each = last.arrays.iter().all(|array| array.rows.checked_mul(array.columns) == Some(array.values.len()));
        let whole =
            values.len() == measured.len() && each && (last.arrays.is_empty() || last.arrays.len() == names.len());
        let point = Observation { epoch: last.epoch, step: last.step, values };
        let link = digest::own_link(last.previous, &point, &kept);
        whole.then(|| Record { id: *id, observations: vec![point], chain: vec![link], outcome, kept, own })
    }

    fn own_id(&self) -> Option<Digest> {
        let Identity { experiment, version, measured, kept, seed, settings, .. } = &self.run;
        let settings: Option<Vec<_>> =
            settings.iter().map(|(path, value)| Some((path.as_str(), setting(value)?))).collect();
        Some(Identities::of_experiment((experiment, *version), [measured, kept], settings?).under(Seed(*seed)))
    }

    fn own_seal(&self) -> Digest {
        let mut value = serde_json::to_value(self).expect("a proof is plain data");
        value.as_object_mut().into_iter().for_each(|fields| _ = fields.shift_remove("seal"));
        Digest::of(format!("restudy/proof\n{value}").as_bytes())
    }

    /// Returns a specification of this run alone, for a program with the experiment. `files` are paths of its data
    /// files, each with the digest of its bytes.
    ///
    /// # Errors
    /// The digest of a required file that is not among `files`.
    pub fn specification(&self, kind: &dyn Kind, files: &[(Digest, String)]) -> Result<String, String> {
        let mut tree = Json::Object(Map::new());
        for (path, value) in &self.run.settings {
            let flag = kind.catalog().get(path).is_some_and(|known| known.kind == catalog::Kind::Bool);
            let value = match file_digest(value).filter(|_| kind.names_file(path)) {
                Some(wanted) => {
                    let file = files.iter().find(|(digest, _)| digest.to_string() == wanted);
                    file.map(|(_, file)| file.as_str()).ok_or_else(|| wanted.to_owned())?.into()
                }
                None if flag => (value == "true").into(),
                None => value.clone(),
            };
            put(&mut tree, path, value, self.run.settings.len());
        }
        let mut parts = vec![
            "[study]\nquestion = \"Is this run what its proof says?\"\n".to_owned(),
            format!("[experiment]\nname = {:?}\nversion = {}\n", self.run.experiment, self.run.version),
        ];
        for (name, settings) in tree.as_object().into_iter().flatten() {
            let Some(settings) = settings.as_object() else { continue };
            let choice = kind.catalog().get(name).is_some_and(|known| known.kind == catalog::Kind::Group);
            if choice {
                let own =
                    |(key, own): (&String, &Json)| Some(section(&format!("{name}.{}", quoted(key)), own.as_object()?));
                parts.extend(settings.iter().filter_map(own));
            } else {
                parts.push(section(name, settings));
            }
        }
        parts.push(format!("[sweep]\nseeds = [{}]\n", self.run.seed));
        Ok(parts.join("\n"))
    }
}
