mod json;

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

use super::{CliError, Code, Command, Common, Exit, open::OpenStudy, text};
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

/// Compare two trials on the seeds they share: their difference, its interval, two tests, and the number of seeds
/// needed.
///
/// Name a trial by its settings, separated by commas: hidden=7,learning-rate=0.02. The trials may belong to different
/// studies. The value of a run is its last measurement.
///
/// The interval is that of the mean difference over pairs (docs/intervals.md), at the confidence of the first study; it
/// needs at least 5 pairs. Both tests are two-sided. The signed-rank test (exact up to 300 pairs) is the test of the
/// verdict, which also corrects its p-values for the number of trials: if the two tests disagree, it decides. The sign
/// test (always exact) counts under how many seeds each trial is better. The number of seeds is that of a paired t test
/// at 5 % with a power of 80 % (Guenther 1981), and at least the six that the sign test needs without a tie. A notice
/// appears if there are too few seeds for a conclusion.
///
/// In a study with a confirmation stage, the seeds of the first stage are compared; the verdict compares the confirming
/// runs.
///
/// Only runs that the manifest lists are compared. A damaged or forged copy is reported (with --json as "wrong" of its
/// side) and not used. Without a manifest, a notice says that nothing vouches for the runs.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, override_usage = USAGE)]
pub(super) struct Compare {
    /// A folder and the settings of two of its trials; or a folder and the settings of one trial, twice.
    #[arg(required = true, num_args = 2..=4, value_name = "FOLDER SETTINGS")]
    words: Vec<String>,
    /// Metric to compare, such as loss or error; both studies must record it [default: the objective of the first
    /// study].
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// Split that the metric is measured on: train or validation [default: that of the objective].
    #[arg(long, alias = "part", value_name = "SPLIT")]
    split: Option<String>,
}

const USAGE: &str = "\
restudy compare [OPTIONS] FOLDER SETTINGS_A SETTINGS_B
       restudy compare [OPTIONS] FOLDER_A SETTINGS_A FOLDER_B SETTINGS_B

       SETTINGS select one trial by the axes of its study: hidden=7, or hidden=7,learning-rate=0.02";

const EXAMPLES: &str = "\
Exit codes:
  0  compared
  2  no such trial, metric or split, or no runs of a trial
  4  stored runs are damaged, or differ from the manifest

Examples:
  restudy compare results/hidden hidden=7 hidden=10
  restudy compare results/grid hidden=7,learning-rate=0.2 hidden=7,learning-rate=0.02 --metric loss
  restudy compare results/hidden hidden=7 results/init init=he,hidden=7 --split train";

struct Side {
    folder: PathBuf,
    study: Study,
    trial: usize,
    /// All folds of the trial, or the one fold that the settings name.
    folds: Range<usize>,
    part: Split,
    metric: Measurement,
    values: BTreeMap<Seed, f64>,
    failed: usize,
    diverged: usize,
    wrong: Option<Value>,
    exit: Exit,
}

impl Command for Compare {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let part = self.split.as_deref().map(split).transpose()?;
        let [a, b] = self.named()?;
        let selection = Selection { metric: self.metric.as_deref(), part };
        let a = Side::find(&a, selection, None, common)?;
        let (part, metric) = (a.part, a.metric.clone());
        let selection = Selection { metric: Some(&metric.name), part: Some(part) };
        let b = Side::find(&b, selection, Some(&a.folder), common)?;
        let found = stats::compare_at(&a.values, &b.values, metric.direction, a.study.confidence);
        let differ = differ(&a, &b);
        let mut notices: Vec<String> = found.cautions.iter().map(ToString::to_string).collect();
        if differ.iter().any(|(path, ..)| path.starts_with("data.")) {
            notices.push("the trials use different data: the runs of a pair share the seed but not the points, so pairing removes less of the variation".into());
        }
        match [a.folds.len(), b.folds.len()] {
            [one, other] if one == other => {}
            [one, other] if one == 1 || other == 1 => {
                notices.push("one side is a mean over all folds and the other a single fold: they are measured on different points".into());
            }
            [one, other] => notices.push(format!("A is a mean over {one} folds and B over {other}: they train on different shares of the rows")),
        }
        for (name, side) in [("A", &a), ("B", &b)] {
            if side.failed > 0 {
                let (runs, are) = (text::count(side.failed, "run"), if side.failed == 1 { "is" } else { "are" });
                notices.push(format!("{runs} of {name} failed and {are} excluded"));
            }
            if side.diverged > 0 {
                let (runs, count) = (text::count(side.diverged, "run"), if side.diverged == 1 { "counts" } else { "count" });
                notices.push(format!("{runs} of {name} diverged and {count} with the last measurement"));
            }
        }
        let exit = if a.exit == Exit::Done { b.exit } else { a.exit };
        if common.json() {
            text::say_json(json::object(&found, [&a, &b], &differ, &notices, part, &metric));
            return Ok(exit);
        }
        if !common.quiet {
            show(&found, [&a, &b], &differ, part, &metric);
            notices.iter().for_each(text::warn);
        }
        Ok(exit)
    }
}

fn split(word: &str) -> Result<Split, CliError> {
    let found = Split::SPLIT.into_iter().find(|split| split.name() == word);
    found.ok_or_else(|| CliError::usage(Code::SplitUnknown, format!("there is no split `{word}`"), "choose from train, validation"))
}

/// The metric and the split of the command line.
#[derive(Clone, Copy)]
struct Selection<'a> {
    metric: Option<&'a str>,
    part: Option<Split>,
}

impl Selection<'_> {
    /// The measurement of a study; the objective is the default.
    fn of(self, study: &Study) -> Result<(Split, Measurement), CliError> {
        let (objective, own) = (study.objective(), study.declaration());
        let name = self.metric.unwrap_or(&objective.measurement);
        let metric = own.measurement(name).ok_or_else(|| {
            let names: Vec<_> = own.measurements.iter().map(|own| own.name.as_str()).collect();
            CliError::usage(Code::MetricUnknown, format!("there is no metric `{name}`"), format!("choose from {}", names.join(", ")))
        })?;
        let usual = || if metric.parts().contains(&objective.part) { objective.part } else { metric.parts()[metric.parts().len() - 1] };
        let part = self.part.unwrap_or_else(usual);
        if !metric.parts().contains(&part) {
            return Err(CliError::usage(Code::MetricNoSplit, format!("{name} is not measured on splits of the data"), "leave out --split"));
        }
        Ok((part, metric.clone()))
    }
}

impl Compare {
    /// The folder and the settings of each side. A word with a `=` that is not a folder is settings.
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
                Code::TrialNotTwo,
                format!("`{}` does not name two trials", self.words.join(" ")),
                "give a folder and the settings of two of its trials, `results/hidden hidden=7 hidden=10`, or a folder and settings twice",
            )
        })
    }
}

impl Side {
    /// The trial of these settings. Warns of damage in its folder, unless that is the folder `warned`.
    fn find(
        (folder, settings): &(PathBuf, String),
        selection: Selection<'_>,
        warned: Option<&Path>,
        common: &Common,
    ) -> Result<Self, CliError> {
        let opened = OpenStudy::open(folder, common)?;
        let words = settings.split(',').filter(|word| !word.is_empty());
        let folds = opened.study.folds_named(words)?;
        let trial = folds.start;
        let (part, metric) = selection.of(&opened.study)?;
        let Some(slot) = table::slot(&opened.study.measured(&opened.study.trials[trial]), part, &metric.name) else {
            let names: Vec<_> = table::recorded(&opened.study).into_iter().map(|own| own.name).collect();
            return Err(CliError::usage(
                Code::MetricNotRecorded,
                format!("{} does not record the metric {}", opened.study.name, metric.name),
                format!("it records {}", names.join(", ")),
            ));
        };
        let found = opened.find(true)?;
        let folder = opened.path.canonicalize().unwrap_or_else(|_| opened.path.clone());
        if warned != Some(&folder) {
            found.warn();
        }
        // Only some trials have confirming runs; the verdict compares them.
        let of_trial = |(task, _): &(&Task, &Brief)| folds.contains(&task.trial) && !opened.study.confirms(task.seed);
        let runs: Vec<_> = found.runs().into_iter().filter(of_trial).collect();
        if runs.is_empty() && found.shown.lost > 0 {
            return Err(CliError::difference(
                Code::RunDamaged,
                format!("no intact copy of the runs of {} with {} is in the folder", opened.study.name, place_of(&opened.study, &folds)),
                format!("run `restudy verify {}` to see what is wrong", escape::shell_path(&opened.path)),
            ));
        }
        if runs.is_empty() {
            let changed = opened.changed(&found).map(|what| format!(": {what} since the results in {} were made", opened.path.display()));
            return Err(CliError::usage(
                Code::RunNotStored,
                format!("{} has no stored run with {}{}", opened.study.name, place_of(&opened.study, &folds), changed.unwrap_or_default()),
                opened.how("compute them with", &found.shown.findings),
            ));
        }
        let failed = runs.iter().filter(|(_, run)| matches!(run.outcome, Outcome::Failed { .. })).count();
        let diverged = runs.iter().filter(|(_, run)| matches!(run.outcome, Outcome::Diverged { .. })).count();
        let value = |run: &Brief| run.finals.iter().flatten().nth(slot).copied();
        let mut of_seed: BTreeMap<Seed, Vec<f64>> = BTreeMap::new();
        for (task, run) in runs.iter().filter(|(_, run)| !matches!(run.outcome, Outcome::Failed { .. })) {
            of_seed.entry(task.seed).or_default().extend(value(run));
        }
        // A seed counts only if all its folds are stored and none failed.
        let mean = |(seed, values): (Seed, Vec<f64>)| (values.len() == folds.len()).then(|| (seed, stats::mean(&values)));
        let values = of_seed.into_iter().filter_map(mean).collect();
        let (wrong, exit) = (found.to_json(&[], None), found.exit());
        Ok(Self { folder, study: opened.study, trial, folds, part, metric, values, failed, diverged, wrong, exit })
    }

    fn mean(&self) -> f64 {
        stats::mean(&self.values.values().copied().collect::<Vec<_>>())
    }
}

fn place_of(study: &Study, folds: &Range<usize>) -> String {
    let values = study.trials[folds.start].values.iter();
    let axes = if folds.len() > 1 { study.compared_axes() } else { &study.axes };
    let place: Vec<_> = axes.iter().zip(values).map(|(axis, value)| format!("{}={}", axis.path, value.brief())).collect();
    if place.is_empty() { "its only trial".into() } else { place.join(", ") }
}

type Differing = (String, Option<AxisValue>, Option<AxisValue>);

fn differ(a: &Side, b: &Side) -> Vec<Differing> {
    let settings = |side: &Side| side.study.trials[side.trial].settings().into_iter().collect::<BTreeMap<_, _>>();
    // The first fold of a side is not a setting that differs.
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
        text::say(format!("{name}  {}, {place}: mean {} over {runs}", side.study.name, text::significant(side.mean())));
    }
    let shown = |value: &Option<AxisValue>| value.as_ref().map_or_else(|| "–".into(), AxisValue::brief);
    for (path, one, other) in differ {
        text::say(format!("   {path}: {} → {}", shown(one), shown(other)));
    }
    let paired = &found.paired;
    let range = |interval: Interval| match interval.is_none() {
        true => String::new(),
        false => format!(" [{}, {}]", text::significant(interval.low), text::significant(interval.high)),
    };
    let lines = [
        ("pairs", text::count(paired.n, "seed")),
        (if metric.neutral { "A lower, B lower, equal" } else { "A better, B better, equal" }, format!("{}, {}, {}", paired.wins, paired.losses, paired.ties)),
        ("difference A − B", format!("{}{}", text::significant(paired.difference), range(paired.interval))),
        ("signed-rank test", format!("p = {}, as in the verdict", text::significant(found.signed_rank))),
        ("sign test", format!("p = {}", text::significant(found.sign_test))),
        (match (metric.neutral, sides.iter().any(|side| side.folds.len() > 1)) {
            (true, false) => "P(run of A below B)",
            (true, true) => "P(seed of A below B)",
            (false, false) => "P(run of A beats B)",
            (false, true) => "P(seed of A beats B)",
        }, format!("{}{}", text::significant(found.improvement.probability), range(found.improvement.interval))),
        ("seeds needed", found.needed.map_or_else(|| "–".into(), text::thousands)),
    ];
    text::say("");
    for (label, value) in lines {
        text::say(format!("{label:<27}{value}"));
    }
}
