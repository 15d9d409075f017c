mod ending;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit,
    output_style::Paint,
    scale, signal, text,
    sparklines::{self, Courses},
    trials::Trials,
    verdict,
};
use ending::{interrupted, reasons};
use crate::{
    escape,
    digest::{Digest, Record},
    measure::Direction,
    report,
    results::{SweepOutcome, Computation, CutOff, Maker, Manifest, rows, stages},
    run::{self, Event, PrepareOptions, Prepared, Shard, Task},
    store::journal,
    sweep,
    table::{self, Summary, TrialSummary},
    train::Outcome,
};

/// SweepOutcome the question of a specification: run what is not yet run, make tables, figures and a report.
///
/// Results go to results/NAME/, NAME being the file's name without its ending. Finished runs are found by their content: running
/// again does nothing, adding seeds or values costs only the new runs, and a sweep that was cut off goes on where it was: runs that are half done are kept
/// every two seconds, so that even a kill costs no more than seconds.
///
/// Of a study that confirms (`confirm` under [sweep]), the best trials run again under further seeds once all others are there, and the verdict is made from these runs. A shard does its part of both; where the first
/// runs were not all there, give the same command again.
///
/// Several sweeps of one study may work in one folder at the same time, from any number of machines that share it: they divide the runs among
/// them. Machines that share no folder take a shard each; `restudy merge` joins their folders.
#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, such as --set model.hidden=9 or --set 'sweep.seeds=5'. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Make tables, figures and report again even where they are current, as after a change of the program.
    #[arg(long)]
    render: bool,
    /// Do only one of N parts of the study that cost about the same: --shard 3/16. Every part is done once, by this command with each number
    /// from 1 to N. Tables and report are made by whoever completes the study: the last shard in the same folder, `restudy merge`
    /// for folders of different machines, or a sweep without --shard, which does what is missing.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Train with the portable kernel, to see that it gives the same bits.
    #[arg(long)]
    portable: bool,
}

impl Command for Sweep {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let study = sweep::load(&self.file, &self.sets)?;
        let network = run::prepare(&study, &PrepareOptions { portable: self.portable, ..PrepareOptions::default() })?;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            scale::warn(&*network);
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let tasks = network.tasks();
        let folder = common.results.join(&study.name);
        let computation = Computation {
            network: &*network,
            experiment: &*network,
            tasks: &tasks,
            shard: self.shard,
            folder: &folder,
            maker: Maker::OURS,
            render: self.render,
            asked: journal::Asked { command: text::words().collect(), ..Default::default() },
        };
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| {
            if matches!(event, Event::Rendering) {
                // Every run is committed, and every file is written whole or not at all.
                let all = study.run_count();
                signal::end_at_once_with(interrupted((all, all), CutOff::default(), &folder));
            }
            progress.event(&event);
        };
        let answer = common.on_threads(|| computation.run(&events, &|notice| text::warn(notice), &stop))??;
        let shard = self.shard.map_or("this part of it".into(), |shard| format!("shard {shard}"));
        let rest = format!(
            "do the other shards in this folder too, join theirs into it with `restudy merge {} FROM...`, or do all that is missing:\n  {}",
            escape::shell_path(&folder),
            text::command_line_without("--shard")
        );
        let telling = SweepSummary { network: &*network, tasks: &tasks, folder: &folder, shard: self.shard, common, started };
        Ok(telling.tell(answer, &format!("{shard} is done"), &rest))
    }
}

/// More trials than this are not printed when a sweep ends.
const MOST_TRIALS: usize = 40;

/// More runs than this are not drawn epoch by epoch.
const MOST_RUNS: usize = 20_000;

/// What is needed to say how a computation ended.
pub(super) struct SweepSummary<'a> {
    pub network: &'a dyn Prepared,
    /// The runs of the first stage.
    pub tasks: &'a [Task],
    pub folder: &'a Path,
    /// The part of the study that was asked for.
    pub shard: Option<Shard>,
    pub common: &'a Common,
    pub started: Instant,
}

impl SweepSummary<'_> {
    /// Says how a computation ended. Where the study is not complete, `done` says what is, and `rest` how to go on.
    pub(super) fn tell(&self, answer: SweepOutcome, done: &str, rest: &str) -> Exit {
        let records = match &answer {
            SweepOutcome::Current { records, .. } | SweepOutcome::Partial { records, .. } | SweepOutcome::Computed { records, .. } => Some(records),
            SweepOutcome::Interrupted { .. } => None,
        };
        let tasks = records.map(|records| stages::of_records(self.network, self.tasks, records));
        SweepSummary { tasks: tasks.as_deref().unwrap_or(self.tasks), ..*self }.tell_all(answer, done, rest)
    }

    /// The same where every run is known that follows from those that are there.
    fn tell_all(&self, answer: SweepOutcome, done: &str, rest: &str) -> Exit {
        let Self { network, tasks, folder, common, started, .. } = *self;
        let study = network.study();
        let all = study.run_count();
        let runs = text::count(all, "run");
        let json = |computed: usize, missing: usize, again: usize, root: Option<Digest>, seconds: f64, summary: Option<&Summary>| {
            let mut told = json!({
                "study": study.name, "folder": folder.to_string_lossy(), "runs": all, "computed": computed, "missing": missing,
                "replicated": again, "root": root, "seconds": seconds,
            });
            if let Some(summary) = summary {
                told["verdict"] = verdict::told(summary);
            }
            text::say_json(told);
        };
        match answer {
            SweepOutcome::Current { root, records } => {
                if common.json() {
                    let again = self.replications(&records);
                    json(0, 0, again, Some(root), started.elapsed().as_secs_f64(), self.summary(&records).as_ref());
                } else if !common.quiet {
                    text::say(format!("nothing to do: all {runs} are in {}, and so is the report", folder.display()));
                }
                self.exit(&records)
            }
            SweepOutcome::Interrupted { kept, cut_off } => {
                text::warn(interrupted((kept, all), cut_off, folder));
                Exit::Interrupted
            }
            SweepOutcome::Partial { kept, computed, entry, records } => {
                let (missing, again) = (all - kept, self.replications(&records));
                if common.json() {
                    json(computed, missing, again, None, entry.seconds, None);
                } else if !common.quiet {
                    let (new, seconds) = (text::thousands(computed as u64), text::duration(entry.seconds));
                    // A shard has a part of the second stage, too.
                    let of_first = self.shard.filter(|_| tasks.len() < all);
                    let done = of_first.map_or_else(|| done.into(), |shard| format!("shard {shard} of the first stage is done"));
                    text::say(format!("{done}: {new} new in {seconds}"));
                    text::say(if missing == 0 {
                        format!("all {runs} are in {}, but there is no report of them yet: {rest}", folder.display())
                    } else { format!(
                        "{} of {runs} {} still missing in {}, so there is no report yet: {rest}",
                        text::thousands(missing as u64),
                        if missing == 1 { "is" } else { "are" },
                        folder.display()
                    )});
                    if tasks.len() < all {
                        text::say(format!("{} of the missing ones follow from the others: {}", text::thousands((all - tasks.len()) as u64), verdict::second_stage(study)));
                        if let Some(shard) = of_first {
                            text::say(format!(
                                "once all of the first stage is in this folder, the same command does shard {shard} of these:\n  {}",
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
                    let speed = entry.steps as f64 / trained / 1e6;
                    let rate = if computed == 0 { String::new() } else { format!(", {speed:.1} million steps/s") };
                    self.say_answer(&summary, &records);
                    text::say("");
                    text::say(format!(
                        "{runs} ({} new) in {}{rate}",
                        text::thousands(computed as u64),
                        text::duration(entry.seconds)
                    ));
                    text::say(format!("root    {root}"));
                    self.say_paths();
                    text::say(format!("prove   restudy verify {}", escape::shell_path(folder)));
                    self.say_replications(again);
                }
                if left_out > 0 && !common.quiet {
                    text::warn(format!(
                        "{} held {} that this specification does not ask for; {} kept, but no longer in its report",
                        folder.display(),
                        text::count(left_out, "run"),
                        if left_out == 1 { "it is" } else { "they are" }
                    ));
                }
                self.exit(&records)
            }
        }
    }

    /// The answer in numbers of a study that was complete before, where its manifest can be read.
    fn summary(&self, records: &BTreeMap<Digest, Record>) -> Option<Summary> {
        let facts = Manifest::read(self.folder).ok()?.data;
        let summary = table::summary(self.network.study(), &rows(self.tasks, records));
        Some(summary.beside(run::baseline(self.network.study(), &facts)))
    }

    /// Runs that failed are a failure, whenever they did.
    fn exit(&self, records: &BTreeMap<Digest, Record>) -> Exit {
        let outcomes = self.tasks.iter().filter_map(|task| records.get(&task.id)).map(|record| &record.outcome);
        let failed = outcomes.filter(|outcome| matches!(outcome, Outcome::Failed { .. })).count();
        if failed == 0 {
            return Exit::Done;
        }
        text::warn(format!("{failed} of {} failed{}", text::count(self.tasks.len(), "run"), reasons(self.tasks, records)));
        Exit::Failed
    }

    /// The answer in a sentence, the best trial in another, and the table of trials.
    fn say_answer(&self, summary: &Summary, records: &BTreeMap<Digest, Record>) {
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
        let courses = if self.tasks.len() <= MOST_RUNS { sparklines::of_records(study, runs) } else { Courses::new() };
        if few {
            return Trials { study, summary, whole: true, points: true, courses: &courses }.print(style);
        }
        let mut best = summary.clone();
        let objective = study.objective();
        let direction = study.declaration().measurement(&objective.measurement).map_or(Direction::Lower, |own| own.direction);
        let rank = |trial: &TrialSummary| {
            let spread = summary.spread(trial, objective.part, &objective.measurement);
            spread.map_or(f64::NAN, |spread| direction.rank(spread.mean))
        };
        let again = best.confirmed.as_mut().map(|own| &mut own.trials);
        for trials in [Some(&mut best.trials), again].into_iter().flatten().filter(|trials| trials.len() > MOST_TRIALS) {
            trials.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
            trials.truncate(MOST_TRIALS);
        }
        Trials { study, summary: &best, whole: true, points: true, courses: &courses }.print(style);
        let (all, folder) = (text::count(study.compared(), "trial"), escape::shell_path(self.folder));
        let again = summary.confirmed.as_ref().map_or(0, |own| own.trials.len());
        let again = if again > MOST_TRIALS { format!(", and of the {} that ran again as many,", text::thousands(again as u64)) } else { String::new() };
        let means = report::results_table(summary).best_mean;
        text::say(format!("shown are the {MOST_TRIALS} of {all}{again} with the {means}, which does not make any of them the best; all of them: restudy show {folder}"));
    }

    /// What was written, and where.
    fn say_paths(&self) {
        let folder = self.folder.display();
        text::say(format!("report  {folder}/report.html, report.md"));
        text::say(format!("tables  {folder}/summary.csv, *.parquet"));
        let figures = self.network.study().spec.figures.len();
        if figures > 0 {
            text::say(format!("figures {folder}/figures/: {}, as SVG and PNG", text::count(figures, "figure")));
        }
    }

    /// How many runs of the study were computed by several processes.
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
