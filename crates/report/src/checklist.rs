//! What conferences ask of experiments, answered from the study and its summary alone.
//!
//! The points are those of the checklists of machine learning: Pineau et al., "Improving reproducibility in machine learning
//! research", JMLR 22 (2021), and the paper checklist of NeurIPS. What a program cannot know, such as ethics or the honesty of the question, is
//! not in it; what is not so good is said as plainly as the rest.

use super::{
    Input,
    addition::{self, DataSection},
    count,
    lowest::Lowest,
    mention::mention,
    results::Results,
    terms::Terms,
    words,
};
use crate::{measure::Part, stats};

/// Each point with its answer.
pub(super) fn items(input: &Input<'_>, results: &Results, data: &DataSection) -> Vec<(&'static str, String)> {
    vec![
        ("Ranges of hyperparameters", ranges(input)),
        ("How many were tried", tried(input)),
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
            None => format!("restudy {version}; the command that computes all of it again stands below."),
            Some(title) => format!(
                "restudy {version}, and the experiment {}, which its authors must hand in; the command that computes all of it again stands below.",
                mention(&title)
            ),
        },
        Some(experiment) => {
            let experiment = mention(experiment);
            format!(
                "restudy {version}, and the experiment `{experiment}` of its author's own, which its notebook alone has."
            )
        }
    }
}

/// So many values of an axis are written out.
const MOST_VALUES: usize = 12;

fn ranges(input: &Input<'_>) -> String {
    let axes = input.study.axes.iter().map(|axis| {
        let values: Vec<_> = axis.values.iter().map(|value| mention(&value.to_string())).collect();
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

fn tried(input: &Input<'_>) -> String {
    let trials = input.study.trials.len() as u64;
    let all = format!(
        "{}, every one of them in summary.csv; none was left out after it had been seen.",
        count(trials, "trial")
    );
    if trials < 3 {
        return all;
    }
    let pairs = trials * (trials - 1) / 2;
    format!(
        "{all} Intervals are not corrected for {pairs} possible comparisons: of twenty that are but luck, one looks like more."
    )
}

fn selection(results: &Results) -> String {
    match results.lowest {
        None => "Nothing was selected.".into(),
        Some(lowest) if !Lowest::stands_out(&lowest) => {
            format!("No trial was selected: none stands out by its mean {}.", results.terms.what)
        }
        Some(_) => selected(&results.terms),
    }
}

fn selected(terms: &Terms) -> String {
    let (part, name) = (terms.objective().part, &terms.objective().measurement);
    let tie = terms.tie.as_ref().map_or_else(String::new, |(name, direction)| {
        format!("; the {} {} decides a tie", direction.name(), part.of(name))
    });
    let twice = if part == Part::Whole {
        format!("The same runs select and report, so the {name} of the best trial is a little too good.")
    } else {
        format!(
            "The same validation points select and report, so the {name} of the best trial is a little too good; there is no third part of the data."
        )
    };
    format!("By the {} over all seeds{tie}. {twice}", terms.best())
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
    let sum = |of: fn(&crate::table::TrialSummary) -> u64| input.summary.trials.iter().map(of).sum::<u64>();
    let (diverged, failed) = (sum(|trial| trial.diverged), sum(|trial| trial.failed));
    let per = count(input.study.seeds.len() as u64, "run");
    let mut text = format!("{} of {}, {per} a trial", input.runs(), count(planned, "run"));
    text += &match diverged {
        0 => "; none diverged".to_owned(),
        n => format!("; {n} diverged and count with what was measured last"),
    };
    text += &match failed {
        0 => ", none failed.".to_owned(),
        n => format!(", {n} failed and are left out."),
    };
    text
}

fn seeds(input: &Input<'_>) -> String {
    format!("{}, the same for every trial. All of them are reported.", words::seed_list(&input.study.seeds))
}

fn variation(input: &Input<'_>) -> String {
    let n = input.study.seeds.len();
    let text = "Mean with a 95 % percentile bootstrap interval over runs; standard deviation, median and inter-quartile mean in summary.csv.";
    let width = stats::narrowness(n);
    match n {
        1 => format!("{text} A single run a trial: nothing can be said of its variation."),
        _ if width < 0.9 => format!(
            "{text} Of {} a trial the intervals are too narrow: some {:.0} % of the width that they should have.",
            count(n as u64, "run"),
            100.0 * width
        ),
        _ => text.into(),
    }
}

fn compute(input: &Input<'_>) -> String {
    let most = match addition::of(input.study) {
        Some(own) => own.effort(input.study),
        None => format!("{} in all.", count(input.study.run_count() as u64, "run")),
    };
    let independent = if input.is_promised() { ", since no number here depends on them" } else { "" };
    format!("{most} Machine and time are in the journal of the sweep{independent}.")
}
