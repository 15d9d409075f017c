use alloc::{vec, vec::Vec};
use core::{array, ops::ControlFlow};

use super::{Ending, Job, Kernel, Observer, Order, Outcome, Point, Setting, lanes::Lanes};
use crate::{data::Dataset, metric::Metric, model::Params};

/// The largest number of runs that walk in lockstep.
pub const MOST_LANES: usize = 8;

/// What must be equal for runs to walk in lockstep; everything else may differ from lane to lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    inputs: usize,
    hidden: u32,
    train: usize,
    validation: usize,
    steps: u64,
    every: u64,
    metrics: Vec<Metric>,
}

impl Shape {
    /// The shape of runs of a setting on data of so many inputs, training and validation points.
    #[must_use]
    pub fn new(setting: &Setting, inputs: usize, train: usize, validation: usize) -> Self {
        let epoch = train as u64;
        Self {
            inputs,
            hidden: setting.model.hidden,
            train,
            validation,
            steps: setting.train.epochs * epoch,
            every: setting.evaluate.every.steps(epoch),
            metrics: setting.evaluate.metrics.clone(),
        }
    }
}

/// How one run of a group ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// How it ended.
    pub outcome: Outcome,
    /// The final parameters.
    pub params: Params,
}

/// Trains up to [`MOST_LANES`] runs of one [`Shape`] in lockstep; `None` if the observer broke off.
///
/// # Panics
/// If there is no job, if there are too many, or if their shapes differ.
#[must_use]
pub fn train(kernel: Kernel, jobs: &[Job<'_>], observer: &mut dyn Observer) -> Option<Vec<Finished>> {
    assert!((1..=MOST_LANES).contains(&jobs.len()), "1 to {MOST_LANES} runs a group");
    assert!(jobs.iter().all(|job| job.shape() == jobs[0].shape()), "runs of one shape");
    match jobs.len() {
        1 => Group::<1>::new(kernel, jobs).train(observer),
        2..=4 => Group::<4>::new(kernel, jobs).train(observer),
        _ => Group::<8>::new(kernel, jobs).train(observer),
    }
}

/// Runs in lockstep. Lanes beyond the jobs repeat the last one; nobody looks at them.
struct Group<'a, const L: usize> {
    kernel: Kernel,
    jobs: &'a [Job<'a>],
    shape: Shape,
    lanes: Lanes<L>,
    train: [&'a Dataset; L],
    validation: [&'a Dataset; L],
    rate: [f64; L],
    /// The different orders, and the lanes that follow each: lanes of one seed often draw the same.
    orders: Vec<(Order, Vec<usize>)>,
    endings: Vec<Ending>,
    finished: Vec<Option<Finished>>,
}

impl<'a, const L: usize> Group<'a, L> {
    fn new(kernel: Kernel, jobs: &'a [Job<'a>]) -> Self {
        let lane: [&Job<'_>; L] = array::from_fn(|l| &jobs[l.min(jobs.len() - 1)]);
        let shape = jobs[0].shape();
        let initial = lane.map(|job| job.setting.model.initial(shape.inputs, job.seed));
        Self {
            kernel,
            jobs,
            lanes: Lanes::new(array::from_fn(|l| &initial[l])),
            train: lane.map(|job| &job.split.train),
            validation: lane.map(|job| &job.split.validation),
            rate: lane.map(|job| job.setting.train.learning_rate),
            orders: orders(&lane),
            endings: vec![Ending::default(); jobs.len()],
            finished: vec![None; jobs.len()],
            shape,
        }
    }

    fn train(mut self, observer: &mut dyn Observer) -> Option<Vec<Finished>> {
        const CHUNK: u64 = 1024;
        // A chunk of a large network is short, so that the observer is heard in time. No bit depends on it.
        let most = ((1 << 22) / (u64::from(self.shape.hidden) * (self.shape.inputs as u64 + 2))).clamp(1, CHUNK);
        let mut params = Params::zeros(self.shape.inputs, self.shape.hidden as usize);
        let mut order = Vec::with_capacity(CHUNK as usize);
        let mut step = 0;
        loop {
            if self.measure(step, &mut params, observer).is_break() {
                return None;
            }
            if self.finished.iter().all(Option::is_some) {
                return self.finished.into_iter().collect();
            }
            let target = self.shape.steps.min((step / self.shape.every + 1).saturating_mul(self.shape.every));
            while step < target {
                let chunk = most.min(target - step);
                order.clear();
                order.resize(chunk as usize, [0; L]);
                for (source, lanes) in &mut self.orders {
                    for row in &mut order {
                        let index = source.draw();
                        lanes.iter().for_each(|&l| row[l] = index);
                    }
                }
                self.kernel.advance(&mut self.lanes, &self.train, &self.rate, &order);
                step += chunk;
                if step < target && observer.paused().is_break() {
                    return None;
                }
            }
        }
    }

    /// Measures every lane that still runs, tells the observer, and ends the runs that are over.
    fn measure(&mut self, step: u64, params: &mut Params, observer: &mut dyn Observer) -> ControlFlow<()> {
        let metrics = &self.shape.metrics;
        let train = self.kernel.measure(&self.lanes, &self.train, metrics);
        let validation = self.kernel.measure(&self.lanes, &self.validation, metrics);
        let of_lane = |values: &[[f64; L]], l: usize| values.iter().map(|row| canonical(row[l])).collect::<Vec<_>>();
        for l in 0..self.jobs.len() {
            if self.finished[l].is_some() {
                continue;
            }
            self.lanes.read(l, params);
            let epoch = step / self.shape.train as u64;
            let point = Point { epoch, step, train: of_lane(&train, l), validation: of_lane(&validation, l) };
            observer.measured(l, &point, params)?;
            if let Some(outcome) = self.endings[l].after(&self.jobs[l], &point, params) {
                self.finished[l] = Some(Finished { outcome, params: params.clone() });
            }
        }
        ControlFlow::Continue(())
    }
}

/// The different orders among the jobs, and the lanes of each.
fn orders(lanes: &[&Job<'_>]) -> Vec<(Order, Vec<usize>)> {
    let origin = |l: usize| (lanes[l].seed, lanes[l].setting.train.sampling, lanes[l].split.train.len());
    let mut orders: Vec<(Order, Vec<usize>)> = Vec::new();
    for l in 0..lanes.len() {
        match orders.iter_mut().find(|(_, same)| origin(same[0]) == origin(l)) {
            Some((_, same)) => same.push(l),
            None => orders.push((lanes[l].order(), vec![l])),
        }
    }
    orders
}

/// Whether a measurement ends its run as diverged: a metric or a parameter is not finite.
#[must_use]
pub fn is_diverged(point: &Point, params: &Params) -> bool {
    !point.train.iter().chain(&point.validation).all(|value| value.is_finite()) || !params.is_finite()
}

/// A metric that is not finite is recorded as +∞, so that no NaN is ever stored or hashed.
pub(super) fn canonical(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::INFINITY }
}
