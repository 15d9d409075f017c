//! The readers of untrusted bytes: the corpus of the fuzzers, and mutations of it.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::Command,
    sync::{
        Mutex,
        mpsc::{RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use crate::{
    mutate::mutated,
    random::{Random, setting},
    targets::{READERS, Reader, trained::TRAINED},
};

/// The inputs of a reader, sorted by name: initial ones and earlier findings.
fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut inputs: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{name} has a corpus");
    inputs
}

/// An input that takes longer in an optimized build is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs mutations of the corpus through a reader, on a watched thread.
fn mutate((name, read): Reader, executions: u64, seed: u64) {
    let (send, receive) = channel();
    let worker = std::thread::Builder::new().name(name.into()).spawn(move || {
        let corpus = corpus(name);
        let mut random = Random(seed);
        let (mut slowest, begun) = (Duration::ZERO, Instant::now());
        for _ in 0..executions {
            let one = &corpus[random.below(corpus.len())].1;
            let other = &corpus[random.below(corpus.len())].1;
            let input = mutated(one, other, &mut random);
            if send.send(input.clone()).is_err() {
                return;
            }
            let start = Instant::now();
            read(&input);
            slowest = slowest.max(start.elapsed());
        }
        eprintln!("{name}: {executions} executions in {:.1?}, the slowest {slowest:.1?}", begun.elapsed());
    });
    let mut last = Vec::new();
    loop {
        match receive.recv_timeout(PATIENCE) {
            Ok(input) => last = input,
            Err(RecvTimeoutError::Timeout) => panic!("{name} hangs on {}", kept(name, &last)),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(worker.unwrap().join().is_ok(), "{name} panics on {}", kept(name, &last));
}

/// Writes the input to a file, for inspection.
fn kept(name: &str, input: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("restudy-{name}-{}", restudy::digest::Digest::of(input).short()));
    fs::write(&path, input).unwrap();
    path.display().to_string()
}

/// Suppresses panics inside polars, which the reader of tables turns into errors.
pub fn without_noise<T>(work: impl FnOnce() -> T) -> T {
    static LAST: Mutex<String> = Mutex::new(String::new());
    let shown = panic::take_hook();
    panic::set_hook(Box::new(|panic| {
        if panic.location().is_some_and(|place| place.file().contains("polars")) {
            *LAST.lock().unwrap() = panic.to_string();
        } else {
            eprintln!("{panic}");
        }
    }));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(shown);
    done.unwrap_or_else(|cause| {
        eprintln!("the last panic inside of polars: {}", LAST.lock().unwrap());
        panic::resume_unwind(cause)
    })
}

#[test]
fn the_corpus() {
    for (name, read) in READERS {
        for (file, input) in corpus(name) {
            let done = panic::catch_unwind(|| read(&input));
            assert!(done.is_ok(), "fuzz/corpus/{name}/{file}");
        }
    }
}

/// The corpus contains the files of the trained study, so that mutations are false claims about it.
/// `ROBUSTNESS_WRITE=1` writes them.
#[test]
fn the_corpus_contains_the_trained_study() {
    for (name, file, bytes) in TRAINED.inputs() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name).join(file);
        if std::env::var_os("ROBUSTNESS_WRITE").is_some() {
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|own| own == bytes), "{}: write it with ROBUSTNESS_WRITE=1", path.display());
    }
}

#[test]
fn some_mutations() {
    without_noise(|| READERS.into_iter().for_each(|reader| mutate(reader, 1500, 1)));
}

/// Runs a test of this program in a process with a limit of memory.
fn limited(test: &str, gigabytes: u64) {
    let script = format!("ulimit -v {} && exec \"$0\" --exact {test} --nocapture --ignored", gigabytes * 1024 * 1024);
    let mut command = Command::new("sh");
    command.args(["-c", &script]).arg(std::env::current_exe().unwrap()).env("ROBUSTNESS_LIMITED", "1");
    assert!(command.status().unwrap().success(), "{test} with {gigabytes} GB of memory");
}

#[test]
#[ignore = "minutes of mutations: run by .ci/run release"]
fn mutations() {
    if std::env::var_os("ROBUSTNESS_LIMITED").is_none() {
        return limited("readers::mutations", 3);
    }
    let executions = setting("ROBUSTNESS_EXECUTIONS", 300_000);
    let chosen = std::env::var("ROBUSTNESS_READERS").ok();
    let chosen = |(name, _): &Reader| chosen.as_ref().is_none_or(|names| names.split(',').any(|own| own == *name));
    let readers: Vec<Reader> = READERS.into_iter().filter(chosen).collect();
    assert!(!readers.is_empty(), "ROBUSTNESS_READERS names readers, such as table,proof");
    without_noise(|| readers.into_iter().for_each(|reader| mutate(reader, executions, setting("ROBUSTNESS_SEED", 2))));
}
