//! The findings of a verification, as text and as JSON.

use std::path::Path;

use serde_json::json;

use super::{badge::Kept, note::Written};
use crate::{
    experiment::{Declaration, Promise},
    cli::text,
    escape,
    results::{ComparedWith, ChosenBy, Extent, Manifest, Verification, Sample, VERSION, reading, sample_bound, verify::Stored, witness::Evidence},
};

/// The most differences that are printed.
const MOST_SHOWN: usize = 20;

pub(super) fn print(proof: &Verification, folder: &Path, extent: &Extent<'_>, (manifest, declared): (&Manifest, &Declaration), runs: usize, seconds: f64) {
    let Verification { differences, absent, other, computed, resumed, different: [chosen, all], compared_with, not_rendered, stored, chosen_by, rendered_by, agreement, .. } = proof;
    let mut checked = format!("{} of {} computed again in {}", text::thousands(*computed as u64), text::count(runs, "run"), text::duration(seconds));
    if *resumed > 0 {
        checked.push_str(&format!(" ({} of them by an earlier, interrupted verification)", text::thousands(*resumed as u64)));
    }
    // Where runs disagree, their files do too. Within a tolerance, differences have another cause.
    let is_said = agreement.as_ref().is_some_and(|agreement| !agreement.within);
    differences.iter().take(MOST_SHOWN).filter(|_| !is_said).for_each(text::say);
    if differences.len() > MOST_SHOWN && !is_said {
        text::say(format!("and {} more; --json lists all", differences.len() - MOST_SHOWN));
    }
    agreement.iter().for_each(super::agreement::print);
    if differences.is_empty() && not_rendered.is_none() {
        let what = match (compared_with, rendered_by) {
            (ComparedWith::Computed, None) => "every bit is the same",
            (ComparedWith::Computed, Some(_)) => "every bit of runs and tables is the same",
            (ComparedWith::Stored, None) => "every bit of these is the same, and every file follows from the stored runs",
            (ComparedWith::Stored, Some(_)) => "every bit of these is the same, and every table follows from the stored runs",
            (ComparedWith::Manifest, _) => "every bit of these is the same, and every file has the digest in the manifest",
        };
        let (word, what) = match (declared.promise, agreement) {
            (Promise::Bits, _) => ("proven", what),
            (Promise::Tolerance(_), Some(_)) => ("within the tolerance", match compared_with {
                ComparedWith::Manifest => "not every bit is the same; every file has the digest in the manifest",
                _ => "not every bit is the same; every file follows from the stored runs",
            }),
            (Promise::Tolerance(_), None) => ("within the tolerance", what),
            (Promise::Nothing, _) => ("the same this time", what),
        };
        text::say(format!("{word}: {checked}; {what}"));
        if declared.promise == Promise::Nothing {
            text::warn("the experiment does not promise equal results: another computation may differ");
        }
        if let Extent::Sample(_) = extent {
            // The bound requires that every computation gives the same result.
            if declared.promise == Promise::Bits && !declared.external {
                text::say(format!("that is: {}", promise(*all, *chosen)));
            }
            stored.iter().for_each(say_stored);
            if *compared_with == ComparedWith::Manifest {
                // --files needs all stored runs.
                let whole = stored.as_ref().is_some_and(|stored| stored.missing == 0);
                let again = if whole { "--files makes them again from the stored runs; " } else { "" };
                text::say(format!(
                    "not made again: tables, figures and report. Only the manifest vouches for them, and a forger can change it too; {again}\
                     without --sample, everything is computed again"
                ));
            }
        }
        if let Some(stored) = stored.as_ref().filter(|stored| stored.unasked > 0) {
            let runs = text::count(stored.unasked, "stored run");
            text::say(format!("not compared: {runs} that the study does not include"));
        }
        say_choice(*chosen_by);
        text::say(format!("root   {}", manifest.root));
    } else if differences.is_empty() {
        text::say(format!("NOT proven: {checked}; every bit of these is the same, but the files could not be made again"));
    } else {
        let listed = if is_said { ", which --json lists" } else { "" };
        text::say(format!("NOT proven: {checked}; {}{listed}", text::count(differences.len(), "difference")));
    }
    say_failed(proof);
    if let Some(why) = not_rendered {
        text::say(format!(
            "not made again despite --files: tables, figures and report, because {why}. `restudy verify {}` computes every run again and makes every \
             file from them",
            escape::shell_path(folder)
        ));
    }
    if !absent.is_empty() {
        text::say(format!("absent, and not needed: {}", absent.join(", ")));
    }
    if !other.is_empty() {
        text::say(format!(
            "in other bytes: {} {} every value, but not the bytes that this restudy writes: another build made it, or a part that restudy does not \
             read is damaged; a sweep of the study rewrites it",
            other.join(", "),
            if other.len() == 1 { "has" } else { "have" }
        ));
    }
    if let Some(version) = rendered_by {
        text::say(format!(
            "rendered by {version}: this is {VERSION}, which renders report and figures differently; they were compared only with the digests in the manifest"
        ));
    }
}

/// Prints how many runs failed: then there is less to compare than runs.
fn say_failed(proof: &Verification) {
    let Verification { compared, different: [_, all], .. } = proof;
    if compared.failed > 0 && compared.failed == *all {
        text::say("failed: all runs, so that no statistic has a value");
    } else if compared.failed > 0 {
        let runs = text::count(compared.runs, "computed run");
        text::say(format!("failed: {} of {runs}; the statistics exclude failed runs", text::thousands(compared.failed as u64)));
    }
}

/// Prints how the choice of the confirmed trials was checked.
fn say_choice(by: ChosenBy) {
    let by = match by {
        ChosenBy::Nothing => return,
        ChosenBy::Computed => "repeated from all runs of the first stage, computed again: the same trials",
        ChosenBy::Stored => "repeated from the stored runs of the first stage: the same trials",
        ChosenBy::Table => "repeated from runs.parquet, which has the digest in the manifest: the same trials",
        ChosenBy::Unknown => "NOT repeated, because runs.parquet and runs of the first stage are missing: only the manifest says which trials were confirmed",
    };
    text::say(format!("choice {by}"));
}

/// Prints how the stored records were compared.
fn say_stored(stored: &Stored) {
    let Stored { compared, by_digest, evidence, .. } = stored;
    let bound = match evidence {
        Evidence::Manifest | Evidence::Table => "",
        Evidence::Nothing => ", which cover only their last measurement: the manifest lists no digests of measurements, and the table metrics is missing or damaged",
    };
    let (compared, by_digest) = (text::thousands(*compared as u64), text::thousands(*by_digest as u64));
    text::say(format!("stored runs: {compared} compared in full, {by_digest} by the digests of the manifest{bound}"));
}

/// The statement that a sample without differences proves.
fn promise(runs: usize, computed: usize) -> String {
    match sample_bound::most_wrong(runs, computed) {
        0 => format!("none of {} can be wrong", text::count(runs, "run")),
        wrong => format!(
            "at most {:.1} % of all runs ({} of {}) can be wrong, at 95 % confidence",
            sample_bound::percent(wrong, runs),
            text::thousands(wrong as u64),
            text::thousands(runs as u64)
        ),
    }
}

pub(super) fn print_json(
    proof: &Verification,
    proven: bool,
    extent: &Extent<'_>,
    (manifest, declared): (&Manifest, &Declaration),
    runs: usize,
    (badge, note): (Option<&Kept>, Option<&Written>),
) {
    let Verification { differences, absent, other, computed, resumed, different: [chosen, all], compared_with, not_rendered, stored, chosen_by, rendered_by, agreement, .. } = proof;
    let compared_with = match compared_with {
        ComparedWith::Computed => "runs computed again",
        ComparedWith::Stored => "stored runs",
        ComparedWith::Manifest => "manifest",
    };
    let sample = match extent {
        Extent::Sample(Sample { word, .. }) if proven && declared.promise == Promise::Bits && !declared.external => {
            let wrong = sample_bound::most_wrong(*all, *chosen);
            json!({ "seed": word, "most-wrong": wrong, "most-wrong-percent": sample_bound::percent(wrong, *all), "confidence": 0.95 })
        }
        Extent::Sample(Sample { word, .. }) => json!({ "seed": word }),
        Extent::Whole(_) => json!(null),
    };
    let named: Vec<_> = differences.iter().map(|d| json!({ "what": d.what, "how": d.how })).collect();
    let mut object = json!({
        "proven": proven && declared.promise == Promise::Bits, "promised": declared.promise, "runs": runs, "computed": computed, "resumed": resumed, "sample": sample,
        "root": manifest.root, "differences": named, "absent": absent, "in-other-bytes": other, "files-against": compared_with, "files-not-made": not_rendered,
        "stored": stored.as_ref().map(stored_json), "rendered-by": rendered_by,
    });
    let by = match chosen_by {
        ChosenBy::Nothing => None,
        ChosenBy::Computed => Some("runs computed again"),
        ChosenBy::Stored => Some("stored runs"),
        ChosenBy::Table => Some("table runs"),
        ChosenBy::Unknown => Some("nothing"),
    };
    if let Some(by) = by {
        object["choice-by"] = by.into();
    }
    if let Some(agreement) = agreement {
        object["agreement"] = json!(agreement);
    }
    if proof.compared.failed > 0 {
        object["failed"] = proof.compared.failed.into();
    }
    if let Some(badge) = badge {
        object["badge"] = badge.json();
    }
    if let Some(note) = note {
        object["note"] = note.json();
    }
    text::say_json(object);
}

fn stored_json(stored: &Stored) -> serde_json::Value {
    let Stored { damage, unreadable, compared, by_digest, unasked, missing, evidence, .. } = stored;
    let bound_by = match evidence {
        Evidence::Manifest => "manifest",
        Evidence::Table => "table metrics",
        Evidence::Nothing => "nothing",
    };
    let damaged = damage.iter().map(|damage| json!({ "file": reading::segment_name(&damage.file), "reason": damage.reason }));
    json!({
        "compared": compared, "by-digest": by_digest, "unasked": unasked, "missing": missing, "measurements-bound-by": bound_by,
        "damaged": damaged.collect::<Vec<_>>(), "unreadable": unreadable,
    })
}
