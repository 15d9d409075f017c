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
//! Numbers stand as the shortest decimals that give the same doubles back; what is not finite as `"inf"`, `"-inf"` or `"nan"`. The digests are those of
//! the [contract](crate::contract), section 6. The seal finds a slip of the hand in any field; against a forger, who makes it anew, the root must come from somewhere else.
//!
//! What it does not prove: that the run is what its settings give. That takes computing it again.

mod number;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

pub use number::Number;

use super::Manifest;
use crate::{
    digest::{self, Beside, CONTRACT, Digest, Record, Value},
    run::{Network, Task},
    seed::Seed,
    spec::write::section,
    sweep::Scalar,
    train::{Outcome, Point},
};

/// The version of the file.
pub const PROOF: u32 = 1;

/// So many parts the path of a setting has at most; the deepest there is has four.
const MOST_PARTS: usize = 16;

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
    pub last: Last,
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
pub struct Last {
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
    pub fn new(network: &Network<'_>, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        let entry = manifest.runs.iter().find(|run| run.id == task.id && run.digest == record.digest())?;
        let point = record.points.last()?;
        let metrics = &network.study().trials[task.trial].setting.evaluate.metrics;
        let named = |values: &[f64]| {
            metrics.iter().map(|metric| metric.name().to_owned()).zip(values.iter().copied().map(Number)).collect()
        };
        let diverged = matches!(record.outcome, Outcome::Diverged { .. });
        let parameters = (!diverged).then(|| record.params.values().map(Number).collect());
        let settings = network.settings(task.trial).into_iter().map(|(path, value)| (path, json(value))).collect();
        let runs = manifest.runs.iter().map(|run| (run.id, run.digest));
        let mut proof = Self {
            proof: PROOF,
            study: manifest.study.clone(),
            root: manifest.root,
            run: Identity { id: task.id, contract: CONTRACT, seed: task.seed.0, settings },
            digest: entry.digest,
            outcome: record.outcome_text(),
            last: Last {
                epoch: point.epoch,
                step: point.step,
                train: named(&point.train),
                validation: named(&point.validation),
                parameters,
                previous: record.chain.iter().rev().nth(1).copied().unwrap_or(record.id),
            },
            path: digest::path(runs, task.id)?,
            seal: Digest([0; 32]),
        };
        proof.seal = proof.own_seal();
        Some(proof)
    }

    /// The proof in a text, as far as that can be read; whether it holds, [`faults`](Self::faults) says.
    ///
    /// # Errors
    /// It is not the text of a proof: what is wrong, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a proof is plain data") + "\n"
    }

    /// What does not hold, each with what it means; nothing if the run is in the study of the root.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut require = |holds: bool, fault: &str| {
            if !holds {
                faults.push(fault.to_owned());
            }
        };
        require(self.proof == PROOF, "its version is not one that this restudy checks");
        require(self.run.contract == CONTRACT, "its arithmetic contract is not that of this restudy");
        let settings: Option<Vec<_>> =
            self.run.settings.iter().map(|(path, value)| Some((path.as_str(), setting(value)?))).collect();
        let id = settings.map(|settings| digest::run_id(settings, Seed(self.run.seed)));
        require(id == Some(self.run.id), "run: settings and seed are not those of the identity");
        let deep = |path: &String| path.split('.').nth(MOST_PARTS).is_some();
        require(!self.run.settings.keys().any(deep), "run: a setting has more parts in its name than any setting has");
        let (train, validation) = (self.in_order(&self.last.train), self.in_order(&self.last.validation));
        require(train.is_some() && validation.is_some(), "final: the metrics are not those of the settings");
        let diverged = self.outcome.starts_with("diverged ");
        require(is_outcome(&self.outcome), "outcome: it is none that a run can have");
        require(
            diverged == self.last.parameters.is_none(),
            "final: parameters stand there if the run did not diverge, and only then",
        );
        let parameters: Option<Vec<f64>> =
            self.last.parameters.as_ref().map(|all| all.iter().map(|number| number.0).collect());
        let point = Point {
            epoch: self.last.epoch,
            step: self.last.step,
            train: train.unwrap_or_default(),
            validation: validation.unwrap_or_default(),
        };
        let link = digest::last_link(self.last.previous, &point, parameters.as_deref());
        let own = digest::run_digest(link, &self.outcome);
        require(own == self.digest, "final: numbers and outcome are not those of the run's digest");
        let root = digest::climb(digest::leaf(self.run.id, self.digest), &self.path);
        require(root == self.root, "path: it does not lead from the run to the root");
        require(self.own_seal() == self.seal, "seal: the file was changed after it was made");
        faults
    }

    /// A specification of this run alone. `files` are usable paths of its data files, each with the digest of its bytes.
    ///
    /// # Errors
    /// The digest of a data file that is needed and not among them.
    pub fn specification(&self, files: &[(Digest, String)]) -> Result<String, String> {
        let mut tree = Json::Object(Map::new());
        for (path, value) in &self.run.settings {
            let mut value = value.clone();
            if let Some(wanted) = value.as_str().and_then(|text| text.strip_prefix("blake3:")) {
                let file = files.iter().find(|(digest, _)| digest.to_string() == wanted);
                value = file.map(|(_, file)| Json::from(file.clone())).ok_or_else(|| wanted.to_owned())?;
            } else if path.ends_with(".standardise") {
                // The one setting that is true or false; an identity has it as a text.
                value = (value == "true").into();
            }
            put(&mut tree, path, value);
        }
        let mut parts = vec!["[study]\nquestion = \"Is this run what its proof says?\"\n".to_owned()];
        for (name, settings) in tree.as_object().into_iter().flatten() {
            let Some(settings) = settings.as_object() else { continue };
            if name == "data" {
                let data =
                    settings.iter().filter_map(|(set, own)| Some(section(&format!("data.{set}"), own.as_object()?)));
                parts.extend(data);
            } else {
                parts.push(section(name, settings));
            }
        }
        parts.push(format!("[sweep]\nseeds = [{}]\n", self.run.seed));
        Ok(parts.join("\n"))
    }

    /// The values of metrics in the order of the settings; none if the names are others.
    fn in_order(&self, values: &BTreeMap<String, Number>) -> Option<Vec<f64>> {
        let names: Vec<_> =
            (0..).map_while(|place| self.run.settings.get(&format!("evaluate.metrics.{place}"))?.as_str()).collect();
        let same = names.iter().copied().collect::<BTreeSet<_>>() == values.keys().map(String::as_str).collect();
        if same { names.iter().map(|name| Some(values.get(*name)?.0)).collect() } else { None }
    }

    fn own_seal(&self) -> Digest {
        let mut value = serde_json::to_value(self).expect("a proof is plain data");
        value.as_object_mut().into_iter().for_each(|fields| _ = fields.shift_remove("seal"));
        Digest::of(format!("restudy/proof\n{value}").as_bytes())
    }
}

fn is_outcome(text: &str) -> bool {
    let ended = |name: &str| text.strip_prefix(name).is_some_and(|epoch| epoch.parse::<u64>().is_ok());
    text == "completed" || ended("converged ") || ended("diverged ")
}

fn json(value: Scalar) -> Json {
    match value {
        Scalar::Whole(value) => value.into(),
        Scalar::Float(value) => value.into(),
        Scalar::Text(value) => value.into(),
    }
}

fn setting(value: &Json) -> Option<Value<'_>> {
    match value {
        Json::Number(number) => number.as_u64().map(Value::Whole).or_else(|| Some(Value::Float(number.as_f64()?))),
        Json::String(text) => Some(Value::Text(text.into())),
        _ => None,
    }
}

/// Puts a value into a tree of tables and lists; a number in the path is a place in a list.
fn put(tree: &mut Json, path: &str, value: Json) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let slot = match step.parse::<usize>() {
        Ok(place) => {
            if !tree.is_array() {
                *tree = Json::Array(Vec::new());
            }
            let Some(items) = tree.as_array_mut().filter(|items| place <= items.len()) else { return };
            if place == items.len() {
                items.push(Json::Null);
            }
            &mut items[place]
        }
        Err(_) => {
            if !tree.is_object() {
                *tree = Json::Object(Map::new());
            }
            let Some(entries) = tree.as_object_mut() else { return };
            entries.entry(step).or_insert(Json::Null)
        }
    };
    match rest {
        Some(rest) => put(slot, rest, value),
        None => *slot = value,
    }
}
