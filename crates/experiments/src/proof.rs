//! One run, provable against the root of its study without the rest of it.
//!
//! A published root stands for every number of a study. The proof of a run is a small JSON file that leads from its
//! settings and final numbers up to the root; whoever has the root, from a paper or a talk, checks the file on any machine, offline, with
//! `restudy check-proof FILE --root ROOT`, and with `--recompute` trains that one run again.
//!
//! To cite a number: print the root with the study, and hand in the file of the run behind the number. "A validation error of 0.052 (seed 3, 7
//! hidden units; restudy root `5d11…`, `run.proof.json`)."
//!
//! # The file
//!
//! | key | holds | bound by |
//! |---|---|---|
//! | `proof` | 1, the version of this file | checked |
//! | `study` | the name of the study: a label, no root has it | `seal` |
//! | `root` | the root of the study | `path`, and `--root` |
//! | `run.id`, `contract`, `seed`, `settings` | the identity, and all that is in it; a data file stands as the digest of its bytes | the identity is their digest |
//! | `digest` | the digest of the run | `final`, `outcome` |
//! | `outcome` | `completed`, `converged E` or `diverged E` | `digest` |
//! | `final` | the last measurement: `epoch`, `step`, metrics of both parts by name; the final `parameters` in canonical order, none if it diverged; the link `previous` to it | `digest`: with the link and the outcome they give it |
//! | `path` | the nodes beside the way to the root, `left` or `right` of it, the lowest first | `root` |
//! | `seal` | the digest of the file without this key | all of the above |
//!
//! Numbers stand as the shortest decimals that give the same doubles back; a metric that is not finite as `"inf"`. The digests are those of
//! the contract (`src/contract.md`), section 6, which also says what a reader must refuse so that they bind more than bytes: a text that could be read as two runs.
//! The seal finds a slip of the hand in any field; against a forger, who makes it anew, the root must come from somewhere else.
//!
//! What it does not prove, [`RunProof::unchecked`] says: above all that the run is what its settings give, which takes computing it again.

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

/// The version of the file.
pub const PROOF: u32 = 1;

/// So many nodes stand beside the way of a run at most: more runs than 64 bits can count no study has.
const MOST_LEVELS: usize = 64;

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunProof {
    /// The version of the file.
    pub proof: u32,
    /// The name of the study.
    pub study: String,
    /// The root of the study.
    pub root: Digest,
    /// Which run.
    pub run: Identity,
    /// The digest of the run.
    pub digest: Digest,
    /// How it ended.
    pub outcome: String,
    /// What it ended with.
    #[serde(rename = "final")]
    pub last: LastLink,
    /// What stands beside the way to the root.
    pub path: Vec<Beside>,
    /// The digest of all of the above.
    pub seal: Digest,
}

/// Which run: its identity, and everything that is in it.
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

/// What a run ended with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastLink {
    /// The epoch of the last measurement.
    pub epoch: u64,
    /// Its step.
    pub step: u64,
    /// The metrics on the training points.
    pub train: BTreeMap<String, Number>,
    /// The metrics on the validation points.
    pub validation: BTreeMap<String, Number>,
    /// The final parameters in canonical order; none if it diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Number>>,
    /// The link of the chain before the last one.
    pub previous: Digest,
}

impl RunProof {
    /// The proof of a run of a study. None if the manifest lists no such run, or another result of it, or the runs are not those of the network.
    #[must_use]
    pub fn new(network: &dyn Prepared, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        let entry = manifest.runs.iter().find(|run| run.id == task.id && run.digest == record.digest())?;
        let point = record.observations.last()?;
        // Only of the network is it known what the settings say of a record.
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
                epoch: point.epoch,
                step: point.step,
                train: named(point.halves()[0]),
                validation: named(point.halves()[1]),
                parameters,
                previous: record.chain.iter().rev().nth(1).copied().unwrap_or(record.id),
            },
            path: digest::path(runs, task.id)?,
            seal: Digest([0; 32]),
        };
        Some(proof.sealed())
    }

    /// The proof with the seal that its other fields give: for whoever tries what a forger can do.
    #[must_use]
    pub fn sealed(self) -> Self {
        Self { seal: self.own_seal(), ..self }
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a proof is plain data") + "\n"
    }

    /// What does not hold, each with what it means; nothing if the run is in the study of the root.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
        };
        require(self.proof == PROOF, "its version is not one that this restudy checks");
        require(self.run.contract == CONTRACT, "its arithmetic contract is not that of this restudy");
        require(is_name(&self.study), "study: it is not the name of a study: one line, without control characters");
        let declared = Declared::of(&self.run.settings);
        require(declared.is_ok(), declared.as_ref().err().map_or("", String::as_str));
        let declared = declared.ok();
        // What no run has for settings could be the lines of the settings of another one.
        let id = declared.as_ref().and_then(|_| self.own_id());
        require(declared.is_none() || id == Some(self.run.id), "run: settings and seed are not those of the identity");
        let end = End::read(&self.outcome);
        require(end.is_some(), "outcome: it is none that a run can have");
        require(
            matches!(end, Some(End::Diverged(_))) == self.last.parameters.is_none(),
            "final: parameters stand there if the run did not diverge, and only then",
        );
        let parameters: Option<Vec<f64>> =
            self.last.parameters.as_ref().map(|all| all.iter().map(|number| number.0).collect());
        let measured = declared.as_ref().and_then(|declared| self.point(declared));
        require(declared.is_none() || measured.is_some(), "final: the metrics are not those of the settings");
        if let Some(declared) = &declared {
            let counted = parameters.as_ref().is_none_or(|all| declared.inputs(all.len()).is_some());
            require(counted, "final: there are not as many parameters as the settings ask for");
            let wrong =
                end.and_then(|end| declared.misplaced(&self.last, end).or(declared.impossible(&self.last, end)));
            require(wrong.is_none(), wrong.unwrap_or_default());
        }
        let own = measured.map(|point| {
            digest::run_digest(digest::last_link(self.last.previous, &point, parameters.as_deref()), &self.outcome)
        });
        require(
            own.is_none_or(|own| own == self.digest),
            "final: numbers and outcome are not those of the run's digest",
        );
        require(
            (self.last.step == 0) == (self.last.previous == self.run.id),
            "final: the link before the first measurement, and no other, is the identity",
        );
        require(self.path.len() <= MOST_LEVELS, "path: it is longer than that of any study");
        let root = digest::climb(digest::leaf(self.run.id, self.digest), &self.path);
        require(root == self.root, "path: it does not lead from the run to the root");
        require(self.own_seal() == self.seal, "seal: the file was changed after it was made");
        faults
    }

    /// What a proof without faults leaves open, each as what is not checked; `recomputed` if the run was trained again, and is the same.
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
        let declared = Declared::of(&self.run.settings).ok().filter(|declared| !declared.is_whole());
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

    /// The identity that settings and seed give; none if a value is none that a setting has.
    fn own_id(&self) -> Option<Digest> {
        let settings: Option<Vec<_>> =
            self.run.settings.iter().map(|(path, value)| Some((path.as_str(), setting(value)?))).collect();
        Some(digest::run_id(settings?, Seed(self.run.seed)))
    }

    /// The last measurement with its metrics in the order of the settings; none if they are others.
    fn point(&self, declared: &Declared) -> Option<Observation> {
        let in_order = |values: &BTreeMap<String, Number>| -> Option<Vec<f64>> {
            let all = declared.metrics().map(|name| values.get(name).map(|number| number.0));
            all.collect::<Option<Vec<_>>>().filter(|all| all.len() == values.len())
        };
        let LastLink { epoch, step, train, validation, .. } = &self.last;
        Some(Observation { epoch: *epoch, step: *step, values: [in_order(train)?, in_order(validation)?].concat() })
    }

    fn own_seal(&self) -> Digest {
        let mut value = serde_json::to_value(self).expect("a proof is plain data");
        value.as_object_mut().into_iter().for_each(|fields| _ = fields.shift_remove("seal"));
        Digest::of(format!("restudy/proof\n{value}").as_bytes())
    }
}
