//! What a reader must know before believing the table of results.

use super::results::{Results, Row};
use crate::stats::{self, FEWEST};

impl Results {
    /// What is to be said where a trial has too few runs to say anything: the rule is that of [`compare`](crate::stats::compare).
    pub fn caution(&self) -> Option<String> {
        let few = |row: &&Row| row.few;
        let least = self.rows.iter().filter(few).filter_map(|row| row.runs.parse::<usize>().ok()).min()?;
        let marked = self.rows.iter().filter(few).count();
        let of = if marked == self.rows.len() {
            "Every trial has".into()
        } else {
            format!("{marked} of {} trials have", self.rows.len())
        };
        Some(match least {
            1 if marked == self.rows.len() => {
                "Every trial has a single run: how much its result depends on the seed is not known.".into()
            }
            1 => format!(
                "{of} too few runs, down to a single one: how much its result depends on the seed is not known."
            ),
            n if n < FEWEST => format!(
                "{of} too few runs, down to {n}: their intervals are much too short, and no difference between trials can be shown (that takes {FEWEST} \
                 seeds)."
            ),
            n => format!(
                "{of} few runs, down to {n}: their intervals are too short, and miss the mean of many more seeds in more than 1 of 20 studies."
            ),
        })
    }

    /// What is to be said of intervals without width: that all runs agree does not say that all others would.
    pub fn unseen(&self) -> Option<String> {
        let decides = |row: &&Row| row.errors.last().is_some_and(|error| error.interval.low == error.interval.high);
        let runs = |row: &Row| row.runs.parse::<usize>().ok().filter(|runs| *runs > 1);
        let agreeing: Vec<usize> = self.rows.iter().filter(decides).filter_map(runs).collect();
        let (least, trials) = (*agreeing.iter().min()?, agreeing.len());
        let of = if trials == 1 { "1 trial".into() } else { format!("{trials} trials") };
        let which =
            if agreeing.iter().all(|runs| *runs == least) { format!("All {least} runs") } else { "All runs".into() };
        Some(format!(
            "{which} of {of} have the same {}, so that the interval has no width: of further seeds, up to {:.0} % may still come to another one.",
            self.terms.what,
            (100.0 * stats::unseen(least)).ceil()
        ))
    }
}
