//! The contract, held against an implementation in Python that was written from its text: `tests/contract/contract.py`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test: its helpers too may stop it, and say what is skipped"
)]

use std::{
    io::{ErrorKind, Write},
    path::Path,
    process::{Command, Stdio},
};

use restudy::{
    data::{Circles, Csv, Data, DataSeed, Dataset, DoubleMoon, Source, Spirals, Validation, Xor},
    seed::{Draws, Seed, Stream},
};
use serde_json::{Value, json};

/// Answers of the Python program, one list a request; `None`, and a loud word, where there is no Python.
fn ask(requests: &[Value]) -> Option<Vec<Vec<u64>>> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/contract.py");
    let started = Command::new("python3").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut python = match started {
        Err(fault) if fault.kind() == ErrorKind::NotFound => {
            eprintln!("SKIPPED: python3 is not installed, the contract was not compared with its Python version");
            return None;
        }
        started => started.unwrap(),
    };
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

fn bits(data: &Dataset) -> impl Iterator<Item = u64> {
    data.x.iter().chain(&data.y).map(|number| number.to_bits())
}

#[test]
fn draws_are_those_of_the_contract() {
    let seed = 0x0123_4567_89ab_cdef;
    let draws = |stream| Draws::new(Seed(seed), stream);
    let large = 3_000_000_000_u32; // rejects three of ten words
    let requests = [
        json!({ "bits": [seed, Stream::Training as u64, 100] }),
        json!({ "unit": [u64::MAX, Stream::Order as u64, 100] }),
        json!({ "below": [seed, Stream::Order as u64, 100, large] }),
        json!({ "below": [seed, Stream::Order as u64, 100, 6] }),
        json!({ "direction": [seed, Stream::Training as u64, 50] }),
        json!({ "permutation": [seed, Stream::Validation as u64, 100] }),
    ];
    let Some(answers) = ask(&requests) else { return };
    let mut order = draws(Stream::Order);
    let mut training = draws(Stream::Training);
    let mut other = Draws::new(Seed(u64::MAX), Stream::Order);
    assert_eq!(answers[0], (0..100).map(|_| training.bits()).collect::<Vec<_>>());
    assert_eq!(answers[1], (0..100).map(|_| other.unit().to_bits()).collect::<Vec<_>>());
    assert_eq!(answers[2], (0..100).map(|_| u64::from(order.below(large))).collect::<Vec<_>>());
    order = draws(Stream::Order);
    assert_eq!(answers[3], (0..100).map(|_| u64::from(order.below(6))).collect::<Vec<_>>());
    training = draws(Stream::Training);
    assert_eq!(answers[4], (0..50).flat_map(|_| training.direction().map(f64::to_bits)).collect::<Vec<_>>());
    let mut items: Vec<u32> = (0..100).collect();
    draws(Stream::Validation).permute(&mut items);
    assert_eq!(answers[5], items.into_iter().map(u64::from).collect::<Vec<_>>());
}

#[test]
fn data_are_those_of_the_contract() {
    let table = |name: &str| format!("{}/experiments/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let csv = |name: &str| Csv {
        file: table(name),
        label: "label".into(),
        negative: None,
        positive: None,
        features: None,
        standardise: true,
        validation: Validation::Share(0.3),
        seed: DataSeed::Fixed(Seed(7)),
    };
    let turned = Csv {
        negative: Some("1".into()),
        positive: Some("-1".into()),
        features: Some(vec!["petal_width".into()]),
        validation: Validation::File(table("iris_petals.csv")),
        standardise: false,
        ..csv("iris_petals.csv")
    };
    let (train, validation, seed) = (151, 100, DataSeed::PerRun);
    let sets = [
        Data::DoubleMoon(DoubleMoon { train, validation, ..DoubleMoon::default() }),
        Data::Circles(Circles { train, validation, seed, ..Circles::default() }),
        Data::Xor(Xor { train, validation, seed, ..Xor::default() }),
        Data::Spirals(Spirals { train, validation, seed, turns: 2.3, ..Spirals::default() }),
        // Blobs follow once the Python program has the section on mathematics.
        Data::Csv(csv("breast_cancer.csv")),
        // 30.5 rows, which are 31.
        Data::Csv(Csv { validation: Validation::Share(0.305), ..csv("iris_petals.csv") }),
        Data::Csv(turned),
    ];
    let run = Seed(2014);
    let requests: Vec<Value> = sets.iter().map(|data| json!({ "data": [run.0, data] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for (data, answer) in sets.iter().zip(answers) {
        let split = data.load(data.seeding().of(run)).unwrap();
        let found: Vec<u64> = bits(&split.train).chain(bits(&split.validation)).collect();
        let differs = found.iter().zip(&answer).position(|(ours, theirs)| ours != theirs);
        assert_eq!((differs, found.len()), (None, answer.len()), "{}: number {differs:?} differs", data.key());
    }
}
