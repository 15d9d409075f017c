//! The small study of this example. It needs an allocator and no operating system.

use alloc::{vec, vec::Vec};
use core::ops::ControlFlow;

use restudy_core::{
    digest::{Digest, Value, root, run_id},
    seed::Seed,
};
use restudy_network::{
    data::{Blobs, Circles, Data, DoubleMoon, Source, Spirals, Xor},
    metric::Metric,
    model::{Init, Model},
    record::record,
    train::{Evaluate, Every, Job, Sampling, Setting, Simd, Stop, Train},
};

/// One trial for each data set, initialization and sampling; together they use every operation of the contract.
fn trials() -> Vec<(Data, Setting)> {
    let data = [
        Data::DoubleMoon(DoubleMoon { train: 100, validation: 50, ..DoubleMoon::default() }),
        Data::Circles(Circles { train: 100, validation: 50, ..Circles::default() }),
        Data::Xor(Xor { train: 100, validation: 50, ..Xor::default() }),
        Data::Spirals(Spirals { train: 100, validation: 50, ..Spirals::default() }),
        Data::Blobs(Blobs { train: 100, validation: 50, ..Blobs::default() }),
    ];
    let inits = [Init::Normal, Init::Uniform, Init::He, Init::Glorot, Init::Normal];
    let trial = |(i, data): (usize, Data)| {
        let setting = Setting {
            model: Model { hidden: 3 + 2 * i as u32, init: inits[i] },
            train: Train {
                epochs: 20,
                learning_rate: [0.02, 0.2, 0.05, 0.1, 2.0][i],
                sampling: if i % 2 == 0 { Sampling::WithReplacement } else { Sampling::Shuffle },
            },
            evaluate: Evaluate {
                every: if i == 2 { Every::Steps(150) } else { Every::Epochs(1) },
                metrics: vec![Metric::Loss, Metric::Error, Metric::Brier],
            },
            stop: Stop { zero_error_epochs: (i == 4).then_some(2), loss_below: (i == 1).then_some(0.05) },
        };
        (data, setting)
    };
    data.into_iter().enumerate().map(trial).collect()
}

/// The root over all trials under seeds 0 to 9, trained in groups of `lanes`.
pub fn study(simd: Simd, lanes: usize) -> Digest {
    let mut runs = Vec::new();
    for (data, setting) in trials() {
        let split = data.load(Seed(2014)).expect("a generator does not fail");
        let seeds: Vec<_> = (0..10).map(Seed).collect();
        for seeds in seeds.chunks(lanes) {
            let jobs: Vec<_> = seeds.iter().map(|&seed| Job { setting: &setting, split: &split, seed }).collect();
            let id = |&seed| run_id([("data", Value::String(data.key().into()))], seed);
            let ids: Vec<_> = seeds.iter().map(id).collect();
            let records = record(simd, &jobs, &ids, &mut |_, _| ControlFlow::Continue(()));
            runs.extend(records.into_iter().flatten().map(|record| (record.id, record.digest())));
        }
    }
    root(runs)
}
