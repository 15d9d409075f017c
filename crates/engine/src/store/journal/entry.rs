use serde::{Deserialize, Serialize};

use super::{Instructions, Origin, now, utc};

/// The request that started a sweep.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Request {
    /// The command line.
    pub command: Vec<String>,
    /// The notebook, if a cell started the sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebook: Option<String>,
    /// The identifier of the cell, or its execution count if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The name and version of the custom experiment, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
}

/// One sweep of one process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The start, in seconds since 1970.
    pub started: u64,
    /// The duration in seconds; for a process that was killed, until its last commit.
    pub seconds: f64,
    /// The version of this program.
    pub restudy: String,
    /// The build profile.
    pub profile: String,
    /// Operating system and architecture.
    pub machine: String,
    /// The program, sources, compiler, machine and process. Completed when the first line is written.
    #[serde(default)]
    pub origin: Origin,
    /// The name of the SIMD instructions.
    pub kernel: String,
    /// The number of training threads.
    pub threads: usize,
    /// The number of computed runs.
    pub computed: usize,
    /// The number of runs that were stored before.
    pub cached: usize,
    /// The number of training steps.
    pub steps: u64,
    /// The request that started the sweep.
    #[serde(flatten)]
    pub request: Request,
}

impl Entry {
    /// Returns an entry of this process with nothing computed yet.
    #[must_use]
    pub fn of_this_machine(restudy: &str, instructions: Instructions, request: &Request) -> Self {
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
            request: request.clone(),
        }
    }

    /// Fills in the parts of the origin that take time to determine.
    pub(in crate::store) fn complete(&self) -> Self {
        Self { origin: self.origin.complete(), ..self.clone() }
    }

    /// Describes the process in a few words: its number, host, start, version and commit.
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
