//! The files of a run that are kept: their digests in the record, their contents in the results folder.
//!
//! ```text
//! files/<identity of the run>/model.pt      the file
//! files/<identity of the run>.json          the names, sizes and digests of all kept files of the run
//! ```
//!
//! The record has one array, `files`: a row for each file in the order of the names, with the digest of the name and
//! that of the content as eight numbers of 32 bits each. The list is covered by the record, then, and the files by the
//! list.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{failed, folder::RunFolder};
use crate::{
    digest::Digest,
    engine_run::{End, Log, Logged, RunError},
    kind::ProgramSettings,
    spec::SETTINGS,
};

/// The array with the digests of kept files, and the folder of a results folder with the files.
pub const FILES: &str = "files";

/// A kept file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The digest of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Keeps the files that match `patterns`; nothing without patterns.
pub(super) fn keep(settings: &ProgramSettings, folder: &RunFolder, log: &mut Log<'_>) -> Result<Logged, RunError> {
    let patterns = &settings.command.keep;
    if patterns.is_empty() {
        return Ok(Ok(()));
    }
    let mut found = BTreeMap::new();
    for pattern in patterns {
        let whole = format!("{}/{pattern}", glob::Pattern::escape(&folder.path().to_string_lossy()));
        let paths = glob::glob(&whole).expect("checked when the specification was read").filter_map(Result::ok);
        let before = found.len();
        let mut files = Vec::new();
        paths.for_each(|path| files_under(&path, &mut files));
        for path in files {
            let name = path.strip_prefix(folder.path()).unwrap_or(&path).to_string_lossy().into_owned();
            // What restudy itself has put there is no result.
            if name == SETTINGS || settings.command.hermetic && settings.command.inputs.0.contains_key(&name) {
                continue;
            }
            let (digest, bytes) = digest(&path).map_err(|error| failed(&format!("read {}", path.display()), &error))?;
            found.insert(name, (path, KeptFile { digest, bytes }));
        }
        // A name without wildcards is a promise.
        if found.len() == before && !pattern.contains(['*', '?', '[']) && !found.contains_key(pattern) {
            let is_link = fs::symlink_metadata(folder.path().join(pattern)).is_ok_and(|about| about.is_symlink());
            let how = if is_link { "wrote a link, which is not kept, as" } else { "did not write" };
            return Ok(Err(End::Failed(format!("it {how} the file {pattern}"))));
        }
    }
    if let Some(results) = log.folder().map(Path::to_owned) {
        store(&results, &log.id(), &found)
            .map_err(|error| failed(&format!("keep the files of a run in {}", results.display()), &error))?;
    }
    let rows = found.iter().flat_map(|(name, (_, file))| [Digest::of(name.as_bytes()), file.digest]);
    let numbers: Vec<f64> = rows.flat_map(words).collect();
    Ok(log.keep(FILES, 16, &numbers))
}

/// Reads the list of the kept files of a run; `None` if it is missing or not a list.
#[must_use]
pub fn list(results: &Path, run: &Digest) -> Option<BTreeMap<String, KeptFile>> {
    let text = fs::read(results.join(FILES).join(format!("{run}.json"))).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Compares the kept files of two computations of a run, given their rows in the array: every file by name, and whether
/// it is the same in both. Names are those of the results folder; files that it does not list have no name.
#[must_use]
pub fn compare(results: &Path, run: &Digest, values: [&[f64]; 2]) -> Vec<(String, bool)> {
    let list = list(results, run).unwrap_or_default();
    let names: Vec<_> = list.keys().map(|name| (words(Digest::of(name.as_bytes())), name)).collect();
    let [one, other] = values.map(|rows| {
        let rows = rows.chunks_exact(16).map(|row| row.split_at(8));
        rows.map(|(name, content)| (name.to_vec(), content.to_vec())).collect::<Vec<_>>()
    });
    let mut found = Vec::new();
    for (name, content) in &one {
        let same = other.iter().any(|(other, new)| other == name && new == content);
        let named = names.iter().find(|(words, _)| words.as_slice() == name.as_slice());
        found.push((named.map_or_else(|| "a kept file".to_owned(), |(_, name)| (*name).clone()), same));
    }
    let is_new = |(name, _): &&(Vec<f64>, Vec<f64>)| !one.iter().any(|(own, _)| own == name);
    found.extend(other.iter().filter(is_new).map(|_| ("a file that was not kept before".to_owned(), false)));
    found
}

/// Compares the kept files in a results folder with their list, and the list with the rows of the record. Files that
/// were removed are no difference. Returns the files that differ, and how.
#[must_use]
pub fn check(results: &Path, run: &Digest, rows: &[f64]) -> Vec<(String, String)> {
    let file = format!("{FILES}/{run}.json");
    let Ok(text) = fs::read(results.join(&file)) else { return Vec::new() };
    let Ok(list) = serde_json::from_slice::<BTreeMap<String, KeptFile>>(&text) else {
        return vec![(file, "it is not a list of kept files".into())];
    };
    let listed = list.iter().flat_map(|(name, kept)| [Digest::of(name.as_bytes()), kept.digest]).flat_map(words);
    if !listed.eq(rows.iter().copied()) {
        return vec![(file, "it does not list the files that the run has kept".into())];
    }
    let differs = |(name, kept): (&String, &KeptFile)| {
        let file = format!("{FILES}/{run}/{name}");
        let path = results.join(&file);
        // The folder is untrusted: a link or a pipe could be read without end.
        let about = fs::symlink_metadata(&path).ok()?;
        if !about.is_file() || about.len() != kept.bytes {
            return Some((file, "its bytes are not those that the run has kept".into()));
        }
        let found = digest(&path).ok()?;
        (found != (kept.digest, kept.bytes)).then(|| (file, "its bytes are not those that the run has kept".into()))
    };
    list.iter().filter_map(differs).collect()
}

/// The digest as eight numbers of 32 bits, least significant byte first.
pub(super) fn words(digest: Digest) -> [f64; 8] {
    let bytes = digest.0;
    std::array::from_fn(|place| {
        let word: [u8; 4] = std::array::from_fn(|byte| bytes[4 * place + byte]);
        f64::from(u32::from_le_bytes(word))
    })
}

/// Adds a file, or all files below a folder. Links may lead anywhere, and are left out.
fn files_under(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(about) = fs::symlink_metadata(path) else { return };
    if about.is_file() {
        files.push(path.to_owned());
    } else if about.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| files_under(&entry.path(), files));
    }
}

fn digest(path: &Path) -> io::Result<(Digest, u64)> {
    let bytes = fs::read(path)?;
    Ok((Digest::of(&bytes), bytes.len() as u64))
}

fn store(results: &Path, id: &Digest, found: &BTreeMap<String, (PathBuf, KeptFile)>) -> io::Result<()> {
    let all = results.join(FILES);
    let own = all.join(id.to_string());
    // Files of an attempt that was not stored.
    if own.exists() {
        fs::remove_dir_all(&own)?;
    }
    for (name, (path, _)) in found {
        let to = own.join(name);
        fs::create_dir_all(to.parent().unwrap_or(&own))?;
        fs::copy(path, &to)?;
    }
    fs::create_dir_all(&all)?;
    let list: BTreeMap<_, _> = found.iter().map(|(name, (_, file))| (name, file)).collect();
    fs::write(all.join(format!("{id}.json")), format!("{}\n", serde_json::to_string_pretty(&list)?))
}
