//! The limits of the table of results.

use super::results::{Results, Row};
use crate::{
    stats::{self, ENOUGH, Interval},
    table::Baseline,
};

impl Results {
    /// Returns a caution about trials with too few runs, by the rule of [`compare`](crate::stats::compare).
    pub fn caution(&self) -> Option<String> {
        let few: Vec<usize> = self.rows.iter().filter(|row| row.few).filter_map(|row| row.runs.parse().ok()).collect();
        let (least, most, all) = (*few.iter().min()?, *few.iter().max()?, few.len() == self.rows.len());
        let counted = self.counted;
        let runs = match (least, most) {
            (1, 1) => format!("a single {}", counted.trim_end_matches('s')),
            (1, n) => format!("{n} {counted} or fewer, down to a single one"),
            (n, m) if n == m => format!("{n} {counted}"),
            (n, m) => format!("{n} to {m} {counted}"),
        };
        let of = match few.len() {
            _ if all => "Every trial has".into(),
            1 => format!("1 of {} trials has", self.rows.len()),
            n => format!("{n} of {} trials have", self.rows.len()),
        };
        let what = match least {
            1 => "the effect of the seed is not known".to_owned(),
            _ if !self.rows.iter().any(|row| row.errors.iter().any(|error| error.text.contains(" to "))) => {
                "too few for an interval of the mean".to_owned()
            }
            n => format!(
                "too few for an interval of the mean. Parentheses contain the range of the {counted}, and up to {} of further seeds may be outside of it ({})",
                up(stats::outside(n as u64, self.confidence)),
                sure(self.confidence)
            ),
        };
        let of_all = self.choice.as_ref().map_or(self.rows.len(), |choice| choice.of);
        let needed = stats::seeds_needed(of_all.saturating_sub(1));
        // Confirming runs are counted elsewhere, and an unfinished study gets more.
        let counts = self.is_finished && self.confirmed.is_none();
        let rest = if all && most < needed && self.rows.len() > 1 && counts {
            format!("; no best trial can be shown with fewer than {needed} seeds")
        } else {
            String::new()
        };
        Some(format!("{of} {runs}: {what}{rest}."))
    }

    /// Returns a note about trials whose runs all agree: further runs may differ.
    pub fn unseen(&self) -> Option<String> {
        let runs = |row: &Row| row.runs.parse::<u64>().ok();
        let agreeing: Vec<u64> = self.rows.iter().filter(|row| row.agree).filter_map(runs).collect();
        let (least, trials) = (*agreeing.iter().min()?, agreeing.len());
        let of = if trials == 1 { "In 1 trial".into() } else { format!("In each of {trials} trials") };
        let every = if agreeing.iter().all(|runs| *runs == least) {
            format!("all {least} {}", self.counted)
        } else {
            format!("all {}", self.counted)
        };
        Some(format!(
            "{of}, {every} have the same {}, marked (all): there is no interval, and up to {} of further seeds may still differ ({}).",
            self.terms.what,
            up(stats::unseen(least - 1, self.confidence)),
            sure(self.confidence)
        ))
    }

    /// Returns the explanation of the brackets; empty without intervals.
    pub fn brackets(&self) -> String {
        let has = |row: &Row| row.errors.iter().any(|error| !error.interval.is_none());
        match self.rows.iter().any(has) {
            true => format!(", with the {} interval of the mean in brackets", level(self.confidence)),
            false => String::new(),
        }
    }

    /// Whether runs are known to draw or divide their data again.
    pub fn draws_data(&self) -> bool {
        matches!(self.baseline, Baseline::Constant(constant) if constant.divided)
    }

    /// Returns what the intervals of the table cover and what not, as far as that is known for every experiment.
    pub fn covers(&self) -> Option<String> {
        let runs = |row: &Row| row.runs.parse::<u64>().ok().filter(|runs| *runs >= ENOUGH as u64);
        let least = self.rows.iter().filter_map(runs).min()?;
        let drawn = if self.draws_data() { " and the data that they draw or divide" } else { "" };
        Some(format!(
            "Intervals cover the variation of seeds{drawn}; an event that none of {least} seeds has shown may still occur in up to {} of further ones.",
            up(stats::unseen(least, self.confidence))
        ))
    }

    /// Returns a note about the uncertainty from the points, which are a sample too, if it is larger than that from the
    /// seeds.
    pub fn other_points(&self) -> Option<String> {
        let Baseline::Constant(constant) = self.baseline else { return None };
        let choice = self.choice.as_ref()?;
        let row = self.judged(choice.leader)?;
        // The leader of many trials is biased by its points, so the interval is corrected for all of them.
        let of = self.confirmed.as_ref().map_or(choice.of, |confirmed| confirmed.of).max(1);
        let confidence = 1.0 - (1.0 - self.confidence) / of as f64;
        let decides = self.terms.splits.iter().position(|(split, _)| *split == self.terms.objective().part)?;
        let error = row.errors.get(decides).filter(|error| constant.fixed && error.mean.is_finite())?;
        let share = error.mean / self.terms.factor;
        let found = (share.clamp(0.0, 1.0) * constant.seen as f64).round() as u64;
        let Interval { low, high } = stats::share(found, constant.seen, confidence);
        let wide = self.terms.factor * (high - low);
        if wide <= error.interval.high - error.interval.low {
            return None;
        }
        let [low, high] = [low, high].map(|end| self.terms.shown(end));
        let corrected = if of > 1 { format!(", corrected for {of} trials") } else { String::new() };
        let further = if self.confirmed.is_some() { " under the further seeds" } else { "" };
        Some(format!(
            "{measured} on the same {} points, which no interval over seeds covers: at the {}{further}, {}{unit}, from {} to {}{unit} of further points from \
             the same source may be wrong ({}{corrected}).",
            constant.seen,
            self.terms.best(),
            self.terms.shown(share)?,
            low?,
            high?,
            sure(self.confidence),
            measured = if self.has_folds() {
                "Under every seed, the folds together are measured"
            } else {
                "All runs are measured"
            },
            unit = if self.terms.unit.is_empty() { String::new() } else { format!(" {}", self.terms.unit) },
        ))
    }
}

fn sure(confidence: f64) -> String {
    format!("{} confidence", level(confidence))
}

pub(super) fn level(confidence: f64) -> String {
    format!("{} %", stats::percent(confidence))
}

fn up(share: f64) -> String {
    format!("{:.0} %", (100.0 * share).ceil())
}
