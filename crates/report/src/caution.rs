//! What a reader must know before believing the table of results.

use super::results::{Results, Row};
use crate::stats::{self, FEWEST};

impl Results {
    /// What is to be said where a trial has too few runs to say anything: the rule is that of [`compare`](crate::stats::compare).
    pub fn caution(&self) -> Option<String> {
        let few: Vec<usize> = self.rows.iter().filter(|row| row.few).filter_map(|row| row.runs.parse().ok()).collect();
        let (least, most, all) = (*few.iter().min()?, *few.iter().max()?, few.len() == self.rows.len());
        let runs = match (least, most) {
            (1, 1) => "a single run".into(),
            (1, n) => format!("{n} runs or fewer, down to a single one"),
            (n, m) if n == m => format!("{n} runs"),
            (n, m) => format!("{n} to {m} runs"),
        };
        let of = match few.len() {
            _ if all => "Every trial has".into(),
            1 => format!("1 of {} trials has", self.rows.len()),
            n => format!("{n} of {} trials have", self.rows.len()),
        };
        let what = match least {
            1 => "how much a result depends on the seed is not known from one",
            n if n < FEWEST => "intervals of so few are much too short",
            _ => "their intervals are too short, and miss the mean of many more seeds in more than 1 of 20 studies",
        };
        let of_all = self.choice.as_ref().map_or(self.rows.len(), |choice| choice.of);
        let needed = stats::seeds_needed(of_all.saturating_sub(1));
        // Runs that confirm are counted elsewhere.
        let rest = if all && most < needed && self.rows.len() > 1 && self.confirmed.is_none() {
            format!("; no best trial can be shown with fewer than {needed} seeds")
        } else {
            String::new()
        };
        Some(format!("{of} {runs}: {what}{rest}."))
    }

    /// What is to be said of intervals without width: that all runs agree does not say that all others would.
    pub fn unseen(&self) -> Option<String> {
        let runs = |row: &Row| row.runs.parse::<usize>().ok();
        let agreeing: Vec<usize> = self.rows.iter().filter(|row| row.agree).filter_map(runs).collect();
        let (least, trials) = (*agreeing.iter().min()?, agreeing.len());
        let of = if trials == 1 { "In 1 trial".into() } else { format!("In each of {trials} trials") };
        let every =
            if agreeing.iter().all(|runs| *runs == least) { format!("all {least} runs") } else { "all runs".into() };
        Some(format!(
            "{of}, {every} have one {}, so that its interval has no width: of further seeds, up to {:.0} % may still come to another (95 % confidence).",
            self.terms.what,
            (100.0 * stats::unseen(least)).ceil()
        ))
    }
}
