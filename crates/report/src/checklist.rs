//! The checklist of conferences, filled in from the study and its summary.
//!
//! The items are those of Pineau et al., "Improving reproducibility in machine learning research", JMLR 22 (2021), and
//! of the paper checklist of NeurIPS. Items that a program cannot check, such as ethics, are not included; weaknesses
//! are stated like everything else.

use super::{
    Input,
    addition::{self, DataSection},
    caution, confirmed, count,
    mention::mention,
    results::Results,
    terms::Terms,
    words,
};
use crate::{measure::Split, stats, table::TrialSummary};

/// Returns each item with its text.
pub(super) fn items(input: &Input<'_>, results: &Results, data: &DataSection) -> Vec<(&'static str, String)> {
    vec![
        ("Ranges of hyperparameters", ranges(input)),
        ("How many were tried", tried(input, results)),
        ("How the best was selected", selection(results)),
        ("Number of runs", runs(input)),
        ("Seeds", seeds(input)),
        ("Central tendency and variation", variation(input)),
        ("Data", self::data(data)),
        ("Compute", compute(input)),
        ("Code", code(input)),
    ]
}

fn code(input: &Input<'_>) -> String {
    let version = mention(input.version);
    match input.experiment {
        None => match input.study.title() {
            None => format!("restudy {version}; the command that computes all of it again is below."),
            Some(_) if input.study.declaration().external => format!(
                "restudy {version}, and the program under Experiment; its authors must provide it and what it needs. The command that \
                 computes all of it again is below."
            ),
            Some(title) => format!(
                "restudy {version}, and the experiment {}, which its authors must provide; the command that computes all of it again is below.",
                mention(&title)
            ),
        },
        Some(experiment) => {
            let experiment = mention(experiment);
            format!("restudy {version}, and the custom experiment `{experiment}`, which only its notebook contains.")
        }
    }
}

/// Axes with more values are shortened.
const MOST_VALUES: usize = 12;

fn ranges(input: &Input<'_>) -> String {
    let axes = input.study.compared_axes().iter().map(|axis| {
        let values: Vec<_> = axis.values.iter().map(|value| mention(&value.brief())).collect();
        match values.as_slice() {
            [first, .., last] if values.len() > MOST_VALUES => {
                format!("{}: {} from {first} to {last}", axis.path, count(values.len() as u64, "value"))
            }
            few => format!("{}: {}", axis.path, few.join(", ")),
        }
    });
    let axes: Vec<_> = axes.collect();
    if axes.is_empty() { "Nothing is swept.".into() } else { axes.join("; ") + ". All others are fixed, as above." }
}

fn tried(input: &Input<'_>, results: &Results) -> String {
    let trials = input.study.compared() as u64;
    let all = format!(
        "{}, all of them in summary.csv; none was excluded after its results were known.",
        count(trials, "trial")
    );
    if trials < 3 {
        return all;
    }
    let pairs = trials * (trials - 1) / 2;
    let confirmed = if input.study.confirm.is_some() { " that ran again" } else { "" };
    if results.unranked().is_some() {
        return format!("{all} None is chosen; intervals are not corrected for {pairs} possible comparisons.");
    }
    format!(
        "{all} The choice of a best trial is corrected for the number of trials{confirmed}; intervals are not corrected for {pairs} possible comparisons."
    )
}

fn selection(results: &Results) -> String {
    if let Some(confirmed) = &results.confirmed {
        return confirmed::selection(results, confirmed);
    }
    if !results.has_choice() {
        return "Nothing was selected.".into();
    }
    if results.has_best() {
        return selected(&results.terms);
    }
    format!("No trial was selected: none is shown to be the best by its {}.", results.terms.what)
}

fn selected(terms: &Terms) -> String {
    let (split, name) = (terms.objective().part, &terms.objective().measurement);
    let bias = if split == Split::None {
        format!("The same runs select the trial and measure its {name}, which is therefore slightly too good.")
    } else {
        format!(
            "The same validation points select the trial and measure its {name}, which is therefore slightly too good; there is no test split."
        )
    };
    format!(
        "By the {}, where tests that pair the runs of a seed, corrected for the number of trials, show it to be better than all others. {bias}",
        terms.best()
    )
}

fn data(data: &DataSection) -> String {
    if data.entries.is_empty() {
        return "None: study.toml has every setting.".into();
    }
    let notice = data.notice.as_ref().map_or_else(String::new, |notice| format!(" {notice}"));
    format!("{} study.toml has every setting.{notice}", data.summary)
}

fn runs(input: &Input<'_>) -> String {
    let planned = input.study.run_count() as u64;
    let confirmed = || input.summary.confirmed.iter().flat_map(|confirmed| &confirmed.trials);
    let sum = |of: fn(&TrialSummary) -> u64| input.summary.trials.iter().chain(confirmed()).map(of).sum::<u64>();
    let (diverged, failed) = (sum(|trial| trial.diverged), sum(|trial| trial.failed));
    let per = count(input.study.seeds.len() as u64, "run");
    let further = input.study.confirm.map_or_else(String::new, |confirm| {
        format!(" and {} more of each that ran again ({})", confirm.seeds, confirm.best)
    });
    let folds = match input.study.folds {
        1 => String::new(),
        folds => format!(" on each of {folds} folds"),
    };
    let mut text = format!("{} of {}, {per} a trial{further}{folds}", input.runs(), count(planned, "run"));
    if input.study.folds > 1 {
        text += &match diverged {
            0 => "; none diverged".to_owned(),
            n => format!("; a fold diverged under {}, and counts with its last measurement", count(n, "seed")),
        };
        text += &match failed {
            0 => ", none failed.".to_owned(),
            n => format!(", a fold failed under {}, which are excluded.", count(n, "seed")),
        };
        return text;
    }
    text += &match diverged {
        0 => "; none diverged".to_owned(),
        n => format!("; {n} diverged and count with their last measurement"),
    };
    text += &match failed {
        0 => ", none failed.".to_owned(),
        n => format!(", {n} failed and are excluded."),
    };
    text
}

fn seeds(input: &Input<'_>) -> String {
    let further = input.study.confirm.map_or_else(String::new, |confirm| {
        format!(" Trials that ran again also have {}.", confirmed::seeds(&confirm))
    });
    format!("{}, the same for every trial.{further} All of them are reported.", words::seed_list(&input.study.seeds))
}

fn variation(input: &Input<'_>) -> String {
    let n = input.study.seeds.len();
    let level = caution::level(input.study.confidence);
    let over = if input.study.folds > 1 { "seeds, each a mean over the folds" } else { "runs" };
    let text = format!(
        "Mean with a {level} interval over {over}; standard deviation, median and interquartile mean in summary.csv."
    );
    match n {
        1 => format!("{text} A single run a trial does not show any variation."),
        n if n < stats::ENOUGH => format!("{text} {} a trial are too few for an interval.", count(n as u64, "run")),
        _ => text,
    }
}

fn compute(input: &Input<'_>) -> String {
    let most = match addition::of(input.study) {
        Some(addition) => addition.effort(input.study),
        None => format!("{} in all.", count(input.study.run_count() as u64, "run")),
    };
    let independent = if input.is_promised() { ", since no number here depends on them" } else { "" };
    format!("{most} Machine and time are in the journal of the sweep{independent}.")
}
