//! The tables of a trained study, for tests of figures.

use std::ops::ControlFlow;

use polars::prelude::DataFrame;
use restudy_core::measure::{Measurement, Objective};

use crate::{
    data::{Data, DataSeed, DoubleMoon, Source},
    digest::{self, Digest, Record},
    experiments::OfNetwork,
    figure::{AxisInfo, Tables},
    seed::Seed,
    sweep::Study,
    table::{self, PointsRow},
    train::{Job, MOST_LANES, Simd},
};

/// Owned tables.
pub(super) struct Owned {
    pub runs: DataFrame,
    pub metrics: DataFrame,
    pub weights: DataFrame,
    pub points: DataFrame,
    pub axes: Vec<AxisInfo>,
    pub measurements: Vec<Measurement>,
    pub objective: Objective,
}

impl Owned {
    pub(super) fn tables(&self) -> Tables<'_> {
        let Self { runs, metrics, weights, points, axes, measurements, objective } = self;
        Tables {
            runs,
            metrics,
            weights,
            points,
            axes,
            measurements,
            objective,
            confidence: 0.95,
            fields: &crate::plane::field,
        }
    }
}

/// Trains hidden units by learning rates by seeds, for `epochs` epochs on `points` points.
pub(super) fn trained(hidden: &[u32], rates: &[f64], seeds: u64, epochs: u64, points: u32) -> Owned {
    let mut study = crate::tests::fixture::study(hidden, rates, seeds);
    for trial in &mut study.trials {
        let seed = DataSeed::Fixed(Seed(2014));
        let moons = DoubleMoon { train: points, validation: points, seed, ..DoubleMoon::default() };
        *trial = trial.with_data(Data::DoubleMoon(moons)).with_setting(|setting| setting.train.epochs = epochs);
    }
    let records = records(&study);
    tables(&study, &records)
}

fn records(study: &Study) -> Vec<Record> {
    let split = study.trials[0].data().load(Seed(2014)).expect("a generator does not fail");
    let mut records = Vec::new();
    for (index, trial) in study.trials.iter().enumerate() {
        for seeds in study.seeds.chunks(MOST_LANES) {
            let job = |&seed| Job { setting: trial.setting(), split: &split, seed };
            let jobs: Vec<Job<'_>> = seeds.iter().map(job).collect();
            let id = |seed: &Seed| Digest::of(format!("{index} {seed:?}").as_bytes());
            let ids: Vec<Digest> = seeds.iter().map(id).collect();
            let record = digest::record(Simd::best(), &jobs, &ids, &mut |_, _| ControlFlow::Continue(()));
            records.extend(record.expect("the run is not stopped"));
        }
    }
    records
}

fn tables(study: &Study, records: &[Record]) -> Owned {
    let rows = crate::tests::fixture::rows(study, records);
    let split = study.trials[0].data().load(Seed(2014)).expect("a generator does not fail");
    let points = [PointsRow { data: Digest::of(b"moon"), trial: 0, seed: study.seeds[0], split: &split }];
    Owned {
        runs: table::runs(study, &rows),
        metrics: table::metrics(study, &rows),
        weights: table::weights(study, &rows),
        points: table::points(&points),
        axes: study.axis_infos(),
        measurements: study.measurements(),
        objective: crate::metric::Metric::objective(),
    }
}
