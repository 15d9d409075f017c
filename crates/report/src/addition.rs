//! What an experiment adds to the reports of its studies, beyond what it declares.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{PoisonError, RwLock},
};

use super::{Input, mention::mention, results::Results, words::Entries};
use crate::{run::DataFacts, sweep::Study};

/// What one experiment has to say of its studies, and what its readers can explore.
pub trait Addition: Send + Sync {
    /// Whether a study is of this experiment.
    fn is_of(&self, study: &Study) -> bool;

    /// What is run, how, and what is measured when: label by label, in sentences.
    fn methods(&self, study: &Study) -> Entries;

    /// What the letters of the definitions of its measurements stand for; follows each of them.
    fn symbols(&self) -> &'static str;

    /// What a seed determines.
    fn random(&self) -> &'static str;

    /// How much is computed at most, in a sentence.
    fn effort(&self, study: &Study) -> String;

    /// What is said of the data; `facts` are those of the manifest.
    fn data(&self, study: &Study, facts: &[DataFacts]) -> DataSection;

    /// What the script of the page reads; none where the page cannot hold it.
    fn explorer(&self, input: &Input<'_>, results: &Results) -> Option<Explorer>;
}

/// What a report says of the data of a study.
#[derive(Debug, Clone, Default)]
pub struct DataSection {
    /// Label by label; nothing of a study without data.
    pub entries: Entries,
    /// What must be said beside the answer.
    pub notice: Option<String>,
    /// What the checklist says of them before it names study.toml.
    pub summary: String,
}

/// What the script of a page reads.
#[derive(Debug, Clone)]
pub struct Explorer {
    /// Runs and settings, as JSON that can end no element.
    pub data: String,
    /// What does runs again in the page, as a module of WebAssembly.
    pub core: &'static [u8],
}

static ADDITIONS: RwLock<Vec<&'static dyn Addition>> = RwLock::new(Vec::new());

/// Makes known what an experiment adds.
pub fn add(addition: &'static dyn Addition) {
    ADDITIONS.write().unwrap_or_else(PoisonError::into_inner).push(addition);
}

/// What the experiment of a study adds, if it adds anything.
pub(super) fn of(study: &Study) -> Option<&'static dyn Addition> {
    ADDITIONS.read().unwrap_or_else(PoisonError::into_inner).iter().find(|own| own.is_of(study)).copied()
}

/// What is said of the data of a study.
pub(super) fn data(input: &Input<'_>) -> DataSection {
    match of(input.study) {
        Some(own) => own.data(input.study, input.data),
        None => files(input.study),
    }
}

/// The files that runs of an experiment read which adds nothing itself.
fn files(study: &Study) -> DataSection {
    let names: BTreeSet<String> =
        study.trials.iter().flat_map(|trial| study.files(trial)).map(|(_, name)| name).collect();
    let name = |file: &String| mention(&Path::new(file).file_name().unwrap_or_default().to_string_lossy());
    let names: Vec<_> = names.iter().map(name).collect();
    if names.is_empty() {
        return DataSection::default();
    }
    let held = format!("{}; what they hold is part of the identity of every run.", names.join(", "));
    DataSection {
        entries: vec![("Files".to_owned(), held)],
        summary: "The files that stand above, under Data.".into(),
        ..DataSection::default()
    }
}
