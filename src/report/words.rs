//! How a study was computed, in plain sentences made from its settings.

use std::path::Path;

use crate::{
    data::Source,
    metric::{Direction, Metric},
    model::Init,
    seed::Seed,
    stats,
    sweep::{Scalar, Study, Trial},
    table,
    train::{Every, Sampling},
};

/// Labelled sentences.
pub(super) type Entries = Vec<(String, String)>;

/// Network, training, measurement and statistics, each in a few sentences.
pub(super) fn methods(study: &Study) -> Entries {
    let entries = [
        ("Network", network(study)),
        ("Training", training(study)),
        ("Measurement", measurement(study)),
        ("Runs", runs(study)),
        ("Statistics", statistics()),
    ];
    entries.into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
}

/// The settings that all trials share, by path.
pub(super) fn shared_settings(study: &Study) -> Entries {
    let written =
        |trial| settings(trial).into_iter().map(|(path, value)| (path, value.to_string())).collect::<Entries>();
    let mut trials = study.trials.iter().map(written);
    let mut shared = trials.next().unwrap_or_default();
    for settings in trials {
        shared.retain(|setting| settings.contains(setting));
    }
    shared
}

/// The settings of a trial; of a file only its name, since its folder is where this machine keeps it.
pub(super) fn settings(trial: &Trial) -> Vec<(String, Scalar)> {
    let mut trial = trial.clone();
    for file in trial.data.files_mut() {
        *file = Path::new(file.as_str()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    trial.settings()
}

/// The definition of every metric of the study, by name.
pub(super) fn metrics(study: &Study) -> Entries {
    let define = |metric: Metric| {
        let better = match metric.direction() {
            Direction::Lower => "lower is better",
            Direction::Higher => "higher is better",
        };
        let unit = metric.unit();
        let definition = format!(
            "{}, in {unit}; {better}. Y is the output, y the label (−1 or +1), n the number of points.",
            metric.equation()
        );
        (metric.name().to_owned(), definition)
    };
    table::recorded_metrics(study).into_iter().map(define).collect()
}

/// What the trials have in common, or that it is swept.
fn common<T: PartialEq>(study: &Study, of: impl Fn(&Trial) -> T) -> Option<T> {
    let mut values = study.trials.iter().map(of);
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

fn or_swept<T: PartialEq + ToString>(study: &Study, of: impl Fn(&Trial) -> T) -> String {
    common(study, of).map_or_else(|| "swept".into(), |value| value.to_string())
}

fn network(study: &Study) -> String {
    let hidden = or_swept(study, |trial| trial.setting.model.hidden);
    let init = match common(study, |trial| trial.setting.model.init) {
        Some(Init::Uniform) => "every parameter uniform on [0, 1)",
        Some(Init::Normal) => "Wi standard normal, everything else 0",
        Some(Init::He) => "Wi normal with variance 2/d, Wo normal with variance 2/h, biases 0",
        Some(Init::Glorot) => "Wi and Wo uniform on ±√(6 / (inputs + outputs)) of their layer, biases 0",
        None => "swept",
    };
    format!(
        "One hidden layer of h ReLU units (h: {hidden}) and one output: H = max(0, Wi X + bi), Y = Wo H + bo. \
         The loss of a point with label y is ln(1 + exp(−y Y)). Initial parameters: {init}."
    )
}

fn training(study: &Study) -> String {
    let rate = or_swept(study, |trial| trial.setting.train.learning_rate);
    let epochs = or_swept(study, |trial| trial.setting.train.epochs);
    let sampling = match common(study, |trial| trial.setting.train.sampling) {
        Some(Sampling::WithReplacement) => "drawn with replacement",
        Some(Sampling::Shuffle) => "in a new random order every epoch",
        None => "chosen as swept",
    };
    let zero = match common(study, |trial| trial.setting.stop.zero_error_epochs) {
        Some(None) => String::new(),
        Some(Some(n)) => format!(" A run stops early once its training error has been zero for {n} epochs."),
        None => " When a run with zero training error stops early is swept.".into(),
    };
    let loss = match common(study, |trial| trial.setting.stop.loss_below) {
        Some(None) => String::new(),
        Some(Some(loss)) => format!(" A run stops early once its mean training loss is below {loss}."),
        None => " The training loss at which a run stops early is swept.".into(),
    };
    format!(
        "Stochastic gradient descent, one example a step, {sampling}. Learning rate: {rate}. Epochs: {epochs}; an epoch is \
         as many steps as there are training points.{zero}{loss}"
    )
}

fn measurement(study: &Study) -> String {
    let names: Vec<_> = table::recorded_metrics(study).into_iter().map(Metric::name).collect();
    let every = match common(study, |trial| trial.setting.evaluate.every) {
        Some(Every::Epochs(1)) => "after every epoch".into(),
        Some(Every::Epochs(n)) => format!("after every {n} epochs"),
        Some(Every::Steps(1)) => "after every step".into(),
        Some(Every::Steps(n)) => format!("after every {n} steps"),
        None => "as often as swept".into(),
    };
    format!(
        "On training and validation points: {}; before the first step, {every}, and after the last step. A run whose loss \
         or parameters are no longer finite has diverged: it ends there, and counts with what was measured last.",
        names.join(", ")
    )
}

fn runs(study: &Study) -> String {
    let axes: Vec<_> = study.axes.iter().map(|axis| axis.path.as_str()).collect();
    let swept = if axes.is_empty() { "Nothing is swept".into() } else { format!("Swept: {}", axes.join(", ")) };
    let trials = super::count(study.trials.len() as u64, "trial");
    let seeds = super::count(study.seeds.len() as u64, "seed");
    format!(
        "{swept}; {trials}, each under the same {seeds} ({}). A seed determines initial parameters and the order of \
         examples, whatever the trial: differences between trials are paired.",
        seed_list(&study.seeds)
    )
}

fn statistics() -> String {
    format!(
        "A row gives the mean over the runs of its trial at their last measurement; in brackets its 95 % percentile \
         bootstrap interval ({} resamples, always the same draws). \"Reached zero\" is the share of runs whose training \
         error was zero at some measurement, \"epochs to zero\" the median over those runs of the first such epoch. A † marks \
         trials of so few runs that the interval has less than nine tenths of the width that it should have (Hesterberg 2015), or, below {}, \
         that a sign test over them could not reach 5 % (Conover 1999).",
        stats::RESAMPLES,
        stats::FEWEST,
    )
}

/// More seeds than this are not written out.
const MOST_SEEDS: usize = 200;

/// `0 to 29`, or the seeds one by one.
pub(super) fn seed_list(seeds: &[Seed]) -> String {
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
