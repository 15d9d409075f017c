use std::time::Instant;

/// How far the work is. Steps are what is told of speed; what is left is weighed by cost, since a step of a large network takes longer than
/// one of a small network, and the dearest groups come first.
#[derive(Debug)]
pub struct Pace {
    began: Instant,
    steps: u64,
    /// What has been done, and what is to be done altogether.
    done: f64,
    cost: f64,
}

impl Pace {
    /// Work of that cost begins.
    #[must_use]
    pub fn new(cost: f64) -> Self {
        Self { began: Instant::now(), steps: 0, done: 0.0, cost }
    }

    /// So many steps are done, and they cost so much.
    pub fn advance(&mut self, steps: u64, cost: f64) {
        self.steps += steps;
        self.done += cost;
    }

    /// The share of the work that is done, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.cost > 0.0 { (self.done / self.cost).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Steps a second, from the beginning.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.steps as f64 / self.began.elapsed().as_secs_f64().max(1e-3)
    }

    /// Seconds that are left if the work goes on as it went; none before anything is done.
    #[must_use]
    pub fn left(&self) -> Option<f64> {
        let share = self.share();
        (share > 0.0).then(|| self.began.elapsed().as_secs_f64() * (1.0 - share) / share)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_left_is_weighed_by_cost() {
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
