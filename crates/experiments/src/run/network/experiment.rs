//! Trains groups of runs, and resumes them from checkpoints.

use std::{cell::Cell, ops::ControlFlow, sync::Arc};

use super::{CachedData, NetworkExperiment};
use crate::{
    data::SplitData,
    digest::{self, Digest, Record, Recorder},
    experiments::OfNetwork,
    model::Params,
    run::{Experiment, Handover, RunError, Task},
    store::Checkpoint,
    train::{self, Job, MOST_LANES, Observation, Observer, Outcome, Shape, State, Stop},
};

impl Experiment for NetworkExperiment<'_> {
    fn shape(&self, task: &Task) -> Vec<u64> {
        let CachedData { inputs, train, validation, .. } = *self.data_of(task);
        Shape::new(self.study.trials[task.trial].setting(), inputs, train, validation).numbers()
    }

    fn most_together(&self, _: &Task) -> usize {
        MOST_LANES
    }

    /// Runs of one seed share the order of examples, which is then drawn once; runs of one trial stop after a similar
    /// time.
    fn affinity(&self, task: &Task) -> u64 {
        if self.study.trials[task.trial].setting().stop == Stop::default() { task.seed.0 } else { task.trial as u64 }
    }

    fn steps(&self, task: &Task) -> u64 {
        self.amount(task.trial).steps
    }

    fn cost(&self, task: &Task) -> f64 {
        self.amount(task.trial).cost()
    }

    fn weight(&self, task: &Task) -> u64 {
        self.amount(task.trial).weight()
    }

    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let splits = self.splits(tasks)?;
        let jobs = self.jobs(tasks, &splits);
        let ids: Vec<_> = tasks.iter().map(|task| task.id).collect();
        Ok(digest::record_until(self.simd, &jobs, &ids, watch, stopped))
    }

    /// Only runs at the same step share a group; the furthest come first.
    fn resume(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: &dyn Handover,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let splits = self.splits(tasks)?;
        let jobs = self.jobs(tasks, &splits);
        let mut runs: Vec<_> = (0..)
            .zip(tasks)
            .zip(&jobs)
            .map(|((lane, task), job)| Run {
                lane,
                id: task.id,
                job: *job,
                from: handover.kept(lane).and_then(|kept| Halfway::new(job, kept)),
            })
            .collect();
        runs.sort_by_key(|run| std::cmp::Reverse(run.step()));
        while !runs.is_empty() {
            let same = runs.iter().take_while(|run| run.step() == runs[0].step()).count();
            let side_by_side: Vec<_> = runs.drain(..same).collect();
            if self.go_on(side_by_side, watch, stopped, handover).is_none() {
                return Ok(None);
            }
        }
        Ok(Some(Vec::new()))
    }
}

struct Run<'a> {
    lane: usize,
    id: Digest,
    job: Job<'a>,
    /// `None` if the run starts from the beginning.
    from: Option<Halfway>,
}

impl Run<'_> {
    fn step(&self) -> Option<u64> {
        self.from.as_ref().map(|from| from.state.step)
    }
}

/// The state of a run that is resumed.
struct Halfway {
    state: State,
    observations: Vec<Observation>,
    chain: Vec<Digest>,
}

impl Halfway {
    /// Restores a checkpoint of a run of this job; `None` if it does not fit.
    fn new(job: &Job<'_>, kept: Checkpoint<'static>) -> Option<Self> {
        let state = State::from_bytes(job, &kept.state).filter(|state| state.step == kept.step)?;
        let (setting, points) = (job.setting, job.split.train.len() as u64);
        let every = setting.evaluate.every.steps(points);
        let values = 2 * setting.evaluate.metrics.len();
        // Every measurement up to this step, and no other.
        let measured = |(place, observation): (u64, &Observation)| {
            let in_place = observation.step == place * every && observation.epoch == observation.step / points;
            in_place && observation.values.len() == values && observation.is_finite()
        };
        let complete = kept.points.len() as u64 == 1 + state.step / every;
        let fits = complete && (0..).zip(&*kept.points).all(measured);
        fits.then(|| Self { state, observations: kept.points.into_owned(), chain: kept.chain.into_owned() })
    }
}

impl NetworkExperiment<'_> {
    fn splits(&self, tasks: &[Task]) -> Result<Vec<Arc<SplitData>>, RunError> {
        tasks.iter().map(|task| self.split(task.trial, task.seed)).collect()
    }

    fn jobs<'a>(&'a self, tasks: &[Task], splits: &'a [Arc<SplitData>]) -> Vec<Job<'a>> {
        let job = |(task, split): (&Task, &'a Arc<SplitData>)| Job {
            setting: self.study.trials[task.trial].setting(),
            split,
            seed: task.seed,
        };
        tasks.iter().zip(splits).map(job).collect()
    }

    /// Trains runs that are all at the same step; `None` if it was stopped.
    fn go_on(
        &self,
        runs: Vec<Run<'_>>,
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: &dyn Handover,
    ) -> Option<()> {
        let lanes: Vec<_> = runs.iter().map(|run| run.lane).collect();
        let (ids, jobs): (Vec<_>, Vec<_>) = runs.iter().map(|run| (run.id, run.job)).unzip();
        let broken = Cell::new(false);
        let watch = &mut |lane: usize, observation: &Observation| {
            // The measurement is completed for all lanes, so that all runs stop at the same step.
            let breaks = watch(lanes[lane], observation).is_break();
            broken.set(broken.get() || breaks);
            ControlFlow::Continue(())
        };
        let stopped = || broken.get() || stopped();
        let mut recorder = Recorder::new(&ids, watch).until(&stopped);
        let mut states = Vec::new();
        for (lane, from) in runs.into_iter().map(|run| run.from).enumerate() {
            if let Some(Halfway { state, observations, chain }) = from {
                recorder.resume(lane, observations, chain);
                states.push(state);
            }
        }
        let mut observer = HandingOver { recorder, lanes: &lanes, handover };
        let done = match states.is_empty() {
            true => train::train(self.simd, &jobs, &mut observer),
            false => train::resume(self.simd, &jobs, states, &mut observer),
        };
        done.map(drop)
    }
}

/// Records runs, and hands over their checkpoints and final records.
struct HandingOver<'a> {
    recorder: Recorder<'a>,
    /// Indices in the group.
    lanes: &'a [usize],
    handover: &'a dyn Handover,
}

impl Observer for HandingOver<'_> {
    fn measured(&mut self, lane: usize, observation: &Observation, params: &Params) -> ControlFlow<()> {
        self.recorder.measured(lane, observation, params)
    }

    fn ended(&mut self, lane: usize, outcome: &Outcome, params: &Params) {
        self.handover.finished(self.lanes[lane], self.recorder.take(lane, outcome, params));
    }

    fn paused(&mut self) -> ControlFlow<()> {
        self.recorder.paused()
    }

    fn wants_states(&mut self) -> bool {
        self.handover.due()
    }

    fn state(&mut self, lane: usize, state: State) {
        let (observations, chain) = self.recorder.so_far(lane);
        let bytes = state.to_bytes();
        let kept =
            Checkpoint { step: state.step, points: observations.into(), chain: chain.into(), state: bytes.into() };
        self.handover.keep(self.lanes[lane], &kept);
    }
}

#[cfg(test)]
mod tests;
