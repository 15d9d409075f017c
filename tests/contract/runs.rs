//! Initializations, whole runs, digests, statistics.

use restudy::experiments::OfNetwork;

use super::*;

#[test]
fn initializations_are_those_of_the_contract() {
    let inits = [Init::Uniform, Init::Normal, Init::He, Init::Glorot];
    let cases = inits.into_iter().flat_map(|init| [(2, 7), (3, 5), (30, 2)].map(|(d, h)| (init, d, h)));
    let requests: Vec<Value> = cases.clone().map(|(init, d, h)| json!({ "initial": [init, d, h, 2014] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for ((init, d, hidden), answer) in cases.zip(answers) {
        let params = Model { hidden, init }.initial(d, Seed(2014));
        assert_eq!(json!(params.values().map(f64::to_bits).collect::<Vec<_>>()), answer, "{init:?}, {d} inputs");
    }
}

/// Runs of every kind, small enough for Python; each with the outcomes that must occur.
const STUDIES: [(&str, &str, &[&str]); 10] = [
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
        // An odd number of points; where the one hidden unit is off, all points have the same output.
        "auc",
        "double-moon = { train = 67, validation = 35 }\nmodel.hidden = 1\ntrain.epochs = 2
         evaluate.metrics = ['loss', 'error', 'auc', 'brier']\nsweep.seeds = 3\nsweep.'train.learning-rate' = [0.02, 5]",
        &["completed"],
    ),
    (
        "diverging",
        "blobs = { train = 12, validation = 8, seed = 'per-run' }\nmodel.hidden = 2\ntrain = { epochs = 30, learning-rate = 1e300 }
         evaluate = { every.steps = 5, metrics = ['loss', 'error', 'auc'] }\nsweep.'model.init' = ['uniform', 'normal']\nsweep.seeds = 2",
        &["diverged"],
    ),
    (
        "file",
        "csv = { file = 'iris_petals.csv', standardise = true, seed = 'per-run', validation = { share = 0.3 }, features = ['petal_width'] }
         model.hidden = 2\ntrain.epochs = 3\ntrain.sampling = 'shuffle'\nsweep.seeds = 2",
        &["completed"],
    ),
    (
        "folds",
        "csv = { file = 'iris_petals.csv', standardise = true, stratified = true, validation = { folds = 3 } }
         model.hidden = 2\ntrain.epochs = 1\nsweep.'data.csv.seed' = [3, 'per-run']\nsweep.seeds = 2",
        &["completed"],
    ),
    (
        "later",
        "csv = { file = 'iris_petals.csv', features = { except = ['petal_width'] }, missing = 'mean', header = true }
         model.hidden = 2\ntrain.epochs = 1\nsweep.'data.csv.stratified' = [true, false]\nsweep.seeds = 2",
        &["completed"],
    ),
];

pub(super) fn study(name: &str, text: &str) -> Study {
    let file = format!("{}/experiments/data/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    parse(name, Path::new(&file), &specification(text), &[]).unwrap()
}

#[test]
fn runs_are_those_of_the_contract() {
    let studies = STUDIES.map(|(name, text, _)| study(name, text));
    let networks = studies.each_ref().map(|study| NetworkExperiment::new(study, Simd::best()).unwrap());
    let tasks: Vec<_> =
        networks.iter().flat_map(|network| network.tasks().into_iter().map(move |task| (network, task))).collect();
    let requests: Vec<Value> = tasks
        .iter()
        .map(|(network, task)| {
            let trial = &network.study().trials[task.trial];
            let (data, setting) = (trial.data(), trial.setting());
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
        let records =
            network.run(std::slice::from_ref(task), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap().unwrap();
        let record = &records[0];
        let what = format!("{name}, trial {}, seed {}", task.trial, task.seed.0);
        assert_eq!(json!(record.id.to_string()), theirs["id"], "{what}: identity");
        let points: Vec<Vec<u64>> = record
            .observations
            .iter()
            .map(|point| {
                let metrics = point.values.iter().map(|value| value.to_bits());
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
            let params: Vec<u64> = record.kept.values.iter().copied().map(f64::to_bits).collect();
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
fn areas_under_the_curve_are_those_of_the_contract() {
    let mut draws = Draws::new(Seed(6), Stream::GradientCheck);
    let odd = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 5e-324, -5e-324, f64::MAX];
    let mut cases = Vec::new();
    for n in [2, 3, 7, 64, 65, 501] {
        for (steps, strange) in [(1e9, false), (2.0, false), (2.0, true)] {
            let outputs: Vec<f64> = (0..n)
                .map(|_| {
                    let drawn = (draws.normal() * steps).round() / steps;
                    if strange && draws.unit() < 0.3 { odd[draws.below(odd.len() as u32) as usize] } else { drawn }
                })
                .collect();
            let labels: Vec<f64> =
                (0..n).map(|i| if i == 0 || i > 1 && draws.unit() < 0.4 { 1.0 } else { -1.0 }).collect();
            cases.push((outputs, labels));
        }
    }
    let patterns = |outputs: &[f64]| outputs.iter().map(|output| output.to_bits()).collect::<Vec<_>>();
    let requests: Vec<Value> =
        cases.iter().map(|(outputs, labels)| json!({ "auc": [patterns(outputs), labels] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for ((outputs, labels), theirs) in cases.iter().zip(answers) {
        assert_eq!(json!(Metric::Auc.of(outputs, labels).to_bits()), theirs, "{outputs:?} {labels:?}");
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
fn the_choice_of_a_best_trial_is_that_of_the_contract() {
    let mut draws = Draws::new(Seed(4), Stream::GradientCheck);
    let mut samples: Vec<Vec<f64>> = [0, 1, 2, 5, 6, 13, 30, 60]
        .map(|n| (0..n).map(|_| (4.0 * draws.normal()).round() / 4.0 + 0.5).collect())
        .to_vec();
    samples.extend([vec![1.0; 301], vec![f64::INFINITY, 1.0, -2.0, f64::INFINITY, -0.5, 3.0, 0.0], vec![7.0; 120]]);
    let patterns = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let mut requests: Vec<Value> = samples.iter().map(|values| json!({ "signed-rank": [patterns(values)] })).collect();
    let counts = [
        (34, 100, 46, 100),
        (5, 10, 1, 2),
        (0, 30, 1, 10),
        (400, 1000, 500, 1000),
        (0, 9, 0, 3),
        (8, 9, 3, 3),
        (60, 100, 46, 100),
    ];
    requests.extend(counts.map(|(k, n, w, g)| json!({ "at-most": [k, n, w, g] })));
    let error = |mean: f64, draws: &mut Draws| ((mean + 0.03 * draws.normal()).clamp(0.0, 1.0) * 50.0).round() / 50.0;
    let mut studies = Vec::new();
    for (trials, seeds, step) in [(1, 4, 0.0), (2, 8, 0.1), (3, 5, 0.0), (4, 12, 0.02), (6, 20, 0.05), (5, 15, 0.0)] {
        let trial = |place: usize, draws: &mut Draws| {
            (0..seeds).map(|seed| (Seed(seed), error(0.1 + step * place as f64, draws))).collect::<BTreeMap<_, _>>()
        };
        let mut trials: Vec<_> = (0..trials).map(|place| trial(place, &mut draws)).collect();
        trials.push(trials[0].clone());
        if let Some(last) = trials.get_mut(2) {
            last.remove(&Seed(1));
        }
        studies.push(trials);
    }
    let trial = |values: &[f64]| (0..).map(Seed).zip(values.iter().copied()).collect::<BTreeMap<_, _>>();
    let shares = |values: [u32; 8]| trial(&values.map(|count| f64::from(count) / 1000.0));
    // Equal counts whose shares differ in their last bits; infinite and undefined values; a trial without runs; only
    // ties.
    studies.push(vec![
        shares([193, 194, 195, 196, 197, 198, 199, 141]),
        shares([194, 195, 196, 197, 198, 199, 200, 140]),
        trial(&[f64::INFINITY; 8]),
        trial(&[0.5, f64::NAN, 0.1]),
        trial(&[]),
    ]);
    studies.push(vec![trial(&[f64::INFINITY; 7]); 2]);
    let pairs = |trial: &BTreeMap<Seed, f64>| trial.iter().map(|(seed, x)| (seed.0, x.to_bits())).collect::<Vec<_>>();
    for (place, trials) in studies.iter().enumerate() {
        let trials: Vec<_> = trials.iter().map(pairs).collect();
        let constant = if place == 3 { Value::Null } else { json!([10 + place, 50, 50]) };
        requests.push(json!({ "choose": [trials, place % 2 == 1, constant] }));
        requests.push(json!({ "choose": [trials, place % 2 == 1, constant, 9 * place] }));
        requests.push(json!({ "best": [trials, place % 2 == 1, 3] }));
    }
    let Some(answers) = ask(&requests) else { return };
    let mut answers = answers.into_iter();
    for values in &samples {
        assert_eq!(json!([signed_rank(values).p.to_bits()]), answers.next().unwrap(), "{values:?}");
    }
    for (k, n, w, g) in counts {
        assert_eq!(json!(binomial_at_most(k, n, w, g).to_bits()), answers.next().unwrap(), "{k} of {n}");
    }
    for (place, trials) in studies.iter().enumerate() {
        let better = if place % 2 == 1 { Direction::Higher } else { Direction::Lower };
        let constant = Constant { wrong: 10 + place as u64, points: 50, seen: 50, fixed: true, divided: false };
        let constant = (place != 3).then_some(constant);
        let all = [choose(trials, better, constant), choose_among(trials, better, constant, 9 * place)];
        for ours in all.map(Option::unwrap) {
            let beyond = ours.constant.map_or(json!([]), |beyond| json!([beyond.wrong, beyond.beaten]));
            let ours = json!([ours.leader, ours.equals, ours.worse, ours.unsure, ours.p.to_bits(), ours.seeds, beyond]);
            assert_eq!(ours, answers.next().unwrap(), "study {place}");
        }
        assert_eq!(json!(best(trials, better, 3)), answers.next().unwrap(), "study {place}");
    }
}

#[test]
fn statistics_are_those_of_the_contract() {
    let mut draws = Draws::new(Seed(3), Stream::GradientCheck);
    let mut samples: Vec<Vec<f64>> = (0..8).chain([13]).map(|n| (0..n).map(|_| draws.normal()).collect()).collect();
    samples.push(vec![0.25; 5]);
    samples.push(vec![1.0, f64::INFINITY, 0.5, f64::INFINITY]);
    samples.push(vec![1e300, 3e300, 5e-324]);
    samples.push(vec![1e300, 3e300, 5e-324, 1e308, 2.0, 7.0]);
    samples.push(vec![0.0, 1e-200, 0.0, 2e-200, 0.0]);
    samples.push(vec![0.0, -0.0, 0.0, 0.0, -0.0, 0.0]);
    for n in [6, 30, 149, 300] {
        samples.push((0..n).map(|_| if draws.unit() < 0.1 { 0.3 } else { 0.0 }).collect());
    }
    let asked = [(1, 0.95, Range::Any), (2, 0.95, Range::Any), (2, 0.99, Range::NotNegative), (2, 0.6, Range::Share)];
    let patterns = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let of = |values: &Vec<f64>| {
        asked.map(|(version, level, range)| json!({ "statistics": [version, level, patterns(&range.ends()), patterns(values)] }))
    };
    let mut requests: Vec<Value> = samples.iter().flat_map(of).collect();
    let trial = |values: [f64; 4], first| (first..).map(Seed).zip(values).collect::<BTreeMap<Seed, f64>>();
    let (mut a, mut b) = (trial([0.1, f64::INFINITY, 0.3, 0.7], 5), trial([f64::INFINITY, 0.2, 0.9, 0.4], 6));
    a.extend(trial([0.5, 0.25, 0.125, 0.75], 20));
    b.extend(trial([0.25, 0.5, 0.875, 0.125], 20));
    let pairs = |trial: &BTreeMap<Seed, f64>| trial.iter().map(|(seed, x)| (seed.0, x.to_bits())).collect::<Vec<_>>();
    requests.push(json!({ "paired": [pairs(&a), pairs(&b)] }));
    let Some(answers) = ask(&requests) else { return };
    let each = samples.iter().flat_map(|values| asked.map(|asked| (values, asked)));
    for ((values, (version, level, range)), theirs) in each.zip(&answers) {
        let interval = if version == 1 { bootstrap_mean(values) } else { Within::new(level).mean(values, range) };
        let ours = [mean(values), sd(values), median(values), iqm(values), interval.low, interval.high];
        assert_eq!(json!(ours.map(f64::to_bits)), *theirs, "statistics {version} of {values:?}, {level}, {range:?}");
    }
    let ours = paired(&a, &b, Direction::Lower);
    let numbers = [ours.difference, ours.interval.low, ours.interval.high];
    assert_eq!(json!(numbers.map(f64::to_bits)), answers[asked.len() * samples.len()]);
}

#[test]
fn shares_and_bounds_are_those_of_the_contract() {
    let cases = [
        (0, 30, 0.95),
        (29, 30, 0.95),
        (1, 3, 0.99),
        (30, 30, 0.9),
        (500, 1000, 0.95),
        (0, 0, 0.95),
        (0, 1, 0.5),
        (7, 4000, 0.95),
    ];
    let requests = cases.map(|(k, n, level)| json!({ "share": [k, n, level] }));
    let Some(answers) = ask(&requests) else { return };
    for ((k, n, level), theirs) in cases.into_iter().zip(answers) {
        let interval = share(k, n, level);
        let ours = [interval.low, interval.high, unseen(n, level), outside(n, level)];
        assert_eq!(json!(ours.map(f64::to_bits)), theirs, "{k} of {n} at {level}");
    }
}
