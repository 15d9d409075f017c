//! The section on the verdicts of other machines: what files beside the results state. Nothing of it is proven.

use restudy_engine::results::{
    verdict::{Done, Found, Printed, Verdict},
    verify::{Compared, agreement::Agreed},
};

use super::{Input, count, mention::mention};

/// The section, if there are verdicts.
pub(super) struct Section {
    /// What the table is, as sentences with code.
    pub about: String,
    /// The head of the table.
    pub header: Vec<&'static str>,
    /// A row for each verdict on these results; texts of the files are untrusted.
    pub rows: Vec<Vec<String>>,
    /// What else is there, as a sentence with code.
    pub others: Option<String>,
}

/// Returns the section.
pub(super) fn section(input: &Input<'_>) -> Option<Section> {
    if input.verdicts.is_empty() {
        return None;
    }
    let (own, others): (Vec<_>, Vec<_>) = input.verdicts.iter().partition(|(_, verdict)| verdict.root == input.root);
    let about = match own.len() {
        0 => "No file in `verdicts/` is of these results.".to_owned(),
        n => format!(
            "{} in `verdicts/` {} what follows. `restudy verify --note` writes such files, but anyone can write one: restudy has checked \
             neither the machine nor what it found. A machine here may be the one that computed the results. To be certain, verify \
             the results yourself, as described below.",
            count(n as u64, "file"),
            if n == 1 { "states" } else { "state" }
        ),
    };
    let has_versions = own.iter().any(|(_, verdict)| !verdict.versions.is_empty());
    let mut header = vec!["file", "system", "processor", "restudy", "runs", "verdict"];
    header.extend(has_versions.then_some("installed"));
    let rows = own.iter().map(|(name, verdict)| {
        let mut row = row(name, verdict);
        row.extend(has_versions.then(|| installed(verdict)));
        row
    });
    Some(Section { about, header, rows: rows.collect(), others: others_of(&others) })
}

/// The largest number of verdicts on other results that are named.
const MOST_NAMED: usize = 5;

fn others_of(others: &[&(String, Verdict)]) -> Option<String> {
    let named = |(name, verdict): &&(String, Verdict)| format!("`{}` (root {})", mention(name), verdict.root.short());
    let names: Vec<_> = others.iter().take(MOST_NAMED).map(named).collect();
    let more = others.len().saturating_sub(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let are = if others.len() == 1 { "is a verdict" } else { "are verdicts" };
    (!names.is_empty())
        .then(|| format!("Not shown, since their roots differ, {are} on other results: {}{more}.", names.join(", ")))
}

fn row(name: &str, verdict: &Verdict) -> Vec<String> {
    let machine = &verdict.machine;
    let processor = machine.processor.as_deref().unwrap_or("unknown model");
    let runs = match verdict.done {
        Done::All { runs } => format!("{runs} of {runs}"),
        Done::Sample { runs, of } => format!("{runs} of {of}"),
        Done::Repeat { runs, of, times } => format!("{runs} of {of}, {times} times"),
    };
    vec![
        name.to_owned(),
        format!("{} {}", machine.system, machine.architecture),
        format!("{processor}, {}", count(machine.processors as u64, "processor")),
        verdict.restudy.clone(),
        runs,
        outcome(verdict),
    ]
}

fn installed(verdict: &Verdict) -> String {
    let one = |printed: &Printed| {
        let first = printed.first.as_deref().unwrap_or("it fails there");
        format!("{}: {first}", printed.command)
    };
    verdict.versions.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What a machine found, for each measurement.
fn outcome(verdict: &Verdict) -> String {
    let Verdict { result, compared, .. } = verdict;
    let failed = match compared.failed {
        0 => String::new(),
        failed => format!("; {failed} of {} failed there", count(compared.runs as u64, "run")),
    };
    if let Done::Repeat { .. } = verdict.done {
        let own = match result {
            Found::Same => "its computations are the same bits".to_owned(),
            _ => format!("its computations differ: {}", details(compared)),
        };
        return format!("{own}{failed}; they were not compared with these results");
    }
    let found = match result {
        Found::Same => match same(compared) {
            None => "same digests".to_owned(),
            Some(names) => format!("same bits: {names}"),
        },
        other => format!("{other}: {}", details(compared)),
    };
    found + &failed
}

/// More measurements are counted, not named.
const MOST_MEASUREMENTS: usize = 8;

/// The measurements and kept files that are the same in all runs.
fn same(compared: &Compared) -> Option<String> {
    let is_same = |agreed: &&Agreed| agreed.same == agreed.runs;
    let of = |list: &[Agreed], what: &str| {
        let names: Vec<_> = list.iter().filter(is_same).map(|agreed| agreed.name.clone()).collect();
        match names.len() {
            0 => None,
            n if n > MOST_MEASUREMENTS => Some(count(n as u64, what)),
            _ => Some(names.join(", ")),
        }
    };
    let all: Vec<_> =
        [of(&compared.measurements, "measurement"), of(&compared.files, "kept file")].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn details(compared: &Compared) -> String {
    let Compared { runs, different, other_course, unknown, beside, measurements, files, .. } = compared;
    let mut parts = Vec::new();
    if *different > 0 {
        parts.push(format!("{different} of {}", count(*runs as u64, "run")));
    }
    let apart: Vec<_> = measurements.iter().chain(files).filter(|agreed| agreed.same < agreed.runs).collect();
    parts.extend(apart.iter().take(MOST_MEASUREMENTS).map(|agreed| distance(agreed)));
    if apart.len() > MOST_MEASUREMENTS {
        parts.push(format!("{} more", apart.len() - MOST_MEASUREMENTS));
    }
    if *other_course > 0 {
        parts.push(format!("{} ended otherwise or measured at other steps", count(*other_course as u64, "run")));
    }
    if *unknown > 0 {
        parts.push(format!("by how much is not known of {}", count(*unknown as u64, "run")));
    }
    // Nothing is known of single values of runs that ended otherwise, or have no stored record.
    let left = match runs.saturating_sub(other_course + unknown) {
        left if left == *runs => "same bits".to_owned(),
        left => {
            format!("in the other {}, same bits", if left == 1 { "run".to_owned() } else { count(left as u64, "run") })
        }
    };
    parts.extend(same(compared).map(|names| format!("{left}: {names}")));
    // Where runs differ, files that are made from them do too.
    if *different == 0 && *beside > 0 {
        parts.push(format!("{} in the folder of that machine, not in its runs", count(*beside as u64, "difference")));
    }
    parts.join("; ")
}

fn distance(agreed: &Agreed) -> String {
    let Agreed { name, runs, same, apart } = agreed;
    let of = format!("in {} of {}", runs - same, count(*runs as u64, "run"));
    match apart {
        None => format!("{name} differs {of}"),
        Some(apart) => format!(
            "{name} apart by at most {} (absolute), {} (relative) from step {} on, {of}",
            brief(apart.absolute),
            brief(apart.relative),
            apart.step
        ),
    }
}

/// Two digits, with an exponent where zeros would fill the line.
fn brief(value: f64) -> String {
    if value == 0.0 || (1e-3..1e4).contains(&value) { format!("{value:.2}") } else { format!("{value:.1e}") }
}
