//! Adopts runs before a sweep, and prints what came of it.

use std::sync::atomic::AtomicBool;

use crate::{
    cli::{CliError, Code, Common, Exit, share::Share, text, verify::agreement},
    results::{AdoptOutcome, Computation},
    run::Event,
};

/// The fewest runs that are computed again by default.
const LEAST: usize = 3;

/// Adopts runs; returns how the command ends, if it does not go on with the sweep.
pub(super) fn adopt(
    computation: &Computation<'_>,
    share: Option<Share>,
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
    common: &Common,
) -> Result<Option<Exit>, CliError> {
    let study = computation.network.study();
    if !study.declaration().external {
        return Err(CliError::usage(
            Code::AdoptExperiment,
            format!("{} is no study of a program: what its runs compute follows from settings and data", study.name),
            "leave out --adopt: only runs that a change gives other results are computed",
        ));
    }
    let size = |runs: usize| match share {
        Some(share) => share.size(runs),
        None => Share::Percent(5.0).size(runs).max(LEAST).min(runs),
    };
    let outcome = common.on_threads(|| computation.adopt(&size, events, &|notice| text::warn(notice), stop))??;
    match outcome {
        AdoptOutcome::Unknown => Err(CliError::usage(
            Code::AdoptNothing,
            format!("nothing in {} can be adopted: no stored run that ended well has the parameters, the seed and the kept files of a run of this study", computation.folder.display()),
            "leave out --adopt to compute all runs",
        )),
        AdoptOutcome::Nothing(reason) => {
            if !common.quiet {
                text::warn(format!("nothing to adopt: {reason}"));
            }
            Ok(None)
        }
        AdoptOutcome::Adopted(adoption) => {
            if !common.quiet && !common.json() {
                let agreed = if adoption.same { "with the same bits as before" } else { "within the tolerance" };
                text::say(format!(
                    "{} adopted; {} computed again {}, {agreed}",
                    were(adoption.runs.len()),
                    were(adoption.checked.len()),
                    after(&adoption.changed)
                ));
            }
            Ok(None)
        }
        AdoptOutcome::Refused { changed, runs, agreement } => {
            if common.json() {
                return Err(refused(&changed, agreement.runs, runs));
            }
            agreement::print(&agreement);
            Err(refused(&changed, agreement.runs, runs))
        }
        AdoptOutcome::Interrupted => {
            text::warn("interrupted: nothing was adopted; runs that were computed again are stored, and the same command compares them");
            Ok(Some(Exit::Interrupted))
        }
    }
}

fn refused(changed: &[String], checked: usize, runs: usize) -> CliError {
    CliError::difference(
        Code::AdoptDifferent,
        format!(
            "nothing was adopted: of {} computed again {}, not all agree with those before",
            text::count(checked, "run"),
            after(changed)
        ),
        format!(
            "the change matters: leave out --adopt, and all {} that it concerns are computed; `tolerance` under [command] accepts small differences",
            text::count(runs, "run")
        ),
    )
}

fn after(changed: &[String]) -> String {
    match changed {
        [] => "after the change".into(),
        all => format!("after the change of {}", all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

fn were(runs: usize) -> String {
    format!("{} {}", text::count(runs, "run"), if runs == 1 { "was" } else { "were" })
}
