//! Sweeps and verifies in this process, as the commands do, which is faster than starting processes. Only this file of
//! these tests calls the library.

use std::{ops::ControlFlow, path::Path, sync::atomic::AtomicBool};

use restudy::{
    data::Source,
    digest::{self, Digest, Record},
    experiments::OfNetwork,
    results::{self, Computation, Extent, Maker, Manifest, Rendered, SweepOutcome, VerifyOutcome},
    run::NetworkExperiment,
    seed::Seed,
    store::journal,
    sweep,
    train::{Job, Simd},
};

/// `restudy sweep`: returns the notices, or the message of the refusal.
pub fn sweep(spec: &str, results: &Path) -> Result<Vec<String>, String> {
    let study = sweep::parse("moons", Path::new("moons.toml"), spec, &[]).map_err(|error| error.to_string())?;
    let network = NetworkExperiment::new(&study, Simd::best()).map_err(|error| error.to_string())?;
    let tasks = network.tasks();
    let folder = results.join("moons");
    let computation = Computation {
        network: &network,
        experiment: &network,
        tasks: &tasks,
        shard: None,
        folder: &folder,
        maker: Maker::OURS,
        render: false,
        request: journal::Request::default(),
    };
    let notices = std::sync::Mutex::new(Vec::new());
    let note = |notice: &str| notices.lock().unwrap().push(notice.to_owned());
    let answer = computation.run(&|_| {}, &note, &AtomicBool::new(false)).map_err(|error| error.to_string())?;
    assert!(!matches!(answer, SweepOutcome::Interrupted { .. }), "the sweep is not interrupted");
    drop(answer);
    Ok(notices.into_inner().unwrap())
}

/// `restudy verify`: returns the differences, or the message of the refusal.
pub fn verify(results: &Path) -> Result<Vec<String>, String> {
    let folder = results.join("moons");
    let manifest = Manifest::read(&folder).map_err(|error| error.to_string())?;
    let file = folder.join("study.toml");
    let text = sweep::read(&file).map_err(|error| error.to_string())?;
    let study = sweep::parse(&manifest.study, &file, &text, &[]).map_err(|error| error.to_string())?;
    let network = NetworkExperiment::new(&study, Simd::best()).map_err(|error| error.to_string())?;
    let (tasks, stop) = (network.tasks(), AtomicBool::new(false));
    let whole = Extent::Whole(None);
    let verified = results::verify(&network, &network, &tasks, (&folder, &manifest), &whole, &|_| {}, &stop);
    let VerifyOutcome::Complete(proof) = verified.map_err(|error| error.to_string())? else {
        panic!("the sweep is not interrupted")
    };
    Ok(proof.differences.iter().map(ToString::to_string).collect())
}

/// The files that a verification compares, after all runs were computed again.
pub fn rendered(results: &Path) -> Rendered {
    let folder = results.join("moons");
    let manifest = Manifest::read(&folder).unwrap();
    let file = folder.join("study.toml");
    let study = sweep::parse("moons", &file, &sweep::read(&file).unwrap(), &[]).unwrap();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let tasks = network.tasks();
    let (records, _) = restudy::store::load(&folder).unwrap();
    results::render(
        &network,
        &results::rows(&tasks, &records),
        &folder,
        &results::Attachments::default(),
        manifest.maker(),
    )
    .unwrap()
}

/// One of these files.
pub fn only(rendered: &Rendered, path: &str) -> Rendered {
    let files = rendered.files.iter().filter(|(name, _)| *name == path);
    Rendered {
        manifest: rendered.manifest.clone(),
        files: files.map(|(name, bytes)| (name.clone(), bytes.clone())).collect(),
        summary: rendered.summary.clone(),
    }
}

/// Compares the files on disk with the computed ones.
pub fn differing_files(results: &Path, rendered: &Rendered) -> Vec<String> {
    let results::verify::Files { found, absent, other } = results::verify::files(&results.join("moons"), rendered);
    assert!(absent.is_empty(), "nothing is missing: {absent:?}");
    found
        .iter()
        .map(ToString::to_string)
        .chain(other.into_iter().map(|name| format!("{name}: in other bytes")))
        .collect()
}

/// The runs of a specification in the order of its trials, under other identities.
pub fn records(spec: &str, names: &[Digest]) -> Vec<Record> {
    let study = sweep::parse("moons", Path::new("moons.toml"), spec, &[]).unwrap();
    let split = study.trials[0].data().load(Seed(0)).unwrap();
    let jobs: Vec<_> =
        study.trials.iter().map(|trial| Job { setting: trial.setting(), split: &split, seed: Seed(0) }).collect();
    jobs.iter()
        .zip(names)
        .flat_map(|(job, name)| {
            digest::record(Simd::best(), &[*job], &[*name], &mut |_, _| ControlFlow::Continue(())).unwrap()
        })
        .collect()
}

/// The runs of a segment, and its damage; or the message of the refusal.
pub fn segment(bytes: &[u8]) -> Result<(Vec<Record>, Option<String>), String> {
    restudy::store::segment::decode(Path::new("x.seg"), bytes).map_err(|error| error.to_string())
}
