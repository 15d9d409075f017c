//! A small study that is trained in this process: input that readers accept under its root must agree with the
//! training.

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

/// The study with its records, manifest and proofs.
pub struct Trained {
    network: NetworkExperiment<'static>,
    tasks: Vec<Task>,
    pub records: BTreeMap<Digest, Record>,
    pub manifest: Manifest,
    pub proofs: Vec<RunProof>,
}

/// The trained study.
pub static TRAINED: LazyLock<Trained> = LazyLock::new(Trained::new);

impl Trained {
    fn new() -> Self {
        let study: &'static Study = Box::leak(Box::new(
            sweep::parse("truth", Path::new("truth.toml"), SPEC, &[]).expect("a valid specification"),
        ));
        let network = NetworkExperiment::new(study, Simd::Portable).expect("the data are drawn");
        let tasks = network.tasks();
        let train = |task: &Task| {
            let run = network.run(&[*task], &mut |_, _| ControlFlow::Continue(()), &|| false);
            (task.id, run.expect("the data are drawn").expect("the run is not stopped").remove(0))
        };
        let records: BTreeMap<_, _> = tasks.iter().map(train).collect();
        let specification = study_text(study, Path::new(".")).1;
        let manifest = Manifest::new("truth", specification, Maker::OURS, &rows(&tasks, &records));
        let proof = |task: &Task| {
            RunProof::new(&network, task, &records[&task.id], &manifest).expect("the manifest lists the run")
        };
        let proofs = tasks.iter().map(proof).collect();
        Self { network, tasks, records, manifest, proofs }
    }

    /// Asserts that a proof which is accepted under the root of the study agrees with the training. The root does not
    /// cover the name of the study.
    pub fn check_proof(&self, proof: &RunProof) {
        if proof.root != self.manifest.root || !proof.validate().is_empty() {
            return;
        }
        let is_equal = |trained: &RunProof| {
            let named = RunProof { study: proof.study.clone(), ..trained.clone() };
            named.sealed() == *proof
        };
        assert!(self.proofs.iter().any(is_equal), "accepted, but not what was trained:\n{}", proof.to_text());
    }

    /// The same for a manifest that passes the checks before training.
    pub fn check_manifest(&self, manifest: &Manifest) {
        if manifest.root != self.manifest.root
            || !verify::claims(self.network.study(), &self.tasks, manifest, Path::new(".")).is_empty()
        {
            return;
        }
        let runs = |manifest: &Manifest| -> Vec<_> {
            manifest.runs.iter().map(|run| (run.id, run.trial, run.seed, run.digest)).collect()
        };
        let (mut claimed, mut trained) = (runs(manifest), runs(&self.manifest));
        claimed.sort_unstable();
        trained.sort_unstable();
        assert_eq!(claimed, trained, "accepted, but not what was trained");
    }

    /// The same for a stored run with the digest of the trained run.
    pub fn check_record(&self, record: &Record) {
        let Some(task) = self.tasks.iter().find(|task| task.id == record.id) else { return };
        let trained = &self.records[&record.id];
        if trained.digest() != record.digest() || !self.network.fits(task, record) {
            return;
        }
        let end = |record: &Record| format!("{:?} {:?}", record.observations.last(), record.outcome);
        assert_eq!(end(record), end(trained), "accepted, but not what was trained");
        // The parameters of a diverged run are in no digest, and nothing shows them.
        let parameters = |record: &Record| record.kept.values.iter().copied().map(f64::to_bits).collect::<Vec<_>>();
        if trained.kept.values.iter().all(|value| value.is_finite()) && !trained.outcome.text().starts_with("diverged")
        {
            assert_eq!(parameters(record), parameters(trained), "accepted, but not what was trained");
        }
    }

    /// The files of the study as inputs: the name of the reader, the name in its corpus, and the bytes.
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
