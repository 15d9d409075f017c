//! A small study with made-up records, for the tests of tables and reports.

use std::path::Path;

use crate::{
    digest::kept,
    digest::{Digest, Record},
    experiments::OfNetwork,
    model::Params,
    seed::{Draws, Seed, Stream},
    spec::SpecError,
    sweep::{self, Study, Trial},
    table::RunRow,
    train::{Observation, Outcome},
};

/// A study of hidden units by learning rates by `seeds` seeds.
pub(crate) fn study(hidden: &[u32], rates: &[f64], seeds: u64) -> Study {
    let text = format!(
        "[study]\nquestion = \"How many hidden units does the double moon need?\"\n[data.double-moon]\nseed = 2014\n\
         [sweep]\n\"model.hidden\" = {hidden:?}\n\"train.learning-rate\" = {rates:?}\nseeds = {seeds}\n"
    );
    study_of(&text)
}

/// As [`sweep::parse`], after registering this crate.
pub(crate) fn parse(name: &str, file: &Path, text: &str, sets: &[String]) -> Result<Study, SpecError> {
    crate::init();
    sweep::parse(name, file, text, sets)
}

/// The study of a specification.
pub(crate) fn study_of(text: &str) -> Study {
    parse("hidden", Path::new("hidden.toml"), text, &[]).expect("a good specification")
}

/// A record for every run, by trial, then by seed; the error falls with hidden units, and learning rates above 1
/// diverge.
pub(crate) fn records(study: &Study, epochs: u64) -> Vec<Record> {
    let runs = study.trials.iter().flat_map(|trial| study.seeds.iter().map(move |seed| (trial, seed)));
    runs.enumerate().map(|(index, (trial, seed))| record(trial, *seed, index as u64, epochs)).collect()
}

fn record(trial: &Trial, seed: Seed, index: u64, epochs: u64) -> Record {
    let mut draws = Draws::new(Seed(index), Stream::GradientCheck);
    let mut digest = || Digest(std::array::from_fn(|_| draws.bits() as u8));
    let (id, chain) = (digest(), (0..=epochs).map(|_| digest()).collect());
    let diverges = trial.setting().train.learning_rate > 1.0 && seed.0 % 5 == 4;
    let floor = if trial.setting().model.hidden < 5 { 80 } else { 0 };
    let observations = (0..=epochs).map(|epoch| {
        let wrong = floor + (draws.below(400) as u64) / (1 + epoch * epoch) / u64::from(trial.setting().model.hidden);
        let error = wrong as f64 / 1000.0;
        let loss = if diverges && epoch == epochs { f64::INFINITY } else { error * 1.7 + draws.unit() * 1e-3 };
        Observation { epoch, step: epoch * 1000, values: vec![loss, error, loss * 1.25, error * 1.25] }
    });
    let observations = observations.collect();
    let mut params = Params::zeros(2, trial.setting().model.hidden as usize);
    params.blocks_mut().into_iter().flatten().for_each(|value| *value = draws.normal());
    let outcome = if diverges { Outcome::Diverged { epoch: epochs } } else { Outcome::Completed };
    Record { id, observations, chain, outcome, kept: kept(&params), own: None }
}

/// Pairs records with their trials and seeds.
pub(crate) fn rows<'a>(study: &Study, records: &'a [Record]) -> Vec<RunRow<'a>> {
    let runs = (0..study.trials.len()).flat_map(|trial| study.seeds.iter().map(move |&seed| (trial, seed)));
    runs.zip(records).map(|((trial, seed), record)| RunRow { trial, seed, record }).collect()
}
