mod drawn;
mod json;
mod log;
mod progress;
mod rows;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{
    CliError, Code, Command, Common, Exit,
    output_style::{OutputStyle, Paint},
    fields::{Condition, Field, Fields},
    open::{StoredRuns, OpenStudy},
    text,
    sparklines::Curves,
    trials::Trials,
};
use progress::Progress;
pub(super) use rows::Rows;
use crate::{
    measure::{Measurement, Split},
    escape,
    report::results_table,
    run::{self, Task},
    store::index::Brief,
    sweep::{AxisValue, Study},
    table::{self, Final, Summary},
};

/// Show the results of a study, one row per trial or one row per run.
///
/// A row has the number of runs, mean errors with 95 % intervals, the share of runs that reached zero training error,
/// and the median epoch at which they did; the best trial is bold if the verdict names one. Blocks draw the mean
/// validation error by epoch. In a study with a confirmation stage, rows cover the seeds of the first stage. An
/// unfinished study shows its stored runs, and first how many these are: no trial is called the best before all runs
/// are there. A clone without runs shows the tables.
///
/// Fields for --where and --sort: the axes (full path or its last part), trial, seed, outcome, epoch, zero-epoch, and
/// the last measurements: train-loss, train-error, validation-error and so on.
///
/// Only results that match the manifest are shown: damaged or forged segments and tables are reported and left out.
/// With --json, each run is one object. If something is wrong, no manifest exists or runs are missing, the first line
/// is {"findings": [{"file", "reason", "contradicts"}], "vouched-for", "lost", "manifest", "unfinished": {"stored",
/// "runs"}}. A folder without stored runs gives one object per trial. After all runs of a finished study, a line
/// {"verdict": {...}} follows, unless --runs is given. `restudy verify` proves the results.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  shown
  2  no such folder or field, or no stored results
  4  stored results are damaged, forged or incomplete

Examples:
  restudy show results/hidden --where hidden=7 --where 'learning-rate<0.1'
  restudy show results/hidden --runs --where outcome=diverged
  restudy show results/hidden --sort validation-error --limit 10
  restudy show results/train --log 3f2a")]
pub(super) struct Show {
    /// Results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
    #[command(flatten)]
    rows: Rows,
    /// Show what a run of a program printed: the first digits of its identity, or settings that select it, such as
    /// hidden=7,seed=3.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["runs", "conditions", "sort", "limit"])]
    log: Option<String>,
}

type Run<'a> = (&'a Task, &'a Brief);

impl Command for Show {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let opened = OpenStudy::open(&self.folder, common)?;
        if let Some(run) = &self.log {
            return log::show(&opened, run, common);
        }
        let found = opened.find(true)?;
        self.rows.print(&opened, &found, common, false)
    }
}

impl Rows {
    /// Prints the rows of a study. While it is `watched`, notices about what it lacks yet are left out.
    pub(super) fn print(&self, opened: &OpenStudy, found: &StoredRuns, common: &Common, watched: bool) -> Result<Exit, CliError> {
        let study = &opened.study;
        let fields = Fields::new(study);
        let conditions = self.conditions.iter().map(|text| Condition::parse(text, &fields));
        let conditions = conditions.collect::<Result<Vec<_>, _>>()?;
        let sort = self.sort.as_deref().map(|name| fields.named(name)).transpose()?;
        if watched { found.warn_of_files() } else { found.warn() }
        let mut health = found.manifest.as_ref().map(|manifest| opened.health(manifest)).unwrap_or_default();
        health.findings.retain(|other| !found.shown.findings.contains(other));
        health.findings.iter().for_each(text::warn);
        for name in &health.other {
            text::warn(format!("{name} has every value, but not the bytes that this restudy writes: another build made it, or a part that restudy does not read is damaged"));
        }
        let exit = if health.findings.is_empty() { found.exit() } else { Exit::Difference };
        let mut runs = found.runs();
        let (there, all) = (runs.len(), found.tasks.len());
        let progress = Progress::of(opened, found, &runs).filter(|_| there > 0);
        if common.json() {
            found.to_json(&health.findings, progress.as_ref().map(Progress::to_json)).into_iter().for_each(text::say_json);
        }
        if there == 0 {
            return self.without_runs(opened, found, sort, exit, common);
        }
        if let Some(progress) = progress.filter(|_| !common.json()) {
            progress.say(common.output_style());
        }
        runs.retain(|(task, run)| conditions.iter().all(|condition| condition.holds(fields.cell(condition.field(), task, run))));
        let chosen = runs.len();
        let shown = if common.json() || self.runs {
            let verdict = (common.json() && !self.runs && chosen == all).then(|| json::verdict(study, found, &runs)).flatten();
            self.sort_runs(&mut runs, sort, &fields);
            let shown = self.limit.unwrap_or(usize::MAX).min(runs.len());
            if common.json() { runs[..shown].iter().for_each(|run| json::run(study, run)) } else { self.table(study, &runs[..shown], common.output_style()) }
            if let Some(verdict) = verdict.filter(|_| shown == all) {
                text::say_json(json!({ "verdict": verdict }));
            }
            (shown, runs.len(), "run")
        } else {
            let facts = found.manifest.as_ref().map_or(&[][..], |manifest| &manifest.data);
            // A condition on the fold shows each fold by itself.
            let apart = (study.folds > 1 && conditions.iter().any(|condition| condition.field() == Field::Axis(study.axes.len() - 1)))
                .then(|| Study { folds: 1, ..study.clone() });
            let study = apart.as_ref().unwrap_or(study);
            let mut summary = summary(study, &runs).with_baseline(run::baseline(study, facts));
            let lost = rows::left_out(&summary, &runs);
            let trials = summary.trials.len();
            if let Some(field) = sort {
                rows::sort(&mut summary, field, self.reverse)?;
            }
            summary.trials.truncate(self.limit.unwrap_or(usize::MAX));
            let whole = chosen == all && summary.trials.len() == trials;
            let further = runs.iter().filter(|(task, _)| study.confirms(task.seed)).count();
            let points = there == all && trials == study.compared() && summary.trials.len() == trials && lost == 0 && further < chosen;
            let (mut curves, lacking) = drawn::drawn(opened, found, &runs);
            if apart.is_some() {
                curves.clear();
            }
            let headline = whole.then(|| results_table(&summary).headline).flatten();
            if let Some(sentence) = &headline {
                text::say_painted(Paint::Strong, sentence, common.output_style());
                text::say("");
            }
            if headline.is_none() && (1..chosen).contains(&further) && let Some(confirm) = study.confirm {
                let (runs, are, from) = (text::count(further, "run"), if further == 1 { "is" } else { "are" }, confirm.from);
                let last = confirm.last().0;
                text::warn(format!("{runs} {are} under the confirmation seeds and in none of these rows; show them with --where 'seed>={from}' --where 'seed<={last}'"));
            }
            // Trials without runs have no row here.
            let cautions = (chosen < all && self.conditions.is_empty()).then(|| cautions(study, &runs));
            Trials { study, summary: &summary, whole, points, curves: &curves }.print_some(common.output_style(), cautions);
            drawn::warn(lacking, runs.len());
            if lost > 0 {
                let (runs, are) = (text::count(lost, "run"), if lost == 1 { "is" } else { "are" });
                text::warn(format!("{runs} {are} in no row: a seed counts once all of its {} folds are stored; --runs shows each run", study.folds));
            }
            (summary.trials.len(), trials, "trial")
        };
        if !common.json() && !common.quiet {
            if chosen < there {
                text::warn(format!("{} of {} {} the conditions", text::thousands(chosen as u64), text::count(there, "run"), if chosen == 1 { "meets" } else { "meet" }));
            }
            if shown.0 < shown.1 {
                text::warn(format!("{} of {} {} shown", text::thousands(shown.0 as u64), text::count(shown.1, shown.2), if shown.0 == 1 { "is" } else { "are" }));
            }
        }
        if there < all && found.shown.lost == 0 && !watched {
            text::warn(progress::incomplete(opened, found, there));
        }
        Ok(exit)
    }

    /// Shows `summary.csv` if there are neither runs nor a table of runs.
    fn without_runs(&self, opened: &OpenStudy, found: &StoredRuns, sort: Option<Field>, exit: Exit, common: &Common) -> Result<Exit, CliError> {
        let findings = &found.shown.findings;
        if let Some(what) = opened.changed(found) {
            let folder = opened.path.display();
            return Err(CliError::usage(
                Code::RunNotStored,
                format!("no run of the current {} is stored: {what} since the results in {folder} were made", opened.study.name),
                format!("{}; `restudy status {}` describes the results there", opened.how("compute its runs with", findings), escape::shell_path(&opened.path)),
            ));
        }
        let facts = found.manifest.as_ref().map_or(&[][..], |manifest| &manifest.data);
        let Some(mut summary) = opened.summary().map(|summary| summary.with_baseline(run::baseline(&opened.study, facts))) else {
            if opened.path.join("summary.csv").exists() || found.shown.lost > 0 {
                return Err(CliError::difference(
                    Code::RunDamaged,
                    format!("no intact run of {} is stored: the files were changed and are not shown", opened.study.name),
                    format!("run `{}` to see what is wrong; {}", opened.prove(), opened.how("compute what is missing with", findings)),
                ));
            }
            return Err(CliError::usage(
                Code::RunNotStored,
                format!("no run of {} is stored", opened.study.name),
                opened.how("compute them with", findings),
            ));
        };
        if self.runs || !self.conditions.is_empty() {
            let help = format!("{}, or leave out --runs and --where to see the summary", opened.how("compute the runs again with", findings));
            let name = &opened.study.name;
            return Err(match found.shown.lost {
                0 => CliError::usage(Code::RunNotStored, format!("no run of {name} is stored, only the summary of its trials: segments/ and runs.parquet are missing"), help),
                _ => CliError::difference(Code::RunDamaged, format!("no intact run of {name} is stored, only the summary of its trials"), help),
            });
        }
        let all = summary.trials.len();
        if let Some(field) = sort {
            rows::sort(&mut summary, field, self.reverse)?;
        }
        summary.trials.truncate(self.limit.unwrap_or(usize::MAX));
        let whole = summary.trials.len() == all;
        if common.json() {
            json::trials(&opened.study, &summary);
        } else {
            Trials { study: &opened.study, summary: &summary, whole, points: false, curves: &Curves::new() }.print(common.output_style());
        }
        if !common.quiet {
            if !common.json() && summary.trials.len() < all {
                let shown = summary.trials.len();
                let are = if shown == 1 { "is" } else { "are" };
                text::warn(format!("{} of {} {are} shown", text::thousands(shown as u64), text::count(all, "trial")));
            }
            text::warn(format!("read from summary.csv, because the runs are not stored; report.md has the verdict on the best trial; {}", opened.how("compute them again with", findings)));
        }
        // The runs are only absent: the summary has the digest of the manifest.
        Ok(exit)
    }

    fn sort_runs(&self, runs: &mut [Run<'_>], sort: Option<Field>, fields: &Fields<'_>) {
        let Some(field) = sort else { return };
        runs.sort_by(|(task, run), (other_task, other)| {
            fields.cell(field, task, run).order(fields.cell(field, other_task, other), self.reverse)
        });
    }

    fn table(&self, study: &Study, runs: &[Run<'_>], style: OutputStyle) {
        let last = |values: &[f64], i: usize| values.get(i).filter(|value| !value.is_nan()).map_or("–".into(), |value| format!("{value:.4}"));
        let axes = study.axes.iter().map(|axis| axis.path.as_str());
        let columns = shown_columns(study);
        let names: Vec<_> = columns.iter().map(|(part, own)| part.joined(' ', &own.name)).collect();
        let header: Vec<_> = axes.chain(["seed", "outcome", "epoch"]).chain(names.iter().map(String::as_str)).chain(["run"]).collect();
        let cells = runs.iter().map(|(task, run)| {
            let mut cells: Vec<_> = study.trials[task.trial].values.iter().map(AxisValue::brief).collect();
            cells.extend([task.seed.0.to_string(), run.outcome.name().into(), run.epoch.to_string()]);
            let (measured, values) = (study.measured(&study.trials[task.trial]), run.values());
            let slots = columns.iter().map(|(part, own)| table::slot(&measured, *part, &own.name));
            cells.extend(slots.map(|slot| slot.map_or("–".into(), |slot| last(&values, slot))));
            cells.push(run.id.short());
            cells
        });
        let part = |name: &str| names.iter().filter(|own| own.starts_with(name)).map(String::as_str).collect::<Vec<_>>();
        let objective = study.objective();
        let decides = objective.part.joined(' ', &objective.measurement);
        let others = names.iter().map(String::as_str).filter(|name| *name != decides && !name.starts_with("train "));
        let (train, rest) = (part("train "), others.collect::<Vec<_>>());
        let (last_train, first_train) = train.split_last().map_or((None, &[][..]), |(last, first)| (Some(*last), first));
        let give_up: Vec<_> = first_train.iter().copied().chain(rest).chain(["run", "epoch"]).chain(last_train).chain(["outcome"]).collect();
        text::table_within(style.width, &header, &cells.collect::<Vec<_>>(), None, &give_up);
    }
}

/// The measurements in a table of runs: for each split, the objective and its tie-breakers first, then others.
fn shown_columns(study: &Study) -> Vec<(Split, Measurement)> {
    const EACH: usize = 2;
    let objective = study.objective();
    let named = |own: &Measurement| own.name == objective.measurement || objective.then.contains(&own.name);
    let columns = table::columns(study);
    let mut shown = Vec::new();
    for part in study.parts() {
        let of: Vec<_> = columns.iter().filter(|(own, _)| *own == part).collect();
        let (first, others): (Vec<_>, Vec<_>) = of.iter().copied().partition(|(_, own)| named(own));
        let chosen: Vec<_> = first.into_iter().chain(others).take(EACH.max(if part == Split::None { 4 } else { EACH })).collect();
        shown.extend(of.into_iter().filter(|own| chosen.contains(own)).cloned());
    }
    shown
}

/// The summary of some runs, which are sorted by trial; trials without runs are left out.
pub(super) fn summary(study: &Study, runs: &[Run<'_>]) -> Summary {
    // Confirming runs are in no row beside others; selected alone, they form rows.
    let alone = runs.iter().all(|(task, _)| study.confirms(task.seed)).then(|| Study { confirm: None, ..study.clone() });
    let mut trials: Vec<_> = runs.iter().map(|(task, _)| task.trial).collect();
    trials.dedup();
    summary_of(alone.as_ref().unwrap_or(study), &trials, runs)
}

/// The cautions about a table of all trials, of which some have no runs.
fn cautions(study: &Study, runs: &[Run<'_>]) -> Vec<String> {
    results_table(&summary_of(study, &(0..study.trials.len()).collect::<Vec<_>>(), runs)).cautions
}

fn summary_of(study: &Study, trials: &[usize], runs: &[Run<'_>]) -> Summary {
    let values: Vec<_> = runs.iter().map(|(_, run)| run.values()).collect();
    let finals = runs.iter().zip(&values).map(|((task, run), values)| Final {
        trial: task.trial,
        seed: task.seed,
        outcome: &run.outcome,
        finals: values,
        success_epoch: run.success_epoch,
    });
    table::summary_of(study, trials, &finals.collect::<Vec<_>>())
}
