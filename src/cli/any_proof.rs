//! The proof of one run, of the network or of a custom experiment.

use std::path::Path;

use serde_json::{Value, json};

use super::text;
use crate::{
    digest::{Digest, Record, grammar::seen},
    experiment::{self, Promise},
    proof::RunProof,
    results::{
        Manifest,
        proof::{CustomProof, Number, Unreadable},
    },
    run::{Prepared, Task},
    sweep::{self, AxisValue, Study},
};

pub(super) enum AnyProof {
    Network(RunProof),
    Custom(CustomProof),
}

impl AnyProof {
    pub(super) fn new(network: &dyn Prepared, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        match network.study().title() {
            None => RunProof::new(network, task, record, manifest).map(Self::Network),
            Some(_) => CustomProof::new(network, task, record, manifest).map(Self::Custom),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        match CustomProof::parse(text) {
            Some(proof) => proof.map(Self::Custom),
            None => RunProof::parse(text).map(Self::Network),
        }
    }

    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Network(proof) => proof.to_text(),
            Self::Custom(proof) => proof.to_text(),
        }
    }

    pub(super) fn validate(&self) -> Vec<String> {
        match self {
            Self::Network(proof) => proof.validate(),
            Self::Custom(proof) => proof.validate(),
        }
    }

    pub(super) fn unchecked(&self, recomputed: bool) -> Vec<String> {
        match self {
            Self::Network(proof) => proof.unchecked(recomputed),
            Self::Custom(proof) => {
                let mut open = proof.unchecked(recomputed);
                if self.promise() == Some(Promise::Nothing) {
                    open.push(
                        "that another computation gives the same result: the experiment does not promise it".into(),
                    );
                }
                open
            }
        }
    }

    /// The promise of the experiment about its results, if this program has the experiment.
    pub(super) fn promise(&self) -> Option<Promise> {
        match self {
            Self::Network(_) => Some(Promise::Bits),
            Self::Custom(proof) => {
                let kind = experiment::find(&proof.run.experiment, proof.run.version)?;
                Some(kind.declaration().promise)
            }
        }
    }

    /// The experiment of the run, if this program does not have it.
    pub(super) fn unknown(&self) -> Option<String> {
        match self {
            Self::Custom(CustomProof { run, .. }) if experiment::find(&run.experiment, run.version).is_none() => {
                Some(format!("the experiment `{}`, version {}", seen(&run.experiment), run.version))
            }
            _ => None,
        }
    }

    pub(super) fn root(&self) -> Digest {
        match self {
            Self::Network(proof) => proof.root,
            Self::Custom(proof) => proof.root,
        }
    }

    /// The identity and the digest of the run.
    pub(super) fn run(&self) -> [Digest; 2] {
        match self {
            Self::Network(proof) => [proof.run.id, proof.digest],
            Self::Custom(proof) => [proof.run.id, proof.digest],
        }
    }

    /// The study with this run only; `files` are the available data files with their digests.
    ///
    /// # Errors
    /// The digest of a missing data file (outer error), or the reason why the settings form no study (inner error).
    pub(super) fn study(&self, files: &[(Digest, String)]) -> Result<Result<Study, String>, String> {
        let text = match self {
            Self::Network(proof) => proof.specification(files)?,
            Self::Custom(proof) => match experiment::find(&proof.run.experiment, proof.run.version) {
                Some(kind) => proof.specification(&*kind, files)?,
                None => {
                    let (name, version) = (&proof.run.experiment, proof.run.version);
                    return Ok(Err(format!(
                        "this program does not have the experiment `{}`, version {version}",
                        seen(name)
                    )));
                }
            },
        };
        Ok(sweep::parse("proof", Path::new("proof.toml"), &text, &[]).map_err(|error| error.to_string()))
    }

    pub(super) fn say(&self) {
        let settings = match self {
            Self::Network(proof) => {
                text::say(format!(
                    "  {} at epoch {} (step {}), seed {}",
                    proof.outcome, proof.last.epoch, proof.last.step, proof.run.seed
                ));
                for (part, metrics) in [("training", &proof.last.train), ("validation", &proof.last.validation)] {
                    let values: Vec<_> =
                        metrics.iter().map(|(name, value)| format!("{name} {}", brief(*value))).collect();
                    text::say(format!("  {part:<10} {}", values.join(", ")));
                }
                &proof.run.settings
            }
            Self::Custom(proof) => {
                let at = proof.last.as_ref().map_or_else(String::new, |last| format!(" at step {}", last.step));
                let run = &proof.run;
                text::say(format!(
                    "  of `{}`, version {}: {}{at}, seed {}",
                    seen(&run.experiment),
                    run.version,
                    seen(&proof.outcome),
                    run.seed
                ));
                let values = proof.last.iter().flat_map(|last| run.measured.iter().zip(&last.values));
                let values: Vec<_> =
                    values.filter_map(|(name, value)| Some(format!("{} {}", seen(name), brief((*value)?)))).collect();
                text::say(format!("  measured   {}", values.join(", ")));
                &run.settings
            }
        };
        for (path, value) in settings {
            text::say(format!("  {} = {}", seen(path), seen(&value.to_string())));
        }
    }

    pub(super) fn summary(&self) -> Value {
        match self {
            Self::Network(proof) => json!({
                "study": proof.study, "run": proof.run.id, "seed": proof.run.seed, "outcome": proof.outcome, "epoch": proof.last.epoch,
                "train": proof.last.train, "validation": proof.last.validation, "root": proof.root,
            }),
            Self::Custom(proof) => {
                let values = proof.last.iter().flat_map(|last| proof.run.measured.iter().zip(&last.values));
                let measured: serde_json::Map<_, _> =
                    values.map(|(name, value)| (name.clone(), json!(value))).collect();
                json!({
                    "study": proof.study, "experiment": proof.run.experiment, "version": proof.run.version, "run": proof.run.id,
                    "seed": proof.run.seed, "outcome": proof.outcome, "epoch": proof.last.as_ref().map(|last| last.epoch),
                    "measured": measured, "root": proof.root,
                })
            }
        }
    }
}

fn brief(Number(value): Number) -> String {
    AxisValue::Float(value).brief()
}
