//! What the user should know of runs, each thing once for all runs of a sweep.

use std::collections::BTreeMap;

use crate::digest::Digest;

/// Observations about runs that are no results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// How often names were printed that are not declared.
    undeclared: BTreeMap<String, u64>,
    /// How often declared names had values that are no numbers.
    no_number: BTreeMap<String, u64>,
    /// In how many runs declared names were never measured, and not at the last step.
    never: BTreeMap<String, u64>,
    not_last: BTreeMap<String, u64>,
    /// The failed runs, by reason: their number, the first run, the end of its output, and a hint.
    failed: BTreeMap<String, Failed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Failed {
    runs: u64,
    run: String,
    tail: String,
    hint: Option<String>,
}

/// The most names that are listed.
const MOST: usize = 5;

/// The most names that are counted: a program may print names without end.
const MOST_COUNTED: usize = 1000;

fn count(all: &mut BTreeMap<String, u64>, name: &str, times: u64) {
    if all.len() < MOST_COUNTED || all.contains_key(name) {
        *all.entry(name.to_owned()).or_default() += times;
    }
}

impl Notices {
    pub(super) fn undeclared(&mut self, name: &str) {
        count(&mut self.undeclared, name, 1);
    }

    pub(super) fn no_number(&mut self, name: &str) {
        count(&mut self.no_number, name, 1);
    }

    pub(super) fn lacking(&mut self, [never, not_last]: [Vec<String>; 2]) {
        never.iter().for_each(|name| count(&mut self.never, name, 1));
        not_last.iter().for_each(|name| count(&mut self.not_last, name, 1));
    }

    pub(super) fn failed(&mut self, reason: &str, run: &Digest, tail: &str, hint: Option<String>) {
        let failed = Failed { runs: 1, run: run.short(), tail: tail.to_owned(), hint };
        self.failed.insert(reason.to_owned(), failed);
    }

    /// Adds the notices of another run.
    pub fn add(&mut self, other: &Self) {
        other.undeclared.iter().for_each(|(name, times)| count(&mut self.undeclared, name, *times));
        other.no_number.iter().for_each(|(name, times)| count(&mut self.no_number, name, *times));
        other.never.iter().for_each(|(name, times)| count(&mut self.never, name, *times));
        other.not_last.iter().for_each(|(name, times)| count(&mut self.not_last, name, *times));
        for (reason, failed) in &other.failed {
            match self.failed.get_mut(reason) {
                Some(known) => known.runs += failed.runs,
                None => _ = self.failed.insert(reason.clone(), failed.clone()),
            }
        }
    }

    /// Returns the notices as sentences.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if !self.undeclared.is_empty() {
            let times: u64 = self.undeclared.values().sum();
            sentences.push(format!(
                "the program printed {times} {} not in [measurements], and not stored: {}",
                if times == 1 { "value that is" } else { "values that are" },
                listed(&self.undeclared)
            ));
        }
        if !self.no_number.is_empty() {
            sentences.push(format!("the program printed values that are no numbers for {}", listed(&self.no_number)));
        }
        if !self.never.is_empty() {
            sentences.push(format!("the program never printed {}, which [measurements] declares", listed(&self.never)));
        }
        if !self.not_last.is_empty() {
            sentences.push(format!(
                "the last line of measurements has no {}: print all measurements of a step in one line",
                listed(&self.not_last)
            ));
        }
        for (reason, Failed { run, tail, hint, .. }) in &self.failed {
            let tail = if tail.is_empty() {
                "it printed nothing".to_owned()
            } else {
                format!(
                    "the end of its output:\n{}",
                    tail.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
                )
            };
            let hint = hint.as_ref().map_or_else(String::new, |hint| format!("\n{hint}"));
            sentences.push(format!("run {run} failed ({reason}); {tail}{hint}"));
        }
        sentences
    }
}

fn listed(names: &BTreeMap<String, u64>) -> String {
    let mut all: Vec<_> = names.keys().take(MOST).map(|name| format!("`{}`", restudy_escape::line(name))).collect();
    if names.len() > MOST {
        all.push(format!("{} more", names.len() - MOST));
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_said_once() {
        let mut one = Notices::default();
        one.undeclared("lr");
        one.undeclared("lr");
        one.failed("exit code 1", &Digest::of(b"a"), "Traceback\nKeyError", Some("add it".into()));
        let mut all = Notices::default();
        all.add(&one);
        all.add(&one);
        let sentences = all.sentences();
        assert_eq!(sentences.len(), 2);
        assert_eq!(sentences[0], "the program printed 4 values that are not in [measurements], and not stored: `lr`");
        assert!(sentences[1].ends_with("its output:\n    Traceback\n    KeyError\nadd it"), "{}", sentences[1]);
    }
}
