//! The manifest: the specification, the program, and the digest of every result.
//!
//! `manifest.json` and `study.toml` suffice to prove a study on another machine. The manifest has no times and no names
//! of machines: computing the study again gives the same bytes.

use std::collections::BTreeMap;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    digest::{CONTRACT, Digest, Record, root},
    run::DataFacts,
    store::{FORMAT, Owner},
    table::{RunRow, Statistics},
};

/// The manifest of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the on-disk format.
    pub format: u32,
    /// The version of the arithmetic contract.
    pub contract: u64,
    /// The version of the statistics; absent for version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<u32>,
    /// The version of the program.
    pub restudy: String,
    /// The name of the study.
    pub study: String,
    /// The name and version of a custom experiment, if it is one: only its notebook can compute the runs again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The name and version of the experiment that the specification names; absent for the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// The digest of the specification's canonical text.
    pub specification: Digest,
    /// The root over all runs.
    pub root: Digest,
    /// The digest of each table's logical content, and the number of its rows.
    pub tables: BTreeMap<String, TableEntry>,
    /// The digest of each other file's bytes, by its path in the folder.
    pub files: BTreeMap<String, Digest>,
    /// The facts about data from files that the report prints, so that it can be made again without the files; absent
    /// in manifests of the first versions of the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataFacts>,
    /// The runs, by trial, then seed.
    pub runs: Vec<RunEntry>,
    /// For each run, in the same order, the [digest](Record::measurements) of its measurements: the root covers only
    /// the last one. Absent in manifests of the first versions of the program, where the digest of the table `metrics`
    /// covers the measurements of all runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurements: Option<Vec<Digest>>,
}

/// The maker of results: a version of this program, and the custom experiment if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maker<'a> {
    /// The version of this program.
    pub version: &'a str,
    /// The name of the custom experiment, a space, and its version.
    pub experiment: Option<&'a str>,
}

impl Maker<'static> {
    /// This program with the experiment of the study.
    pub const OURS: Self = Self { version: super::VERSION, experiment: None };
}

impl<'a> Maker<'a> {
    /// Returns the name of the custom experiment, without its version.
    #[must_use]
    pub fn experiment_name(&self) -> Option<&'a str> {
        self.experiment.map(|experiment| experiment.rsplit_once(' ').map_or(experiment, |(name, _)| name))
    }
}

/// The entry of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Number of rows.
    pub rows: usize,
    /// The digest of its logical content.
    pub digest: Digest,
}

/// The entry of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Its identity.
    pub id: Digest,
    /// Its trial, as an index into the trials of the study.
    pub trial: usize,
    /// Its seed.
    pub seed: u64,
    /// Its digest.
    pub digest: Digest,
    /// The first four hexadecimal digits of the link of its chain at every measurement (with more than [`TRACED`]
    /// measurements, at every nth), so that a difference can be located in the run without any table.
    pub trace: String,
}

/// The largest number of entries in a trace.
pub const TRACED: usize = 256;

impl RunEntry {
    /// Returns the entry of a run.
    #[must_use]
    pub fn new(row: &RunRow<'_>) -> Self {
        let RunRow { trial, seed, record } = *row;
        Self { id: record.id, trial, seed: seed.0, digest: record.digest(), trace: trace(record) }
    }

    /// Returns where `record` first differs from the run of this entry, by the trace: the epoch of the last entry that
    /// agrees, if any, and of the first that differs.
    #[must_use]
    pub fn first_difference(&self, record: &Record) -> (Option<u64>, u64) {
        let computed = trace(record);
        let stride = stride(record);
        let epoch = |entry: usize| {
            record.observations.get(entry * stride).or(record.observations.last()).map_or(0, |point| point.epoch)
        };
        let pairs = self.trace.as_bytes().chunks(4).zip(computed.as_bytes().chunks(4));
        let agreeing = pairs.take_while(|(a, b)| a == b).count();
        (agreeing.checked_sub(1).map(epoch), epoch(agreeing))
    }
}

fn stride(record: &Record) -> usize {
    record.chain.len().div_ceil(TRACED).max(1)
}

fn trace(record: &Record) -> String {
    let links = record.chain.iter().step_by(stride(record));
    let mut text = String::with_capacity(4 * links.len());
    for link in links {
        text.extend([link.0[0] >> 4, link.0[0] & 15, link.0[1] >> 4, link.0[1] & 15].map(digit));
    }
    text
}

fn digit(half: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(half & 15)])
}

/// Why a manifest could not be read.
#[derive(Debug, Error, Diagnostic)]
pub enum ManifestError {
    /// The file is missing.
    #[error("{folder} has no results: manifest.json is missing")]
    #[diagnostic(help("check the path, or compute the results with `restudy sweep`"))]
    Missing {
        /// The results folder.
        folder: String,
    },
    /// The file is not a manifest.
    #[error("{file} is not a manifest: {reason}")]
    #[diagnostic(help("the file was cut off or edited: restore it, or compute it again with `restudy sweep`"))]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The file has another version.
    #[error("{file} has {what} {found}; this program has {own}")]
    #[diagnostic(help("use the version of restudy that wrote it, {restudy}; nothing was changed"))]
    Version {
        /// The file.
        file: String,
        /// What the number counts: format, contract or statistics.
        what: &'static str,
        /// Its version.
        found: u64,
        /// The version of this program.
        own: u64,
        /// The version of the program that wrote it.
        restudy: String,
    },
}

impl Manifest {
    /// Returns a manifest without data, tables and files, which are added later.
    #[must_use]
    pub fn new(study: &str, specification: Digest, maker: Maker<'_>, rows: &[RunRow<'_>]) -> Self {
        let runs: Vec<_> = rows.iter().map(RunEntry::new).collect();
        Self {
            format: FORMAT,
            contract: CONTRACT,
            statistics: Statistics::OURS.number(),
            restudy: maker.version.into(),
            study: study.into(),
            experiment: maker.experiment.map(Into::into),
            declared: None,
            specification,
            root: root(runs.iter().map(|run| (run.id, run.digest))),
            tables: BTreeMap::new(),
            files: BTreeMap::new(),
            data: Vec::new(),
            runs,
            measurements: Some(rows.iter().map(|row| row.record.measurements()).collect()),
        }
    }

    /// Whether its root is that of the runs it lists: otherwise it proves none of them.
    #[must_use]
    pub fn has_root_of_runs(&self) -> bool {
        root(self.runs.iter().map(|run| (run.id, run.digest))) == self.root
    }

    /// Returns the owner of its folder.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match &self.declared {
            Some(title) => Owner::Declared(title.clone()),
            None => Owner::of(self.experiment.as_deref()),
        }
    }

    /// Returns the maker of its results.
    #[must_use]
    pub fn maker(&self) -> Maker<'_> {
        Maker { version: &self.restudy, experiment: self.experiment.as_deref() }
    }
}
