//! The verdict of one machine on results, in a file that can be passed on: how far the runs that it computed agree with
//! the results, and what machine it is. What commands print there is stored without paths and the names of the machine
//! and its user.
//!
//! A verdict is a statement. Anyone can write such a file, so nothing follows from it: a reader who doubts it verifies.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{names, verify::Compared};
use crate::{
    digest::{Digest, grammar::is_line},
    run::Described,
    store::{Machine, anonymous, json},
};

/// The version of the format of verdicts.
pub const FORMAT: u32 = 1;

/// The verdict of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdict {
    /// The version of the format, under a key that no other file of restudy begins with.
    #[serde(rename = "verdict")]
    pub format: u32,
    /// The name of the study.
    pub study: String,
    /// The root of the results.
    pub root: Digest,
    /// The digest of their specification.
    pub specification: Digest,
    /// The version of the program that verified.
    pub restudy: String,
    /// The day.
    pub date: String,
    /// What was computed.
    pub done: Done,
    /// What was found.
    pub result: Found,
    /// How far runs agree.
    pub compared: Compared,
    /// The machine.
    pub machine: Machine,
    /// What the commands that describe the installation print there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Printed>,
}

/// What a machine computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Done {
    /// All runs, compared with the results.
    All {
        /// The number of runs.
        runs: usize,
    },
    /// Some runs, compared with the results.
    Sample {
        /// The number of these runs.
        runs: usize,
        /// The number of all runs.
        of: usize,
    },
    /// Runs several times, compared with each other only.
    Repeat {
        /// The number of these runs.
        runs: usize,
        /// The number of all runs.
        of: usize,
        /// How many times each was computed.
        times: usize,
    },
}

/// What a machine found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// Every compared bit is the same.
    #[serde(rename = "same bits")]
    Same,
    /// Bits differ, and every value is as near as the experiment promises.
    #[serde(rename = "within the tolerance")]
    Within,
    /// Something differs.
    #[serde(rename = "differs")]
    Differs,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same bits",
            Self::Within => "within the tolerance",
            Self::Differs => "differs",
        })
    }
}

/// What a command that describes an installation prints on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Printed {
    /// The command.
    pub command: String,
    /// The first line; `None` if the command fails there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The number of lines.
    pub lines: usize,
    /// The digest of all that it prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

impl Printed {
    /// Shortens an output to what may be passed on.
    #[must_use]
    pub fn of(described: &Described) -> Self {
        let text = described.output.as_deref();
        Self {
            command: short(&anonymous(&described.command)),
            first: text.map(|text| short(&anonymous(text.lines().next().unwrap_or_default()))),
            lines: text.map_or(0, |text| text.lines().count()),
            digest: text.map(|text| Digest::of(text.as_bytes())),
        }
    }
}

/// Longer texts are shortened.
const MOST: usize = 200;

fn short(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.chars().count() <= MOST { text } else { text.chars().take(MOST - 1).chain(['…']).collect() }
}

/// More entries of a list are refused.
const MOST_ENTRIES: usize = 1000;

impl Verdict {
    /// Reads a verdict.
    ///
    /// # Errors
    /// The text is no verdict, is of a newer format, or contradicts itself: the reason.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            verdict: Option<u32>,
        }
        // A list of the values would be read, too.
        let is_object = text.trim_ascii_start().starts_with(b"{");
        match json::from_slice::<Head>(text).map(|head| head.verdict.filter(|_| is_object)) {
            Ok(Some(FORMAT)) => {}
            Ok(Some(newer)) => return Err(format!("it has format {newer}, and this restudy reads {FORMAT}")),
            Ok(None) | Err(_) => return Err("it is not a verdict of `restudy verify --note`".into()),
        }
        let verdict: Self = json::from_slice(text).map_err(|error| format!("it is not a whole verdict: {error}"))?;
        match verdict.problem() {
            Some(problem) => Err(problem.into()),
            None => Ok(verdict),
        }
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("a verdict is plain data");
        text + "\n"
    }

    /// What cannot be true of a verdict: texts are untrusted, and are shown.
    fn problem(&self) -> Option<&'static str> {
        let Self { compared, machine, versions, .. } = self;
        let lists = [compared.measurements.len(), compared.files.len(), versions.len()];
        if lists.into_iter().any(|entries| entries > MOST_ENTRIES) {
            return Some("it has a list of more than 1000 entries");
        }
        let named = compared.measurements.iter().chain(&compared.files).map(|agreed| &agreed.name);
        let printed = versions.iter().flat_map(|printed| [Some(&printed.command), printed.first.as_ref()]);
        let texts = [&self.restudy, &self.date, &machine.system, &machine.architecture].map(Some);
        let optional = [machine.processor.as_ref(), machine.instructions.as_ref()];
        let mut texts = named.map(Some).chain(printed).chain(texts).chain(optional).flatten();
        if texts.any(|text| text.chars().count() > MOST || !is_line(text)) || !names::is_name(&self.study) {
            return Some("it has a text that is too long, or not one line");
        }
        let (runs, all) = match self.done {
            Done::All { runs } => (runs, runs),
            Done::Sample { runs, of } | Done::Repeat { runs, of, .. } => (runs, of),
        };
        let is_possible = runs <= all && compared.runs <= runs && compared.is_sound();
        let is_consistent = match self.result {
            Found::Same => compared.is_same(),
            Found::Within => compared.different > 0 && compared.beside == 0,
            Found::Differs => !compared.is_same(),
        };
        (!is_possible || !is_consistent).then_some("its numbers contradict each other")
    }

    /// Whether another verdict is of the same machine on the same results.
    #[must_use]
    pub fn is_of_same(&self, other: &Self) -> bool {
        self.root == other.root && self.study == other.study && self.machine == other.machine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        Verdict {
            format: FORMAT,
            study: "moons".into(),
            root: Digest([1; 32]),
            specification: Digest([2; 32]),
            restudy: "0.6.0".into(),
            date: "2026-12-01".into(),
            done: Done::Sample { runs: 3, of: 6 },
            result: Found::Same,
            compared: Compared { runs: 3, ..Compared::default() },
            machine: Machine::here(None),
            versions: Vec::new(),
        }
    }

    #[test]
    fn a_verdict_is_read_as_it_was_written() {
        let mut own = verdict();
        assert_eq!(Verdict::read(own.to_text().as_bytes()), Ok(own.clone()));
        let text = r#"{"name": "loss", "runs": 3, "same": 1, "apart": {"absolute": null, "relative": 0.5, "ulps": 7, "step": 2}}"#;
        own.compared.measurements = vec![serde_json::from_str(text).unwrap()];
        (own.compared.different, own.result) = (2, Found::Differs);
        assert_eq!(own.compared.measurements[0].apart.unwrap().absolute, f64::INFINITY);
        assert_eq!(Verdict::read(own.to_text().as_bytes()), Ok(own));
    }

    #[test]
    fn what_cannot_be_true_is_refused() {
        let refused = |change: &dyn Fn(&mut Verdict)| {
            let mut own = verdict();
            change(&mut own);
            Verdict::read(own.to_text().as_bytes()).unwrap_err()
        };
        assert!(refused(&|own| own.format = 2).contains("format 2"));
        assert!(refused(&|own| own.machine.system = "a\nb".into()).contains("not one line"));
        assert!(refused(&|own| own.restudy = "x".repeat(201)).contains("too long"));
        assert!(refused(&|own| own.study = "../x".into()).contains("not one line"));
        for change in [
            (|own| own.compared.different = 1) as fn(&mut Verdict),
            |own| own.compared.runs = 4,
            |own| own.compared.beside = 1,
            |own| own.result = Found::Differs,
            |own| own.result = Found::Within,
            |own| own.done = Done::Sample { runs: 7, of: 6 },
            |own| (own.result, own.compared.different, own.compared.unknown) = (Found::Differs, 1, 2),
        ] {
            assert_eq!(refused(&change), "its numbers contradict each other");
        }
        for text in ["", "{}", "[1]", "{\"verdict\": \"1\"}", "{\"verdict\": null}"] {
            assert_eq!(Verdict::read(text.as_bytes()).unwrap_err(), "it is not a verdict of `restudy verify --note`");
        }
        assert!(Verdict::read(b"{\"verdict\": 1}").unwrap_err().starts_with("it is not a whole verdict: "));
    }

    #[test]
    fn outputs_are_shortened_to_a_line() {
        let described =
            |output: Option<&str>| Described { command: "/bin/x --version".into(), output: output.map(str::to_owned) };
        let printed = Printed::of(&described(Some("x 1.2 from /opt/x\nand more")));
        assert_eq!((printed.command.as_str(), printed.first.as_deref()), ("… --version", Some("x 1.2 from …")));
        assert_eq!((printed.lines, printed.digest), (2, Some(Digest::of(b"x 1.2 from /opt/x\nand more"))));
        let failed = Printed::of(&described(None));
        assert_eq!((failed.first, failed.lines, failed.digest), (None, 0, None));
    }
}
