use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use super::{Progress, best::Best, counted, counts_steps, output, pace::Pace, stuck};
use crate::{escape, run::Event, sweep::Study};

/// One bar over the cost of all missing runs, with the rate, the time left, and the best trial so far.
pub(super) struct Bar<'a> {
    study: &'a Study,
    name: String,
    bar: ProgressBar,
    best: Mutex<Best>,
    pace: Arc<Mutex<Pace>>,
    sweep: bool,
}

/// The length of the bar; the unit of costs does not matter.
const LENGTH: u64 = 1_000_000;

const TEMPLATE: &str = "{prefix:.bold} {wide_bar:.cyan/dim} {percent:>3} %  {rate}  {left}\n  {msg}";

impl<'a> Bar<'a> {
    pub(super) fn new(study: &'a Study, name: String, sweep: bool) -> Self {
        let pace = Arc::new(Mutex::new(Pace::new(0.0)));
        let shown = Arc::clone(&pace);
        let has_steps = counts_steps(study);
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let rate = lock(&shown).rate();
                if has_steps {
                    let _ = write!(out, "{:.1} M steps/s", rate / 1e6);
                }
            })
            .with_key("left", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let _ = write!(out, "{:#} left", HumanDuration(Duration::from_secs(state.eta().as_secs() + 1)));
            })
            .progress_chars("━╸ ");
        let bar = ProgressBar::hidden().with_style(style).with_prefix(escape::line(&name).into_owned());
        Self { study, name, bar, best: Mutex::new(Best::new(study, sweep)), pace, sweep }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Progress for Bar<'_> {
    fn event(&self, event: &Event<'_>) {
        match *event {
            Event::Started { runs, cached, steps, cost } if steps > 0 => {
                *lock(&self.pace) = Pace::new(cost);
                lock(&self.best).finished = 0;
                self.bar.set_length(LENGTH);
                self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr_with_hz(10));
                self.bar.set_message(format!("{} of {} to do", runs - cached, counted(runs)));
                self.bar.enable_steady_tick(Duration::from_millis(100));
            }
            Event::Advanced { steps, cost } => {
                let advance = |mut pace: MutexGuard<'_, Pace>| {
                    pace.advance(steps, cost);
                    pace.share()
                };
                // Drawing the bar locks the pace, so it is unlocked first.
                let share = advance(lock(&self.pace));
                self.bar.set_position((share * LENGTH as f64) as u64);
            }
            Event::Finished { task, record } => {
                let mut best = lock(&self.best);
                best.add(task, record);
                self.bar.set_message(format!(
                    "{} done{}",
                    counted(best.finished),
                    escape::line(&best.words(self.study, " · "))
                ));
            }
            Event::Waiting { runs } => {
                self.bar.set_message(format!("waiting for other processes to finish {}", counted(runs)));
            }
            Event::Stuck { owner, tasks, still, given_up } => {
                // The line stays above the bar.
                let message = stuck(self.study, owner, tasks, still.as_secs(), given_up);
                self.bar.suspend(|| output::err(format_args!("{}: {message}", self.name)));
            }
            Event::Rendering => {
                self.bar.set_message(if self.sweep {
                    "drawing figures, writing tables and report"
                } else {
                    "writing all files again and comparing them"
                });
                self.bar.tick();
            }
            Event::Stopped => self.bar.finish_and_clear(),
            Event::Started { .. } | Event::Committed { .. } => {}
        }
    }
}
