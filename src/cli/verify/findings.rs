//! What a verification found, for people and for programs.

use std::path::Path;

use serde_json::json;

use super::badge::Kept;
use crate::{
    experiment::Promise,
    cli::text,
    escape,
    results::{Against, ChosenBy, Extent, Manifest, Verification, Sample, VERSION, bound, reading, verify::Stored, witness::VouchedBy},
};

/// So many differences are enough to know what is wrong.
const MOST_SHOWN: usize = 20;

/// Tells a person what was found.
pub(super) fn say(proof: &Verification, folder: &Path, extent: &Extent<'_>, (manifest, promised): (&Manifest, Promise), runs: usize, seconds: f64) {
    let Verification { differences, absent, other, computed, resumed, different: [chosen, all], against, unmade, stored, chosen_by, rendered_by } = proof;
    let mut checked = format!("{} of {} computed again in {}", text::thousands(*computed as u64), text::count(runs, "run"), text::duration(seconds));
    if *resumed > 0 {
        checked.push_str(&format!(" ({} of them by an earlier verification, which was interrupted)", text::thousands(*resumed as u64)));
    }
    differences.iter().take(MOST_SHOWN).for_each(text::say);
    if differences.len() > MOST_SHOWN {
        text::say(format!("and {} more; --json names them all", differences.len() - MOST_SHOWN));
    }
    if differences.is_empty() && unmade.is_none() {
        let what = match (against, rendered_by) {
            (Against::Computed, None) => "every bit is the same",
            (Against::Computed, Some(_)) => "every bit of runs and tables is the same",
            (Against::Stored, None) => "every bit of these is the same, and every file is made from the runs as they are stored",
            (Against::Stored, Some(_)) => "every bit of these is the same, and every table is made from the runs as they are stored",
            (Against::Manifest, _) => "every bit of these is the same, and every file is the one of the manifest",
        };
        let word = if promised == Promise::Bits { "proven" } else { "the same this time" };
        text::say(format!("{word}: {checked}; {what}"));
        if promised == Promise::Nothing {
            text::warn("the experiment does not promise its results: that they came out the same says nothing of the next time");
        }
        if let Extent::Sample(_) = extent {
            // A bound holds of what comes out the same whenever it is computed.
            if promised == Promise::Bits {
                text::say(format!("that is: {}", promise(*all, *chosen)));
            }
            stored.iter().for_each(say_stored);
            if *against == Against::Manifest {
                // Where not all are stored, it could not.
                let whole = stored.as_ref().is_some_and(|stored| stored.missing == 0);
                let again = if whole { "--files makes them again from the stored runs, and " } else { "" };
                text::say(format!(
                    "not made again: tables, figures and report. The manifest alone vouches for them, and whoever changes them can change it too; {again}\
                     without --sample all is computed again"
                ));
            }
        }
        if let Some(stored) = stored.as_ref().filter(|stored| stored.unasked > 0) {
            let runs = text::count(stored.unasked, "stored run");
            text::say(format!("not looked at: {runs} that the study does not ask for"));
        }
        say_choice(*chosen_by);
        text::say(format!("root   {}", manifest.root));
    } else if differences.is_empty() {
        text::say(format!("NOT proven: {checked}; every bit of these is the same, but not all was done that was asked"));
    } else {
        text::say(format!("NOT proven: {checked}; {}", text::count(differences.len(), "difference")));
    }
    if let Some(why) = unmade {
        text::say(format!(
            "not made again, though --files asks: tables, figures and report, for {why}. `restudy verify {}` computes every run again and makes every \
             file from them",
            escape::shell_path(folder)
        ));
    }
    if !absent.is_empty() {
        text::say(format!("not here, and not needed: {}", absent.join(", ")));
    }
    if !other.is_empty() {
        text::say(format!(
            "in other bytes: {} {} every value, but not as this restudy writes it: made by another build of it, or damaged where only readers of \
             others look; a sweep of the study writes it anew",
            other.join(", "),
            if other.len() == 1 { "holds" } else { "hold" }
        ));
    }
    if let Some(version) = rendered_by {
        text::say(format!(
            "rendered by {version}: this is {VERSION}, which renders report and figures in its own way; those here were held against the digests of the manifest alone"
        ));
    }
}

/// Tells by what it was checked that the right trials ran again.
fn say_choice(by: ChosenBy) {
    let by = match by {
        ChosenBy::Nothing => return,
        ChosenBy::Computed => "made again from all runs of the first stage, computed again: the same trials",
        ChosenBy::Stored => "made again from the runs of the first stage as they are stored: the same trials",
        ChosenBy::Table => "made again from runs.parquet, which the manifest vouches for: the same trials",
        ChosenBy::Unknown => "NOT made again, for neither runs.parquet nor all runs of the first stage are here: the manifest alone says which trials ran again",
    };
    text::say(format!("choice {by}"));
}

/// Tells what a sample says of the stored records.
fn say_stored(stored: &Stored) {
    let Stored { compared, by_digest, vouched_by, .. } = stored;
    let bound = match vouched_by {
        VouchedBy::Manifest | VouchedBy::Table => "",
        VouchedBy::Nothing => ", which bind their last measurement alone: the manifest lists no digests of measurements, and the table metrics that binds them is not here whole",
    };
    let (compared, by_digest) = (text::thousands(*compared as u64), text::thousands(*by_digest as u64));
    text::say(format!("stored runs: {compared} compared in full, {by_digest} by the digests of the manifest{bound}"));
}

/// What a sample without a fault proves.
fn promise(runs: usize, computed: usize) -> String {
    match bound::most_wrong(runs, computed) {
        0 => format!("none of {} can be wrong", text::count(runs, "run")),
        wrong => format!(
            "at most {:.1} % of all runs ({} of {}) can be wrong, at 95 % confidence",
            bound::percent(wrong, runs),
            text::thousands(wrong as u64),
            text::thousands(runs as u64)
        ),
    }
}

/// Tells a program what was found.
pub(super) fn tell(
    proof: &Verification,
    proven: bool,
    extent: &Extent<'_>,
    (manifest, promised): (&Manifest, Promise),
    runs: usize,
    badge: Option<&Kept>,
) {
    let Verification { differences, absent, other, computed, resumed, different: [chosen, all], against, unmade, stored, chosen_by, rendered_by } = proof;
    let against = match against {
        Against::Computed => "runs computed again",
        Against::Stored => "stored runs",
        Against::Manifest => "manifest",
    };
    let sample = match extent {
        Extent::Sample(Sample { word, .. }) if proven && promised == Promise::Bits => {
            let wrong = bound::most_wrong(*all, *chosen);
            json!({ "seed": word, "most-wrong": wrong, "most-wrong-percent": bound::percent(wrong, *all), "confidence": 0.95 })
        }
        Extent::Sample(Sample { word, .. }) => json!({ "seed": word }),
        Extent::Whole(_) => json!(null),
    };
    let named: Vec<_> = differences.iter().map(|d| json!({ "what": d.what, "how": d.how })).collect();
    let mut told = json!({
        "proven": proven && promised == Promise::Bits, "promised": promised, "runs": runs, "computed": computed, "resumed": resumed, "sample": sample,
        "root": manifest.root, "differences": named, "absent": absent, "in-other-bytes": other, "files-against": against, "files-not-made": unmade,
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
        told["choice-by"] = by.into();
    }
    if let Some(badge) = badge {
        told["badge"] = badge.json();
    }
    text::say_json(told);
}

fn stored_json(stored: &Stored) -> serde_json::Value {
    let Stored { damage, unreadable, compared, by_digest, unasked, missing, vouched_by, .. } = stored;
    let bound_by = match vouched_by {
        VouchedBy::Manifest => "manifest",
        VouchedBy::Table => "table metrics",
        VouchedBy::Nothing => "nothing",
    };
    let damaged = damage.iter().map(|damage| json!({ "file": reading::segment_name(&damage.file), "reason": damage.reason }));
    json!({
        "compared": compared, "by-digest": by_digest, "unasked": unasked, "missing": missing, "measurements-bound-by": bound_by,
        "damaged": damaged.collect::<Vec<_>>(), "unreadable": unreadable,
    })
}
