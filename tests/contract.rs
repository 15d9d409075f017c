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
    data::{Blobs, Circles, Csv, Data, DataSeed, Dataset, DoubleMoon, Source, Spirals, Validation, Xor},
    digest::{Digest, root},
    math,
    metric::Direction,
    model::{Init, Model},
    run::{Experiment, Network},
    seed::{Draws, Seed, Stream},
    stats::{bootstrap_mean, iqm, mean, median, paired, sd},
    sweep::{Scalar, Study, parse},
    train::{Kernel, Outcome},
};
use serde_json::{Value, json};

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
        json!({ "normal": [seed, Stream::Initialisation as u64, 301] }),
    ];
    let Some(answers) = ask(&requests) else { return };
    let mut order = draws(Stream::Order);
    let mut training = draws(Stream::Training);
    let mut other = Draws::new(Seed(u64::MAX), Stream::Order);
    assert_eq!(answers[0], json!((0..100).map(|_| training.bits()).collect::<Vec<_>>()));
    assert_eq!(answers[1], json!((0..100).map(|_| other.unit().to_bits()).collect::<Vec<_>>()));
    assert_eq!(answers[2], json!((0..100).map(|_| u64::from(order.below(large))).collect::<Vec<_>>()));
    order = draws(Stream::Order);
    assert_eq!(answers[3], json!((0..100).map(|_| u64::from(order.below(6))).collect::<Vec<_>>()));
    training = draws(Stream::Training);
    assert_eq!(answers[4], json!((0..50).flat_map(|_| training.direction().map(f64::to_bits)).collect::<Vec<_>>()));
    let mut items: Vec<u32> = (0..100).collect();
    draws(Stream::Validation).permute(&mut items);
    assert_eq!(answers[5], json!(items));
    let mut initialisation = draws(Stream::Initialisation);
    assert_eq!(answers[6], json!((0..301).map(|_| initialisation.normal().to_bits()).collect::<Vec<_>>()));
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
        Data::Blobs(Blobs { train, validation, seed, ..Blobs::default() }),
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
        let theirs: Vec<u64> = serde_json::from_value(answer[0].clone()).unwrap();
        let differs = found.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
        assert_eq!((differs, found.len()), (None, theirs.len()), "{}: number {differs:?} differs", data.key());
        assert_eq!(answer[1], json!(Digest::of_split(&split).to_string()), "{}", data.key());
    }
}

type Function = fn(f64) -> f64;

#[test]
fn functions_are_those_of_the_contract() {
    let mut draws = Draws::new(Seed(1), Stream::GradientCheck);
    let mut arguments = vec![
        0.0,
        1.0,
        2.0,
        0.5,
        std::f64::consts::SQRT_2,
        std::f64::consts::FRAC_1_SQRT_2,
        709.782_712_893_384,
        709.782_712_893_385,
        710.0,
        745.133_219_101_941,
        745.133_219_101_942,
        746.0,
        36.736_800_569_677_1,
        1e-17,
        1e300,
        f64::EPSILON,
        f64::MIN_POSITIVE,
        f64::MIN_POSITIVE / 3.0,
        f64::from_bits(1),
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    arguments.extend((0..60).map(|_| 800.0 * draws.unit())); // all of exp
    arguments.extend((0..60).map(|_| 2.0 * draws.unit())); // around 1, and 1 + x around 0
    arguments.extend((0..60).map(|_| 1.0 + 1e-8 * draws.normal()));
    arguments.extend((0..60).map(|_| f64::from_bits(draws.bits()))); // any size
    let negative: Vec<f64> = arguments.iter().map(|x| -x).collect();
    arguments.extend(negative);
    let patterns: Vec<u64> = arguments.iter().map(|x| x.to_bits()).collect();
    let functions: [(&str, Function); 5] = [
        ("exp", math::exp),
        ("ln", math::ln),
        ("ln_1p", math::ln_1p),
        ("sigmoid", math::sigmoid),
        ("softplus", math::softplus),
    ];
    let requests: Vec<Value> = functions.iter().map(|(name, _)| json!({ "function": [name, patterns] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for ((name, function), answer) in functions.iter().zip(answers) {
        for (x, theirs) in arguments.iter().zip(answer.as_array().unwrap()) {
            let theirs = pattern(f64::from_bits(theirs.as_u64().unwrap()));
            assert_eq!(pattern(function(*x)), theirs, "{name}({x:e})");
        }
    }
}

#[test]
fn initialisations_are_those_of_the_contract() {
    let inits = [Init::Uniform, Init::Normal, Init::He, Init::Glorot];
    let cases = inits.into_iter().flat_map(|init| [(2, 7), (3, 5), (30, 2)].map(|(d, h)| (init, d, h)));
    let requests: Vec<Value> = cases.clone().map(|(init, d, h)| json!({ "initial": [init, d, h, 2014] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for ((init, d, hidden), answer) in cases.zip(answers) {
        let params = Model { hidden, init }.initial(d, Seed(2014));
        assert_eq!(json!(params.values().map(f64::to_bits).collect::<Vec<_>>()), answer, "{init:?}, {d} inputs");
    }
}

/// Runs of every kind, small enough for Python; each with the outcomes that must be among its runs.
const STUDIES: [(&str, &str, &[&str]); 7] = [
    ("plain", "double-moon = { train = 60, validation = 40 }\nmodel.hidden = 3\ntrain.epochs = 6\nsweep.seeds = [8, 2]", &["completed"]),
    (
        "stopping",
        "blobs = { train = 31, validation = 9, distance = 9 }\nmodel.init = 'glorot'\ntrain = { epochs = 40, sampling = 'shuffle' }
         stop.zero-error-epochs = 3\nsweep.seeds = 3\nsweep.'train.learning-rate' = [0.3, 0.0001]",
        &["converged", "completed"],
    ),
    (
        "steps",
        "xor = { train = 25, validation = 10, seed = 'per-run' }\nmodel.init = 'he'\nmodel.hidden = 5\ntrain.epochs = 5
         evaluate.every.steps = 7\nstop.loss-below = 0.45\nsweep.seeds = 4\nsweep.'train.learning-rate' = [0.02, 0.5]",
        &["converged", "completed"],
    ),
    (
        "large-rate",
        "circles = { train = 40, validation = 20 }\nmodel.init = 'uniform'\nmodel.hidden = 4\ntrain = { epochs = 4, learning-rate = 20 }
         evaluate.every.epochs = 3\nsweep.seeds = 2",
        &["completed"],
    ),
    (
        "brier",
        "spirals = { train = 30, validation = 30, turns = 1 }\nmodel.hidden = 70\nmodel.init = 'he'\ntrain.epochs = 2
         evaluate.metrics = ['loss', 'error', 'brier']\nsweep.seeds = { from = 18446744073709551, count = 1 }",
        &["completed"],
    ),
    (
        "diverging",
        "blobs = { train = 12, validation = 8, seed = 'per-run' }\nmodel.hidden = 2\ntrain = { epochs = 30, learning-rate = 1e300 }
         evaluate.every.steps = 5\nsweep.'model.init' = ['uniform', 'normal']\nsweep.seeds = 2",
        &["diverged"],
    ),
    (
        "file",
        "csv = { file = 'iris_petals.csv', standardise = true, seed = 'per-run', validation = { share = 0.3 }, features = ['petal_width'] }
         model.hidden = 2\ntrain.epochs = 3\ntrain.sampling = 'shuffle'\nsweep.seeds = 2",
        &["completed"],
    ),
];

/// The text of a specification: what stands in `STUDIES`, the first line below `data`.
fn specification(text: &str) -> String {
    format!("study.question = 'Does Python agree?'\ndata.{text}\n")
}

fn study(name: &str, text: &str) -> Study {
    let file = format!("{}/experiments/data/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    parse(name, Path::new(&file), &specification(text), &[]).unwrap()
}

#[test]
fn runs_are_those_of_the_contract() {
    let studies = STUDIES.map(|(name, text, _)| study(name, text));
    let networks = studies.each_ref().map(|study| Network::new(study, Kernel::best()).unwrap());
    let tasks: Vec<_> =
        networks.iter().flat_map(|network| network.tasks().into_iter().map(move |task| (network, task))).collect();
    let requests: Vec<Value> = tasks
        .iter()
        .map(|(network, task)| {
            let trial = &network.study().trials[task.trial];
            let (data, setting) = (&trial.data, &trial.setting);
            let parts = json!({
                "data": data, "model": setting.model, "train": setting.train, "evaluate": setting.evaluate, "stop": setting.stop,
            });
            json!({ "run": [parts, task.seed.0] })
        })
        .collect();
    let Some(answers) = ask(&requests) else { return };
    let mut outcomes = BTreeMap::<&str, Vec<&str>>::new();
    let mut runs = Vec::new();
    for ((network, task), theirs) in tasks.iter().zip(answers) {
        let name = network.study().name.as_str();
        let records = network.run(std::slice::from_ref(task), &mut |_, _| ControlFlow::Continue(())).unwrap().unwrap();
        let record = &records[0];
        let what = format!("{name}, trial {}, seed {}", task.trial, task.seed.0);
        assert_eq!(json!(record.id.to_string()), theirs["id"], "{what}: identity");
        let points: Vec<Vec<u64>> = record
            .points
            .iter()
            .map(|point| {
                let metrics = point.train.iter().chain(&point.validation).map(|value| value.to_bits());
                [point.epoch, point.step].into_iter().chain(metrics).collect()
            })
            .collect();
        assert_eq!(json!(points), theirs["points"], "{what}: measurements");
        assert_eq!(
            json!(record.chain.iter().map(Digest::to_string).collect::<Vec<_>>()),
            theirs["chain"],
            "{what}: chain"
        );
        if !matches!(record.outcome, Outcome::Diverged { .. }) {
            let params: Vec<u64> = record.params.values().map(f64::to_bits).collect();
            assert_eq!(json!(params), theirs["params"], "{what}: parameters");
        }
        assert_eq!(json!(record.digest().to_string()), theirs["digest"], "{what}: digest");
        let name = network.study().name.as_str();
        outcomes.entry(name).or_default().push(match record.outcome {
            Outcome::Completed => "completed",
            Outcome::Converged { .. } => "converged",
            _ => "diverged",
        });
        runs.push((record.id, record.digest()));
    }
    for (name, _, expected) in STUDIES {
        assert!(expected.iter().all(|outcome| outcomes[name].contains(outcome)), "{name}: {:?}", outcomes[name]);
    }
    let sizes = 0..runs.len();
    let requests: Vec<Value> = sizes
        .clone()
        .map(|n| json!({ "root": [runs[..n].iter().map(|(id, digest)| [id.to_string(), digest.to_string()]).collect::<Vec<_>>()] }))
        .collect();
    for (n, theirs) in sizes.zip(ask(&requests).unwrap()) {
        assert_eq!(json!(root(runs[..n].iter().copied()).to_string()), theirs, "the root of {n} runs");
    }
}

#[test]
fn digests_are_blake3() {
    let texts: Vec<String> = [0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 3073, 7169].map(|n| "a".repeat(n)).to_vec();
    let requests: Vec<Value> = texts.iter().map(|text| json!({ "blake3": [text] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for (text, theirs) in texts.iter().zip(answers) {
        assert_eq!(json!(Digest::of(text.as_bytes()).to_string()), theirs, "{} bytes", text.len());
    }
}

#[test]
fn statistics_are_those_of_the_contract() {
    let mut draws = Draws::new(Seed(3), Stream::GradientCheck);
    let mut samples: Vec<Vec<f64>> = (0..8).chain([13]).map(|n| (0..n).map(|_| draws.normal()).collect()).collect();
    samples.push(vec![0.25; 5]);
    samples.push(vec![1.0, f64::INFINITY, 0.5, f64::INFINITY]);
    samples.push(vec![1e300, 3e300, 5e-324]);
    let patterns = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let mut requests: Vec<Value> = samples.iter().map(|values| json!({ "statistics": [patterns(values)] })).collect();
    let trial = |values: [f64; 4], first| (first..).map(Seed).zip(values).collect::<BTreeMap<Seed, f64>>();
    let (a, b) = (trial([0.1, f64::INFINITY, 0.3, 0.7], 5), trial([f64::INFINITY, 0.2, 0.9, 0.4], 6));
    let pairs = |trial: &BTreeMap<Seed, f64>| trial.iter().map(|(seed, x)| (seed.0, x.to_bits())).collect::<Vec<_>>();
    requests.push(json!({ "paired": [pairs(&a), pairs(&b)] }));
    let Some(answers) = ask(&requests) else { return };
    for (values, theirs) in samples.iter().zip(&answers) {
        let interval = bootstrap_mean(values);
        let ours = [mean(values), sd(values), median(values), iqm(values), interval.low, interval.high];
        assert_eq!(json!(ours.map(f64::to_bits)), *theirs, "statistics of {values:?}");
    }
    let ours = paired(&a, &b, Direction::Lower);
    let numbers = [ours.difference, ours.interval.low, ours.interval.high];
    assert_eq!(json!(numbers.map(f64::to_bits)), answers[samples.len()]);
}

/// The program makes results; Python recomputes them from study.toml alone, and finds what was tampered with.
#[test]
fn results_are_those_of_the_contract() {
    let Some(mut recompute) = python("recompute.py") else { return };
    let place = tempfile::tempdir().unwrap();
    let table = "x1,\"x, two\",kind\n1.5,2e-3,no\n-0.0,1,yes\n3,.5,no\n4,1.,yes\n0.1,7,no\n6,5,yes\n";
    fs::write(place.path().join("table.csv"), table).unwrap();
    let specs = [
        (
            "grid",
            "spirals = { train = 20, validation = 10 }\ntrain.epochs = 4\nevaluate.metrics = ['loss', 'error', 'brier']
             sweep.'data.spirals.seed' = [3, 'per-run']\nsweep.'model.hidden' = [2, 3, 4]\nsweep.'model.init' = ['he', 'uniform']
             sweep.'train.learning-rate' = { from = 0.01, to = 1, steps = 3, scale = 'log' }\nsweep.seeds = [9, 4, 1]
             sweep.zip = [['model.hidden', 'train.learning-rate']]\nsweep.exclude = [{ 'model.hidden' = 3, 'model.init' = 'he' }]",
        ),
        (
            "random",
            "csv = { file = 'table.csv', label = 'kind', negative = 'no', positive = 'yes', validation = { file = 'table.csv' } }
             train.epochs = 5\nsweep.random = { trials = 2 }\nsweep.'data.csv.standardise' = [true, false]
             sweep.'train.learning-rate' = { log-uniform = [0.01, 1e300] }\nsweep.'evaluate.every.steps' = [4, 100]\nsweep.seeds = 2",
        ),
    ];
    for (name, text) in specs {
        let spec = place.path().join(name).with_extension("toml");
        // One figure, so that the program does not draw all that the axes allow.
        fs::write(&spec, specification(text) + "figures.one.strip.metric = 'error'\n").unwrap();
        let swept = Command::new(env!("CARGO_BIN_EXE_restudy"))
            .current_dir(place.path())
            .args(["sweep", "--progress", "none", "--quiet"])
            .arg(&spec)
            .output()
            .unwrap();
        assert!(swept.status.success(), "{}", String::from_utf8_lossy(&swept.stderr));
        let found = python("recompute.py").unwrap().arg(place.path().join("results").join(name)).output().unwrap();
        let told = String::from_utf8(found.stdout).unwrap() + &String::from_utf8(found.stderr).unwrap();
        assert!(found.status.success(), "{told}");
        assert!(told.contains("root  ") && told.contains("table weights  ") && !told.contains("DIFFERS"), "{told}");
    }
    let folder = place.path().join("results/grid");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let start = manifest.find("\"trial\":1,\"seed\":4,\"digest\":\"").unwrap() + 31;
    let forged = manifest.replacen(&manifest[start..start + 8], "01234567", 1);
    fs::write(folder.join("manifest.json"), forged).unwrap();
    let found = recompute.arg(&folder).output().unwrap();
    let told = String::from_utf8(found.stdout).unwrap();
    assert_eq!(found.status.code(), Some(1), "{told}");
    assert_eq!(told.lines().filter(|line| line.contains("DIFFERS")).count(), 1, "{told}");
}

/// The text says which settings there are, of which kind and with which defaults; and its values to check by are true.
#[test]
fn the_text_of_the_contract_tells_the_truth() {
    let text = include_str!("../src/contract.md");
    let csv = "csv.file = 'iris_petals.csv'";
    for data in ["double-moon = {}", "circles = {}", "xor = {}", "spirals = {}", "blobs = {}", csv] {
        for (path, value) in study("defaults", data).trials[0].settings() {
            let sections = ["data.double-moon", "data.circles", "data.xor", "data.spirals", "data.blobs", "data.csv"];
            let mut sections = sections.into_iter().chain(["model", "train", "evaluate", "stop"]);
            let section = sections.find(|section| path.starts_with(&format!("{section}."))).unwrap();
            let line = text.lines().find(|line| line.starts_with(&format!("{section} "))).unwrap();
            let name = &path[section.len() + 1..];
            let stated = match value {
                Scalar::Text(_) if name == "file" => "file s".into(),
                Scalar::Text(value) => format!("{name} s {value}"),
                Scalar::Whole(value) => format!("{name} u {value}"),
                Scalar::Float(value) => format!("{name} f {value}"),
            };
            assert!(format!("{line},").contains(&format!(" {stated},")), "{path}: {stated:?} is not in {line:?}");
        }
    }
    let small = "double-moon = { train = 100, validation = 100 }\nmodel.hidden = 3\ntrain.epochs = 2";
    let small = study("small", small);
    let network = Network::new(&small, Kernel::best()).unwrap();
    let record = &network.run(&network.tasks(), &mut |_, _| ControlFlow::Continue(())).unwrap().unwrap()[0];
    let split = network.split(0, Seed(0)).unwrap();
    for digest in [record.id, record.digest(), Digest::of_split(&split)] {
        assert!(text.contains(&format!("`{digest}`")), "{digest}");
    }
    let hashed = &text[text.find("restudy/id\n").unwrap()..];
    let hashed = &hashed[..hashed.find("```").unwrap()];
    assert_eq!(Digest::of(hashed.as_bytes()), record.id);
    for (point, link) in record.points.iter().zip(&record.chain) {
        let metrics: Vec<String> = point.train.iter().chain(&point.validation).map(f64::to_string).collect();
        let row = format!("| {} | {} | `{}` |", point.step, metrics.join(" | "), &link.to_string()[..8]);
        assert!(text.contains(&row), "{row}");
    }
    let mut draws = Draws::new(Seed(2014), Stream::Initialisation);
    let sample = [1.0, 2.0, 4.0, 8.0, 16.0];
    let interval = bootstrap_mean(&sample);
    let mut items: Vec<u32> = (0..8).collect();
    Draws::new(Seed(0), Stream::Validation).permute(&mut items);
    let items: Vec<String> = items.iter().map(u32::to_string).collect();
    for value in [
        format!("first unit is `{}`", Draws::new(Seed(0), Stream::Training).unit()),
        format!("is {}. The first normals", items.join(", ")),
        format!("are `{}` and `{}`", draws.normal(), draws.normal()),
        format!("`exp(1) = {}`, `ln(3) = {}`", math::exp(1.0), math::ln(3.0)),
        format!("`ln_1p(-0.5) = {}`, `sigmoid(-3) = {}`", math::ln_1p(-0.5), math::sigmoid(-3.0)),
        format!("`softplus(-3) = {}`", math::softplus(-3.0)),
        format!("deviation `{}`, the inter-quartile mean `{}`", sd(&sample), iqm(&sample)),
        format!("interval from `{}` to `{}`", interval.low, interval.high),
    ] {
        assert!(text.replace('\n', " ").contains(&value), "{value}");
    }
}
