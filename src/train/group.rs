use alloc::vec::Vec;
use core::{array, ops::ControlFlow};

use super::{Ending, Job, Kernel, Observer, Order, Outcome, Point, Setting, lanes::Lanes};
use crate::{
    data::Dataset,
    metric::Metric,
    model::Params,
    seed::{Stream, Words},
};

/// The largest number of runs that walk in lockstep.
pub const MOST_LANES: usize = 8;

/// What must be equal for runs to walk in lockstep; everything else may differ from lane to lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    inputs: usize,
    hidden: u32,
    train: usize,
    validation: usize,
    every: u64,
    metrics: Vec<Metric>,
}

impl Shape {
    /// The shape of runs of a setting on data of so many inputs, training and validation points.
    #[must_use]
    pub fn new(setting: &Setting, inputs: usize, train: usize, validation: usize) -> Self {
        Self {
            inputs,
            hidden: setting.model.hidden,
            train,
            validation,
            every: setting.evaluate.every.steps(train as u64),
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
    let mut group = Group::new(kernel, jobs);
    loop {
        let walked = match width(group.running()) {
            0 => return group.runs.into_iter().map(Run::finish).collect(),
            1 => group.walk::<1>(observer),
            4 => group.walk::<4>(observer),
            _ => group.walk::<8>(observer),
        };
        if walked.is_break() {
            return None;
        }
    }
}

/// The number of lanes that so many runs are walked with.
const fn width(runs: usize) -> usize {
    match runs {
        0 | 1 => runs,
        2..=4 => 4,
        _ => 8,
    }
}

/// Runs in lockstep. As runs end, the others go on in fewer lanes.
struct Group<'a> {
    kernel: Kernel,
    jobs: &'a [Job<'a>],
    shape: Shape,
    /// One a job.
    runs: Vec<Run>,
    /// The different orders: runs of one seed often draw the same.
    orders: Vec<Order>,
    step: u64,
    /// Whether the runs were measured after this step.
    measured: bool,
}

/// Where a run is.
struct Run {
    /// The parameters at the last measurement.
    params: Params,
    /// The place of its order.
    order: usize,
    ending: Ending,
    outcome: Option<Outcome>,
}

impl Run {
    fn finish(self) -> Option<Finished> {
        Some(Finished { outcome: self.outcome?, params: self.params })
    }
}

impl<'a> Group<'a> {
    fn new(kernel: Kernel, jobs: &'a [Job<'a>]) -> Self {
        let origin = |job: &Job<'_>| (job.seed, job.setting.train.sampling, job.split.train.len());
        let mut different: Vec<&Job<'_>> = Vec::new();
        let mut run = |job: &'a Job<'a>| {
            let order = different.iter().position(|other| origin(other) == origin(job)).unwrap_or_else(|| {
                different.push(job);
                different.len() - 1
            });
            Run { params: job.initial(), order, ending: Ending::default(), outcome: None }
        };
        let runs = jobs.iter().map(&mut run).collect();
        let orders = different.iter().map(|job| job.order()).collect();
        Self { kernel, jobs, shape: jobs[0].shape(), runs, orders, step: 0, measured: false }
    }

    /// The number of runs that have not ended.
    fn running(&self) -> usize {
        self.runs.iter().filter(|run| run.outcome.is_none()).count()
    }

    /// Walks the running ones in `L` lanes, until fewer lanes are enough for those that are left.
    fn walk<const L: usize>(&mut self, observer: &mut dyn Observer) -> ControlFlow<()> {
        // The indices of a chunk stay in the cache.
        const CHUNK: u64 = 256;
        // A chunk of a large network is short, so that the observer is heard in time. No bit depends on it.
        let most = ((1 << 22) / (u64::from(self.shape.hidden) * (self.shape.inputs as u64 + 2))).clamp(1, CHUNK);
        let running: Vec<usize> = (0..self.runs.len()).filter(|&i| self.runs[i].outcome.is_none()).collect();
        // Lanes beyond the runs repeat the last one; nobody looks at them.
        let run: [usize; L] = array::from_fn(|l| running[l.min(running.len() - 1)]);
        let mut lanes = Lanes::new(run.map(|i| &self.runs[i].params));
        let train = run.map(|i| &self.jobs[i].split.train);
        let validation = run.map(|i| &self.jobs[i].split.validation);
        let rate = run.map(|i| self.jobs[i].rate());
        let words = Words::new(run.map(|i| self.jobs[i].seed), Stream::Order);
        let points = self.shape.train as u32;
        let mut order = Vec::with_capacity(CHUNK as usize);
        let followers: Vec<Vec<usize>> = (0..self.orders.len())
            .map(|order| (0..L).filter(|&l| self.runs[run[l]].order == order).collect())
            .collect();
        loop {
            if !self.measured {
                self.measure(&running, &lanes, [&train, &validation], observer)?;
            }
            if width(self.running()) < L {
                return ControlFlow::Continue(());
            }
            let target = self.next_measurement();
            while self.step < target {
                let chunk = most.min(target - self.step);
                order.clear();
                order.resize(chunk as usize, [0; L]);
                let side_by_side = self.orders.iter().any(Order::is_word_by_word);
                let rejected =
                    if side_by_side { self.kernel.indices(&words, points, self.step, &mut order) } else { [true; L] };
                for (source, lanes) in self.orders.iter_mut().zip(&followers).filter(|(_, lanes)| !lanes.is_empty()) {
                    if source.is_word_by_word() {
                        if !rejected[lanes[0]] {
                            continue;
                        }
                        source.draw_from(self.step);
                    }
                    for row in &mut order {
                        let index = source.draw();
                        lanes.iter().for_each(|&l| row[l] = index);
                    }
                }
                self.kernel.advance(&mut lanes, &train, &rate, &order);
                self.step += chunk;
                if self.step < target {
                    observer.paused()?;
                }
            }
            self.measured = false;
        }
    }

    /// The step after which the next run is to be measured.
    fn next_measurement(&self) -> u64 {
        let regular = (self.step / self.shape.every + 1).saturating_mul(self.shape.every);
        let running = self.runs.iter().zip(self.jobs).filter(|(run, _)| run.outcome.is_none());
        running.map(|(_, job)| job.steps()).fold(regular, u64::min)
    }

    /// Measures every run that is due, tells the observer, and ends the runs that are over.
    fn measure<const L: usize>(
        &mut self,
        running: &[usize],
        lanes: &Lanes<L>,
        [train, validation]: [&[&Dataset; L]; 2],
        observer: &mut dyn Observer,
    ) -> ControlFlow<()> {
        let train = self.kernel.measure(lanes, train, &self.shape.metrics);
        let validation = self.kernel.measure(lanes, validation, &self.shape.metrics);
        let of_lane = |values: &[[f64; L]], l: usize| values.iter().map(|row| canonical(row[l])).collect::<Vec<_>>();
        let (step, epoch) = (self.step, self.step / self.shape.train as u64);
        for (l, &i) in running.iter().enumerate() {
            let (run, job) = (&mut self.runs[i], &self.jobs[i]);
            if run.outcome.is_some() {
                continue;
            }
            lanes.read(l, &mut run.params);
            if step % self.shape.every != 0 && step != job.steps() {
                continue;
            }
            let point = Point { epoch, step, train: of_lane(&train, l), validation: of_lane(&validation, l) };
            observer.measured(i, &point, &run.params)?;
            run.outcome = run.ending.after(job, &point, &run.params);
        }
        self.measured = true;
        ControlFlow::Continue(())
    }
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
