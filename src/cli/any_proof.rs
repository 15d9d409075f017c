//! The proof of one run, of the network or of another experiment.

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

/// Either.
pub(super) enum AnyProof {
    Network(RunProof),
    Own(CustomProof),
}

impl AnyProof {
    pub(super) fn new(network: &dyn Prepared, task: &Task, record: &Record, manifest: &Manifest) -> Option<Self> {
        match network.study().title() {
            None => RunProof::new(network, task, record, manifest).map(Self::Network),
            Some(_) => CustomProof::new(network, task, record, manifest).map(Self::Own),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        match CustomProof::parse(text) {
            Some(own) => own.map(Self::Own),
            None => RunProof::parse(text).map(Self::Network),
        }
    }

    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Network(proof) => proof.to_text(),
            Self::Own(proof) => proof.to_text(),
        }
    }

    pub(super) fn validate(&self) -> Vec<String> {
        match self {
            Self::Network(proof) => proof.validate(),
            Self::Own(proof) => proof.validate(),
        }
    }

    pub(super) fn unchecked(&self, recomputed: bool) -> Vec<String> {
        match self {
            Self::Network(proof) => proof.unchecked(recomputed),
            Self::Own(proof) => {
                let mut open = proof.unchecked(recomputed);
                if self.promise() == Some(Promise::Nothing) {
                    open.push(
                        "that it comes out the same at another time: its experiment does not promise that".into(),
                    );
                }
                open
            }
        }
    }

    /// How far the results of its experiment are promised, if this program has it.
    pub(super) fn promise(&self) -> Option<Promise> {
        match self {
            Self::Network(_) => Some(Promise::Bits),
            Self::Own(proof) => {
                let kind = experiment::find(&proof.run.experiment, proof.run.version)?;
                Some(kind.declaration().promise)
            }
        }
    }

    /// The experiment of the run, where this program does not have it.
    pub(super) fn unknown(&self) -> Option<String> {
        match self {
            Self::Own(CustomProof { run, .. }) if experiment::find(&run.experiment, run.version).is_none() => {
                Some(format!("the experiment `{}`, version {}", seen(&run.experiment), run.version))
            }
            _ => None,
        }
    }

    pub(super) fn root(&self) -> Digest {
        match self {
            Self::Network(proof) => proof.root,
            Self::Own(proof) => proof.root,
        }
    }

    /// The identity of the run, and its digest.
    pub(super) fn run(&self) -> [Digest; 2] {
        match self {
            Self::Network(proof) => [proof.run.id, proof.digest],
            Self::Own(proof) => [proof.run.id, proof.digest],
        }
    }

    /// The study of this run alone; `files` are those that it may read, each with the digest of its bytes.
    ///
    /// # Errors
    /// The digest of a file that is needed and not among them, or why there is no such study.
    pub(super) fn study(&self, files: &[(Digest, String)]) -> Result<Result<Study, String>, String> {
        let text = match self {
            Self::Network(proof) => proof.specification(files)?,
            Self::Own(proof) => match experiment::find(&proof.run.experiment, proof.run.version) {
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

    /// Tells a person of the run.
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
            Self::Own(proof) => {
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

    /// What a program is told.
    pub(super) fn summary(&self) -> Value {
        match self {
            Self::Network(proof) => json!({
                "study": proof.study, "run": proof.run.id, "seed": proof.run.seed, "outcome": proof.outcome, "epoch": proof.last.epoch,
                "train": proof.last.train, "validation": proof.last.validation, "root": proof.root,
            }),
            Self::Own(proof) => {
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
