//! Segments: stored runs with other numbers, in a frame with a valid digest and a file with a valid name; without the
//! index, which is rebuilt.

use std::fs;

use restudy::{
    digest::{Record, kept, last_link},
    model::Params,
    store::{load, segment},
    train::Outcome,
};

use crate::{Forgery, random::Random, workspace::Workspace};

/// Notices of commands that continue with intact copies.
const NOTICES: &[&str] = &["cut off or changed", "than the manifest", "are computed again"];

/// A forged run in the only segment of the study.
pub fn forge(random: &mut Random, place: &Workspace) -> Option<Forgery> {
    let folder = place.path("results/moons");
    let mut records: Vec<_> = load(&folder).unwrap().0.into_values().collect();
    let at = random.below(records.len());
    let before = records[at].clone();
    let what = change(random, &mut records[at]);
    if records[at] == before {
        return None;
    }
    let segments = folder.join("segments");
    for entry in fs::read_dir(&segments).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "seg") || path.ends_with("index") {
            fs::remove_file(path).unwrap();
        }
    }
    let bytes = segment::encode(&records);
    fs::write(segments.join(segment::file_name(&bytes)), &bytes).unwrap();
    // Commands that resume from the segment refuse it, or report it as damaged and compute the run again.
    let commands = [
        "verify results/moons --progress none",
        "verify results/moons --progress none --sample 1",
        "show results/moons --runs",
        "show results/moons --json",
        "compare results/moons hidden=1 hidden=3",
        "status results/moons",
        "merge results/joined results/moons --progress none",
        "sweep moons.toml --progress none",
    ];
    Some(Forgery { what: what.to_owned(), commands: commands.map(str::to_owned).into(), notices: NOTICES })
}

/// Changes a record, and makes its last link valid.
fn change(random: &mut Random, record: &mut Record) -> &'static str {
    let (step, last) = (random.below(record.observations.len()), record.observations.len() - 1);
    let what = match random.below(10) {
        8 => {
            record.observations[step.min(last - 1)].values[random.below(2)] = 0.0;
            "a measurement in the midst"
        }
        9 => {
            record.chain[step.min(last - 1)].0[random.below(32)] ^= 1;
            "a link in the midst"
        }
        0 => {
            record.observations[last].values[2 + random.below(2)] /= 2.0;
            "the last measurement"
        }
        1 => {
            *record.kept.values.last_mut().unwrap() += 0.5;
            "a parameter"
        }
        2 => {
            record.outcome = Outcome::Converged { epoch: record.observations[last].epoch };
            "the outcome"
        }
        3 => {
            record.outcome = Outcome::Diverged { epoch: record.observations[last].epoch };
            "a divergence"
        }
        4 => {
            let gone = step.min(last);
            record.observations.remove(gone);
            record.chain.remove(gone);
            "a measurement less"
        }
        5 => {
            // The bytes of the link stay: a metric of each split becomes a parameter.
            for point in &mut record.observations {
                point.values.truncate(2);
            }
            "a metric less"
        }
        6 => {
            let all = record.kept.values.clone();
            // 3 hidden units with 2 inputs have thirteen parameters, and so have 4 with one.
            let mut other = if all.len() == 13 { Params::zeros(1, 4) } else { Params::zeros(2, 2) };
            let mut values = all.into_iter().chain([0.25; 8]);
            other.blocks_mut().into_iter().flatten().for_each(|slot| *slot = values.next().unwrap_or_default());
            record.kept = kept(&other);
            "another network"
        }
        _ => {
            record.observations[step].step += 1;
            "a step"
        }
    };
    let diverged = matches!(record.outcome, Outcome::Diverged { .. });
    let parameters: Vec<f64> = record.kept.values.clone();
    let previous = record.chain.iter().rev().nth(1).copied().unwrap_or(record.id);
    if let (Some(point), Some(link)) = (record.observations.last(), record.chain.last_mut()) {
        *link = last_link(previous, point, (!diverged).then_some(&parameters));
    }
    what
}
