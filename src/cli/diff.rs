mod data;
mod stored;
pub(super) mod traces;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{
    store::{self, journal},
    digest::Digest,
    results::{manifest::RunEntry, reading, verify::place, why::changes},
    run::Task,
    seed::Seed,
    sweep::Study,
};

/// List the differences between two studies: data, specification, results, and how they were made.
///
/// Data files are compared by the digests that the manifests list; the files themselves are not needed. Two runs are
/// the same run if settings, data and seed agree. For runs in both studies, results are compared by their digests,
/// which make up the roots, and earlier measurements by digests of their own. Stored runs are also compared with the
/// manifest beside them; only `restudy verify` proves that the digests in a manifest are right.
///
/// Version, commit, compiler and machine (from the journal of the last sweep) are listed where they differ, but do not
/// change the exit code.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Diff {
    /// Results folder, such as results/hidden.
    a: PathBuf,
    /// Results folder to compare it with.
    b: PathBuf,
}

const EXAMPLES: &str = "\
Exit codes:
  0  same specification, same results
  2  a folder has no finished study
  4  specification or results differ, or a stored run is damaged or contradicts its manifest

Example:
  restudy diff results/hidden other/results/hidden";

/// A difference: its kind, its name, and both values.
struct Line(&'static str, String, Option<String>, Option<String>);

const MOST_SHOWN: usize = 20;

impl Command for Diff {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let (a, b) = (Folder::open(&self.a)?, Folder::open(&self.b)?);
        [&a, &b].into_iter().try_for_each(Folder::require_root)?;
        let mut differences = questions(&a, &b);
        let Findings { lines: found, shared, unbound } = findings(&a, &b)?;
        let makers = makers(&a, &b);
        differences.extend(stored::compare(&a, &b).into_iter().chain(found));
        let exit = if differences.is_empty() { Exit::Done } else { Exit::Difference };
        if common.json() {
            let objects = |lines: &[Line]| -> Vec<Value> {
                lines.iter().map(|Line(kind, name, a, b)| json!({ "kind": kind, "name": name, "a": a, "b": b })).collect()
            };
            text::say_json(json!({ "equal": differences.is_empty(), "shared-runs": shared, "unbound-runs": unbound, "differences": objects(&differences), "makers": objects(&makers) }));
            return Ok(exit);
        }
        if common.quiet {
            return Ok(exit);
        }
        let mut kind = "";
        for Line(own, name, a, b) in differences.iter().chain(&makers) {
            if *own != kind {
                text::say(own);
                kind = own;
            }
            if a.is_none() && b.is_none() {
                text::say(format!("  {name}"));
                continue;
            }
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
            let rounded = a.as_ref().zip(b.as_ref()).filter(|_| *own == SUMMARY).and_then(|(a, b)| rounded(a, b));
            let [a, b] = rounded.unwrap_or_else(|| [shown(a), shown(b)]);
            text::say(format!("  {name}: {a} | {b}"));
        }
        if differences.is_empty() {
            text::say(format!("same specification and same results: {}, by digests {}", text::count(shared, "run"), bound(unbound)));
        } else {
            text::say(format!("{} in common", text::count(shared, "run")));
        }
        Ok(exit)
    }
}

/// Two numbers with as few digits as distinguish them, at least four; none if a text is not a number or both are equal.
fn rounded(a: &str, b: &str) -> Option<[String; 2]> {
    let numbers = [a.parse::<f64>().ok()?, b.parse::<f64>().ok()?];
    let to = |digits: usize| numbers.map(|number| format!("{number:.digits$e}").parse().unwrap_or(number));
    let found = (3..17).map(to).find(|[a, b]: &[f64; 2]| a != b)?;
    Some(found.map(|number| number.to_string()))
}

/// The differences of specification and data.
fn questions(a: &Folder, b: &Folder) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut compare = |kind, name: &str, a: Option<String>, b: Option<String>| {
        if a != b {
            lines.push(Line(kind, name.into(), a, b));
        }
    };
    let question = |folder: &Folder| Some(folder.study.spec.study.question.clone());
    compare("question", "question", question(a), question(b));
    let files = data::compare(a, b);
    let axes: BTreeSet<_> = [a, b].iter().flat_map(|folder| folder.study.compared_axes()).map(|axis| axis.path.clone()).collect();
    let [ours, theirs] = [a, b].map(|folder| data::without_files(&folder.study, 0));
    for change in changes(&ours, &theirs).into_iter().filter(|change| !axes.contains(&change.path)) {
        compare("settings", &change.path, change.old, change.new);
    }
    for path in &axes {
        compare("axes", path, values(&a.study, path), values(&b.study, path));
    }
    let folds = |folder: &Folder| (folder.study.folds > 1).then(|| format!("every trial on each of {}", folder.study.folds));
    compare("folds", "folds", folds(a), folds(b));
    compare("seeds", "seeds", Some(seeds(&a.study.seeds)), Some(seeds(&b.study.seeds)));
    let confirm = |folder: &Folder| folder.study.confirm.map(|own| format!("the best {} under {}", own.best, seeds(&own.all())));
    compare("seeds", "confirm", confirm(a), confirm(b));
    let figures = |folder: &Folder| Some(json!(folder.study.spec.figures).to_string());
    if figures(a) != figures(b) {
        let names = |folder: &Folder| Some(folder.study.spec.figures.keys().cloned().collect::<Vec<_>>().join(", "));
        compare("figures", "figures", names(a), names(b).map(|names| names + " (with other settings)"));
    }
    // Data comes first: other differences follow from it.
    files.into_iter().chain(lines).collect()
}

/// The values of a study at this path: those of an axis, or a single one.
fn values(study: &Study, path: &str) -> Option<String> {
    if let Some(axis) = study.axes.iter().find(|axis| axis.path == path) {
        return Some(axis.values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    }
    study.trials[0].settings().into_iter().find(|(own, _)| own == path).map(|(_, value)| format!("{value}, not swept"))
}

/// Seeds with consecutive ones as a range: `0 to 30, 100`.
fn seeds(seeds: &[Seed]) -> String {
    let mut sorted: Vec<_> = seeds.iter().map(|seed| seed.0).collect();
    sorted.sort_unstable();
    let rows = sorted.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let shown = rows.map(|row| match row {
        [one] => one.to_string(),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// How much equal digests prove, if nothing binds the earlier measurements of `unbound` runs.
pub(super) fn bound(unbound: usize) -> String {
    match unbound {
        0 => "of every bit".into(),
        1.. => format!(
            "of the last measurement of each run; no digest covers the earlier measurements of {}; `restudy verify` computes them again",
            text::count(unbound, "run")
        ),
    }
}

/// The differences of the results.
struct Findings {
    lines: Vec<Line>,
    /// The number of runs that both studies have.
    shared: usize,
    /// How many shared runs with equal results have earlier measurements that cannot be compared.
    unbound: usize,
}

/// Compares the shared runs, and the rows of the summaries with equal axes.
fn findings(a: &Folder, b: &Folder) -> Result<Findings, CliError> {
    let mut lines = Vec::new();
    let theirs: BTreeMap<_, _> = b.manifest.runs.iter().map(|run| (run.id, run)).collect();
    let shared: Vec<_> = a.manifest.runs.iter().filter_map(|run| Some((run, *theirs.get(&run.id)?))).collect();
    let (alike, differing): (Vec<_>, Vec<_>) = shared.iter().partition(|(ours, theirs)| ours.digest == theirs.digest);
    let digests = differing.into_iter().map(|(ours, theirs)| (ours, ours.digest, theirs.digest)).collect();
    list(&mut lines, a, "results of the same run", digests);
    // The digest of a run covers its last measurement only.
    let [ours, theirs] = [a, b].map(|side| reading::measurements(&side.path, &side.study, &side.manifest));
    let both = alike.iter().map(|(run, _)| *run).filter_map(|run| Some((run, *ours.get(&run.id)?, *theirs.get(&run.id)?)));
    let measured: Vec<_> = both.collect();
    let mut unbound = alike.len() - measured.len();
    let digests = measured.into_iter().filter(|(_, ours, theirs)| ours != theirs).collect();
    list(&mut lines, a, MEASUREMENTS, digests);
    let others = traces::differing(&a.manifest, &b.manifest);
    lines.extend((others > 0).then(|| Line("manifests", traces::message(others), None, None)));
    // Without digests of single runs, the table of all measurements has one.
    let table = |side: &Folder| side.manifest.tables.get("metrics").map(|entry| entry.digest);
    if unbound > 0 && a.manifest.specification == b.manifest.specification && a.manifest.runs == b.manifest.runs {
        unbound = 0;
        if table(a) != table(b) {
            let short = |side| table(side).map(|digest| digest.short());
            lines.push(Line(MEASUREMENTS, "some runs, by the table metrics".into(), short(a), short(b)));
        }
    }
    let only = |own: usize| own - shared.len();
    let (ours, theirs) = (only(a.manifest.runs.len()), only(b.manifest.runs.len()));
    if ours + theirs > 0 {
        lines.push(Line("runs", "in one study only".into(), Some(ours.to_string()), Some(theirs.to_string())));
    }
    lines.extend(summaries(a, b));
    Ok(Findings { lines, shared: shared.len(), unbound })
}

/// Adds runs with different digests of this kind.
fn list(lines: &mut Vec<Line>, a: &Folder, kind: &'static str, runs: Vec<(&RunEntry, Digest, Digest)>) {
    for (run, ours, theirs) in runs.iter().take(MOST_SHOWN) {
        let task = Task { trial: run.trial, seed: Seed(run.seed), id: run.id };
        let place = if task.trial < a.study.trials.len() { place(&a.study, &task) } else { String::new() };
        lines.push(Line(kind, format!("run {} ({place})", run.id.short()), Some(ours.short()), Some(theirs.short())));
    }
    if runs.len() > MOST_SHOWN {
        let more = format!("and {} more; `restudy verify --bisect` finds the first step that differs", runs.len() - MOST_SHOWN);
        lines.push(Line(kind, more, None, None));
    }
}

const MEASUREMENTS: &str = "earlier measurements of runs with equal results";

const SUMMARY: &str = "summary of trials with the same axes";

/// Rows of `summary.csv` that differ for the same values on the axes, by trial.
fn summaries(a: &Folder, b: &Folder) -> Vec<Line> {
    let (Some(ours), Some(theirs)) = (summary(a), summary(b)) else { return Vec::new() };
    let theirs: BTreeMap<_, _> = theirs.into_iter().collect();
    let mut lines = Vec::new();
    for (trial, row) in &ours {
        let Some(other) = theirs.get(trial) else { continue };
        let differing = row.iter().filter(|(column, value)| other.get(*column).is_some_and(|other| other != *value));
        // Papers quote the means; the other columns follow from the same runs.
        for (column, value) in differing.filter(|(column, _)| *column == "runs" || column.ends_with("_mean")) {
            lines.push(Line(SUMMARY, format!("{trial}: {column}"), Some(value.clone()), other.get(column).cloned()));
        }
    }
    let more = lines.len().saturating_sub(MOST_SHOWN);
    lines.truncate(MOST_SHOWN);
    if more > 0 {
        lines.push(Line(SUMMARY, format!("and {more} more"), None, None));
    }
    lines
}

/// The rows of `summary.csv`: the values on the axes as text, and the columns.
fn summary(folder: &Folder) -> Option<Vec<(String, BTreeMap<String, String>)>> {
    let text = store::read(&folder.path.join("summary.csv")).ok()?;
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let header = reader.headers().ok()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let cells: BTreeMap<String, String> =
            header.iter().zip(&record).map(|(column, value)| (column.to_owned(), value.to_owned())).collect();
        let trial = folder.study.trials.get(cells.get("trial")?.parse::<usize>().ok()?)?;
        let axes = folder.study.compared_axes().iter().zip(&trial.values).map(|(axis, value)| format!("{} = {}", axis.path, value.brief()));
        let name = axes.collect::<Vec<_>>().join(", ");
        rows.push((if name.is_empty() { "the trial".into() } else { name }, cells));
    }
    Some(rows)
}

/// The differences of the programs and machines that made the results.
fn makers(a: &Folder, b: &Folder) -> Vec<Line> {
    const KEYS: [&str; 12] = [
        "version", "source", "commit", "dirty", "patch", "toolchain", "target", "features", "profile", "kernel", "machine", "host",
    ];
    let mut lines = Vec::new();
    if a.manifest.restudy != b.manifest.restudy {
        let (a, b) = (a.manifest.restudy.clone(), b.manifest.restudy.clone());
        lines.push(Line("made by", "restudy".into(), Some(a), Some(b)));
    }
    let (ours, theirs) = (last_entry(&a.path), last_entry(&b.path));
    for key in KEYS {
        let of = |entry: &Value| match [&entry["origin"][key], &entry[key]].into_iter().find(|value| !value.is_null())? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let (one, other) = (of(&ours), of(&theirs));
        if one != other {
            lines.push(Line("made by", key.into(), one, other));
        }
    }
    lines
}

fn last_entry(folder: &Path) -> Value {
    journal::read(folder).pop().and_then(|entry| serde_json::to_value(entry).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_numbers_still_differ() {
        let shown = |a: &str, b: &str| rounded(a, b).map(|[a, b]| format!("{a} {b}"));
        assert_eq!(shown("0.10029999999999999", "0.2"), Some("0.1003 0.2".into()));
        assert_eq!(shown("0.10029999999999999", "0.1003"), Some("0.10029999999999999 0.1003".into()));
        assert_eq!(shown("30", "29"), Some("30 29".into()));
        assert_eq!((shown("NaN", "1"), shown("a", "1")), (Some("NaN 1".into()), None));
    }
}
