//! The files of the journal, and the lines of each process in them.
//!
//! A file is of one process, or, if its name begins with `gathered-`, of many: before the lines of each there stands
//! `{"process":"NAME"}`, with the name of the file that they were in. The lines of a process that are in several files are put together, so
//! that it does no harm if a file is gathered twice, or copied before and after.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{StoreError, files, line};
use crate::{digest::Digest, store};

/// So many files are left alone.
const MOST: usize = 32;

const GATHERED: &str = "gathered-";

/// What stands before the lines of a process in a file of many.
#[derive(Serialize, Deserialize)]
struct Head {
    process: String,
}

/// How such a line begins.
const HEAD: &[u8] = b"{\"process\":";

/// The lines of processes, by the names of their files.
pub(super) type Processes = BTreeMap<String, Vec<u8>>;

/// The lines of every process in the journal of `folder`, and the first file that has any of them. What cannot be read is left out.
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
        // What has vanished meanwhile was gathered into a file that is new.
        let again = files(folder);
        if again == listed {
            return found;
        }
        listed = again;
    }
}

/// Puts the files of processes that are gone into one, if there are many. Each process holds its own file locked, and nobody's lines are lost: the
/// new file is safe before the old ones are removed. What cannot be done is left for the next time.
pub(in crate::store) fn gather(folder: &Path) {
    let files = files(folder);
    if files.len() <= MOST {
        return;
    }
    // They stay locked until they are gone.
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
        // Torn by a kill, and so no line; it would look like one that was damaged.
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

/// Takes the journal of another folder over; no line that is here already is lost. What has nothing new is not written, even where it
/// is here in another file, since it was gathered.
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

/// Takes in the lines of a file.
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
            // The lines behind it are of another process than those before, whoever it is. It is told of with them.
            (Some(Err(_)), _) | (None, None) => parts.push((format!("{name}:{}", parts.len()), line.to_vec())),
        }
    }
    parts.into_iter().for_each(|(process, lines)| join(found.entry(process).or_default(), &lines));
}

/// Puts the lines of one process together. Mostly the ones are the beginning of the others.
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
            journal::{Asked, Entry, Journal, Origins, damage, read},
            tests::records,
        },
    };

    fn entry(number: u64) -> Entry {
        let own = Entry::of_this_machine("0.1.0", Instructions::NONE, &Asked::default());
        Entry { started: number, origin: Origin::default(), ..own }
    }

    /// Processes that have each computed the run, and are still there.
    fn work(folder: &Path, numbers: std::ops::Range<u64>, record: &Record) -> Vec<Journal> {
        let work = |number| {
            let mut journal = Journal::new(folder, &entry(number));
            journal.committed(Path::new("x.seg"), [record]);
            journal
        };
        numbers.map(work).collect()
    }

    #[test]
    fn many_files_become_few_and_every_line_is_kept() {
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
        assert_eq!(files(folder.path()).len(), 2, "one of those that are gone, one of the one that is not");
        live[0].committed(Path::new("y.seg"), [&record]);
        assert_eq!(started(), (0..41).collect::<Vec<_>>());
        assert_eq!(read(folder.path())[40].computed, 2, "what is written after gathering is not lost");
        assert_eq!(Origins::read(folder.path()).of(record.id, record.digest()).len(), 41);
        assert_eq!(damage(folder.path()), [], "a line that a kill has torn is none that was damaged");
        // The same again, with a file that was gathered and not removed, and the gathered one copied to another folder.
        drop((live, work(folder.path(), 41..80, &record)));
        fs::copy(&files(folder.path())[3], folder.path().join("journal/9-left.jsonl")).unwrap();
        compact();
        assert_eq!(files(folder.path()).len(), 1);
        let other = tempfile::tempdir().unwrap();
        fs::create_dir(other.path().join("journal")).unwrap();
        let early = &files(folder.path())[0];
        copy(folder.path(), other.path()).unwrap();
        assert_eq!(read(other.path()), read(folder.path()));
        // What is here in another file is not written again; where the folder was taken away, nothing is put in its place.
        let renamed = other.path().join("journal/gathered-0123456789ab.jsonl");
        fs::rename(other.path().join("journal").join(early.file_name().unwrap()), &renamed).unwrap();
        copy(folder.path(), other.path()).unwrap();
        assert_eq!(files(other.path()), [renamed]);
        assert!(copy(folder.path(), &other.path().join("gone")).is_err());
        assert!(!other.path().join("gone").exists());
        assert_eq!(started().len(), 81);
    }

    #[test]
    fn a_copy_loses_no_line_of_either() {
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
