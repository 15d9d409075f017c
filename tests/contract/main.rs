//! Compares the contract with an implementation in Python that was written from its text: `tests/contract/contract.py`.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    collections::BTreeMap,
    fs,
    io::{Write, stderr},
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
};

use restudy::{
    data::{Blobs, Circles, Csv, Data, DataSeed, Dataset, DoubleMoon, Features, Source, Spirals, Validation, Xor},
    digest::{Digest, root},
    math,
    measure::Range,
    metric::{Direction, Metric},
    model::{Init, Model},
    run::{Experiment, NetworkExperiment},
    seed::{Draws, Seed, Stream},
    stats::{
        Constant, Within, best, binomial_at_most, bootstrap_mean, choose, choose_among, iqm, mean, median, outside,
        paired, sd, share, signed_rank, unseen,
    },
    sweep::{AxisValue, Study, parse},
    train::{Outcome, Simd},
};
use serde_json::{Value, json};

mod pieces;
mod runs;
mod text;

/// A Python program of the contract; `None`, with a notice, if no Python can run it.
fn python(program: &str) -> Option<Command> {
    let mut check = Command::new("python3");
    check.args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    if !check.status().is_ok_and(|status| status.success()) {
        // Not eprintln!, which the test harness captures.
        let word = "SKIPPED: the contract is not compared with its Python version, which needs Python 3.11 or later\n";
        stderr().write_all(word.as_bytes()).unwrap();
        return None;
    }
    let mut python = Command::new("python3");
    python.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract").join(program));
    Some(python)
}

/// The replies of the Python program, one per request.
fn ask(requests: &[Value]) -> Option<Vec<Value>> {
    let mut python = python("answers.py")?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = requests.iter().map(|request| format!("{request}\n")).collect();
    let mut input = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.concat().as_bytes()));
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the Python program failed");
    writer.join().unwrap().unwrap();
    let answers: Vec<_> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), requests.len());
    Some(answers)
}

/// The bits of a number; every NaN is the same.
fn pattern(number: f64) -> u64 {
    if number.is_nan() { 0x7ff8_0000_0000_0000 } else { number.to_bits() }
}

fn bits(data: &Dataset) -> impl Iterator<Item = u64> {
    data.x.iter().chain(&data.y).map(|number| number.to_bits())
}

/// The specification from below its question; the first line belongs to `data`.
fn specification(text: &str) -> String {
    format!("study.question = 'Does Python agree?'\ndata.{text}\n")
}
