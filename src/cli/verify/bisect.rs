//! `verify --bisect`: the first difference between two results folders, as far as the stored data shows it.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    cli::{CliError, Code, Common, Exit, diff::traces, folder::Folder, text},
    results::{
        Manifest,
        bisect::{Moment, Parting, Reach, Side, every, ours, partings, unchecked_runs},
        reading::{self, Finding},
    },
    run::{Prepared, Task},
};

/// The most runs that are printed.
const MOST_SHOWN: usize = 20;

/// Compares the shared runs of two folders.
pub(super) fn run(
    common: &Common,
    network: &dyn Prepared,
    (path, manifest): (&Path, &Manifest),
    other: &Path,
    steps: bool,
) -> Result<Exit, CliError> {
    let theirs = Folder::open(other)?;
    theirs.require_root()?;
    let (a, b) = (Side::new(path, network.study(), manifest), Side::new(other, &theirs.study, &theirs.manifest));
    let shared = every(network).iter().filter(|task| a.has(task.id) && b.has(task.id)).count();
    if shared == 0 {
        return Err(CliError::usage(
            Code::BisectNothing,
            format!("{} and {} have no run in common", path.display(), other.display()),
            "run `restudy diff` on both to see how their settings, data and seeds differ",
        ));
    }
    let found = partings(network, &a, &b);
    let reach = match found.first().filter(|_| steps) {
        Some(first) => {
            network.require_memory()?;
            common.on_threads(|| ours(network, &first.task, [&a, &b]))??
        }
        None => None,
    };
    let findings = |path: &Path, study, manifest| -> Vec<_> {
        let found = reading::segments(path, study, Some(manifest)).findings;
        found.into_iter().map(|found| (path.to_path_buf(), found)).collect()
    };
    let mut wrong = findings(path, network.study(), manifest);
    if path != other {
        wrong.extend(findings(other, &theirs.study, &theirs.manifest));
    }
    let traces = traces::differing(manifest, &theirs.manifest);
    let exit = if found.is_empty() && wrong.is_empty() && traces == 0 { Exit::Done } else { Exit::Difference };
    if common.json() {
        let runs: Vec<_> = found.iter().map(|parting| to_json(network, parting)).collect();
        let ours = reach.map(|reach| reach.map(reached));
        let wrong = wrong.iter().map(|(folder, Finding { file, reason, contradicts, .. })| {
            json!({ "folder": folder.to_string_lossy(), "file": file, "reason": reason, "contradicts": contradicts })
        });
        let wrong: Vec<_> = wrong.collect();
        text::say_json(json!({ "shared": shared, "differ": found.len(), "runs": runs, "this-program": ours, "other-traces": traces, "findings": wrong }));
        return Ok(exit);
    }
    if traces > 0 {
        text::say(format!("the manifests have different {}", traces::message(traces)));
    }
    for (folder, finding) in &wrong {
        text::say(format!("{}/{finding}", folder.display()));
    }
    let Some(first) = found.first() else {
        if !wrong.is_empty() {
            text::say(format!(
                "the manifests list the same results for all {} that both have, but stored runs are damaged or differ from them: run `restudy verify` on each folder",
                text::count(shared, "run")
            ));
        } else if !common.quiet {
            let bound = super::super::diff::bound(unchecked_runs(&a, &b));
            text::say(format!("all {} that both have are the same, by digests {bound}", text::count(shared, "run")));
        }
        return Ok(exit);
    };
    text::say(format!("{} of {} that both have differ", text::thousands(found.len() as u64), text::count(shared, "run")));
    for parting in found.iter().take(MOST_SHOWN) {
        text::say(format!("run {} ({}): {}", parting.task.id.short(), place(network, &parting.task), parts(parting)));
    }
    if found.len() > MOST_SHOWN {
        text::say(format!("and {} more; --json lists all", found.len() - MOST_SHOWN));
    }
    if found.iter().any(|parting| !parting.exact && !parting.ends_alike) {
        text::say("found in the traces of the manifests: one in 65536 differing measurements seems equal there; with the segments of both folders the result is exact");
    }
    if found.iter().any(|parting| parting.ends_alike && !parting.stored_alike) {
        text::say(
            "runs with equal ends were equal throughout, so one of the two was changed later: `restudy verify` on each folder shows which",
        );
    }
    match reach {
        Some(reach) => judge(first, reach, [path, other]),
        None => text::say("--steps trains the first of them again, and shows which of the two this program computes"),
    }
    Ok(exit)
}

/// The description of the first difference of a run.
fn parts(parting: &Parting) -> String {
    let at = |moment: Moment| format!("epoch {} (step {})", moment.epoch, moment.step);
    match (parting.agree, parting.differ) {
        _ if parting.stored_alike => {
            "the manifests list two results, but the stored runs are equal to the last bit: one manifest contradicts its own segments".into()
        }
        _ if parting.unplaced => {
            "they differ at a measurement that the traces cannot locate, since the run may end early; the segments of both folders can".into()
        }
        (_, None) if parting.ends_alike => "they end the same, and earlier measurements differ; the segments of both folders show where".into(),
        (_, Some(differ)) if parting.ends_alike => format!("they end the same, and first differ in the measurement of {}", at(differ)),
        (Some(agree), Some(differ)) => format!("they agree up to {} and differ from {}", at(agree), at(differ)),
        (None, Some(_)) => "they differ before the first step: initialization, data or the measurement itself".into(),
        (_, None) => "all stored measurements are equal, only the digests differ".into(),
    }
}

/// Prints which of two results this program computes, and at which steps the other one differs.
fn judge(parting: &Parting, reach: [Reach; 2], paths: [&Path; 2]) {
    let id = parting.task.id.short();
    for (reach, path) in reach.iter().zip(paths) {
        let how = match reach {
            Reach::Whole => "this program computes exactly this result".to_owned(),
            Reach::Nowhere => "this program differs from the first measurement".to_owned(),
            Reach::Until(moment) if parting.ends_alike => {
                format!("this program agrees up to epoch {} (step {}) and at the end, but not at the next measurement", moment.epoch, moment.step)
            }
            Reach::Until(moment) => format!("this program agrees up to epoch {} (step {}), and no further", moment.epoch, moment.step),
            Reach::Measurements => "this program ends the same, with other measurements before; only the segments could show which".to_owned(),
            Reach::Stored => "this program computes the result in its segments, not the one in its manifest".to_owned(),
            Reach::Unknown => "this program gets another result; only the segments could show how far they agree".to_owned(),
        };
        text::say(format!("run {id} in {}: {how}", path.display()));
    }
    if let (Some(agree), Some(differ), false) = (parting.agree, parting.differ, parting.ends_alike) {
        text::say(match differ.step - agree.step {
            1 => format!("the first step that differs is step {}", differ.step),
            _ => format!(
                "the first step that differs is one of {} to {}: nothing in between was measured. To find the exact step, sweep this run with \
                 both programs and --set evaluate.every={{steps=1}}, and bisect the results",
                agree.step + 1,
                differ.step
            ),
        });
    }
}

fn to_json(network: &dyn Prepared, parting: &Parting) -> Value {
    json!({
        "run": parting.task.id, "trial": parting.task.trial, "seed": parting.task.seed, "place": place(network, &parting.task),
        "agree": parting.agree, "differ": parting.differ, "exact": parting.exact, "unplaced": parting.unplaced,
        "ends-alike": parting.ends_alike, "stored-alike": parting.stored_alike,
    })
}

fn reached(reach: Reach) -> Value {
    match reach {
        Reach::Whole => json!("whole"),
        Reach::Until(moment) => json!(moment),
        Reach::Nowhere => json!(null),
        Reach::Unknown => json!("unknown"),
        Reach::Measurements => json!("measurements"),
        Reach::Stored => json!("stored"),
    }
}

fn place(network: &dyn Prepared, task: &Task) -> String {
    crate::results::verify::place(network.study(), task)
}
