//! The time of a sweep from end to end, and of its stages: expansion, training, tables, digests, figures, the report.
//!
//! ```text
//! cargo bench --profile dev --bench sweep
//! ```
//!
//! The study has the 720 runs of `experiments/grid.toml` with all their measurements, but few points, so that tables
//! and figures have their real size. Single stages run on one thread; `all_files` is the work of a sweep after
//! training, on all threads.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{LazyLock, Mutex, atomic::AtomicBool},
};

use divan::{Bencher, counter::ItemsCount};
use polars::prelude::DataFrame;
use restudy::{
    digest::{Digest, Record},
    drawer,
    figure::{Figure, Tables, png, svg},
    metric::Metric,
    plane,
    results::{Attachments, Maker, points, render},
    run::{NetworkExperiment, RunError, Task, execute},
    sweep::{Study, parse},
    table::{self, RunRow},
    train::Simd,
};

const STUDY: &str = r#"
[study]
question = "How long does a study take?"
[data.double-moon]
train = 40
validation = 40
[train]
epochs = 100
[sweep]
"model.hidden" = [1, 2, 5, 7, 10, 100]
"train.learning-rate" = { from = 0.002, to = 2, steps = 4, scale = "log" }
seeds = 30
"#;

/// 720 trials and one seed.
const TRIALS: &str = r#"
[study]
question = "How long does a study take?"
[data.double-moon]
[sweep]
"model.hidden" = [1, 2, 5, 7, 10, 100]
"train.learning-rate" = { from = 0.002, to = 2, steps = 4, scale = "log" }
"data.double-moon.seed" = { from = 0, to = 29, steps = 30 }
"#;

fn main() {
    divan::main();
}

fn study(text: &str) -> Study {
    parse("bench", Path::new("bench.toml"), text, &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// The study with all its records and tables.
struct Completed {
    network: NetworkExperiment<'static>,
    tasks: Vec<Task>,
    records: Vec<Record>,
    tables: BTreeMap<&'static str, DataFrame>,
}

static COMPLETED: LazyLock<Completed> = LazyLock::new(|| {
    let network = network(Box::leak(Box::new(study(STUDY))));
    let tasks = network.tasks();
    let records = run(&network, &tasks);
    let rows = rows(&tasks, &records);
    let study = network.study();
    let tables = BTreeMap::from([
        ("metrics", table::metrics(study, &rows)),
        ("points", points(&network).expect("a generator does not fail")),
        ("runs", table::runs(study, &rows)),
        ("weights", table::weights(study, &rows)),
    ]);
    Completed { tables, network, tasks, records }
});

fn network(study: &Study) -> NetworkExperiment<'_> {
    NetworkExperiment::new(study, Simd::best()).expect("a generator does not fail")
}

/// The records, in the order of the tasks.
fn run(network: &NetworkExperiment<'_>, tasks: &[Task]) -> Vec<Record> {
    let records = Mutex::new(BTreeMap::<Digest, Record>::new());
    let commit = |done: Vec<Record>| {
        let mut records = records.lock().expect("the lock is not poisoned");
        records.extend(done.into_iter().map(|record| (record.id, record)));
        Ok::<_, RunError>(())
    };
    execute(network, tasks, &commit, &|_| (), &AtomicBool::new(false)).expect("a generator does not fail");
    let mut records = records.into_inner().expect("the lock is not poisoned");
    tasks.iter().map(|task| records.remove(&task.id).expect("every task is done")).collect()
}

fn rows<'a>(tasks: &[Task], records: &'a [Record]) -> Vec<RunRow<'a>> {
    let row = |(task, record): (&Task, &'a Record)| RunRow { trial: task.trial, seed: task.seed, record };
    tasks.iter().zip(records).map(row).collect()
}

/// From the text of a specification to 720 checked trials.
#[divan::bench]
fn expansion() -> Study {
    study(TRIALS)
}

/// The training of 720 runs by the executor: 2.9 million steps, and twice as many measured points.
#[divan::bench(args = [1, 2], max_time = 5)]
fn execution(bencher: Bencher<'_, '_>, threads: usize) {
    let Completed { network, tasks, .. } = &*COMPLETED;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
    let steps = 720 * 100 * 40_u64;
    bencher.counter(ItemsCount::new(steps)).bench_local(|| pool.install(|| run(network, tasks)));
}

#[divan::bench(args = ["metrics", "runs", "weights", "summary"], max_time = 1)]
fn table_of(bencher: Bencher<'_, '_>, name: &str) {
    let Completed { network, tasks, records, .. } = &*COMPLETED;
    let rows = rows(tasks, records);
    let study = network.study();
    match name {
        "metrics" => bencher.bench_local(|| table::metrics(study, &rows)),
        "runs" => bencher.bench_local(|| table::runs(study, &rows)),
        "weights" => bencher.bench_local(|| table::weights(study, &rows)),
        _ => bencher.bench_local(|| table::summary(study, &rows)),
    }
}

#[divan::bench(args = ["metrics", "runs", "weights"], max_time = 1)]
fn logical_digest(bencher: Bencher<'_, '_>, name: &str) {
    let table = &COMPLETED.tables[name];
    bencher.bench_local(|| table::logical_digest(table));
}

#[divan::bench(args = ["metrics", "runs", "weights"], max_time = 1)]
fn parquet(bencher: Bencher<'_, '_>, name: &str) {
    let table = &COMPLETED.tables[name];
    bencher.bench_local(|| table::write(table));
}

/// The figures of a study without a table of figures.
fn figures() -> impl Iterator<Item = String> {
    study(STUDY).spec.figures.into_keys()
}

#[divan::bench(args = figures(), max_time = 1)]
fn figure_svg(bencher: Bencher<'_, '_>, name: &str) {
    draw(bencher, name, |figure, tables| svg(figure, "", tables).map(String::into_bytes));
}

#[divan::bench(args = figures(), max_time = 1)]
fn figure_png(bencher: Bencher<'_, '_>, name: &str) {
    draw(bencher, name, |figure, tables| png(figure, "", tables));
}

fn draw<E>(bencher: Bencher<'_, '_>, name: &str, draw: impl Fn(&Figure, &Tables<'_>) -> Result<Vec<u8>, E>) {
    let Completed { network, tables, .. } = &*COMPLETED;
    let (axes, measurements) = (network.study().axis_infos(), network.study().measurements());
    let objective = Metric::objective();
    let tables = Tables {
        runs: &tables["runs"],
        metrics: &tables["metrics"],
        weights: &tables["weights"],
        points: &tables["points"],
        axes: &axes,
        measurements: &measurements,
        objective: &objective,
        confidence: 0.95,
        fields: &plane::field,
    };
    let figure = drawer::typed(&network.study().spec.figures[name]);
    bencher.bench_local(|| draw(&figure, &tables));
}

/// All computed files of the results folder, as bytes.
#[divan::bench(max_time = 5)]
fn all_files(bencher: Bencher<'_, '_>) {
    let Completed { network, tasks, records, .. } = &*COMPLETED;
    let rows = rows(tasks, records);
    bencher.bench_local(|| render(network, &rows, Path::new("results/bench"), &Attachments::default(), Maker::OURS));
}
