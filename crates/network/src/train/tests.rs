use std::ops::ControlFlow;

use super::*;
use crate::{
    data::{Dataset, DoubleMoon, Source},
    metric::Metric,
    model::{self, Init},
    seed::{Draws, Stream},
};

#[derive(Default)]
struct Memory(Vec<(usize, Observation, Params)>);

impl Observer for Memory {
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()> {
        self.0.push((lane, point.clone(), params.clone()));
        ControlFlow::Continue(())
    }
}

fn moons(seed: u64) -> SplitData {
    DoubleMoon { train: 60, validation: 40, ..DoubleMoon::default() }.load(Seed(seed)).unwrap()
}

fn setting(hidden: u32, rate: f64) -> Setting {
    let mut setting = Setting::default();
    setting.model.hidden = hidden;
    setting.train = Train { epochs: 5, learning_rate: rate, sampling: Sampling::WithReplacement };
    setting
}

/// Trains a run with the scalar step of the derivation.
fn reference(setting: &Setting, split: &SplitData, seed: Seed) -> Params {
    let mut params = setting.model.initial(split.train.d, seed);
    let mut order = Draws::new(seed, Stream::Order);
    let n = split.train.len() as u32;
    for _ in 0..setting.train.epochs * u64::from(n) {
        let i = order.below(n) as usize;
        step(&mut params, split.train.point(i), split.train.y[i], setting.train.learning_rate);
    }
    params
}

fn bits(params: &Params) -> Vec<u64> {
    params.values().map(f64::to_bits).collect()
}

#[test]
fn every_simd_variant_has_the_bits_of_the_derivation_in_any_group() {
    let (settings, splits): (Vec<_>, Vec<_>) =
        (0..16).map(|i| (setting(5, [0.5, 0.02, 0.002, 2.0][i % 4]), moons(i as u64 / 3))).unzip();
    let jobs: Vec<_> =
        (0..16).map(|i| Job { setting: &settings[i], split: &splits[i], seed: Seed(100 + i as u64 / 2) }).collect();
    for simd in Simd::all() {
        for group in [1, 2, 3, 5, 8] {
            for jobs in jobs.chunks(group) {
                let finished = train(simd, jobs, &mut Memory::default()).unwrap();
                for (job, finished) in jobs.iter().zip(finished) {
                    let expected = reference(job.setting, job.split, job.seed);
                    assert_eq!(bits(&finished.params), bits(&expected), "{simd:?}, groups of {group}");
                }
            }
        }
    }
}

#[test]
fn more_than_two_inputs_have_the_bits_of_the_derivation() {
    let mut draws = Draws::new(Seed(9), Stream::Training);
    let mut points = |n: usize| Dataset {
        d: 5,
        x: (0..5 * n).map(|_| draws.normal()).collect(),
        y: (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect(),
    };
    let split = SplitData { train: points(30), validation: points(10) };
    let setting = setting(4, 0.1);
    let job = Job { setting: &setting, split: &split, seed: Seed(3) };
    let finished = train(Simd::best(), &[job; 3], &mut Memory::default()).unwrap();
    assert_eq!(bits(&finished[2].params), bits(&reference(&setting, &split, Seed(3))));
}

#[test]
fn measurements_are_means_in_data_order() {
    let (setting, split) = (setting(3, 0.1), moons(1));
    let mut memory = Memory::default();
    train(Simd::best(), &[Job { setting: &setting, split: &split, seed: Seed(1) }], &mut memory).unwrap();
    assert_eq!(memory.0.iter().map(|(_, point, _)| point.epoch).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    for (_, point, params) in &memory.0 {
        for (data, metrics) in [(&split.train, point.halves()[0]), (&split.validation, point.halves()[1])] {
            let outputs: Vec<_> = (0..data.len()).map(|i| model::forward(params, data.point(i)).output).collect();
            for (metric, value) in setting.evaluate.metrics.iter().zip(metrics) {
                assert_eq!(metric.of(&outputs, &data.y).to_bits(), value.to_bits());
            }
        }
    }
}

#[test]
fn stopping_ends_one_lane_and_leaves_its_neighbors_alone() {
    let split = moons(0);
    let patient = setting(8, 0.2);
    let mut hasty = patient.clone();
    hasty.train.epochs = 5;
    hasty.stop.loss_below = Some(0.4);
    let jobs = [&patient, &hasty].map(|setting| Job { setting, split: &split, seed: Seed(2) });
    let finished = train(Simd::best(), &jobs, &mut Memory::default()).unwrap();
    assert_eq!(finished[0].outcome, Outcome::Completed);
    assert!(matches!(finished[1].outcome, Outcome::Converged { epoch } if epoch < 5), "{:?}", finished[1].outcome);
    assert_eq!(bits(&finished[0].params), bits(&reference(&patient, &split, Seed(2))));
    assert_ne!(bits(&finished[0].params), bits(&finished[1].params));
}

#[test]
fn runs_of_unequal_length_train_together() {
    let split = moons(0);
    let mut settings: Vec<_> = (0..7).map(|i| setting(4, 0.1 + 0.01 * f64::from(i))).collect();
    for (i, setting) in settings.iter_mut().enumerate() {
        setting.train.epochs = [1, 7, 2, 3][i % 4];
        setting.evaluate.every = Every::Steps(70);
    }
    let jobs: Vec<_> = settings.iter().map(|setting| Job { setting, split: &split, seed: Seed(6) }).collect();
    for simd in Simd::all() {
        let mut memory = Memory::default();
        let finished = train(simd, &jobs, &mut memory).unwrap();
        for (lane, (job, finished)) in jobs.iter().zip(finished).enumerate() {
            let mut alone = Memory::default();
            assert_eq!(train(simd, &[*job], &mut alone), Some(vec![finished.clone()]));
            assert_eq!(bits(&finished.params), bits(&reference(job.setting, &split, job.seed)));
            let of_lane =
                memory.0.iter().filter(|(other, ..)| *other == lane).map(|(_, point, params)| (point, params));
            assert!(of_lane.eq(alone.0.iter().map(|(_, point, params)| (point, params))), "lane {lane}");
        }
    }
}

#[test]
fn zero_error_must_last() {
    let split = moons(0);
    let mut setting = setting(20, 0.2);
    setting.train.epochs = 200;
    setting.stop.zero_error_epochs = Some(3);
    let mut memory = Memory::default();
    let finished =
        train(Simd::best(), &[Job { setting: &setting, split: &split, seed: Seed(0) }], &mut memory).unwrap();
    let Outcome::Converged { epoch } = finished[0].outcome else { panic!("{:?}", finished[0].outcome) };
    let zeros: Vec<bool> = memory.0.iter().map(|(_, point, _)| point.values[1] == 0.0).collect();
    assert_eq!(zeros.len() as u64, epoch + 1);
    assert!(zeros[zeros.len() - 4..].iter().all(|&zero| zero), "{zeros:?}");
    assert!(!zeros.windows(4).rev().skip(1).any(|window| window.iter().all(|&zero| zero)), "no earlier");
}

#[test]
fn divergence_is_an_outcome_without_nan() {
    let mut split = moons(0);
    split.train.x.iter_mut().for_each(|x| *x *= 1e200);
    let setting = setting(4, 1e200);
    let mut memory = Memory::default();
    let finished =
        train(Simd::best(), &[Job { setting: &setting, split: &split, seed: Seed(0) }], &mut memory).unwrap();
    assert!(matches!(finished[0].outcome, Outcome::Diverged { .. }), "{:?}", finished[0].outcome);
    assert!(memory.0.iter().all(|(_, point, _)| !point.values.iter().any(|value| value.is_nan())));
}

#[test]
fn a_shuffled_epoch_visits_every_point_once() {
    let mut order = Order::new(Seed(4), Sampling::Shuffle, 50);
    for _ in 0..3 {
        let mut epoch: Vec<_> = (0..50).map(|_| order.draw()).collect();
        epoch.sort_unstable();
        assert!(epoch.into_iter().eq(0..50));
    }
}

#[test]
fn steps_between_measurements_need_not_divide_the_run() {
    let split = moons(0);
    let mut setting = setting(2, 0.1);
    setting.evaluate.every = Every::Steps(70);
    setting.model.init = Init::Uniform;
    let mut memory = Memory::default();
    train(Simd::best(), &[Job { setting: &setting, split: &split, seed: Seed(0) }], &mut memory).unwrap();
    let steps: Vec<_> = memory.0.iter().map(|(_, point, _)| (point.step, point.epoch)).collect();
    assert_eq!(steps, [(0, 0), (70, 1), (140, 2), (210, 3), (280, 4), (300, 5)]);
}

#[test]
fn a_run_in_slices_is_the_run() {
    struct Points(Vec<Observation>);
    impl Observer for Points {
        fn measured(&mut self, _: usize, point: &Observation, _: &Params) -> ControlFlow<()> {
            self.0.push(point.clone());
            ControlFlow::Continue(())
        }
    }
    let split = moons(3);
    for (stop, rate) in [(None, 0.02), (Some(1), 0.2), (None, 200.0)] {
        let mut setting = setting(7, rate);
        setting.stop.zero_error_epochs = stop;
        setting.evaluate.every = Every::Steps(70);
        let job = Job { setting: &setting, split: &split, seed: Seed(5) };
        let mut whole = Points(Vec::new());
        let finished = train(Simd::best(), &[job], &mut whole).unwrap().remove(0);
        for most in [1, 33, 1000] {
            let mut walk = Walk::new(&job);
            let mut points = Vec::new();
            while walk.outcome().is_none() {
                points.extend(walk.advance(Simd::Portable, &job, most));
            }
            assert_eq!((&points, walk.outcome()), (&whole.0, Some(&finished.outcome)));
            assert_eq!(bits(walk.params()), bits(&finished.params));
            assert_eq!(walk.advance(Simd::Portable, &job, most), None);
        }
    }
}

#[test]
fn two_blocks_in_parallel_have_the_bits_of_each_alone() {
    use super::{advance::Steps, lanes::Lanes};
    let order: Vec<[u32; 8]> = (0..50).map(|step| core::array::from_fn(|l| (step * 7 + l as u32 * 3) % 20)).collect();
    for (simd, d) in Simd::all().flat_map(|simd| [2, 3].map(|d| (simd, d))) {
        let mut draws = Draws::new(Seed(d as u64), Stream::Order);
        let data = Dataset {
            d,
            x: (0..20 * d).map(|_| draws.normal()).collect(),
            y: (0..20).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect(),
        };
        let initial: Vec<Params> = (0..16).map(|seed| setting(4, 0.1).model.initial(d, Seed(seed))).collect();
        let blocks = || [0, 8].map(|first| Lanes::new(core::array::from_fn(|l| &initial[first + l])));
        let (data, rate) = ([&data; 8], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
        let steps = |lanes| Steps { lanes, data: &data, rate: &rate, order: &order };
        let (mut alone, mut together) = (blocks(), blocks());
        alone.iter_mut().for_each(|lanes| simd.advance(steps(lanes)));
        simd.advance_two(together.each_mut().map(steps));
        let mut params = [initial[0].clone(), initial[0].clone()];
        for (alone, together) in alone.iter().zip(&together) {
            for l in 0..8 {
                alone.read(l, &mut params[0]);
                together.read(l, &mut params[1]);
                assert_eq!(bits(&params[0]), bits(&params[1]), "{simd:?}, {d} inputs, lane {l}");
                assert!(initial.iter().all(|initial| bits(initial) != bits(&params[0])), "it has learned");
            }
        }
    }
}

#[test]
fn a_metric_of_all_points_has_the_bits_of_its_definition_in_any_lane() {
    // More than one block of points, and a remainder; inactive hidden units give many points the same output.
    let splits: Vec<_> = (0..3)
        .map(|seed| DoubleMoon { train: 67, validation: 131, ..DoubleMoon::default() }.load(Seed(seed)).unwrap())
        .collect();
    let mut settings: Vec<_> = (0..11).map(|i| setting(1, [0.02, 0.3, 40.0][i % 3])).collect();
    for (i, setting) in settings.iter_mut().enumerate() {
        setting.evaluate.metrics = vec![Metric::Loss, Metric::Error, Metric::Auc, Metric::Brier];
        setting.train.epochs = 1 + i as u64 % 3;
    }
    let jobs: Vec<_> =
        (0..11).map(|i| Job { setting: &settings[i], split: &splits[i / 4], seed: Seed(i as u64) }).collect();
    let (mut ties, mut measured) = (0, 0);
    for (simd, group) in Simd::all().flat_map(|simd| [1, 3, 5, 11].map(|group| (simd, group))) {
        for jobs in jobs.chunks(group) {
            let mut memory = Memory::default();
            let finished = train(simd, jobs, &mut memory).unwrap();
            assert!(finished.iter().all(|finished| finished.outcome == Outcome::Completed));
            for (lane, point, params) in &memory.0 {
                for (data, values) in
                    [&jobs[*lane].split.train, &jobs[*lane].split.validation].into_iter().zip(point.halves())
                {
                    let outputs: Vec<_> =
                        (0..data.len()).map(|i| model::forward(params, data.point(i)).output).collect();
                    let expected =
                        settings[0].evaluate.metrics.iter().map(|metric| metric.of(&outputs, &data.y).to_bits());
                    assert!(values.iter().map(|value| value.to_bits()).eq(expected), "{simd:?}, groups of {group}");
                    ties += outputs.iter().skip(1).filter(|output| **output == outputs[0]).count();
                    measured += 1;
                }
            }
        }
    }
    assert!(ties > measured, "{ties} in {measured}");
}

#[test]
#[should_panic(expected = "Some(Auc) is not defined")]
fn an_undefined_metric_panics() {
    let (mut setting, mut split) = (setting(3, 0.1), moons(1));
    setting.evaluate.metrics.push(Metric::Auc);
    split.validation = split.validation.select(&[0, 1, 2]);
    let _ = train(Simd::best(), &[Job { setting: &setting, split: &split, seed: Seed(1) }], &mut Memory::default());
}
