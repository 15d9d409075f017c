use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::{
    data::{DoubleMoon, Source, SplitData},
    digest::{Digest, Value, run_id},
    record::{Recorder, record},
    seed::Seed,
    train::{Every, Observation, Observer, Order, Outcome, Setting, Simd, Stop, resume, train},
};
use restudy_core::record::Record;

/// A state and the measurements before it.
type Halfway = (State, Vec<Observation>, Vec<Digest>);

type ByRun<T> = Vec<(usize, T)>;

/// Records until a pause, saves the state of every unfinished run, and cancels.
struct Interrupted<'a> {
    recorder: Recorder<'a>,
    pauses: usize,
    ended: ByRun<Record>,
    states: ByRun<Halfway>,
}

impl Observer for Interrupted<'_> {
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()> {
        self.recorder.measured(lane, point, params)
    }

    fn ended(&mut self, lane: usize, outcome: &Outcome, params: &Params) {
        self.ended.push((lane, self.recorder.take(lane, outcome, params)));
    }

    fn paused(&mut self) -> ControlFlow<()> {
        self.pauses = self.pauses.saturating_sub(1);
        if self.pauses == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn wants_states(&mut self) -> bool {
        self.pauses == 0
    }

    fn state(&mut self, lane: usize, state: State) {
        let (points, chain) = self.recorder.so_far(lane);
        self.states.push((lane, (state, points.to_vec(), chain.to_vec())));
    }
}

/// Continues runs for a number of pauses; returns the records of those that ended and the states of the others.
fn continue_runs(
    simd: Simd,
    runs: &[(usize, Job<'_>, Option<Halfway>)],
    pauses: usize,
) -> (ByRun<Record>, ByRun<Halfway>) {
    let watch = &mut |_: usize, _: &Observation| ControlFlow::Continue(());
    let ids: Vec<_> = runs.iter().map(|(_, job, _)| id(job)).collect();
    let jobs: Vec<_> = runs.iter().map(|(_, job, _)| *job).collect();
    let mut recorder = Recorder::new(&ids, watch);
    let mut states = Vec::new();
    for (lane, (_, job, halfway)) in runs.iter().enumerate() {
        if let Some((state, points, chain)) = halfway {
            recorder.resume(lane, points.clone(), chain.clone());
            states.push(State::from_bytes(job, &state.to_bytes()).unwrap());
            assert_eq!(states.last().map(State::to_bytes), Some(state.to_bytes()));
        }
    }
    let mut interrupted = Interrupted { recorder, pauses, ended: Vec::new(), states: Vec::new() };
    let done = match states.is_empty() {
        true => train(simd, &jobs, &mut interrupted),
        false => resume(simd, &jobs, states, &mut interrupted),
    };
    assert_eq!(done.is_none(), !interrupted.states.is_empty());
    let of_run = |lane: usize| runs[lane].0;
    (
        interrupted.ended.into_iter().map(|(lane, record)| (of_run(lane), record)).collect(),
        interrupted.states.into_iter().map(|(lane, halfway)| (of_run(lane), halfway)).collect(),
    )
}

fn id(job: &Job<'_>) -> Digest {
    run_id([("learning-rate", Value::Float(job.rate()))], job.seed)
}

fn split() -> SplitData {
    DoubleMoon { train: 50, validation: 20, noise: 0.5, ..DoubleMoon::default() }.load(Seed(2)).unwrap()
}

fn settings() -> impl Strategy<Value = Vec<Setting>> {
    let every =
        prop_oneof![Just(Every::Steps(70)), Just(Every::Epochs(1)), Just(Every::Steps(1000)), Just(Every::Epochs(900))];
    // The last rate diverges.
    let settings = (prop::sample::select(vec![0.02, 0.2, 1.0, 1e200]), 1_u64..60, any::<bool>(), any::<[bool; 2]>());
    (every, 1_u32..9, prop::collection::vec(settings, 1..12)).prop_map(|(every, hidden, settings)| {
        let setting = |(rate, epochs, shuffled, stops): (f64, u64, bool, [bool; 2])| {
            let mut setting = Setting::default();
            setting.model.hidden = hidden;
            setting.evaluate.every = every;
            setting.train.learning_rate = rate;
            setting.train.epochs = epochs;
            setting.train.sampling = if shuffled { Sampling::Shuffle } else { Sampling::WithReplacement };
            setting.stop = Stop { zero_error_epochs: stops[0].then_some(3), loss_below: stops[1].then_some(0.1) };
            setting
        };
        settings.into_iter().map(setting).collect()
    })
}

proptest! {
    /// Interruptions, other groups and other instructions do not change a record.
    #[test]
    fn a_resumed_run_has_the_same_bits(
        settings in settings(),
        pauses in prop::collection::vec((1_usize..12, 1_usize..9, any::<bool>()), 0..6),
    ) {
        let split = split();
        let jobs: Vec<_> = settings.iter().zip(0..).map(|(setting, lane)| Job { setting, split: &split, seed: Seed(lane / 2) }).collect();
        let expected: Vec<Record> = jobs
            .iter()
            .flat_map(|job| record(Simd::Portable, &[*job], &[id(job)], &mut |_, _| ControlFlow::Continue(())).unwrap())
            .collect();
        let mut records = Vec::new();
        let mut left: Vec<(usize, Job<'_>, Option<Halfway>)> = jobs.iter().enumerate().map(|(run, job)| (run, *job, None)).collect();
        let rest = [(usize::MAX, 16, false)];
        for (pauses, most, portable) in pauses.into_iter().chain(rest) {
            let simd = if portable { Simd::Portable } else { Simd::best() };
            let step = |(_, _, halfway): &(usize, Job<'_>, Option<Halfway>)| halfway.as_ref().map(|halfway| halfway.0.step);
            left.sort_by_key(step);
            let mut next = Vec::new();
            for group in left.chunk_by(|a, b| step(a) == step(b)).flat_map(|same| same.chunks(most)) {
                let (ended, halfway) = continue_runs(simd, group, pauses);
                records.extend(ended);
                next.extend(halfway.into_iter().map(|(run, halfway)| (run, jobs[run], Some(halfway))));
            }
            left = next;
        }
        records.sort_by_key(|(run, _)| *run);
        prop_assert_eq!(records.len(), expected.len());
        for ((_, record), expected) in records.iter().zip(&expected) {
            prop_assert_eq!(record.digest(), expected.digest());
            prop_assert!(record.first_difference(expected).is_none());
        }
    }

    /// Untrusted bytes are a state that can be resumed, or are refused; they never cause a panic.
    #[test]
    fn invalid_bytes_are_refused(
        shuffled in any::<bool>(), cut in 0_usize..400, place in 0_usize..48, byte in any::<u8>(), step in any::<u64>(),
    ) {
        let split = split();
        let mut setting = Setting::default();
        setting.model.hidden = 3;
        setting.train.sampling = if shuffled { Sampling::Shuffle } else { Sampling::WithReplacement };
        let job = Job { setting: &setting, split: &split, seed: Seed(1) };
        let (_, halfway) = continue_runs(Simd::Portable, &[(0, job, None)], 5);
        let bytes = halfway[0].1.0.to_bytes();
        prop_assert!(State::from_bytes(&job, &bytes).is_some());
        prop_assert_eq!(State::from_bytes(&job, &bytes[..cut.min(bytes.len() - 1)]), None);
        let mut other = bytes.clone();
        other[place] ^= byte;
        other[8..16].copy_from_slice(&step.to_le_bytes());
        if let Some(state) = State::from_bytes(&job, &other) {
            let _ = resume(Simd::Portable, &[job], vec![state], &mut Quiet);
        }
        // Another shape.
        let mut larger = setting.clone();
        larger.model.hidden = 4;
        prop_assert_eq!(State::from_bytes(&Job { setting: &larger, ..job }, &bytes), None);
    }

    /// An order continues from its word, also after rejected words: with this number of points, every second word is
    /// rejected.
    #[test]
    fn an_order_continues_from_its_word(seed in any::<u64>(), steps in 0_u64..200, shuffled in any::<bool>()) {
        let (sampling, points) = if shuffled { (Sampling::Shuffle, 7) } else { (Sampling::WithReplacement, (1 << 31) + 1) };
        let mut order = Order::new(Seed(seed), sampling, points);
        if !shuffled {
            order.draw_from(0);
        }
        (0..steps).for_each(|_| _ = order.draw());
        let mut other = Order::new(Seed(seed), sampling, points);
        other.go_to(steps, order.word(steps));
        prop_assert!(shuffled || steps < 40 || order.word(steps) > steps, "words are rejected");
        for _ in 0..100 {
            prop_assert_eq!(order.draw(), other.draw());
        }
    }
}

struct Quiet;

impl Observer for Quiet {
    fn measured(&mut self, _: usize, _: &Observation, _: &Params) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
