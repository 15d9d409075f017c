//! Reports: a page of Markdown or HTML from a study and its summary.
//!
//! A report depends on an experiment only through its declaration and its [addition]. It is a pure function of the
//! results, so it has the same bytes on every machine and can be proved: it contains no time, machine or folder. The
//! journal (who computed a run, and who computed it again) is not part of it: [`with_history`] adds a section on it to
//! a copy, and changes the two sentences that say that there is none. [`markdown()`] is for repositories and review,
//! [`html()`] is one self-contained file, but for pictures that runs of programs have kept. The shared content is in
//! `words` and `results`; the two renderers only format it. Texts of the specification are untrusted input: the
//! renderers escape them, and the page runs no other script and loads nothing but these pictures.
//!
//! The interactive part of the page is in `page/`, in plain JavaScript; an experiment adds its data, and a module that
//! computes a run again in the browser.

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
mod kept;
mod markdown;
pub mod mention;
mod pages;
pub mod results;
mod scale;
mod script;
mod terms;
mod unfinished;
mod verdict;
pub mod words;

pub use base64::base64;
pub use history::{History, Process, SOURCES, TOLD, with_history};
pub use html::html;
pub use kept::address;
pub use markdown::markdown;
pub use pages::Pages;
pub use results::{ResultsTable, results_table};
pub use unfinished::is_unfinished;

use std::rc::Rc;

use polars::prelude::DataFrame;
use restudy_core::{
    digest::{self, Digest},
    measure, seed,
};
use restudy_engine::{
    experiment::{self, Promise},
    results::{KeptFiles, Unfinished},
    run::{self, DataFacts},
    store::version::{self, DirtyMark},
    sweep::{self, Study},
    table::{self, Summary},
};
use restudy_escape as escape;
use restudy_stats as stats;

/// Returns in which trials runs succeed, and how often, as a sentence. `None` without a sweep, without runs, and for a
/// single seed.
#[must_use]
pub fn verdict(summary: &Summary) -> Option<String> {
    verdict::verdict(summary, &results::Results::new(summary))
}

/// The largest number of runs that a page contains.
pub const MOST_RUNS: usize = 2000;

/// The runs in tables and manifest, by trial, then seed.
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
    /// Whether they are runs of the network, which the page can train again, not of a custom experiment.
    pub network: bool,
}

/// The input of a report.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The study.
    pub study: &'a Study,
    /// The summary of its results.
    pub summary: &'a Summary,
    /// The figures, in the order of the report.
    pub figures: Vec<Picture<'a>>,
    /// The files that the runs have kept; `None` if they keep no pictures.
    pub kept: Option<&'a KeptFiles>,
    /// The facts in the manifest about data from files.
    pub data: &'a [DataFacts],
    /// The runs, for the interactive part of the page; `None` for a study with more than [`MOST_RUNS`].
    pub trained: Option<Trained<'a>>,
    /// The root over the digests of the runs.
    pub root: Digest,
    /// The digest of the specification's canonical text.
    pub specification: Digest,
    /// The version of the program, with a mark if its sources were changed.
    pub version: &'a str,
    /// The name and version of the custom experiment of a notebook, if the runs are not those of the network.
    pub experiment: Option<&'a str>,
    /// How far the study is, if it is not finished: the report has neither a verdict nor a proof then.
    pub unfinished: Option<&'a Unfinished>,
}

/// The sentence of a report about its history; a copy [with its history](with_history) has another one.
pub const SILENT: &str = "this report does not depend on who computed the runs, and does not list them.";

/// The sources of a page, in its last line; a copy [with its history](with_history) has more.
pub const SOURCE: &str = "from the results alone: the same study gives the same page.";

/// The sources of the page of an unfinished study.
const STORED: &str = "from the stored runs alone: the same runs give the same page.";

/// A figure in a report.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    /// The name, which is that of its file in `figures/` without the extension.
    pub name: &'a str,
    /// What it shows, as a sentence; also the alternative text.
    pub caption: String,
    /// The picture, as SVG.
    pub svg: &'a str,
    /// The same picture in pixels, for a page in which the SVG would be too large.
    pub png: &'a [u8],
}

impl Input<'_> {
    fn question(&self) -> String {
        self.study.spec.study.question.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The answer with its [citations](cite) filled in; unchanged if a citation is not valid.
    fn answer(&self) -> Option<String> {
        let text = self.study.spec.study.answer.as_deref().map(str::trim).filter(|answer| !answer.is_empty())?;
        if !text.contains("{{") {
            return Some(text.into());
        }
        let sheet = cite::Sheet::new(self.study.clone(), &self.summary.to_csv()).map(Rc::new);
        let find = |name: Option<&str>| match name {
            Some(name) if name != self.study.name => Err(format!("the answer can cite only its own study, not {name}")),
            _ => sheet.clone(),
        };
        Some(cite::fill(text, &find, cite::Keep::Nothing).unwrap_or_else(|_| text.into()))
    }

    fn runs(&self) -> u64 {
        let confirmed = self.summary.confirmed.iter().flat_map(|confirmed| &confirmed.trials);
        let all: u64 = self.summary.trials.iter().chain(confirmed).map(|trial| trial.runs + trial.failed).sum();
        all.saturating_mul(self.summary.folds as u64)
    }

    fn computes(&self) -> &'static str {
        if self.study.title().is_some() { "computes" } else { "trains" }
    }

    /// What the version says about changes of the sources.
    fn sources(&self) -> String {
        match version::mark(self.version) {
            None => "its version marks no change of the sources: they are those of the commit, or unknown, for example in a build without the \
                     repository; the journal says which."
                .into(),
            Some(DirtyMark::Dirty(patch)) => format!(
                "its sources differ from those of the commit, by a patch whose digest begins with {patch}, \
                 so its version alone does not determine the program."
            ),
            Some(DirtyMark::Unknown) => "the program of some runs is unknown: no journal has them, so their sources may differ from those \
                                         of a commit."
                .into(),
        }
    }

    fn beyond_restudy(&self) -> &'static str {
        match self.study.title() {
            None => "",
            Some(_) if self.study.declaration().contained => {
                " The contents of the inputs and the digest of the image are part of every identity."
            }
            Some(_) if self.study.declaration().external => {
                " The contents of the inputs are part of every identity; the program and its libraries are not, unless they are inputs."
            }
            Some(_) => " The sources of the experiment are not recorded.",
        }
    }

    /// The origin of the results, as labels with sentences.
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
                        "{title}; the experiment defines its values, version {} of the contract their digests.",
                        digest::CONTRACT
                    ),
                ),
            },
            ("Specification", format!("BLAKE3 {} of its canonical text.", self.specification)),
            (
                "Replications",
                format!(
                    "Who computed a run, and who computed it again, is history, not a result: {SILENT} With the journal, `restudy status {folder}` counts the replications, and \
                     `restudy report {folder} --journal COPY.html` writes a copy of the page that lists them."
                ),
            ),
        ]
    }

    /// Why no command of this program proves the report, as a sentence; `None` if one does.
    fn beyond_us(&self) -> Option<String> {
        let experiment = self.experiment?.replace('`', "'");
        Some(format!(
            "The runs are those of the custom experiment `{experiment}`. Every number above follows from `study.toml` and that \
             experiment, which only its notebook contains: to compute and compare the numbers, run the notebook again, or \
             `restudy notebook check` on it; `restudy verify` cannot. One digest covers all of them:"
        ))
    }

    /// The command that proves the report, for a POSIX shell.
    fn command(&self) -> String {
        match self.study.title() {
            None => format!("cargo run -- verify {}", self.folder()),
            Some(_) if self.study.declaration().external => format!("restudy verify {}", self.folder()),
            Some(_) => format!("PROGRAM verify {}", self.folder()),
        }
    }

    /// The inputs of every number, and the program that computes it again, in two sentences before the command.
    fn follows(&self, here: &str) -> String {
        let version = mention::mention(self.version);
        match self.study.title() {
            None => {
                let of_files = self.study.trials.iter().any(|trial| !self.study.files(trial).is_empty());
                let what = if of_files { "and the files of its data" } else { "alone" };
                format!("Every number {here} follows from `study.toml` {what}. With restudy {version}, on any machine:")
            }
            Some(_) if self.study.declaration().contained => format!(
                "The numbers {here} come from `study.toml`, the inputs that it names, and a program in the image of a container: the processor \
                 and the system of the machine may be part of them. restudy {version} runs it again, and says for every measurement whether it \
                 is the same to the last bit, or how far apart it is:"
            ),
            Some(_) if self.study.declaration().external => format!(
                "The numbers {here} come from `study.toml`, the inputs that it names, and a program that ran on one machine: what is \
                 installed there, and the machine itself, may be part of them. restudy {version} runs it again, and says for every \
                 measurement whether it is the same to the last bit, or how far apart it is:"
            ),
            Some(_) if !self.is_promised() => {
                let declared = self.study.declaration();
                format!(
                    "The numbers {here} come from `study.toml` and the experiment `{}`, version {}, which does not promise reproducible results: \
                     another computation may give other numbers, and none is a proof. With a program that contains it, built with restudy {version}:",
                    declared.name, declared.version
                )
            }
            Some(_) => {
                let declared = self.study.declaration();
                format!(
                    "Every number {here} follows from `study.toml` and the experiment `{}`, version {}, whose measurements `experiment.json` \
                     declares. With a program that contains it, built with restudy {version}, on any machine:",
                    declared.name, declared.version
                )
            }
        }
    }

    /// Whether the experiment promises reproducible results, to the last bit.
    fn is_promised(&self) -> bool {
        let declared = self.study.declaration();
        declared.promise == Promise::Bits && !declared.external
    }

    fn proof_title(&self) -> &'static str {
        if self.is_promised() { "How to prove it" } else { "How to compute it again" }
    }

    /// The default folder of the results, quoted for a POSIX shell.
    fn folder(&self) -> String {
        escape::shell_word(&format!("results/{}", self.study.name))
    }
}

/// Returns the plural of a noun: `errors`, `losses`.
#[must_use]
pub fn plural(noun: &str) -> String {
    format!("{noun}{}", if noun.ends_with('s') { "es" } else { "s" })
}

/// Formats a number with a noun: `1 run`, `30 runs`.
#[must_use]
pub fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
