//! Shows the progress of a sweep in its cell.
//!
//! One output changes, at most five times a second. Its last text depends on the study alone, so that a notebook that
//! is executed again has the same outputs.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use restudy::{progress::Pace, run::Event};

use crate::{
    cell::{self, marker},
    show::Bundle,
};

pub(crate) struct Live {
    /// The identifier of the output; `None` if outputs cannot change.
    id: Option<String>,
    name: String,
    state: Mutex<State>,
}

struct State {
    runs: usize,
    finished: usize,
    pace: Pace,
    last_update: Option<Instant>,
}

/// The least time between two changes.
const PAUSE: Duration = Duration::from_millis(200);

impl Live {
    pub(crate) fn new(name: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let id = cell::kernel().map(|_| format!("progress-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let state = State { runs: 0, finished: 0, pace: Pace::new(0.0), last_update: None };
        let live = Self { id, name: name.into(), state: Mutex::new(state) };
        if let (Some(id), Some(kernel)) = (&live.id, cell::kernel()) {
            kernel.notify(&marker::display(&Bundle::text(format!("{name}: beginning")), Some(id)));
        }
        live
    }

    /// Handles an event of the executor.
    pub(crate) fn event(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Started { runs, cached, cost, .. } => {
                (state.runs, state.finished, state.pace) = (runs, cached, Pace::new(cost));
            }
            Event::Advanced { steps, cost } => state.pace.advance(steps, cost),
            Event::Finished { .. } => state.finished += 1,
            Event::Rendering => return self.update(&format!("{}: making tables and figures", self.name)),
            Event::Waiting { .. } => return self.update(&format!("{}: waiting for other processes", self.name)),
            Event::Stuck { owner, given_up: false, .. } => {
                return self.update(&format!("{}: waiting for {owner}, which gets nowhere", self.name));
            }
            Event::Stuck { .. } | Event::Committed { .. } | Event::Stopped => return,
        }
        if state.last_update.is_none_or(|time| time.elapsed() >= PAUSE) {
            state.last_update = Some(Instant::now());
            self.update(&format!("{}: {}", self.name, state.words()));
        }
    }

    /// Replaces the progress by its last text.
    pub(crate) fn finish(&self, text: &str) {
        match &self.id {
            Some(_) => self.update(text),
            None => cell::say(text),
        }
    }

    fn update(&self, text: &str) {
        if let (Some(id), Some(kernel)) = (&self.id, cell::kernel()) {
            kernel.notify(&marker::update(&Bundle::text(text), id));
        }
    }
}

impl State {
    fn words(&self) -> String {
        let (share, rate) = (self.pace.share(), self.pace.rate() / 1e6);
        let left = self.pace.left();
        let left = left.map_or_else(String::new, |left| format!(", {rate:.1} million steps/s, about {left:.0} s left"));
        format!("{} {} of {} runs, {:.0} %{left}", bar(share), self.finished, self.runs, 100.0 * share)
    }
}

fn bar(share: f64) -> String {
    const LENGTH: usize = 24;
    let full = ((share * LENGTH as f64) as usize).min(LENGTH);
    "█".repeat(full) + &"░".repeat(LENGTH - full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_a_line() {
        let mut state = State { runs: 30, finished: 12, pace: Pace::new(1000.0), last_update: None };
        state.pace.advance(100, 500.0);
        let words = state.words();
        assert!(words.starts_with("████████████░░░░░░░░░░░░ 12 of 30 runs, 50 %, "), "{words}");
        assert_eq!((bar(0.0), bar(1.5)), ("░".repeat(24), "█".repeat(24)));
    }
}
