//! One run, provable against the root of its study without the rest of it.
//!
//! A published root commits to every number of a study. The proof of a run is a small JSON file that leads from its
//! settings and final numbers up to the root. With the root, from a paper or a talk, any machine can check the file
//! offline: `restudy check-proof FILE --root ROOT`. `--recompute` also trains that one run again.
//!
//! To cite a number: print the root with the study, and publish the proof of the run. "A validation error of 0.052
//! (seed 3, 7 hidden units; restudy root `5d11…`, `run.proof.json`)."
//!
//! # The file
//!
//! | key | content | bound by |
//! |---|---|---|
//! | `proof` | 1, the version of this file | checked |
//! | `study` | the name of the study: a label, which the root does not cover | `seal` |
//! | `root` | the root of the study | `path`, and `--root` |
//! | `run.id`, `contract`, `seed`, `settings` | the identity, and everything that enters it; a data file enters as the digest of its bytes | the identity is their digest |
//! | `digest` | the digest of the run | `final`, `outcome` |
//! | `outcome` | `completed`, `converged E` or `diverged E` | `digest` |
//! | `final` | the last measurement: `epoch`, `step`, metrics of both splits by name; the final `parameters` in canonical order, none if it diverged; the link `previous` to it | `digest`: with the link and the outcome they give it |
//! | `path` | the sibling nodes on the path to the root, `left` or `right` of it, the lowest first | `root` |
//! | `seal` | the digest of the file without this key | all of the above |
//!
//! Numbers are written as the shortest decimals that parse to the same doubles; a metric that is not finite is `"inf"`.
//! The digests are those of the contract (`src/contract.md`), section 6. It also lists what a reader must refuse, so
//! that no text can be read as two runs. The seal detects accidental edits of any field. A forger can compute a new
//! seal: the root must come from another source.
//!
//! [`RunProof::unchecked`] lists what a proof does not prove: above all that the settings give these numbers, which
//! only computing the run again can show.

mod declared;
mod specification;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use self::declared::{Declared, End};
use crate::{
    digest::{self, Beside, CONTRACT, Digest, Record, grammar::seen},
    experiments::{self, OfNetwork},
    results::{
        Manifest,
        names::is_name,
        proof::{Number, json, setting},
    },
    run::{Prepared, Task},
    seed::Seed,
    train::{Observation, Outcome},
};

/// The version of the file format.
pub const PROOF: u32 = 1;

/// The longest path of a run: a study has fewer than 2^64 runs.
const MOST_LEVELS: usize = 64;

/// The content of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProof {
    /// The version of the file format.
    pub proof: u32,
    /// The name of the study.
    pub study: String,
    /// The root of the study.
    pub root: Digest,
    /// The identity of the run and its content.
    pub run: Identity,
    /// The digest of the run.
    pub digest: Digest,
    /// How the run ended: `completed`, `converged E` or `diverged E`.
    pub outcome: String,
    /// The last measurement and the final parameters.
    #[serde(rename = "final")]
    pub last: LastLink,
    /// The sibling nodes on the path to the root.
    pub path: Vec<Beside>,
    /// The digest of all other fields.
    pub seal: Digest,
}

/// The identity of a run, and everything that enters it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The identity.
    pub id: Digest,
    /// The version of the arithmetic contract.
    pub contract: u64,
    /// The seed.
    pub seed: u64,
    /// Every setting by its path; files by the digest of their bytes.
    pub settings: BTreeMap<String, Json>,
}

/// The last measurement of a run and its final parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastLink {
    /// The epoch of the last measurement.
    pub epoch: u64,
    /// The step of the last measurement.
    pub step: u64,
    /// The metrics on the training points.
    pub train: BTreeMap<String, Number>,
    /// The metrics on the validation points.
    pub validation: BTreeMap<String, Number>,
    /// The final parameters in canonical order; none if it diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Number>>,
    /// The last but one link of the chain.
    pub previous: Digest,
}

impl RunProof {
    /// Makes the proof of a run of a study. `None` if the manifest lists no such run or another result of it, or if the
    /// experiment is not the network.
    #[must_use]
    pub fn new(network: &dyn Prepared, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        let entry = manifest.runs.iter().find(|run| run.id == task.id && run.digest == record.digest())?;
        let last = record.observations.last()?;
        // Only the network's settings determine the layout of a record.
        let study = Some(network.study()).filter(|study| experiments::network::is(&*study.spec.settings))?;
        let metrics = &study.trials[task.trial].setting().evaluate.metrics;
        let named = |values: &[f64]| {
            metrics.iter().map(|metric| metric.name().to_owned()).zip(values.iter().copied().map(Number)).collect()
        };
        let diverged = matches!(record.outcome, Outcome::Diverged { .. });
        let parameters = (!diverged).then(|| record.kept.values.iter().copied().map(Number).collect());
        let settings = network.settings(task.trial).into_iter().map(|(path, value)| (path, json(value))).collect();
        let runs = manifest.runs.iter().map(|run| (run.id, run.digest));
        let proof = Self {
            proof: PROOF,
            study: manifest.study.clone(),
            root: manifest.root,
            run: Identity { id: task.id, contract: CONTRACT, seed: task.seed.0, settings },
            digest: entry.digest,
            outcome: record.outcome.text(),
            last: LastLink {
                epoch: last.epoch,
                step: last.step,
                train: named(last.halves()[0]),
                validation: named(last.halves()[1]),
                parameters,
                previous: record.chain.iter().rev().nth(1).copied().unwrap_or(record.id),
            },
            path: digest::path(runs, task.id)?,
            seal: Digest([0; 32]),
        };
        Some(proof.sealed())
    }

    /// Returns the proof with the seal that its other fields give. Tests of forgeries use it.
    #[must_use]
    pub fn sealed(self) -> Self {
        Self { seal: self.computed_seal(), ..self }
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a proof is plain data") + "\n"
    }

    /// Checks the proof and returns a message for each failed check; empty if the run belongs to the study of the root.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut errors = Vec::new();
        let mut require = |is_valid: bool, error: &str| {
            if !is_valid {
                errors.push(error.to_owned());
            }
        };
        require(self.proof == PROOF, "its version is not one that this restudy checks");
        require(self.run.contract == CONTRACT, "its arithmetic contract is not that of this restudy");
        require(is_name(&self.study), "study: it is not the name of a study: one line, without control characters");
        let declared = Declared::of(&self.run.settings);
        require(declared.is_ok(), declared.as_ref().err().map_or("", String::as_str));
        let declared = declared.ok();
        // Settings that no run has could hash to the same bytes as those of another run.
        let id = declared.as_ref().and_then(|_| self.computed_id());
        require(declared.is_none() || id == Some(self.run.id), "run: settings and seed are not those of the identity");
        let end = End::read(&self.outcome);
        require(end.is_some(), "outcome: it is none that a run can have");
        require(
            matches!(end, Some(End::Diverged(_))) == self.last.parameters.is_none(),
            "final: parameters are required if the run did not diverge, and refused if it did",
        );
        let parameters: Option<Vec<f64>> =
            self.last.parameters.as_ref().map(|all| all.iter().map(|number| number.0).collect());
        let measured = declared.as_ref().and_then(|declared| self.observation(declared));
        require(declared.is_none() || measured.is_some(), "final: the metrics are not those of the settings");
        if let Some(declared) = &declared {
            let counted = parameters.as_ref().is_none_or(|all| declared.inputs(all.len()).is_some());
            require(counted, "final: there are not as many parameters as the settings ask for");
            let wrong =
                end.and_then(|end| declared.misplaced(&self.last, end).or(declared.impossible(&self.last, end)));
            require(wrong.is_none(), wrong.unwrap_or_default());
        }
        let computed = measured.map(|observation| {
            let link = digest::last_link(self.last.previous, &observation, parameters.as_deref());
            digest::run_digest(link, &self.outcome)
        });
        require(
            computed.is_none_or(|digest| digest == self.digest),
            "final: numbers and outcome are not those of the run's digest",
        );
        require(
            (self.last.step == 0) == (self.last.previous == self.run.id),
            "final: the link before the first measurement, and no other, is the identity",
        );
        require(self.path.len() <= MOST_LEVELS, "path: it is longer than that of any study");
        let root = digest::climb(digest::leaf(self.run.id, self.digest), &self.path);
        require(root == self.root, "path: it does not lead from the run to the root");
        require(self.computed_seal() == self.seal, "seal: the file was changed after it was made");
        errors
    }

    /// Lists what a valid proof leaves unchecked. `recomputed`: the run was trained again and gave the same result.
    #[must_use]
    pub fn unchecked(&self, recomputed: bool) -> Vec<String> {
        let mut open = vec![format!("that the study is called `{}`: no root has a name", seen(&self.study))];
        if recomputed {
            return open;
        }
        open.push("that the settings give these numbers: --recompute trains this one run again".into());
        open.push(
            "the measurements before the last one, which are not in the file: --recompute makes them again".into(),
        );
        let declared = Declared::of(&self.run.settings).ok().filter(|declared| !declared.has_sizes());
        if let Some(declared) = declared {
            let inputs = self.last.parameters.as_ref().and_then(|all| declared.inputs(all.len()));
            let seen = inputs.map_or_else(String::new, |inputs| {
                format!(
                    " (its parameters are those of a network with {inputs} input{})",
                    if inputs == 1 { "" } else { "s" }
                )
            });
            open.push(format!(
                "how many points and inputs the data have, which are in a file{seen}: --recompute --data FILE reads it"
            ));
        }
        open
    }

    /// The identity that settings and seed give; `None` if a value has no type of a setting.
    fn computed_id(&self) -> Option<Digest> {
        let settings: Option<Vec<_>> =
            self.run.settings.iter().map(|(path, value)| Some((path.as_str(), setting(value)?))).collect();
        Some(digest::run_id(settings?, Seed(self.run.seed)))
    }

    /// The last measurement with its metrics in the order of the settings; `None` if the metrics differ.
    fn observation(&self, declared: &Declared) -> Option<Observation> {
        let in_order = |values: &BTreeMap<String, Number>| -> Option<Vec<f64>> {
            let all = declared.metrics().map(|name| values.get(name).map(|number| number.0));
            all.collect::<Option<Vec<_>>>().filter(|all| all.len() == values.len())
        };
        let LastLink { epoch, step, train, validation, .. } = &self.last;
        Some(Observation { epoch: *epoch, step: *step, values: [in_order(train)?, in_order(validation)?].concat() })
    }

    fn computed_seal(&self) -> Digest {
        let mut value = serde_json::to_value(self).expect("a proof is plain data");
        value.as_object_mut().into_iter().for_each(|fields| _ = fields.shift_remove("seal"));
        Digest::of(format!("restudy/proof\n{value}").as_bytes())
    }
}
