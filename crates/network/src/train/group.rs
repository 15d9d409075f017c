use alloc::vec::Vec;
use core::{array, ops::ControlFlow};

use super::{
    Ending, Job, Observation, Observer, Order, Outcome, Shape, Simd, State, advance::Steps, block::Block, lanes::Lanes,
};
use crate::model::Params;

/// The largest number of runs that train in lockstep.
pub const MOST_LANES: usize = 16;

/// The largest number of weights and biases with which two blocks train step by step in parallel, so that one computes
/// while the other waits for its sigmoid. One block of larger networks occupies the processor alone.
const MAX_PAIRED_SIZE: u64 = 160;

/// How one run of a group ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The outcome.
    pub outcome: Outcome,
    /// The final parameters.
    pub params: Params,
}

/// Trains up to [`MOST_LANES`] runs of one [`Shape`] in lockstep; `None` if the observer cancels.
///
/// # Panics
/// If the number of jobs is 0 or above [`MOST_LANES`], if their shapes differ, or if a metric of a job is [not
/// defined](Job::undefined) on its points.
#[must_use]
pub fn train(simd: Simd, jobs: &[Job<'_>], observer: &mut dyn Observer) -> Option<Vec<Finished>> {
    Group::new(simd, jobs).train(observer)
}

/// Like [`train`], but starts from states after the same number of steps, one for each job. The observer receives only
/// later measurements.
///
/// # Panics
/// Like [`train`]; also if the number of states is not that of the jobs, or if their numbers of steps differ.
#[must_use]
pub fn resume(simd: Simd, jobs: &[Job<'_>], states: Vec<State>, observer: &mut dyn Observer) -> Option<Vec<Finished>> {
    assert!(
        jobs.len() == states.len() && states.iter().all(|state| state.step == states[0].step),
        "states of one step"
    );
    let mut group = Group::new(simd, jobs);
    (group.step, group.measured) = (states[0].step, true);
    for (run, state) in group.runs.iter_mut().zip(states) {
        (run.params, run.ending) = (state.params, Ending { zero_since: state.zero_since });
        group.orders[run.order].go_to(group.step, state.word);
    }
    group.train(observer)
}

/// The number of lanes for a number of runs.
const fn width(runs: usize) -> usize {
    match runs {
        0 | 1 => runs,
        2..=4 => 4,
        5..=8 => 8,
        _ => 16,
    }
}

/// Runs in lockstep. When runs end, the others continue in fewer lanes.
struct Group<'a> {
    simd: Simd,
    jobs: &'a [Job<'a>],
    shape: Shape,
    runs: Vec<Run>,
    /// The distinct orders: runs of one seed often have the same.
    orders: Vec<Order>,
    step: u64,
    /// Whether the runs were measured after this step.
    measured: bool,
}

struct Run {
    /// The parameters at the last measurement or at the last saved state.
    params: Params,
    /// The index of its order.
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
    fn new(simd: Simd, jobs: &'a [Job<'a>]) -> Self {
        assert!((1..=MOST_LANES).contains(&jobs.len()), "1 to {MOST_LANES} runs a group");
        assert!(jobs.iter().all(|job| job.shape() == jobs[0].shape()), "runs of one shape");
        jobs.iter().for_each(Job::require_defined);
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
        Self { simd, jobs, shape: jobs[0].shape(), runs, orders, step: 0, measured: false }
    }

    fn train(mut self, observer: &mut dyn Observer) -> Option<Vec<Finished>> {
        loop {
            let trained = match width(self.running()) {
                0 => return self.runs.into_iter().map(Run::finish).collect(),
                1 => self.walk::<1, 1>(observer),
                4 => self.walk::<4, 1>(observer),
                8 => self.walk::<8, 1>(observer),
                _ => self.walk::<8, 2>(observer),
            };
            if trained.is_break() {
                return None;
            }
        }
    }

    fn running(&self) -> usize {
        self.runs.iter().filter(|run| run.outcome.is_none()).count()
    }

    /// Trains the running runs in `B` blocks of `L` lanes (`B` is 1 or 2) until the remaining ones fit into fewer
    /// lanes.
    fn walk<const L: usize, const B: usize>(&mut self, observer: &mut dyn Observer) -> ControlFlow<()> {
        // The indices of a chunk fit into the cache.
        const CHUNK: u64 = 256;
        let size = u64::from(self.shape.hidden) * (self.shape.inputs as u64 + 2);
        // A chunk of a large network is short, so that the observer can cancel in time. No bit depends on it.
        let most = ((1 << 22) / size).clamp(1, CHUNK);
        let running: Vec<usize> = (0..self.runs.len()).filter(|&i| self.runs[i].outcome.is_none()).collect();
        let mut left = running.as_slice();
        let mut blocks: [Block<'_, L>; B] =
            array::from_fn(|_| Block::take(&mut left, self.jobs, |run| Lanes::new(run.map(|i| &self.runs[i].params))));
        loop {
            if !self.measured {
                blocks.iter().try_for_each(|block| self.measure(block, observer))?;
                self.measured = true;
                if self.running() > 0 {
                    self.pause(&blocks, observer)?;
                }
            }
            if width(self.running()) < L * B {
                return ControlFlow::Continue(());
            }
            let target = self.next_measurement();
            while self.step < target {
                let chunk = most.min(target - self.step);
                self.draw(&mut blocks, chunk as usize);
                match blocks.as_mut_slice() {
                    [one, other] if size <= MAX_PAIRED_SIZE && self.simd.fits_two_blocks() => {
                        self.simd.advance_two([one, other].map(Steps::of))
                    }
                    blocks => blocks.iter_mut().for_each(|block| self.simd.advance(Steps::of(block))),
                }
                self.step += chunk;
                if self.step < target {
                    self.pause(&blocks, observer)?;
                }
            }
            self.measured = false;
        }
    }

    /// Lets the observer cancel, and passes it the states if it wants them.
    fn pause<const L: usize>(&mut self, blocks: &[Block<'_, L>], observer: &mut dyn Observer) -> ControlFlow<()> {
        let paused = observer.paused();
        if observer.wants_states() {
            blocks.iter().for_each(|block| self.give_states(block, observer));
        }
        paused
    }

    #[cold]
    fn give_states<const L: usize>(&mut self, block: &Block<'_, L>, observer: &mut dyn Observer) {
        for (l, i) in block.runs() {
            let run = &mut self.runs[i];
            if run.outcome.is_none() {
                block.lanes.read(l, &mut run.params);
                let (step, word) = (self.step, self.orders[run.order].word(self.step));
                observer.state(i, State { step, word, zero_since: run.ending.zero_since, params: run.params.clone() });
            }
        }
    }

    fn draw<const L: usize>(&mut self, blocks: &mut [Block<'_, L>], steps: usize) {
        let word_by_word = self.orders.iter().any(Order::is_word_by_word);
        let mut rejected = Vec::with_capacity(blocks.len());
        for block in &mut *blocks {
            block.order.clear();
            block.order.resize(steps, [0; L]);
            let points = self.shape.train as u32;
            rejected.push(match word_by_word {
                true => self.simd.indices(&block.words, points, self.step, &mut block.order),
                false => [true; L],
            });
        }
        for (number, source) in self.orders.iter_mut().enumerate() {
            let followers = |block: &Block<'_, L>| -> Vec<usize> {
                block.all().filter(|&(_, i)| self.runs[i].order == number).map(|(l, _)| l).collect()
            };
            let followers: Vec<Vec<usize>> = blocks.iter().map(followers).collect();
            let Some(first) = followers.iter().position(|lanes| !lanes.is_empty()) else { continue };
            if source.is_word_by_word() {
                if !rejected[first][followers[first][0]] {
                    continue;
                }
                source.draw_from(self.step);
            }
            for step in 0..steps {
                let index = source.draw();
                for (block, lanes) in blocks.iter_mut().zip(&followers) {
                    lanes.iter().for_each(|&l| block.order[step][l] = index);
                }
            }
        }
    }

    /// Returns the step of the next measurement of any run.
    fn next_measurement(&self) -> u64 {
        let regular = (self.step / self.shape.every + 1).saturating_mul(self.shape.every);
        let running = self.runs.iter().zip(self.jobs).filter(|(run, _)| run.outcome.is_none());
        running.map(|(_, job)| job.steps()).fold(regular, u64::min)
    }

    /// Measures every run of a block that is due, passes the measurements to the observer, and ends runs.
    fn measure<const L: usize>(&mut self, block: &Block<'_, L>, observer: &mut dyn Observer) -> ControlFlow<()> {
        let Block { lanes, data, .. } = block;
        let [train, validation] = data.each_ref().map(|data| self.simd.measure(lanes, data, &self.shape.metrics));
        let of_lane = |l: usize| train.iter().chain(&validation).map(|row| canonical(row[l])).collect::<Vec<_>>();
        let (step, epoch) = (self.step, self.step / self.shape.train as u64);
        for (l, i) in block.runs() {
            let (run, job) = (&mut self.runs[i], &self.jobs[i]);
            if run.outcome.is_some() {
                continue;
            }
            lanes.read(l, &mut run.params);
            if step % self.shape.every != 0 && step != job.steps() {
                continue;
            }
            let point = Observation { epoch, step, values: of_lane(l) };
            observer.measured(i, &point, &run.params)?;
            run.outcome = run.ending.after(job, &point, &run.params);
            if let Some(outcome) = &run.outcome {
                observer.ended(i, outcome, &run.params);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether a measurement ends its run as diverged: a metric or a parameter is not finite.
#[must_use]
pub fn is_diverged(point: &Observation, params: &Params) -> bool {
    !point.is_finite() || !params.is_finite()
}

/// A metric that is not finite is recorded as +∞, so that NaN is never stored or hashed.
pub(super) fn canonical(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::INFINITY }
}
