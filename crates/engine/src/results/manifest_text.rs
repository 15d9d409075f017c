//! Writes and parses the text of a manifest.
//!
//! `manifest.json` is JSON in a fixed layout that keeps large manifests manageable: first everything but the runs, then
//! one line a run, then one line for the digest of the measurements of each. Code that does not need the runs reads
//! only the beginning.

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

/// The line before the runs.
const RUNS: &[u8] = b"  \"runs\": [\n";

/// The lines between the runs and the digests of their measurements.
const BETWEEN: [&[u8]; 2] = [b"  ],", b"  \"measurements\": ["];

impl Manifest {
    /// Returns the text of `manifest.json`: one line a run, so that manifests can be compared line by line.
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
    /// The file is missing, malformed, or of a version that this program cannot verify.
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

    /// Reads the manifest of a results folder without the runs, whose number is the row count of the table `runs`: the
    /// time does not depend on the number of runs.
    ///
    /// # Errors
    /// As [`read`](Self::read), but errors in the entries of runs are not detected.
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
        // Another program formatted the file.
        Ok(Self { runs: Vec::new(), measurements: None, ..source.parse(&text, None)? })
    }
}

/// The list of runs must begin within this number of bytes: a head is a few lines, and one for each figure.
const MOST_HEAD: usize = 1 << 20;

/// The beginning of a manifest, completed to valid JSON; `None` if that is not possible.
fn head_alone(text: &[u8]) -> Option<Vec<u8>> {
    let head = [text, b"]}"].concat();
    json::from_slice::<Manifest>(&head).is_ok().then_some(head)
}

/// The runs and the digests of their measurements; `None` if they are not formatted as this program does.
fn lists(text: &[u8]) -> Option<(Vec<RunEntry>, Option<Vec<Digest>>)> {
    let lines: Vec<_> = text.strip_suffix(b"\n  ]\n}\n")?.split(|byte| *byte == b'\n').collect();
    match lines.windows(2).position(|pair| pair == BETWEEN) {
        None => Some((entries(&lines)?, None)),
        Some(end) => Some((entries(&lines[..end])?, Some(entries(&lines[end + 2..])?))),
    }
}

/// The entries of a list, one a line. Parsed in parallel, since large studies have a hundred thousand of them.
fn entries<T: DeserializeOwned + Send>(lines: &[&[u8]]) -> Option<Vec<T>> {
    let last = lines.len().checked_sub(1)?;
    let entry = |(place, line): (usize, &&[u8])| {
        let line = if place == last { *line } else { line.strip_suffix(b",")? };
        json::from_slice(line).ok()
    };
    lines.par_iter().enumerate().with_min_len(256).map(entry).collect()
}

/// The keys that manifests of every version have.
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

    /// Parses a manifest; `head` is its beginning as JSON, if known. Checks the versions first: a newer manifest may
    /// have another shape.
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
                None => return Err(self.malformed(format!("`{key}` is missing or not a whole number"))),
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
                _ => Err(self.malformed("`statistics` is no valid version")),
            };
        }
        let manifest: Manifest = json::from_slice(text).map_err(|error| self.malformed(error))?;
        match names::problem(&manifest) {
            Some(reason) => Err(self.malformed(reason)),
            None => self.require_pairs(manifest),
        }
    }

    /// Refuses a manifest whose number of digests of measurements is not its number of runs.
    fn require_pairs(&self, manifest: Manifest) -> Result<Manifest, ManifestError> {
        match &manifest.measurements {
            Some(digests) if digests.len() != manifest.runs.len() => {
                let (digests, runs) = (digests.len(), manifest.runs.len());
                Err(self.malformed(format!("it has {digests} digests of measurements, but {runs} runs")))
            }
            None if !manifest.runs.is_empty()
                && !manifest.restudy.starts_with("0.1.")
                && !manifest.restudy.starts_with("0.0.") =>
            {
                let version = &manifest.restudy;
                Err(self.malformed(format!("restudy {version} wrote it, but it has no digests of measurements")))
            }
            _ => Ok(manifest),
        }
    }
}

#[cfg(test)]
mod tests;
