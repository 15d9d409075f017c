//! Sentences about how a study was computed, from its settings.

use std::path::Path;

use super::{Input, addition, caution, confirmed, mention::mention, terms::Terms};
use crate::{
    experiment::{Promise, Tolerance},
    measure::Measurement,
    run::Described,
    seed::Seed,
    stats::ENOUGH,
    sweep::{AxisValue, Study, Trial},
    table::{self, Baseline, Summary},
};

/// Labels with sentences.
pub type Entries = Vec<(String, String)>;

/// Returns what was run, what was measured, and the statistics, each in a few sentences.
pub fn methods(input: &Input<'_>) -> Entries {
    let Input { study, summary, .. } = input;
    let is_finished = input.unfinished.is_none();
    let specific = addition::of(study).map_or_else(|| declared(study), |addition| addition.methods(study));
    let further = confirmed::runs(study, &Terms::of(summary).best(), is_finished).unwrap_or_default();
    let verdict = match (study.confirm, summary.baseline) {
        _ if !is_finished => "",
        (None, _) => "",
        (Some(_), Baseline::Constant(_)) => CONFIRMED_BEYOND,
        (Some(_), Baseline::None) => CONFIRMED,
        (Some(_), Baseline::Unknown(_)) => UNRANKED,
    };
    let entries = [
        (if is_finished { "Runs" } else { "Plan" }.to_owned(), runs(study) + &further),
        ("Statistics".to_owned(), statistics(summary) + verdict),
    ];
    specific.into_iter().chain(installed(input)).chain(entries).collect()
}

/// What commands print on the machines that computed runs: the first line of each, and how many more there are.
fn installed(input: &Input<'_>) -> Entries {
    let printed = |own: &Described| {
        let text = own.output.as_deref().unwrap_or_default();
        let more = match text.lines().count().saturating_sub(1) {
            0 => String::new(),
            more => format!(" (and {})", super::count(more as u64, "more line")),
        };
        let first = text.lines().next().map_or_else(|| "prints nothing".to_owned(), |first| mention(short(first)));
        format!("`{}`: {first}{more}", mention(short(&own.command)))
    };
    let all = input.installed.len();
    let machine = |(place, list): (usize, &Vec<Described>)| {
        let others = match list.len().saturating_sub(MOST_COMMANDS) {
            0 => String::new(),
            others => format!("; and {}", super::count(others as u64, "more command")),
        };
        let list: Vec<_> = list.iter().take(MOST_COMMANDS).map(printed).collect();
        let label = if all == 1 { "Installed".to_owned() } else { format!("Installed ({} of {all})", place + 1) };
        let which = if all == 1 { "" } else { " Which runs had this is not recorded." };
        (label, format!("{}{others}.{which}", list.join("; ")))
    };
    input.installed.iter().enumerate().take(MOST_MACHINES).map(machine).collect()
}

/// More machines and commands are only in `versions/`.
const MOST_MACHINES: usize = 20;
const MOST_COMMANDS: usize = 20;

/// A text of at most 200 characters.
fn short(text: &str) -> &str {
    text.char_indices().nth(200).map_or(text, |(end, _)| &text[..end])
}

const CONFIRMED: &str = " The verdict uses only the runs under further seeds, of the trials that ran again. The table of all trials, \
                         summary.csv and the figures show the first stage.";

/// The same if a constant answer is known.
const CONFIRMED_BEYOND: &str = " The verdict uses only the runs under further seeds, of the trials that ran again; the comparison with a constant \
                                answer is corrected for all trials, since their points may be those of the choice. The table of all trials, \
                                summary.csv and the figures show the first stage.";

/// The same if trials are not ranked.
const UNRANKED: &str = " Here trials are not ranked, and the runs under further seeds name none of them the best. The table of all trials, \
                        summary.csv and the figures show the first stage.";

/// The texts from the declaration of the experiment.
fn declared(study: &Study) -> Entries {
    let declared = study.declaration();
    let names: Vec<_> =
        table::columns(study).into_iter().map(|(split, measurement)| split.of(&measurement.name)).collect();
    let kept = match declared.keeps.as_slice() {
        [] => String::new(),
        names => format!(" Kept arrays of every run: {}.", names.join(", ")),
    };
    let promise = match declared.promise {
        Promise::Bits if declared.external => {
            "the same settings under the same seed give the same bits, as far as the program and the machine keep to it; \
             `restudy verify` says whether they do, and `restudy verify --vary` what the results depend on"
                .to_owned()
        }
        Promise::Bits => "the same settings under the same seed give the same bits".to_owned(),
        Promise::Tolerance(Tolerance { absolute, relative, files }) => format!(
            "the same settings under the same seed give values within the tolerance: apart by at most {absolute:?}, or by \
             {relative:?} of the larger one; kept files {}",
            if files { "may differ" } else { "are the same" }
        ),
        Promise::Nothing => "results may differ between computations, and verification is no proof".to_owned(),
    };
    let about = if declared.about.is_empty() { String::new() } else { format!(" {}", declared.about) };
    vec![
        (
            "Experiment".to_owned(),
            format!("{}, version {}.{about} It declares: {promise}.", declared.name, declared.version),
        ),
        (
            "Measurement".to_owned(),
            format!(
                "{}. A run with a value that is not finite has diverged: it ends there, and counts with its last measurement.{kept}",
                names.join(", ")
            ),
        ),
    ]
}

/// Returns the settings that all trials share, by path.
pub fn shared_settings(study: &Study) -> Entries {
    let written =
        |trial| settings(study, trial).into_iter().map(|(path, value)| (path, value.brief())).collect::<Entries>();
    let mut trials = study.trials.iter().map(written);
    let mut shared = trials.next().unwrap_or_default();
    for settings in trials {
        shared.retain(|setting| settings.contains(setting));
    }
    shared
}

/// Returns the settings of a trial; files by their names only, since folders differ between machines.
pub fn settings(study: &Study, trial: &Trial) -> Vec<(String, AxisValue)> {
    let named = study.kind.with_files(&trial.settings, &|file| {
        Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned()
    });
    study.settings(&Trial { settings: named, values: Vec::new() })
}

/// Returns the definition of every measurement of the study, by name.
pub fn metrics(study: &Study) -> Entries {
    let define = |measurement: Measurement| {
        let unit = if measurement.unit.is_empty() { String::new() } else { format!(", in {}", measurement.unit) };
        let about =
            if measurement.about.is_empty() { "a value that the experiment measures" } else { &measurement.about };
        let symbols = addition::of(study).map_or("", |addition| addition.symbols());
        let definition = format!("{about}{unit}; {}.{symbols}", measurement.better());
        (measurement.name, definition)
    };
    table::recorded(study).into_iter().map(define).collect()
}

fn runs(study: &Study) -> String {
    let axes: Vec<_> = study.compared_axes().iter().map(|axis| axis.path.as_str()).collect();
    let swept = if axes.is_empty() { "Nothing is swept".into() } else { format!("Swept: {}", axes.join(", ")) };
    let trials = super::count(study.compared() as u64, "trial");
    let seeds = super::count(study.seeds.len() as u64, "seed");
    let folds = match study.folds {
        1 => String::new(),
        folds => format!("on {folds} folds of the data and "),
    };
    let random = if study.declaration().external {
        "The program gets the seed; if it draws everything random from it, differences between trials are paired."
            .to_owned()
    } else {
        let what = addition::of(study).map_or("everything random in a run", |addition| addition.random());
        format!("A seed determines {what}, for every trial: differences between trials are paired.")
    };
    format!("{swept}; {trials}, each {folds}under the same {seeds} ({}). {random}", seed_list(&study.seeds))
}

fn statistics(summary: &Summary) -> String {
    let terms = Terms::of(summary);
    let folds = match summary.folds {
        1 => String::new(),
        folds => format!(
            "The mean of a trial over its {folds} folds under one seed counts as one run below: folds share most of their \
             training points, so their spread gives no valid interval (Bengio and Grandvalet 2004). A seed with a failed fold counts as failed; \
             it has reached a bound if all of its folds have. "
        ),
    };
    let success = match &terms.success {
        None => String::new(),
        Some(success) if success.word == "zero" => {
            "\"Reached zero\" is the share of runs whose training error was zero at some measurement, in brackets its interval (Clopper and Pearson 1934), \
             \"epochs to zero\" the median over those runs of the first such epoch. "
                .into()
        }
        Some(success) => format!(
            "\"Reached {word}\" is the share of runs that were measured to reach {}, in brackets its interval (Clopper and Pearson 1934), \"{over}s to {word}\" the median over those runs of the first such \
             {over}. ",
            success.about,
            word = success.word,
            over = terms.over
        ),
    };
    format!(
        "Version 2. {folds}A row has the mean over the runs of its trial at their last measurement, with the {level} interval of that mean in brackets: that of Student, shifted \
         for skewed values (Johnson 1978). Fewer than {ENOUGH} runs have no interval, but their range in parentheses, with the exact bound of Wilks (1941). If all n runs agree, \
         there is no interval either, and 1 - {rest}^(1/(n - 1)) of further seeds may still differ (the exact bound of Clopper and Pearson 1934, one-sided). \
         {success}A best trial is named only if it is better than every other one, by \
         signed-rank tests over the shared seeds (Wilcoxon 1945), corrected for their number (Holm 1979) to 5 %, and better than a constant \
         answer if one is known, by the binomial distribution over the points.{few}",
        level = caution::level(summary.confidence),
        rest = format!("{:.4}", 1.0 - summary.confidence).trim_end_matches('0'),
        few = if summary.trials.iter().any(|trial| trial.runs > 0 && trial.runs < ENOUGH as u64) {
            " A † marks trials with too few runs."
        } else {
            ""
        },
    )
}

/// Longer lists of seeds are shortened.
const MOST_SEEDS: usize = 200;

/// Formats a list of seeds: `0 to 29`, or the seeds one by one.
pub fn seed_list(seeds: &[Seed]) -> String {
    match seeds {
        [first, .., last] if seeds.windows(2).all(|pair| pair[0].0.checked_add(1) == Some(pair[1].0)) => {
            format!("{} to {}", first.0, last.0)
        }
        [first, .., last] if seeds.len() > MOST_SEEDS => {
            format!("{} seeds from {} to {}, as study.toml lists them", seeds.len(), first.0, last.0)
        }
        _ => seeds.iter().map(|seed| seed.0.to_string()).collect::<Vec<_>>().join(", "),
    }
}
