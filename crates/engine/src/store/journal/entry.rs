use serde::{Deserialize, Serialize};

use super::{Instructions, Origin, now, utc};

/// How a sweep was asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// The command line.
    pub command: Vec<String>,
    /// The notebook, where a cell asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebook: Option<String>,
    /// The identifier of the cell, or its execution count where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The name and version of an experiment of a reader's own, where that was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
}

/// One sweep, as it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it began, in seconds since 1970.
    pub started: u64,
    /// How long it took, in seconds; of a process that was killed, until its last commit.
    pub seconds: f64,
    /// The version of this program.
    pub restudy: String,
    /// The profile it was built with.
    pub profile: String,
    /// Operating system and architecture.
    pub machine: String,
    /// Who computed: program, sources, compiler, machine, process. Found with the first line that is written.
    #[serde(default)]
    pub origin: Origin,
    /// The instructions of the kernel.
    pub kernel: String,
    /// Threads that trained.
    pub threads: usize,
    /// Runs computed.
    pub computed: usize,
    /// Runs that were there already.
    pub cached: usize,
    /// Steps trained.
    pub steps: u64,
    /// How it was asked for.
    #[serde(flatten)]
    pub asked: Asked,
}

impl Entry {
    /// An entry that says where and by what, with nothing done yet.
    #[must_use]
    pub fn of_this_machine(restudy: &str, instructions: Instructions, asked: &Asked) -> Self {
        Self {
            started: now(),
            seconds: 0.0,
            restudy: restudy.into(),
            profile: if cfg!(debug_assertions) { "debug" } else { "optimised" }.into(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            origin: Origin::of(instructions),
            kernel: instructions.name.into(),
            threads: 0,
            computed: 0,
            cached: 0,
            steps: 0,
            asked: asked.clone(),
        }
    }

    /// The entry with all that can be found out of its origin.
    pub(in crate::store) fn complete(&self) -> Self {
        Self { origin: self.origin.complete(), ..self.clone() }
    }

    /// Who that was, in a few words for people.
    #[must_use]
    pub fn who(&self) -> String {
        let Origin { host, process, commit, patch, .. } = &self.origin;
        let host = host.as_ref().unwrap_or(&self.machine);
        let process = process.map_or_else(String::new, |process| format!("process {process} "));
        let commit = commit.as_ref().map_or_else(String::new, |commit| {
            let changed = if patch.is_some() { ", changed" } else { "" };
            format!(", commit {:.12}{changed}", commit)
        });
        format!("{process}on {host} ({}, restudy {}{commit})", utc(self.started), self.restudy)
    }
}
