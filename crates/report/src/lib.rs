//! Reports: a study and its summary in, one page of Markdown or HTML out.
//!
//! What is run it knows only by its declaration, and by what an experiment [adds](addition). A report is a pure
//! function of what was computed, so it has the same bytes on every machine and is proved like everything else; nothing in
//! it knows the time, the machine or the folder. What the journal knows (who computed a run, and who computed it again) is no part of it:
//! [`with_history`] adds a section with that to a copy, and says so in the two places where the page says that it does not know. [`markdown()`] is for repositories and review, [`html()`] is one
//! self-contained file to send around. What both say is collected once, in `words` and `results`; the two renderers only
//! set it. Texts of the specification may come from anyone: the renderers escape them, the page runs no script but its own and
//! loads nothing.
//!
//! What the page lets its reader explore is in `page/`, in plain JavaScript; an experiment puts the numbers beside it, and a module that does a run again
//! in the browser.

pub mod addition;
mod answer;
mod axis_texts;
mod base64;
mod bounded;
mod caution;
mod checklist;
mod choice;
pub mod cite;
mod confirmed;
mod history;
mod html;
mod markdown;
pub mod mention;
mod pages;
pub mod results;
mod scale;
mod script;
mod terms;
mod verdict;
pub mod words;

pub use base64::base64;
pub use history::{History, Process, SOURCES, TOLD, with_history};
pub use html::html;
pub use markdown::markdown;
pub use pages::Pages;
pub use results::{ResultsTable, results_table};

use std::rc::Rc;

use polars::prelude::DataFrame;
use restudy_core::{
    digest::{self, Digest},
    measure, seed,
};
use restudy_engine::{
    experiment::{self, Promise},
    run::{self, DataFacts},
    store::version::{self, DirtyMark},
    sweep::{self, Study},
    table::{self, Summary},
};
use restudy_escape as escape;
use restudy_stats as stats;

/// In which trials runs succeed, and how surely, in a sentence. None where nothing was swept or nothing is known, and of a single seed.
#[must_use]
pub fn verdict(summary: &Summary) -> Option<String> {
    verdict::verdict(summary, &results::Results::new(summary))
}

/// The most runs that a page holds.
pub const MOST_RUNS: usize = 2000;

/// The runs as they stand in tables and manifest, by trial, then seed.
#[derive(Debug, Clone)]
pub struct Trained<'a> {
    /// The table of runs.
    pub runs: &'a DataFrame,
    /// The table of metrics.
    pub metrics: &'a DataFrame,
    /// The table of final parameters.
    pub weights: &'a DataFrame,
    /// The table of points.
    pub points: &'a DataFrame,
    /// The trace of every run.
    pub traces: Vec<&'a str>,
    /// Whether they are runs of the network, which the page can train again, and not of an experiment of a reader's own.
    pub network: bool,
}

/// What a report is made of.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its answer in numbers.
    pub summary: &'a Summary,
    /// Its figures, in the order of the report.
    pub figures: Vec<Picture<'a>>,
    /// What its manifest says of data that comes from files.
    pub data: &'a [DataFacts],
    /// Its runs, for the page to explore; none of a study with more than [`MOST_RUNS`].
    pub trained: Option<Trained<'a>>,
    /// The root of the digests of its runs.
    pub root: Digest,
    /// The digest of the specification's canonical text.
    pub specification: Digest,
    /// The version of the crate, with a mark where its sources were changed.
    pub version: &'a str,
    /// The name and version of a reader's own experiment, where the runs are not those of the network.
    pub experiment: Option<&'a str>,
}

/// What a report says of whoever computed it; a copy [with its history](with_history) says something else.
pub const SILENT: &str = "this report is the same whoever computes it, and does not say.";

/// What a page is made from, in its last line; a copy [with its history](with_history) is made from more.
pub const SOURCE: &str = "from the results alone: the same study gives the same page.";

/// A figure in a report.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    /// Its name, which is that of its file in `figures/` without the ending.
    pub name: &'a str,
    /// What it shows, in a sentence; also what is read aloud instead of it.
    pub caption: String,
    /// The picture.
    pub svg: &'a str,
    /// The same in pixels, for a page where the other would be too large.
    pub png: &'a [u8],
}

impl Input<'_> {
    /// The question on one line.
    fn question(&self) -> String {
        self.study.spec.study.question.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The answer with its [citations](cite) filled in; one that names no number stays as it is written.
    fn answer(&self) -> Option<String> {
        let text = self.study.spec.study.answer.as_deref().map(str::trim).filter(|answer| !answer.is_empty())?;
        if !text.contains("{{") {
            return Some(text.into());
        }
        let sheet = cite::Sheet::new(self.study.clone(), &self.summary.to_csv()).map(Rc::new);
        let find = |name: Option<&str>| match name {
            Some(name) if name != self.study.name => Err(format!("an answer cites its own study, not {name}")),
            _ => sheet.clone(),
        };
        Some(cite::fill(text, &find, cite::Keep::Nothing).unwrap_or_else(|_| text.into()))
    }

    fn runs(&self) -> u64 {
        let again = self.summary.confirmed.iter().flat_map(|own| &own.trials);
        let all: u64 = self.summary.trials.iter().chain(again).map(|trial| trial.runs + trial.failed).sum();
        all.saturating_mul(self.summary.folds as u64)
    }

    /// What computing the runs again is called.
    fn computes(&self) -> &'static str {
        if self.study.title().is_some() { "computes" } else { "trains" }
    }

    /// Whether the sources of the program were those of their commit, as far as its version says.
    fn sources(&self) -> String {
        match version::mark(self.version) {
            None => "no change of its sources is marked: they were those of their commit, or are not known, as where a program was built without \
                     its repository; the journal says which."
                .into(),
            Some(DirtyMark::Dirty(patch)) => format!(
                "its sources were not those of their commit: they were changed by a patch whose digest begins with {patch}, \
                 so that nobody can have this program from its version alone."
            ),
            Some(DirtyMark::Unknown) => "who computed a part of the runs is not known: no journal has them, so that nobody can say whether those sources \
                                    were those of a commit."
                .into(),
        }
    }

    /// What is not known of the program of an experiment.
    fn beyond_restudy(&self) -> &'static str {
        if self.study.title().is_some() { " Of the sources of the experiment itself nothing is recorded." } else { "" }
    }

    /// What the results are of, and by what, label by label.
    fn provenance(&self) -> [(&'static str, String); 4] {
        let folder = mention::mention(&self.folder());
        [
            (
                "Program",
                format!("restudy {}; {}{}", mention::mention(self.version), self.sources(), self.beyond_restudy()),
            ),
            match self.study.title() {
                None => ("Arithmetic contract", format!("version {}.", digest::CONTRACT)),
                Some(title) => (
                    "Experiment",
                    format!(
                        "{title}; what it computes is its own, what binds it is version {} of the contract.",
                        digest::CONTRACT
                    ),
                ),
            },
            ("Specification", format!("BLAKE3 {} of its canonical text.", self.specification)),
            (
                "Replications",
                format!(
                    "Who computed a run, and who computed it again, is history and no result: {SILENT} Where the journal is, `restudy status {folder}` counts the replications, and \
                     `restudy report {folder} --journal COPY.html` writes a copy of the page that lists them."
                ),
            ),
        ]
    }

    /// Why no command of this program proves the report, in a sentence; none where one does.
    fn beyond_us(&self) -> Option<String> {
        let experiment = self.experiment?.replace('`', "'");
        Some(format!(
            "The runs are those of the experiment `{experiment}` of its author's own. Every number above follows from `study.toml` and that \
             experiment, which its notebook alone has: running the notebook again, or `restudy notebook check` on it, computes and \
             compares them, and `restudy verify` cannot. All of them are summed up in one digest:"
        ))
    }

    /// The command that proves the report, for a POSIX shell.
    fn command(&self) -> String {
        match self.study.title() {
            None => format!("cargo run -- verify {}", self.folder()),
            Some(_) => format!("PROGRAM verify {}", self.folder()),
        }
    }

    /// What every number follows from, and with what it is computed again, in two sentences; the command follows.
    fn follows(&self, here: &str) -> String {
        let version = mention::mention(self.version);
        match self.study.title() {
            None => {
                let of_files = self.study.trials.iter().any(|trial| !self.study.files(trial).is_empty());
                let what = if of_files { "and the files of its data" } else { "alone" };
                format!("Every number {here} follows from `study.toml` {what}. With restudy {version}, on any machine:")
            }
            Some(_) if !self.is_promised() => {
                let own = self.study.declaration();
                format!(
                    "The numbers {here} come from `study.toml` and the experiment `{}`, version {}, which does not promise its results: another \
                     computation may give others, and none of them is a proof. With a program that has it, built with restudy {version}:",
                    own.name, own.version
                )
            }
            Some(_) => {
                let own = self.study.declaration();
                format!(
                    "Every number {here} follows from `study.toml` and the experiment `{}`, version {}, which says of itself in `experiment.json` what it \
                     measures. With a program that has it, built with restudy {version}, on any machine:",
                    own.name, own.version
                )
            }
        }
    }

    /// Whether the experiment promises its results to the last bit.
    fn is_promised(&self) -> bool {
        self.study.declaration().promise == Promise::Bits
    }

    /// The title of the section that says how runs are computed again.
    fn proof_title(&self) -> &'static str {
        if self.is_promised() { "How to prove it" } else { "How to compute it again" }
    }

    /// The usual folder of the results, for a POSIX shell.
    fn folder(&self) -> String {
        escape::shell_word(&format!("results/{}", self.study.name))
    }
}

/// So many of something: `1 run`, `30 runs`.
#[must_use]
pub fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
