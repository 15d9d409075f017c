//! The readers of bytes from anyone: the corpus of the fuzzers as it stands, and mutations of it.

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

/// The inputs of a reader, sorted by name: those to begin with, and every finding of the past.
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

/// No input may take longer; what takes so long in an optimised build is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs so many mutations of the corpus through a reader, on a thread that is watched.
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

/// Keeps the input for whoever looks into it.
fn kept(name: &str, input: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("restudy-{name}-{}", restudy::digest::Digest::of(input).short()));
    fs::write(&path, input).unwrap();
    path.display().to_string()
}

/// Panics inside of polars, which the reader of tables turns into errors, are not shown one by one.
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

/// The corpus begins with what was trained, so that mutations of it are what somebody would claim instead. `ROBUSTNESS_WRITE=1` writes these files.
#[test]
fn the_corpus_has_what_was_trained() {
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

/// Runs a test of this program in a process of its own that may take so many gigabytes.
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
