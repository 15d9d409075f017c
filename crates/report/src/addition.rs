//! Additions of an experiment to the reports of its studies, beyond its declaration.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{PoisonError, RwLock},
};

use super::{Input, mention::mention, results::Results, words::Entries};
use crate::{run::DataFacts, sweep::Study};

/// The addition of one experiment: texts about its studies, and data for the interactive part of the page.
pub trait Addition: Send + Sync {
    /// Whether a study is one of this experiment.
    fn is_of(&self, study: &Study) -> bool;

    /// Returns what is run and measured, as labels with sentences.
    fn methods(&self, study: &Study) -> Entries;

    /// Returns the meaning of the symbols in definitions of measurements, which follows each of them.
    fn symbols(&self) -> &'static str;

    /// Returns what a seed determines.
    fn random(&self) -> &'static str;

    /// Returns the largest amount of computation, as a sentence.
    fn effort(&self, study: &Study) -> String;

    /// Returns the texts about the data; `facts` are those of the manifest.
    fn data(&self, study: &Study, facts: &[DataFacts]) -> DataSection;

    /// Returns the data of the script of the page; `None` if it does not fit into the page.
    fn explorer(&self, input: &Input<'_>, results: &Results) -> Option<Explorer>;
}

/// The texts of a report about the data of a study.
#[derive(Debug, Clone, Default)]
pub struct DataSection {
    /// Labels with sentences; empty for a study without data.
    pub entries: Entries,
    /// A notice that belongs beside the answer.
    pub notice: Option<String>,
    /// The text of the checklist, before the sentence about study.toml.
    pub summary: String,
}

/// The data for the script of a page.
#[derive(Debug, Clone)]
pub struct Explorer {
    /// Runs and settings, as JSON that cannot end its element.
    pub data: String,
    /// The WebAssembly module that computes runs again in the page.
    pub core: &'static [u8],
}

static ADDITIONS: RwLock<Vec<&'static dyn Addition>> = RwLock::new(Vec::new());

/// Registers the addition of an experiment.
pub fn add(addition: &'static dyn Addition) {
    ADDITIONS.write().unwrap_or_else(PoisonError::into_inner).push(addition);
}

pub(super) fn of(study: &Study) -> Option<&'static dyn Addition> {
    ADDITIONS.read().unwrap_or_else(PoisonError::into_inner).iter().find(|addition| addition.is_of(study)).copied()
}

pub(super) fn data(input: &Input<'_>) -> DataSection {
    // The facts about the data of an unfinished study are stored nowhere, and its files may be absent.
    let has_facts = input.unfinished.is_none() || !input.data.is_empty();
    match of(input.study).filter(|_| has_facts || files(input.study).entries.is_empty()) {
        Some(addition) => addition.data(input.study, input.data),
        None => files(input.study),
    }
}

/// The files that runs read, for an experiment without an addition.
fn files(study: &Study) -> DataSection {
    let names: BTreeSet<String> =
        study.trials.iter().flat_map(|trial| study.files(trial)).map(|(_, name)| name).collect();
    let name = |file: &String| mention(&Path::new(file).file_name().unwrap_or_default().to_string_lossy());
    let names: Vec<_> = names.iter().map(name).collect();
    if names.is_empty() {
        return DataSection::default();
    }
    let files = format!("{}; their contents are part of the identity of every run.", names.join(", "));
    DataSection {
        entries: vec![("Files".to_owned(), files)],
        summary: "The files above, under Data.".into(),
        ..DataSection::default()
    }
}
