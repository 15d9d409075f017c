//! Prints how a computation ended.

use std::{collections::BTreeMap, path::Path, time::Instant};

use serde_json::json;

use super::ending::{interrupted, reasons, say_paths};
use crate::{
    cli::{
        Common, Exit,
        output_style::Paint,
        sparklines::{self, Curves},
        text,
        trials::Trials,
        verdict,
    },
    digest::{Digest, Record},
    escape,
    measure::Direction,
    progress, report,
    results::{Manifest, SweepOutcome, rows, stages},
    run::{self, Prepared, Shard, Task},
    store::journal,
    table::{self, Summary, TrialSummary},
    train::Outcome,
};

/// The most trials that are printed at the end of a sweep.
const MOST_TRIALS: usize = 40;

/// The most runs that get sparklines.
const MOST_RUNS: usize = 20_000;

/// Prints how a computation ended.
pub(in crate::cli) struct SweepSummary<'a> {
    pub network: &'a dyn Prepared,
    /// The runs of the first stage.
    pub tasks: &'a [Task],
    pub folder: &'a Path,
    pub shard: Option<Shard>,
    pub common: &'a Common,
    pub started: Instant,
}

impl SweepSummary<'_> {
    /// Prints the outcome. For an incomplete study, `done` names the completed part and `rest` the next steps.
    pub(in crate::cli) fn print(&self, outcome: SweepOutcome, done: &str, rest: &str) -> Exit {
        let records = match &outcome {
            SweepOutcome::Current { records, .. } | SweepOutcome::Partial { records, .. } | SweepOutcome::Computed { records, .. } => Some(records),
            SweepOutcome::Interrupted { .. } => None,
        };
        let tasks = records.map(|records| stages::of_records(self.network, self.tasks, records));
        SweepSummary { tasks: tasks.as_deref().unwrap_or(self.tasks), ..*self }.print_all(outcome, done, rest)
    }

    /// As [`Self::print`], with the confirming runs that the stored runs determine.
    fn print_all(&self, outcome: SweepOutcome, done: &str, rest: &str) -> Exit {
        let Self { network, tasks, folder, common, started, .. } = *self;
        let study = network.study();
        let all = study.run_count();
        let runs = text::count(all, "run");
        let json = |computed: usize, missing: usize, again: usize, root: Option<Digest>, seconds: f64, summary: Option<&Summary>| {
            let mut object = json!({
                "study": study.name, "folder": folder.to_string_lossy(), "runs": all, "computed": computed, "missing": missing,
                "replicated": again, "root": root, "seconds": seconds,
            });
            if let Some(summary) = summary {
                object["verdict"] = verdict::to_json(summary);
            }
            text::say_json(object);
        };
        match outcome {
            SweepOutcome::Current { root, records } => {
                if common.json() {
                    let again = self.replications(&records);
                    json(0, 0, again, Some(root), started.elapsed().as_secs_f64(), self.summary(&records).as_ref());
                } else if !common.quiet {
                    text::say(format!("nothing to do: all {runs} and the report are in {}", folder.display()));
                }
                self.exit(&records)
            }
            SweepOutcome::Interrupted { kept, cut_off } => {
                text::warn(interrupted(study, (kept, all), cut_off, folder));
                Exit::Interrupted
            }
            SweepOutcome::Partial { kept, computed, entry, records } => {
                let (missing, again) = (all - kept, self.replications(&records));
                if common.json() {
                    json(computed, missing, again, None, entry.seconds, None);
                } else if !common.quiet {
                    let (new, seconds) = (text::thousands(computed as u64), text::duration(entry.seconds));
                    // A shard has a share of the confirmation stage too.
                    let of_first = self.shard.filter(|_| tasks.len() < all);
                    let done = of_first.map_or_else(|| done.into(), |shard| format!("shard {shard} of the first stage is done"));
                    text::say(format!("{done}: {new} new in {seconds}"));
                    text::say(if missing == 0 {
                        format!("all {runs} are in {}, but there is no report yet: {rest}", folder.display())
                    } else { format!(
                        "{} of {runs} {} still missing in {}, so there is no report yet: {rest}",
                        text::thousands(missing as u64),
                        if missing == 1 { "is" } else { "are" },
                        folder.display()
                    )});
                    if tasks.len() < all {
                        text::say(format!("{} of the missing runs confirm the first stage: {}", text::thousands((all - tasks.len()) as u64), verdict::second_stage(study)));
                        if let Some(shard) = of_first {
                            text::say(format!(
                                "once the first stage is complete in this folder, the same command runs shard {shard} of these:\n  {}",
                                text::command_line()
                            ));
                        }
                    }
                    self.say_replications(again);
                }
                self.exit(&records)
            }
            SweepOutcome::Computed { root, summary, records, computed, left_out, entry, trained } => {
                let again = self.replications(&records);
                if common.json() {
                    json(computed, 0, again, Some(root), entry.seconds, Some(&summary));
                } else if !common.quiet {
                    let speed = entry.steps as f64 / trained;
                    let speed = progress::speed(study, speed, " million");
                    let rate = if computed == 0 || speed.is_empty() { String::new() } else { format!(", {speed}") };
                    self.say_results(&summary, &records);
                    text::say("");
                    text::say(format!(
                        "{runs} ({} new) in {}{rate}",
                        text::thousands(computed as u64),
                        text::duration(entry.seconds)
                    ));
                    text::say(format!("root    {root}"));
                    say_paths(folder, study.spec.figures.len());
                    text::say(format!("prove   restudy verify {}", escape::shell_path(folder)));
                    self.say_replications(again);
                }
                if left_out > 0 && !common.quiet {
                    text::warn(format!(
                        "{} has {} that this specification does not include; {} kept, but no longer in the report: \
                         `restudy gc {} --runs` removes what is left over",
                        folder.display(),
                        text::count(left_out, "run"),
                        if left_out == 1 { "it is" } else { "they are" },
                        escape::shell_path(folder)
                    ));
                }
                self.exit(&records)
            }
        }
    }

    /// The summary of a study that was complete before; none if its manifest cannot be read.
    fn summary(&self, records: &BTreeMap<Digest, Record>) -> Option<Summary> {
        let facts = Manifest::read(self.folder).ok()?.data;
        let summary = table::summary(self.network.study(), &rows(self.tasks, records));
        Some(summary.with_baseline(run::baseline(self.network.study(), &facts)))
    }

    /// The exit code; failed runs count even if an earlier sweep stored them.
    fn exit(&self, records: &BTreeMap<Digest, Record>) -> Exit {
        let outcomes = || self.tasks.iter().filter_map(|task| records.get(&task.id)).map(|record| &record.outcome);
        let failed = outcomes().filter(|outcome| matches!(outcome, Outcome::Failed { .. })).count();
        if failed == 0 {
            return Exit::Done;
        }
        text::warn(format!("{failed} of {} failed{}", text::count(self.tasks.len(), "run"), reasons(outcomes())));
        Exit::Failed
    }

    /// Prints the verdict, the best trial, and the table of trials.
    fn say_results(&self, summary: &Summary, records: &BTreeMap<Digest, Record>) {
        let (study, style) = (self.network.study(), self.common.output_style());
        let sentences = [report::verdict(summary), report::results_table(summary).headline];
        for sentence in sentences.iter().flatten() {
            text::say_painted(Paint::Strong, sentence, style);
        }
        if sentences.iter().any(Option::is_some) {
            text::say("");
        }
        let first = self.tasks.iter().filter(|task| !study.confirms(task.seed));
        let runs = first.map(|task| (task, records.get(&task.id)));
        let few = study.compared() <= MOST_TRIALS;
        let curves = if self.tasks.len() <= MOST_RUNS { sparklines::of_records(study, runs) } else { Curves::new() };
        if few {
            return Trials { study, summary, whole: true, points: true, curves: &curves }.print(style);
        }
        let mut best = summary.clone();
        let objective = study.objective();
        let direction = study.declaration().measurement(&objective.measurement).map_or(Direction::Lower, |own| own.direction);
        let rank = |trial: &TrialSummary| {
            let spread = summary.spread(trial, objective.part, &objective.measurement);
            spread.map_or(f64::NAN, |spread| direction.rank(spread.mean))
        };
        let confirmed = best.confirmed.as_mut().map(|own| &mut own.trials);
        for trials in [Some(&mut best.trials), confirmed].into_iter().flatten().filter(|trials| trials.len() > MOST_TRIALS) {
            trials.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
            trials.truncate(MOST_TRIALS);
        }
        Trials { study, summary: &best, whole: true, points: true, curves: &curves }.print(style);
        let (all, folder) = (text::count(study.compared(), "trial"), escape::shell_path(self.folder));
        let again = summary.confirmed.as_ref().map_or(0, |own| own.trials.len());
        let again = if again > MOST_TRIALS { format!(", and as many of the {} confirmed ones,", text::thousands(again as u64)) } else { String::new() };
        let means = report::results_table(summary).best_mean;
        text::say(format!("shown are the {MOST_TRIALS} of {all}{again} with the {means}, which does not make any of them the best; for all of them run `restudy show {folder}`"));
    }

    /// The number of runs that several processes computed.
    fn replications(&self, records: &BTreeMap<Digest, Record>) -> usize {
        let found = self.tasks.iter().filter_map(|task| records.get(&task.id));
        journal::replications(self.folder, found.map(|record| (record.id, record.digest())))
    }

    fn say_replications(&self, again: usize) {
        if again > 0 {
            let (runs, was) = (text::count(again, "run"), if again == 1 { "was" } else { "were" });
            text::say(format!("{runs} {was} computed by more than one process, with the same digest each time"));
        }
    }
}
