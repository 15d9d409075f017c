//! A study in a line: its stored runs, failures, and the best mean so far.

use serde_json::json;

use super::State;
use crate::{
    cli::{open::StoredRuns, show, text},
    digest::Outcome,
    measure::Direction,
    report::results_table,
    results::Unfinished,
    run,
};

/// How far a study is, for a line.
pub(super) struct Progress<'a> {
    state: &'a State,
    found: &'a StoredRuns,
    unfinished: Unfinished,
}

impl<'a> Progress<'a> {
    pub(super) fn of(state: &'a State, found: &'a StoredRuns) -> Self {
        let stored = found.runs().into_iter().map(|(task, _)| (task.trial, task.seed));
        let unfinished = Unfinished::of(&state.opened.study, stored);
        Self { state, found, unfinished }
    }

    fn ended(&self, is_so: impl Fn(&Outcome) -> bool) -> usize {
        self.found.runs().iter().filter(|(_, run)| is_so(&run.outcome)).count()
    }

    fn failed(&self) -> usize {
        self.ended(|outcome| matches!(outcome, Outcome::Failed { .. }))
    }

    fn diverged(&self) -> usize {
        self.ended(|outcome| matches!(outcome, Outcome::Diverged { .. }))
    }

    pub(super) fn counted(&self) -> String {
        let Unfinished { stored, runs, .. } = self.unfinished;
        format!("{} of {}", text::thousands(stored as u64), text::count(runs, "run"))
    }

    pub(super) fn line(&self) -> String {
        let mut line = format!("{}: {}", self.state.opened.study.name, self.counted());
        for (number, what) in [(self.failed(), "failed"), (self.diverged(), "diverged")] {
            if number > 0 {
                line += &format!(", {} {what}", text::thousands(number as u64));
            }
        }
        if let Some(manifest) = self.state.opened.manifest.as_ref().filter(|_| self.state.is_finished) {
            return format!("{line}; finished, root {}", manifest.root.short());
        }
        line + &self.leader().map_or_else(String::new, |leader| format!("; {leader}"))
    }

    /// The trial with the best mean over its stored runs: it may not be the best.
    fn leader(&self) -> Option<String> {
        let study = &self.state.opened.study;
        let runs = self.found.runs();
        let first: Vec<_> = runs.into_iter().filter(|(task, _)| !study.confirms(task.seed)).collect();
        if first.is_empty() {
            return None;
        }
        let summary = show::summary(study, &first).with_baseline(run::baseline(study, &[]));
        let objective = study.objective();
        let own = study.declaration().measurement(&objective.measurement);
        let direction = own.map_or(Direction::Lower, |own| own.direction);
        let mean = |place: usize| {
            let spread = summary.spread(&summary.trials[place], objective.part, &objective.measurement)?;
            (!spread.mean.is_nan()).then(|| direction.rank(spread.mean))
        };
        let ranked = (0..summary.trials.len()).filter_map(|place| Some((place, mean(place)?)));
        let (place, _) = ranked.min_by(|one, other| one.1.total_cmp(&other.1))?;
        let table = results_table(&summary);
        let cells = &table.rows[place];
        let values = table.header.iter().zip(cells).take(table.axes).map(|(axis, value)| format!("{axis} = {value}"));
        let at = values.collect::<Vec<_>>().join(", ");
        let at = if at.is_empty() { at } else { format!(" at {at}") };
        let mean = cells[table.axes + table.errors].split(' ').next().unwrap_or_default();
        let unit = table.header[table.axes + table.errors].rsplit_once(", ").map_or("", |(_, unit)| unit);
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let (runs, noun) = (&cells[table.axes], &table.header[table.axes]);
        Some(format!("{} so far: {mean}{unit}{at} ({noun}: {runs})", table.best_mean))
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let root = self.state.opened.manifest.as_ref().filter(|_| self.state.is_finished).map(|manifest| manifest.root);
        let Unfinished { stored, runs, .. } = self.unfinished;
        json!({
            "study": self.state.opened.study.name, "time": null, "stored": stored, "runs": runs,
            "failed": self.failed(), "diverged": self.diverged(), "running": self.state.is_running,
            "finished": self.state.is_finished, "root": root,
        })
    }
}
