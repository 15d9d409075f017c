//! Trains a small study: what readers accept under its root must equal it.

use std::{collections::BTreeMap, ops::ControlFlow, path::Path, sync::LazyLock};

use restudy::{
    digest::{Digest, Record},
    proof::RunProof,
    results::{Maker, Manifest, rows, study_text, verify},
    run::{Experiment, NetworkExperiment, Task},
    store::segment,
    sweep::{self, Study},
    train::Simd,
};

/// Runs that complete, converge and diverge.
const SPEC: &str = r#"[study]
question = "What was trained?"

[data.xor]
train = 8
validation = 8

[train]
epochs = 2

[stop]
loss-below = 0.6

[sweep]
"model.hidden" = [1, 2]
"train.learning-rate" = [0.02, 1, 1e300]
seeds = 2
"#;

/// The study, its records, manifest and proofs.
pub struct Truth {
    network: NetworkExperiment<'static>,
    tasks: Vec<Task>,
    pub records: BTreeMap<Digest, Record>,
    pub manifest: Manifest,
    pub proofs: Vec<RunProof>,
}

/// The trained study.
pub static TRUTH: LazyLock<Truth> = LazyLock::new(Truth::trained);

impl Truth {
    fn trained() -> Self {
        let study: &'static Study = Box::leak(Box::new(
            sweep::parse("truth", Path::new("truth.toml"), SPEC, &[]).expect("a good specification"),
        ));
        let network = NetworkExperiment::new(study, Simd::Portable).expect("the data are drawn");
        let tasks = network.tasks();
        let train = |task: &Task| {
            let run = network.run(&[*task], &mut |_, _| ControlFlow::Continue(()), &|| false);
            (task.id, run.expect("it has data").expect("nobody stops it").remove(0))
        };
        let records: BTreeMap<_, _> = tasks.iter().map(train).collect();
        let specification = study_text(study, Path::new(".")).1;
        let manifest = Manifest::new("truth", specification, Maker::OURS, &rows(&tasks, &records));
        let proof = |task: &Task| RunProof::new(&network, task, &records[&task.id], &manifest).expect("it is listed");
        let proofs = tasks.iter().map(proof).collect();
        Self { network, tasks, records, manifest, proofs }
    }

    /// Asserts that an accepted proof equals a proof of the study. The root does not bind the name of the study.
    pub fn check_proof(&self, proof: &RunProof) {
        if proof.root != self.manifest.root || !proof.validate().is_empty() {
            return;
        }
        let known = |own: &RunProof| {
            let named = RunProof { study: proof.study.clone(), ..own.clone() };
            named.sealed() == *proof
        };
        assert!(self.proofs.iter().any(known), "accepted, but differs from the trained study:\n{}", proof.to_text());
    }

    /// Asserts the same of a manifest, as far as it can be checked without training.
    pub fn check_manifest(&self, manifest: &Manifest) {
        if manifest.root != self.manifest.root
            || !verify::claims(self.network.study(), &self.tasks, manifest, Path::new(".")).is_empty()
        {
            return;
        }
        let said = |manifest: &Manifest| -> Vec<_> {
            manifest.runs.iter().map(|run| (run.id, run.trial, run.seed, run.digest)).collect()
        };
        let (mut said, mut true_ones) = (said(manifest), said(&self.manifest));
        said.sort_unstable();
        true_ones.sort_unstable();
        assert_eq!(said, true_ones, "accepted, but differs from the trained study");
    }

    /// Asserts the same of a stored run with the digest of a run of the study.
    pub fn check_record(&self, record: &Record) {
        let Some(task) = self.tasks.iter().find(|task| task.id == record.id) else { return };
        let own = &self.records[&record.id];
        if own.digest() != record.digest() || !self.network.fits(task, record) {
            return;
        }
        let says = |record: &Record| format!("{:?} {:?}", record.observations.last(), record.outcome);
        assert_eq!(says(record), says(own), "accepted, but differs from the trained study");
        // The parameters of a diverged run are in no digest, and no command shows them.
        let parameters = |record: &Record| record.kept.values.iter().copied().map(f64::to_bits).collect::<Vec<_>>();
        if own.kept.values.iter().all(|value| value.is_finite()) && !own.outcome.text().starts_with("diverged") {
            assert_eq!(parameters(record), parameters(own), "accepted, but differs from the trained study");
        }
    }

    /// The files of the study, by the names of readers and of files of their corpus.
    pub fn inputs(&self) -> Vec<(&'static str, String, Vec<u8>)> {
        let mut inputs = vec![
            ("manifest", "truth.json".into(), self.manifest.to_text().into_bytes()),
            ("segment", "truth".into(), segment::encode(self.records.values())),
        ];
        for (place, proof) in self.proofs.iter().enumerate() {
            inputs.push(("proof", format!("truth-{place:02}.json"), proof.to_text().into_bytes()));
        }
        inputs
    }
}
