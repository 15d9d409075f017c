use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use super::{
    Progress,
    best::Best,
    counted, output,
    pace::{Pace, speed},
    stuck, to_do,
};
use crate::{run::Event, sweep::Study};

/// A line every few seconds, for pipes and logs.
pub(super) struct Plain<'a> {
    study: &'a Study,
    name: String,
    state: Mutex<State>,
}

struct State {
    best: Best,
    missing: usize,
    pace: Pace,
    printed: Instant,
}

const PAUSE: Duration = Duration::from_secs(2);

impl<'a> Plain<'a> {
    pub(super) fn new(study: &'a Study, name: String, sweep: bool) -> Self {
        let now = Instant::now();
        let state = State { best: Best::new(study, sweep), missing: 0, pace: Pace::new(0.0), printed: now };
        Self { study, name, state: Mutex::new(state) }
    }
}

impl Progress for Plain<'_> {
    fn event(&self, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let name = &self.name;
        match *event {
            Event::Started { runs, cached, steps, cost } => {
                (state.missing, state.pace, state.printed) = (runs - cached, Pace::new(cost), Instant::now());
                state.best.finished = 0;
                if steps > 0 {
                    output::err(format_args!("{name}: {}", to_do(self.study, runs - cached, runs, steps)));
                }
            }
            Event::Advanced { steps, cost } => {
                state.pace.advance(steps, cost);
                if state.printed.elapsed() < PAUSE {
                    return;
                }
                state.printed = Instant::now();
                output::err(format_args!(
                    "{name}: {:.0} %, {} of {}{}, {:.0} s left{}",
                    100.0 * state.pace.share(),
                    state.best.finished,
                    counted(state.missing),
                    match speed(self.study, state.pace.rate(), " million") {
                        speed if speed.is_empty() => speed,
                        speed => format!(", {speed}"),
                    },
                    state.pace.left().unwrap_or(0.0),
                    state.best.words(self.study, "; "),
                ));
            }
            Event::Finished { task, record } => state.best.add(task, record),
            Event::Waiting { runs } => {
                output::err(format_args!("{name}: waiting for other processes to finish {}", counted(runs)));
            }
            Event::Stuck { owner, tasks, still, given_up } => {
                let message = stuck(self.study, owner, tasks, still.as_secs(), given_up);
                output::err(format_args!("{name}: {message}"));
            }
            Event::Rendering | Event::Committed { .. } | Event::Stopped => {}
        }
    }
}
