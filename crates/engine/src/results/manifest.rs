//! The manifest: what was asked, by which code, and the digest of every answer.
//!
//! `manifest.json` is enough, with `study.toml`, to prove a study on a machine that has nothing else of it. It holds no time
//! and no machine: computing it again gives the same bytes.

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
    /// The version of the statistics; absent in manifests of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<u32>,
    /// The version of the program.
    pub restudy: String,
    /// The name of the study.
    pub study: String,
    /// The name and version of a reader's own experiment, where the runs are not those of the network: only its notebook can
    /// compute them again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The name and version of the experiment that the specification names; none of the network.
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
    /// What is known of data that comes from files, which the report says and which needs no file to be said again; the first
    /// versions of the program did not note it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataFacts>,
    /// The runs, by trial, then seed.
    pub runs: Vec<RunEntry>,
    /// Of each run, in the same order, the [digest](Record::measurements) of its rows of measurements: the root binds the last one alone. The first versions
    /// of the program did not note it; there the digest of the table `metrics` stands for all of them together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurements: Option<Vec<Digest>>,
}

/// Who makes results: a version of this program, with an experiment of a reader's own or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maker<'a> {
    /// The version of this program.
    pub version: &'a str,
    /// The name of the experiment, a space, and its version.
    pub experiment: Option<&'a str>,
}

impl Maker<'static> {
    /// This program, which runs the network.
    pub const OURS: Self = Self { version: super::VERSION, experiment: None };
}

impl<'a> Maker<'a> {
    /// The name of the experiment, without its version.
    #[must_use]
    pub fn experiment_name(&self) -> Option<&'a str> {
        self.experiment.map(|experiment| experiment.rsplit_once(' ').map_or(experiment, |(name, _)| name))
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Number of rows.
    pub rows: usize,
    /// The digest of what it says.
    pub digest: Digest,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Its identity.
    pub id: Digest,
    /// Its trial, by place in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: u64,
    /// Its digest.
    pub digest: Digest,
    /// The first four hexadecimal digits of its chain at every measurement (at every so many of them where there are more than
    /// [`TRACED`]), so that a difference can be placed in time without any table.
    pub trace: String,
}

/// The largest number of measurements that a trace has an entry for.
pub const TRACED: usize = 256;

impl RunEntry {
    /// The entry of a run.
    #[must_use]
    pub fn new(row: &RunRow<'_>) -> Self {
        let RunRow { trial, seed, record } = *row;
        Self { id: record.id, trial, seed: seed.0, digest: record.digest(), trace: trace(record) }
    }

    /// The measurement at which `record` first differs from the one this entry stands for, as far as the trace can tell: the
    /// epoch of the last measurement that agrees, if any, and the first that does not.
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
    /// There is none.
    #[error("{folder} holds no results: manifest.json is missing")]
    #[diagnostic(help("compute them with `restudy sweep`, or check the path"))]
    Missing {
        /// The results folder.
        folder: String,
    },
    /// It is not one.
    #[error("{file} is not a manifest: {reason}")]
    #[diagnostic(help("it was cut off or edited: restore it, or compute it again with `restudy sweep`"))]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// It is of another version.
    #[error("{file} has {what} {found}; this restudy has {own}")]
    #[diagnostic(help("use the restudy that wrote it, which called itself {restudy}; nothing was changed"))]
    Version {
        /// The file.
        file: String,
        /// What differs.
        what: &'static str,
        /// Its version.
        found: u64,
        /// Ours.
        own: u64,
        /// The version of the program that wrote it.
        restudy: String,
    },
}

impl Manifest {
    /// The manifest without data, tables and files, which are entered as they are made.
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

    /// Whether its root is that of the runs it lists: only then does it vouch for any of them.
    #[must_use]
    pub fn has_root_of_runs(&self) -> bool {
        root(self.runs.iter().map(|run| (run.id, run.digest))) == self.root
    }

    /// What its folder is for.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match &self.declared {
            Some(title) => Owner::Declared(title.clone()),
            None => Owner::of(self.experiment.as_deref()),
        }
    }

    /// Who made it.
    #[must_use]
    pub fn maker(&self) -> Maker<'_> {
        Maker { version: &self.restudy, experiment: self.experiment.as_deref() }
    }
}
