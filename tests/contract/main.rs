//! The contract, held against an implementation in Python that was written from its text: `tests/contract/contract.py`.
#![expect(clippy::unwrap_used, reason = "a test: its helpers too may stop it")]

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

/// A Python program of the contract; `None`, and a loud word, where there is no Python that can run it.
fn python(program: &str) -> Option<Command> {
    let mut check = Command::new("python3");
    check.args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    if !check.status().is_ok_and(|status| status.success()) {
        // Not eprintln!, which the test harness swallows.
        let word = "SKIPPED: no Python 3.11 or later, the contract was not compared with its Python version\n";
        stderr().write_all(word.as_bytes()).unwrap();
        return None;
    }
    let mut python = Command::new("python3");
    python.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract").join(program));
    Some(python)
}

/// The answers of the Python program, one a request.
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

/// The bits of numbers; every NaN is the same.
fn pattern(number: f64) -> u64 {
    if number.is_nan() { 0x7ff8_0000_0000_0000 } else { number.to_bits() }
}

fn bits(data: &Dataset) -> impl Iterator<Item = u64> {
    data.x.iter().chain(&data.y).map(|number| number.to_bits())
}

/// The text of a specification: what stands behind its question, the first line below `data`.
fn specification(text: &str) -> String {
    format!("study.question = 'Does Python agree?'\ndata.{text}\n")
}
