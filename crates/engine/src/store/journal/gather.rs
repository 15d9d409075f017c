//! The files of the journal, and the lines of each process in them.
//!
//! A file is of one process, or, if its name begins with `gathered-`, of several: the lines of each follow a line
//! `{"process":"NAME"}` with the name of their original file. Lines of one process in several files are merged, so
//! gathering or copying a file twice is harmless.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{StoreError, files, line};
use crate::{digest::Digest, store};

/// Up to this number of files is left as it is.
const MOST: usize = 32;

const GATHERED: &str = "gathered-";

/// The line before the lines of a process in a gathered file.
#[derive(Serialize, Deserialize)]
struct Head {
    process: String,
}

const HEAD: &[u8] = b"{\"process\":";

/// The lines of processes, by the names of their files.
pub(super) type Processes = BTreeMap<String, Vec<u8>>;

/// The lines of every process in the journal of `folder`, and the first file with lines of it. Unreadable files are
/// skipped.
pub(super) fn processes(folder: &Path) -> BTreeMap<String, (PathBuf, Vec<u8>)> {
    let mut listed = files(folder);
    loop {
        let mut found = BTreeMap::new();
        for file in &listed {
            let mut own = Processes::new();
            if let Ok(bytes) = store::read(file) {
                take(&mut own, &name(file), &bytes);
            }
            for (process, lines) in own {
                let (_, known) = found.entry(process).or_insert_with(|| (file.clone(), Vec::new()));
                join(known, &lines);
            }
        }
        // A file that vanished was gathered into a new one.
        let again = files(folder);
        if again == listed {
            return found;
        }
        listed = again;
    }
}

/// Gathers the files of processes that have ended, if there are many. A live process keeps its own file locked, and no
/// line is lost: the new file is durable before the old ones are removed. A file that cannot be gathered is left for
/// the next time.
pub(in crate::store) fn gather(folder: &Path) {
    let files = files(folder);
    if files.len() <= MOST {
        return;
    }
    // The files stay locked until they are removed.
    let mut left: Vec<(PathBuf, File)> = Vec::new();
    let mut found = Processes::new();
    for file in files {
        if let Ok(open) = File::options().read(true).write(true).open(&file)
            && open.try_lock().is_ok()
            && let Ok(bytes) = store::read(&file)
        {
            take(&mut found, &name(&file), &bytes);
            left.push((file, open));
        }
    }
    let mut text = Vec::new();
    for (process, lines) in found {
        text.extend(line(&Head { process }).bytes());
        // The torn end of a killed process; in the middle of a file, it would look damaged.
        let lines = line::without_torn_end(&lines);
        text.extend(lines);
        if !lines.ends_with(b"\n") {
            text.push(b'\n');
        }
    }
    let gathered = folder.join("journal").join(format!("{GATHERED}{}.jsonl", Digest::of(&text).short()));
    if left.len() < 2 || store::write(&gathered, &text).is_err() {
        return;
    }
    for (file, _) in left.iter().filter(|(file, _)| *file != gathered) {
        let _ = fs::remove_file(file);
    }
}

/// Copies the journal of another folder; no existing line is lost. A file without new lines is not written, even if its
/// lines are here in a gathered file.
///
/// # Errors
/// A file cannot be read or written.
pub fn copy(from: &Path, into: &Path) -> Result<(), StoreError> {
    let journal = into.join("journal");
    let here = processes(into);
    let is_here = |(process, lines): (String, Vec<u8>)| {
        let mut known = here.get(&process).map(|(_, lines)| lines.clone()).unwrap_or_default();
        let before = known.len();
        join(&mut known, &lines);
        known.len() == before
    };
    for file in files(from) {
        let bytes = store::read(&file).map_err(|error| StoreError::io("read", &file, error))?;
        let mut processes = Processes::new();
        take(&mut processes, &name(&file), &bytes);
        if !processes.is_empty() && processes.into_iter().all(is_here) {
            continue;
        }
        let copy = journal.join(file.file_name().unwrap_or_default());
        let known = store::read(&copy).unwrap_or_default();
        let mut lines = known.clone();
        join(&mut lines, &bytes);
        if lines != known {
            store::create_folder(&journal)?;
            store::write(&copy, &lines)?;
        }
    }
    Ok(())
}

/// Adds the lines of a file.
fn take(found: &mut Processes, name: &str, bytes: &[u8]) {
    if !name.starts_with(GATHERED) {
        return join(found.entry(name.to_owned()).or_default(), bytes);
    }
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let head = line.starts_with(HEAD).then(|| line::read::<Head>(line.trim_ascii_end()));
        match (head, parts.last_mut()) {
            (Some(Ok(head)), _) => parts.push((head.process, Vec::new())),
            (None, Some((_, lines))) => lines.extend(line),
            // The lines after it are of another, unknown process. The changed line is reported with them.
            (Some(Err(_)), _) | (None, None) => parts.push((format!("{name}:{}", parts.len()), line.to_vec())),
        }
    }
    parts.into_iter().for_each(|(process, lines)| join(found.entry(process).or_default(), &lines));
}

/// Merges the lines of one process. Usually one file is a prefix of the other.
fn join(lines: &mut Vec<u8>, others: &[u8]) {
    if others.starts_with(lines) {
        *lines = others.to_vec();
    } else if !lines.starts_with(others) {
        if !lines.ends_with(b"\n") {
            lines.push(b'\n');
        }
        let known: BTreeSet<_> = lines.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        for line in others.split(|byte| *byte == b'\n').filter(|line| !known.contains(*line)) {
            lines.extend(line);
            lines.push(b'\n');
        }
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::Record,
        store::{
            Instructions, Origin, Runs, Store,
            journal::{Entry, Journal, Origins, Request, damage, read},
            tests::records,
        },
    };

    fn entry(number: u64) -> Entry {
        let own = Entry::of_this_machine("0.1.0", Instructions::NONE, &Request::default());
        Entry { started: number, origin: Origin::default(), ..own }
    }

    /// Live processes that have each computed the run.
    fn work(folder: &Path, numbers: std::ops::Range<u64>, record: &Record) -> Vec<Journal> {
        let work = |number| {
            let mut journal = Journal::new(folder, &entry(number));
            journal.committed(Path::new("x.seg"), [record]);
            journal
        };
        numbers.map(work).collect()
    }

    #[test]
    fn gathering_keeps_every_line() {
        let folder = tempfile::tempdir().unwrap();
        let record = records(0..1).remove(0);
        let store = Store::open(folder.path()).unwrap();
        store.commit([&record]).unwrap();
        let compact = || store.compact(&Runs::load(folder.path()).unwrap()).unwrap();
        let started = || read(folder.path()).iter().map(|entry| entry.started).collect::<Vec<_>>();
        drop(work(folder.path(), 0..40, &record));
        // One of them was killed in the middle of a line.
        let torn = files(folder.path()).remove(7);
        fs::write(&torn, [&*fs::read(&torn).unwrap(), br#"{"committed":17,"ru"#].concat()).unwrap();
        let mut live = work(folder.path(), 40..41, &record);
        compact();
        assert_eq!(files(folder.path()).len(), 2, "one gathered file, one of the live process");
        live[0].committed(Path::new("y.seg"), [&record]);
        assert_eq!(started(), (0..41).collect::<Vec<_>>());
        assert_eq!(read(folder.path())[40].computed, 2, "what is written after gathering is not lost");
        assert_eq!(Origins::read(folder.path()).of(record.id, record.digest()).len(), 41);
        assert_eq!(damage(folder.path()), [], "a torn line is not damage");
        // The same with a gathered file that was not removed, and the gathered one copied to another folder.
        drop((live, work(folder.path(), 41..80, &record)));
        fs::copy(&files(folder.path())[3], folder.path().join("journal/9-left.jsonl")).unwrap();
        compact();
        assert_eq!(files(folder.path()).len(), 1);
        let other = tempfile::tempdir().unwrap();
        fs::create_dir(other.path().join("journal")).unwrap();
        let early = &files(folder.path())[0];
        copy(folder.path(), other.path()).unwrap();
        assert_eq!(read(other.path()), read(folder.path()));
        // Lines that are here in another file are not written again; a folder that was removed is not made again.
        let renamed = other.path().join("journal/gathered-0123456789ab.jsonl");
        fs::rename(other.path().join("journal").join(early.file_name().unwrap()), &renamed).unwrap();
        copy(folder.path(), other.path()).unwrap();
        assert_eq!(files(other.path()), [renamed]);
        assert!(copy(folder.path(), &other.path().join("gone")).is_err());
        assert!(!other.path().join("gone").exists());
        assert_eq!(started().len(), 81);
    }

    #[test]
    fn a_copy_keeps_the_lines_of_both() {
        let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let put = |folder: &Path, text: &str| {
            fs::create_dir_all(folder.join("journal")).unwrap();
            fs::write(folder.join("journal/1-2-3.jsonl"), text).unwrap();
        };
        for (theirs, ours, expected) in [
            ("a\n", "a\nb\n", "a\nb\n"),
            ("a\nb\n", "a\n", "a\nb\n"),
            ("a\nb\nc\n", "a\nx\ny\nz\n", "a\nx\ny\nz\nb\nc\n"),
        ] {
            put(from.path(), theirs);
            put(into.path(), ours);
            copy(from.path(), into.path()).unwrap();
            assert_eq!(fs::read_to_string(into.path().join("journal/1-2-3.jsonl")).unwrap(), expected);
        }
    }
}
