mod drawn;
mod rows;
mod told;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit,
    output_style::{OutputStyle, Paint},
    fields::{Condition, Field, Fields},
    open::{Found, Look},
    text,
    sparklines::Courses,
    trials::Trials,
};
use crate::{
    measure::{Measurement, Split},
    escape,
    report::results_table,
    run::{self, Task},
    store::index::Brief,
    sweep::{AxisValue, Study},
    table::{self, Final, Summary},
};

/// Show the answer of a study: one row a trial, or one row a run.
///
/// Of each trial: its runs, mean errors with 95 % intervals, the share that reached zero training error, and after how many epochs; the best
/// is strong, if one stands out. Blocks draw the mean validation error by epoch; a line below them says on which scale. Of a study that confirms, rows are of its first seeds. Of one that is not finished, it shows the
/// runs that are there; where no run is there, as in a fresh clone, it shows what the tables say. Fields are the axes (by path, or by the end of it), trial,
/// seed, outcome, epoch, zero-epoch, and the last measurement: train-loss, train-error, validation-error and so on.
///
/// What is shown is what the manifest binds, from a copy that is whole: a damaged or forged segment or table is told, and never shown. With --json, the first line then is no run:
/// {"findings": [{"file", "reason", "contradicts"}], "vouched-for", "lost", "manifest"}, as it is where no manifest vouches for anything; where no run is here, an object a trial follows. Behind all
/// runs of a finished study, unless --runs asks for these alone, a line {"verdict": {...}} says what may be said of the best trial, as `sweep --json` does. Exit code 4 if what is shown is not all that the manifest lists, as it lists it, or if
/// anything stored was found damaged or forged, as of `status`; "vouched-for" says whether all that is shown is right. `restudy verify` proves it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  restudy show results/hidden --where hidden=7 --where 'learning-rate<0.1'
  restudy show results/hidden --runs --where outcome=diverged
  restudy show results/hidden --sort validation-error --limit 10")]
pub(super) struct Show {
    /// The results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
    /// One row a run instead of one a trial.
    #[arg(long)]
    runs: bool,
    /// Only runs with this: a field, one of = != < <= > >= and a value. Several must all hold.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Sort the rows by a field; of trials, by the mean over their runs.
    #[arg(long, value_name = "FIELD")]
    sort: Option<String>,
    /// The largest first.
    #[arg(long, requires = "sort")]
    reverse: bool,
    /// Show only so many rows.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

type Run<'a> = (&'a Task, &'a Brief);

impl Command for Show {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let look = Look::at(&self.folder, common)?;
        let study = &look.study;
        let fields = Fields::new(study);
        let conditions = self.conditions.iter().map(|text| Condition::parse(text, &fields));
        let conditions = conditions.collect::<Result<Vec<_>, _>>()?;
        let sort = self.sort.as_deref().map(|name| fields.named(name)).transpose()?;
        let found = look.find(true)?;
        found.warn();
        let mut health = found.manifest.as_ref().map(|manifest| look.health(manifest)).unwrap_or_default();
        health.findings.retain(|other| !found.shown.findings.contains(other));
        health.findings.iter().for_each(text::warn);
        for name in &health.other {
            text::warn(format!("{name} holds every value, but not as this restudy writes it: made by another build, or damaged where only readers of others look"));
        }
        let exit = if health.findings.is_empty() { found.exit() } else { Exit::Difference };
        let mut runs = found.runs();
        let (there, all) = (runs.len(), found.tasks.len());
        if common.json() {
            found.told(&health.findings).into_iter().for_each(text::say_json);
        }
        if there == 0 {
            return self.without_runs(&look, &found, sort, exit, common);
        }
        runs.retain(|(task, run)| conditions.iter().all(|condition| condition.holds(fields.cell(condition.field(), task, run))));
        let chosen = runs.len();
        let shown = if common.json() || self.runs {
            let verdict = (common.json() && !self.runs && chosen == all).then(|| told::verdict(study, &found, &runs)).flatten();
            self.sort_runs(&mut runs, sort, &fields);
            let shown = self.limit.unwrap_or(usize::MAX).min(runs.len());
            if common.json() { runs[..shown].iter().for_each(|run| told::run(study, run)) } else { self.table(study, &runs[..shown], common.output_style()) }
            if let Some(verdict) = verdict.filter(|_| shown == all) {
                text::say_json(json!({ "verdict": verdict }));
            }
            (shown, runs.len(), "run")
        } else {
            let facts = found.manifest.as_ref().map_or(&[][..], |manifest| &manifest.data);
            // Who asks for a fold sees each by itself.
            let apart = (study.folds > 1 && conditions.iter().any(|condition| condition.field() == Field::Axis(study.axes.len() - 1)))
                .then(|| Study { folds: 1, ..study.clone() });
            let study = apart.as_ref().unwrap_or(study);
            let mut summary = summary(study, &runs).beside(run::baseline(study, facts));
            let lost = rows::left_out(&summary, &runs);
            let trials = summary.trials.len();
            if let Some(field) = sort {
                rows::sort(&mut summary, field, self.reverse)?;
            }
            summary.trials.truncate(self.limit.unwrap_or(usize::MAX));
            let whole = chosen == there && summary.trials.len() == trials;
            let further = runs.iter().filter(|(task, _)| study.confirms(task.seed)).count();
            let points = trials == study.compared() && summary.trials.len() == trials && lost == 0 && further < chosen;
            let (mut courses, lacking) = drawn::drawn(&look, &found, &runs);
            if apart.is_some() {
                courses.clear();
            }
            let headline = (whole && there == all).then(|| results_table(&summary).headline).flatten();
            if let Some(sentence) = &headline {
                text::say_painted(Paint::Strong, sentence, common.output_style());
                text::say("");
            }
            if headline.is_none() && (1..chosen).contains(&further) && let Some(confirm) = study.confirm {
                let (runs, are, from) = (text::count(further, "run"), if further == 1 { "is" } else { "are" }, confirm.from);
                let last = confirm.last().0;
                text::warn(format!("{runs} {are} under the seeds that confirm, and in none of these rows: --where 'seed>={from}' --where 'seed<={last}' shows them alone"));
            }
            Trials { study, summary: &summary, whole, points, courses: &courses }.print(common.output_style());
            drawn::warn(lacking, runs.len());
            if lost > 0 {
                let (runs, are) = (text::count(lost, "run"), if lost == 1 { "is" } else { "are" });
                text::warn(format!("{runs} {are} in no row: a seed counts once all of its {} folds are there; --runs shows each run", study.folds));
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
        if there < all && found.shown.lost == 0 {
            text::warn(incomplete(&look, &found, there));
        }
        Ok(exit)
    }
}

impl Show {
    /// Shows what `summary.csv` says, where there is neither a run nor a table of them.
    fn without_runs(&self, look: &Look, found: &Found, sort: Option<Field>, exit: Exit, common: &Common) -> Result<Exit, CliError> {
        let told = &found.shown.findings;
        if let Some(what) = look.changed(found) {
            let folder = look.path.display();
            return Err(CliError::usage(
                format!("no run of {} is here as it is asked now: {what} since the results in {folder} were made", look.study.name),
                format!("{}; `restudy status {}` says what the results there are of", look.how("compute its runs with", told), escape::shell_path(&look.path)),
            ));
        }
        let facts = found.manifest.as_ref().map_or(&[][..], |manifest| &manifest.data);
        let Some(mut summary) = look.summary().map(|summary| summary.beside(run::baseline(&look.study, facts))) else {
            if look.path.join("summary.csv").exists() || found.shown.lost > 0 {
                return Err(CliError::difference(
                    format!("no run of {} is here as the manifest has it: what there is was changed, and is not shown", look.study.name),
                    format!("`{}` says what is wrong; {}", look.prove(), look.how("compute what is missing with", told)),
                ));
            }
            return Err(CliError::usage(
                format!("no run of {} is here", look.study.name),
                look.how("compute them with", told),
            ));
        };
        if self.runs || !self.conditions.is_empty() {
            let help = format!("{}, or leave out --runs and --where to see the summary", look.how("compute the runs again with", told));
            let name = &look.study.name;
            return Err(match found.shown.lost {
                0 => CliError::usage(format!("no run of {name} is here, only the summary of its trials: the stored runs (segments/) and runs.parquet are missing"), help),
                _ => CliError::difference(format!("no run of {name} is here as the manifest has it, only the summary of its trials"), help),
            });
        }
        let all = summary.trials.len();
        if let Some(field) = sort {
            rows::sort(&mut summary, field, self.reverse)?;
        }
        summary.trials.truncate(self.limit.unwrap_or(usize::MAX));
        let whole = summary.trials.len() == all;
        if common.json() {
            told::trials(&look.study, &summary);
        } else {
            Trials { study: &look.study, summary: &summary, whole, points: false, courses: &Courses::new() }.print(common.output_style());
        }
        if !common.quiet {
            if !common.json() && summary.trials.len() < all {
                let shown = summary.trials.len();
                let are = if shown == 1 { "is" } else { "are" };
                text::warn(format!("{} of {} {are} shown", text::thousands(shown as u64), text::count(all, "trial")));
            }
            text::warn(format!("shown from summary.csv, for the runs are not here; whether a trial is the best needs them, and stands in report.md; {}", look.how("compute them again with", told)));
        }
        // Where the runs are only absent, what they came to is here as the manifest has it.
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

/// The measurements that a table of runs shows: of each part the first that decide, as far as there is room.
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

/// Why fewer runs are here than the study asks for, and what computes the others.
fn incomplete(look: &Look, found: &Found, there: usize) -> String {
    let all = found.tasks.len();
    let missing = format!("{} of {}", text::count(all - there, "run"), text::thousands(all as u64));
    let are = if all - there == 1 { "is" } else { "are" };
    match look.changed(found) {
        Some(what) => {
            let folder = look.path.display();
            format!("{what} since the results in {folder} were made: {missing} {are} not here as asked now; {}", look.how("compute them with", &found.shown.findings))
        }
        None => format!("the study is not finished: {missing} {are} not here yet; {}", look.how("go on with", &found.shown.findings)),
    }
}

/// The trials of some runs, which are sorted by trial; a trial without any of them is left out.
pub(super) fn summary(study: &Study, runs: &[Run<'_>]) -> Summary {
    // Runs that confirm are in no row beside others; chosen alone, they are rows like any.
    let alone = runs.iter().all(|(task, _)| study.confirms(task.seed)).then(|| Study { confirm: None, ..study.clone() });
    let study = alone.as_ref().unwrap_or(study);
    let mut trials: Vec<_> = runs.iter().map(|(task, _)| task.trial).collect();
    trials.dedup();
    let values: Vec<_> = runs.iter().map(|(_, run)| run.values()).collect();
    let finals = runs.iter().zip(&values).map(|((task, run), values)| Final {
        trial: task.trial,
        seed: task.seed,
        outcome: &run.outcome,
        finals: values,
        success_epoch: run.success_epoch,
    });
    table::summary_of(study, &trials, &finals.collect::<Vec<_>>())
}
