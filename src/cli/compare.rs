mod told;

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

use super::{CliError, Command, Common, Exit, open::Look, text};
use crate::{
    escape,
    measure::{Measurement, Split},
    run::Task,
    seed::Seed,
    stats::{self, Comparison, Interval},
    store::index::Brief,
    sweep::{AxisValue, Study},
    table,
    train::Outcome,
};

/// Compare two trials over the seeds that both have: by how much they differ, how surely, and how many seeds it would take.
///
/// A trial is named by its settings, with commas between: hidden=7,learning-rate=0.02. The two may be of different studies. What is compared is the last measurement of
/// every run. The interval is that of the mean difference over pairs (docs/intervals.md), at the confidence of the first study; fewer than 5 pairs have none. Both tests are two-sided; the signed-rank test is exact up to 300 pairs, the sign test always. The
/// signed-rank test is that of the verdict, where its p-values are corrected for the number of trials: where the two disagree, it decides. The sign test asks only which trial is better under how many seeds. The number of seeds is that of a paired t test at 5 % with
/// a power of 80 % (Guenther 1981), but at least as many as the sign test needs: six without a tie. It warns where there are too few seeds to say anything.
///
/// Of a study that confirms, the first seeds are compared, which all trials have; its confirming runs are compared in the verdict.
///
/// Compared is what the manifest binds. A damaged or forged copy of the runs is told, with --json as "wrong" of its side, and not used; exit code 4 if there is one, or if runs that the
/// manifest lists are not here as it lists them. Where there is no manifest, nothing vouches for the runs: it says so.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, override_usage = USAGE)]
pub(super) struct Compare {
    /// A folder, and the settings of two trials of it; or a folder and the settings of a trial, twice.
    #[arg(required = true, num_args = 2..=4, value_name = "FOLDER SETTINGS")]
    words: Vec<String>,
    /// What to compare: loss, error, or whatever else both measure; without it, what decides in the first of the two.
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// Measured on which points: validation or train.
    #[arg(long, value_name = "PART")]
    part: Option<String>,
}

const USAGE: &str = "\
restudy compare [OPTIONS] FOLDER SETTINGS_A SETTINGS_B
       restudy compare [OPTIONS] FOLDER_A SETTINGS_A FOLDER_B SETTINGS_B

       SETTINGS name one trial on the axes of its study: hidden=7, or hidden=7,learning-rate=0.02";

const EXAMPLES: &str = "\
Examples:
  restudy compare results/hidden hidden=7 hidden=10
  restudy compare results/grid hidden=7,learning-rate=0.2 hidden=7,learning-rate=0.02 --metric loss
  restudy compare results/hidden hidden=7 results/init init=he,hidden=7 --part train";

/// A trial, and what its runs came to.
struct Side {
    folder: PathBuf,
    study: Study,
    trial: usize,
    /// The trial with all its folds, or the one fold that was named.
    folds: Range<usize>,
    part: Split,
    metric: Measurement,
    values: BTreeMap<Seed, f64>,
    failed: usize,
    diverged: usize,
    /// What is wrong in its folder, for a program.
    wrong: Option<Value>,
    exit: Exit,
}

impl Command for Compare {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let part = self.part.as_deref().map(part).transpose()?;
        let [a, b] = self.named()?;
        let asked = Asked { metric: self.metric.as_deref(), part };
        let a = Side::find(&a, asked, None, common)?;
        let (part, metric) = (a.part, a.metric.clone());
        let asked = Asked { metric: Some(&metric.name), part: Some(part) };
        let b = Side::find(&b, asked, Some(&a.folder), common)?;
        let found = stats::compare_at(&a.values, &b.values, metric.direction, a.study.confidence);
        let differ = differ(&a, &b);
        let mut notices: Vec<String> = found.cautions.iter().map(ToString::to_string).collect();
        if differ.iter().any(|(path, ..)| path.starts_with("data.")) {
            notices.push("the trials do not learn from the same data: the runs of a pair share their seed, and less of their luck".into());
        }
        match [a.folds.len(), b.folds.len()] {
            [one, other] if one == other => {}
            [one, other] if one == 1 || other == 1 => {
                notices.push("one side is a mean over folds that the other is not: their points are not the same".into());
            }
            [one, other] => notices.push(format!("A is a mean over {one} folds and B over {other}: they learned from other shares of their rows")),
        }
        for (name, side) in [("A", &a), ("B", &b)] {
            if side.failed > 0 {
                let (runs, are) = (text::count(side.failed, "run"), if side.failed == 1 { "is" } else { "are" });
                notices.push(format!("{runs} of {name} failed and {are} left out"));
            }
            if side.diverged > 0 {
                let (runs, count) = (text::count(side.diverged, "run"), if side.diverged == 1 { "counts" } else { "count" });
                notices.push(format!("{runs} of {name} diverged and {count} with what was measured last"));
            }
        }
        let exit = if a.exit == Exit::Done { b.exit } else { a.exit };
        if common.json() {
            text::say_json(told::told(&found, [&a, &b], &differ, &notices, part, &metric));
            return Ok(exit);
        }
        if !common.quiet {
            show(&found, [&a, &b], &differ, part, &metric);
            notices.iter().for_each(text::warn);
        }
        Ok(exit)
    }
}

/// The part of this name.
fn part(word: &str) -> Result<Split, CliError> {
    let found = Split::SPLIT.into_iter().find(|own| own.name() == word);
    found.ok_or_else(|| CliError::usage(format!("there is no part `{word}`"), "choose from train, validation"))
}

/// What is to be compared, as far as it was said.
#[derive(Clone, Copy)]
struct Asked<'a> {
    metric: Option<&'a str>,
    part: Option<Split>,
}

impl Asked<'_> {
    /// The measurement of a study; what was not said is what decides in it.
    fn of(self, study: &Study) -> Result<(Split, Measurement), CliError> {
        let (objective, own) = (study.objective(), study.declaration());
        let name = self.metric.unwrap_or(&objective.measurement);
        let metric = own.measurement(name).ok_or_else(|| {
            let names: Vec<_> = own.measurements.iter().map(|own| own.name.as_str()).collect();
            CliError::usage(format!("there is no metric `{name}`"), format!("choose from {}", names.join(", ")))
        })?;
        let usual = || if metric.parts().contains(&objective.part) { objective.part } else { metric.parts()[metric.parts().len() - 1] };
        let part = self.part.unwrap_or_else(usual);
        if !metric.parts().contains(&part) {
            return Err(CliError::usage(format!("{name} is not measured on parts of the data"), "leave out --part"));
        }
        Ok((part, metric.clone()))
    }
}

impl Compare {
    /// The folder and the settings of either side. What has a `=` in it and is no folder is settings.
    fn named(&self) -> Result<[(PathBuf, String); 2], CliError> {
        let mut sides: Vec<(PathBuf, Option<String>)> = Vec::new();
        for word in &self.words {
            let folder = PathBuf::from(word);
            if !word.contains('=') || folder.exists() {
                sides.push((folder, None));
                continue;
            }
            match sides.last_mut() {
                Some((_, settings @ None)) => *settings = Some(word.clone()),
                Some((folder, Some(_))) => {
                    let folder = folder.clone();
                    sides.push((folder, Some(word.clone())));
                }
                None => sides.clear(),
            }
        }
        let sides: Vec<_> = sides.into_iter().map(|(folder, settings)| (folder, settings.unwrap_or_default())).collect();
        <[_; 2]>::try_from(sides).map_err(|_| {
            CliError::usage(
                format!("`{}` does not name two trials", self.words.join(" ")),
                "give a folder and the settings of two trials of it, `results/hidden hidden=7 hidden=10`, or a folder and settings twice",
            )
        })
    }
}

impl Side {
    /// The trial of these settings. What is wrong in its folder is told, unless that is the one that was `told` of before.
    fn find(
        (folder, settings): &(PathBuf, String),
        asked: Asked<'_>,
        told: Option<&Path>,
        common: &Common,
    ) -> Result<Self, CliError> {
        let look = Look::at(folder, common)?;
        let words = settings.split(',').filter(|word| !word.is_empty());
        let folds = look.study.folds_named(words).map_err(|error| CliError::usage(&error, &error.help))?;
        let trial = folds.start;
        let (part, metric) = asked.of(&look.study)?;
        let Some(slot) = table::slot(&look.study.measured(&look.study.trials[trial]), part, &metric.name) else {
            let names: Vec<_> = table::recorded(&look.study).into_iter().map(|own| own.name).collect();
            return Err(CliError::usage(
                format!("{} does not record the metric {}", look.study.name, metric.name),
                format!("it records {}", names.join(", ")),
            ));
        };
        let found = look.find(true)?;
        let folder = look.path.canonicalize().unwrap_or_else(|_| look.path.clone());
        if told != Some(&folder) {
            found.warn();
        }
        // Runs that confirm are of some trials alone, and are compared in the verdict.
        let of_trial = |(task, _): &(&Task, &Brief)| folds.contains(&task.trial) && !look.study.confirms(task.seed);
        let runs: Vec<_> = found.runs().into_iter().filter(of_trial).collect();
        if runs.is_empty() && found.shown.lost > 0 {
            return Err(CliError::difference(
                format!("no run of {} with {} is here as the manifest has it", look.study.name, place_of(&look.study, &folds)),
                format!("`restudy verify {}` says what is wrong", escape::shell_path(&look.path)),
            ));
        }
        if runs.is_empty() {
            let changed = look.changed(&found).map(|what| format!(": {what} since the results in {} were made", look.path.display()));
            return Err(CliError::usage(
                format!("no run of {} with {} is here{}", look.study.name, place_of(&look.study, &folds), changed.unwrap_or_default()),
                look.how("compute them with", &found.shown.findings),
            ));
        }
        let failed = runs.iter().filter(|(_, run)| matches!(run.outcome, Outcome::Failed { .. })).count();
        let diverged = runs.iter().filter(|(_, run)| matches!(run.outcome, Outcome::Diverged { .. })).count();
        let value = |run: &Brief| run.finals.iter().flatten().nth(slot).copied();
        let mut of_seed: BTreeMap<Seed, Vec<f64>> = BTreeMap::new();
        for (task, run) in runs.iter().filter(|(_, run)| !matches!(run.outcome, Outcome::Failed { .. })) {
            of_seed.entry(task.seed).or_default().extend(value(run));
        }
        // A seed under which a fold is missing or failed has no mean over all of them.
        let mean = |(seed, values): (Seed, Vec<f64>)| (values.len() == folds.len()).then(|| (seed, stats::mean(&values)));
        let values = of_seed.into_iter().filter_map(mean).collect();
        let (wrong, exit) = (found.told(&[]), found.exit());
        Ok(Self { folder, study: look.study, trial, folds, part, metric, values, failed, diverged, wrong, exit })
    }

    fn mean(&self) -> f64 {
        stats::mean(&self.values.values().copied().collect::<Vec<_>>())
    }
}

/// What a trial has on the axes of its study.
fn place_of(study: &Study, folds: &Range<usize>) -> String {
    let values = study.trials[folds.start].values.iter();
    let axes = if folds.len() > 1 { study.compared_axes() } else { &study.axes };
    let place: Vec<_> = axes.iter().zip(values).map(|(axis, value)| format!("{}={}", axis.path, value.brief())).collect();
    if place.is_empty() { "its only trial".into() } else { place.join(", ") }
}

type Differing = (String, Option<AxisValue>, Option<AxisValue>);

/// The settings that are not the same in both trials.
fn differ(a: &Side, b: &Side) -> Vec<Differing> {
    let settings = |side: &Side| side.study.trials[side.trial].settings().into_iter().collect::<BTreeMap<_, _>>();
    // Which fold a side begins with is no difference.
    let of_folds: Vec<_> = a.study.declaration().folds.iter().map(|own| own.fold.clone()).collect();
    let whole = a.folds.len() > 1 || b.folds.len() > 1;
    let (a, mut b) = (settings(a), settings(b));
    let mut lines: Vec<_> = a.into_iter().map(|(path, value)| (b.remove(&path), path, value)).collect::<Vec<_>>()
        .into_iter().map(|(other, path, value)| (path, Some(value), other)).collect();
    lines.extend(b.into_iter().map(|(path, value)| (path, None, Some(value))));
    lines.retain(|(path, one, other)| one != other && !(whole && of_folds.contains(path)));
    lines.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    lines
}

fn show(found: &Comparison, sides: [&Side; 2], differ: &[Differing], part: Split, metric: &Measurement) {
    let unit = if metric.unit.is_empty() { String::new() } else { format!(", {}", metric.unit) };
    text::say(format!("{}{unit}; {}\n", part.joined(' ', &metric.name), metric.better()));
    for (name, side) in ["A", "B"].iter().zip(sides) {
        let runs = match side.folds.len() {
            1 => text::count(side.values.len(), "run"),
            folds => format!("{}, each on {folds} folds", text::count(side.values.len(), "seed")),
        };
        let place = place_of(&side.study, &side.folds);
        text::say(format!("{name}  {}, {place}: mean {} over {runs}", side.study.name, short(side.mean())));
    }
    let shown = |value: &Option<AxisValue>| value.as_ref().map_or_else(|| "–".into(), AxisValue::brief);
    for (path, one, other) in differ {
        text::say(format!("   {path}: {} → {}", shown(one), shown(other)));
    }
    let paired = &found.paired;
    let range = |interval: Interval| match interval.is_none() {
        true => String::new(),
        false => format!(" [{}, {}]", short(interval.low), short(interval.high)),
    };
    let lines = [
        ("pairs", text::count(paired.n, "seed")),
        (if metric.neutral { "A lower, B lower, equal" } else { "A better, B better, equal" }, format!("{}, {}, {}", paired.wins, paired.losses, paired.ties)),
        ("difference A − B", format!("{}{}", short(paired.difference), range(paired.interval))),
        ("signed-rank test", format!("p = {}, the test of the verdict", short(found.signed_rank))),
        ("sign test", format!("p = {}", short(found.sign_test))),
        (match (metric.neutral, sides.iter().any(|side| side.folds.len() > 1)) {
            (true, false) => "a run of A is below B's",
            (true, true) => "a seed of A is below B's",
            (false, false) => "a run of A beats one of B",
            (false, true) => "a seed of A beats one of B",
        }, format!("{}{}", short(found.improvement.probability), range(found.improvement.interval))),
        ("seeds to see it", found.needed.map_or_else(|| "–".into(), text::thousands)),
    ];
    text::say("");
    for (label, value) in lines {
        text::say(format!("{label:<27}{value}"));
    }
}

/// Four significant digits, as short as they are.
fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".into() } else { format!("{value}") };
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-4..1e7).contains(&rounded.abs()) { format!("{}", rounded + 0.0) } else { format!("{rounded:e}") }
}
