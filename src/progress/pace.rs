use std::time::Instant;

use crate::sweep::Study;

/// Progress and speed of the work. Speed is in steps; the remaining time follows from cost, since steps of large
/// networks take longer, and the most expensive groups come first.
#[derive(Debug)]
pub struct Pace {
    began: Instant,
    steps: u64,
    /// The cost of the finished work, and of all work.
    done: f64,
    cost: f64,
}

impl Pace {
    /// Starts the clock for work of this cost.
    #[must_use]
    pub fn new(cost: f64) -> Self {
        Self { began: Instant::now(), steps: 0, done: 0.0, cost }
    }

    /// Adds finished steps and their cost.
    pub fn advance(&mut self, steps: u64, cost: f64) {
        self.steps += steps;
        self.done += cost;
    }

    /// The finished share of the work, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.cost > 0.0 { (self.done / self.cost).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Mean steps per second since the start.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.steps as f64 / self.began.elapsed().as_secs_f64().max(1e-3)
    }

    /// The remaining seconds at the mean speed; none before the first progress.
    #[must_use]
    pub fn left(&self) -> Option<f64> {
        let share = self.share();
        (share > 0.0).then(|| self.began.elapsed().as_secs_f64() * (1.0 - share) / share)
    }
}

/// Whether the steps of a run are known before it ends: not in a study of programs, in which a run counts as one step.
#[must_use]
pub fn counts_steps(study: &Study) -> bool {
    !study.declaration().external
}

/// Formats steps per second; empty if [no steps are counted](counts_steps).
#[must_use]
pub fn speed(study: &Study, rate: f64, million: &str) -> String {
    if !counts_steps(study) { String::new() } else { format!("{:.1}{million} steps/s", rate / 1e6) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_remaining_time_follows_from_cost() {
        let mut pace = Pace::new(100.0);
        assert_eq!((pace.share(), pace.left()), (0.0, None));
        pace.began -= Duration::from_secs(90);
        // Half of the steps, those of the large networks.
        pace.advance(500, 90.0);
        assert!((pace.share() - 0.9).abs() < 1e-12);
        assert!(pace.left().is_some_and(|left| (9.9..11.0).contains(&left)), "{:?}", pace.left());
        assert!((5.0..5.6).contains(&pace.rate()), "{}", pace.rate());
        pace.advance(500, 10.1);
        assert_eq!(pace.left(), Some(0.0));
    }
}
