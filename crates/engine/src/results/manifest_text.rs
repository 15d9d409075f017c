//! The text of a manifest, written and read.
//!
//! `manifest.json` is JSON, set so that large ones stay handy: first everything but the runs, then one line a run, then one line for the
//! digest of the measurements of each. What only needs to know what a study is made of reads the beginning, and no more.

use std::{
    fs::File,
    io::{self, BufRead, Take},
    path::Path,
};

use rayon::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Manifest, ManifestError, manifest::RunEntry, names};
use crate::{
    digest::{CONTRACT, Digest},
    store::{self, FORMAT, json},
    table::Statistics,
};

/// The line after which the runs stand.
const RUNS: &[u8] = b"  \"runs\": [\n";

/// What stands between the runs and the digests of their measurements.
const BETWEEN: [&[u8]; 2] = [b"  ],", b"  \"measurements\": ["];

impl Manifest {
    /// The text of `manifest.json`: one line a run, so that a difference between two manifests is a difference of lines.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head = Self {
            format: self.format,
            contract: self.contract,
            statistics: self.statistics,
            restudy: self.restudy.clone(),
            study: self.study.clone(),
            experiment: self.experiment.clone(),
            declared: self.declared.clone(),
            specification: self.specification,
            root: self.root,
            tables: self.tables.clone(),
            files: self.files.clone(),
            data: self.data.clone(),
            runs: Vec::new(),
            measurements: None,
        };
        let head = serde_json::to_string_pretty(&head).expect("a manifest is plain data");
        let (head, end) = head.rsplit_once(']').unwrap_or((&head, ""));
        let line = 280 + self.runs.first().map_or(0, |run| run.trace.len());
        let mut text = Vec::with_capacity(head.len() + line * self.runs.len());
        text.extend_from_slice(head.as_bytes());
        for (place, run) in self.runs.iter().enumerate() {
            text.extend_from_slice(if place == 0 { b"\n    " } else { b",\n    " });
            serde_json::to_writer(&mut text, run).expect("a run's entry is plain data");
        }
        if let Some(digests) = &self.measurements {
            BETWEEN.iter().for_each(|line| text.extend([b"\n", *line].concat()));
            for (place, digest) in digests.iter().enumerate() {
                text.extend_from_slice(if place == 0 { b"\n    \"" } else { b",\n    \"" });
                text.extend_from_slice(&digest.digits());
                text.push(b'"');
            }
        }
        text.extend_from_slice(b"\n  ]");
        text.extend_from_slice(end.as_bytes());
        text.push(b'\n');
        String::from_utf8(text).expect("JSON is UTF-8")
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// It is missing, malformed, or of a version that this program cannot prove.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let (source, file) = Source::open(folder)?;
        let text = store::read_all(file).map_err(|error| source.malformed(error))?;
        let start = text.windows(RUNS.len()).take(MOST_HEAD).position(|line| line == RUNS);
        let start = start.map(|start| start + RUNS.len());
        let head = start.and_then(|start| head_alone(&text[..start]));
        if let (Some(start), Some(head)) = (start, &head)
            && let Some((runs, measurements)) = lists(&text[start..])
        {
            return source.require_pairs(Self { runs, measurements, ..source.parse(head, None)? });
        }
        source.parse(&text, head.as_deref())
    }

    /// Reads the manifest of a results folder without the runs, of which there are as many as the table `runs` has rows: as
    /// quick for a million runs as for ten.
    ///
    /// # Errors
    /// As [`read`](Self::read); what is wrong with the entries of runs may be overlooked.
    pub fn read_head(folder: &Path) -> Result<Self, ManifestError> {
        let (source, file) = Source::open(folder)?;
        let mut text = Vec::new();
        let mut lines = io::BufReader::new(file);
        while lines.read_until(b'\n', &mut text).map_err(|error| source.malformed(error))? > 0 {
            if text.ends_with(RUNS)
                && let Some(head) = head_alone(&text)
            {
                return source.parse(&head, None);
            }
        }
        // It was set by somebody else.
        Ok(Self { runs: Vec::new(), measurements: None, ..source.parse(&text, None)? })
    }
}

/// Where the list of runs is looked for: a head is a few lines, and one for each figure.
const MOST_HEAD: usize = 1 << 20;

/// The beginning of a manifest as JSON of its own, if it is that.
fn head_alone(text: &[u8]) -> Option<Vec<u8>> {
    let head = [text, b"]}"].concat();
    json::from_slice::<Manifest>(&head).is_ok().then_some(head)
}

/// The runs and the digests of their measurements, as we set them, and nothing behind them; nothing where they are set or end otherwise.
fn lists(text: &[u8]) -> Option<(Vec<RunEntry>, Option<Vec<Digest>>)> {
    let lines: Vec<_> = text.strip_suffix(b"\n  ]\n}\n")?.split(|byte| *byte == b'\n').collect();
    match lines.windows(2).position(|pair| pair == BETWEEN) {
        None => Some((entries(&lines)?, None)),
        Some(end) => Some((entries(&lines[..end])?, Some(entries(&lines[end + 2..])?))),
    }
}

/// The entries of a list, a line each. They are read by as many threads as there are, since large studies have a hundred thousand of them.
fn entries<T: DeserializeOwned + Send>(lines: &[&[u8]]) -> Option<Vec<T>> {
    let last = lines.len().checked_sub(1)?;
    let entry = |(place, line): (usize, &&[u8])| {
        let line = if place == last { *line } else { line.strip_suffix(b",")? };
        json::from_slice(line).ok()
    };
    lines.par_iter().enumerate().with_min_len(256).map(entry).collect()
}

/// What stands in a manifest of any version.
#[derive(Deserialize)]
struct Versions {
    #[serde(default)]
    restudy: Value,
    #[serde(default)]
    format: Value,
    #[serde(default)]
    contract: Value,
    #[serde(default)]
    statistics: Value,
}

/// A file that should be a manifest.
struct Source {
    name: String,
}

impl Source {
    fn open(folder: &Path) -> Result<(Self, Take<File>), ManifestError> {
        let path = folder.join("manifest.json");
        let name = path.display().to_string();
        match store::open(&path) {
            Ok(file) => Ok((Self { name }, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(ManifestError::Missing { folder: folder.display().to_string() })
            }
            Err(error) => Err(ManifestError::Malformed { file: name, reason: error.to_string() }),
        }
    }

    fn malformed(&self, reason: impl ToString) -> ManifestError {
        ManifestError::Malformed { file: self.name.clone(), reason: reason.to_string() }
    }

    /// The manifest in `text`, whose head alone may be at hand. Versions first: a newer manifest need not have the shape of
    /// this one.
    fn parse(&self, text: &[u8], head: Option<&[u8]>) -> Result<Manifest, ManifestError> {
        let versions: Versions = json::from_slice(head.unwrap_or(text)).map_err(|error| self.malformed(error))?;
        let restudy = versions.restudy.as_str().unwrap_or("of unknown version").to_owned();
        let known = [
            ("format", "format", versions.format, u64::from(FORMAT)),
            ("arithmetic contract", "contract", versions.contract, CONTRACT),
        ];
        for (what, key, found, own) in known {
            match found.as_u64() {
                Some(found) if found == own => {}
                Some(found) => {
                    return Err(ManifestError::Version { file: self.name.clone(), what, found, own, restudy });
                }
                None => return Err(self.malformed(format!("it has no whole number `{key}`"))),
            }
        }
        let statistics = if versions.statistics.is_null() { 1 } else { u64::MAX };
        let statistics = versions.statistics.as_u64().unwrap_or(statistics);
        if u32::try_from(statistics).map_or(None, |number| Statistics::of(Some(number))).is_none() {
            let own = u64::from(Statistics::OURS.number().unwrap_or(1));
            return match versions.statistics.as_u64() {
                Some(found) if found > own => Err(ManifestError::Version {
                    file: self.name.clone(),
                    what: "statistics version",
                    found,
                    own,
                    restudy,
                }),
                _ => Err(self.malformed("its `statistics` is no version")),
            };
        }
        let manifest: Manifest = json::from_slice(text).map_err(|error| self.malformed(error))?;
        match names::fault(&manifest) {
            Some(reason) => Err(self.malformed(reason)),
            None => self.require_pairs(manifest),
        }
    }

    /// Refuses a manifest that has not one digest of measurements for each run, if it has any.
    fn require_pairs(&self, manifest: Manifest) -> Result<Manifest, ManifestError> {
        match &manifest.measurements {
            Some(digests) if digests.len() != manifest.runs.len() => {
                let (digests, runs) = (digests.len(), manifest.runs.len());
                Err(self.malformed(format!("it has {digests} digests of measurements for {runs} runs")))
            }
            None if !manifest.runs.is_empty()
                && !manifest.restudy.starts_with("0.1.")
                && !manifest.restudy.starts_with("0.0.") =>
            {
                let version = &manifest.restudy;
                Err(self.malformed(format!("it is of restudy {version}, and has no digests of measurements")))
            }
            _ => Ok(manifest),
        }
    }
}

#[cfg(test)]
mod tests;
