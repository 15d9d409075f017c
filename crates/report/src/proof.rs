//! What a report says of its origin, and how its numbers are computed again.

use restudy_core::digest;
use restudy_engine::{
    experiment::Promise,
    store::version::{self, DirtyMark},
};

use super::{ATTACHED, Input, SILENT, SOURCE, STORED, adopted, mention};

impl Input<'_> {
    /// What the version says about changes of the sources.
    pub(super) fn sources(&self) -> String {
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

    pub(super) fn beyond_restudy(&self) -> &'static str {
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
    pub(super) fn provenance(&self) -> Vec<(&'static str, String)> {
        let folder = mention::mention(&self.folder());
        let mut all = vec![
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
                     `restudy report {folder} --journal COPY.html` writes a copy of the page that lists them.{}",
                    if self.verdicts.is_empty() { "" } else { " What other files state is above, under Verdicts." }
                ),
            ),
        ];
        all.extend(adopted::sentences(self).map(|sentences| ("Adopted runs", sentences)));
        all
    }

    /// Why no command of this program proves the report, as a sentence; `None` if one does.
    pub(super) fn beyond_us(&self) -> Option<String> {
        let experiment = self.experiment?.replace('`', "'");
        Some(format!(
            "The runs are those of the custom experiment `{experiment}`. Every number above follows from `study.toml` and that \
             experiment, which only its notebook contains: to compute and compare the numbers, run the notebook again, or \
             `restudy notebook check` on it; `restudy verify` cannot. One digest covers all of them:"
        ))
    }

    /// The command that proves the report, for a POSIX shell.
    pub(super) fn command(&self) -> String {
        match self.study.title() {
            None => format!("cargo run -- verify {}", self.folder()),
            Some(_) if self.study.declaration().external => format!("restudy verify {}", self.folder()),
            Some(_) => format!("PROGRAM verify {}", self.folder()),
        }
    }

    /// The inputs of every number, and the program that computes it again, in two sentences before the command.
    pub(super) fn follows(&self, here: &str) -> String {
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
    pub(super) fn is_promised(&self) -> bool {
        let declared = self.study.declaration();
        declared.promise == Promise::Bits && !declared.external
    }

    /// What the page is made from, for its last line.
    pub(super) fn source(&self) -> &'static str {
        match self.unfinished {
            Some(_) => STORED,
            None if self.verdicts.is_empty() && self.installed.is_empty() => SOURCE,
            None => ATTACHED,
        }
    }

    pub(super) fn proof_title(&self) -> &'static str {
        if self.is_promised() { "How to prove it" } else { "How to compute it again" }
    }
}
