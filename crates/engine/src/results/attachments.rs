//! The files of a results folder that are no results, and that the report shows nevertheless: the verdicts of other
//! machines in `verdicts/`, and in `versions/` what is installed on the machines that computed the runs of a program.
//!
//! The report depends on them, so the manifest lists each that it was made with. They enter with the next report; until
//! then, a file that is only in the folder changes nothing.

use std::{collections::BTreeMap, fs, io::Read, path::Path};

use serde::Deserialize;

use super::{
    Manifest, Rendered,
    names::is_name,
    page,
    verdict::Verdict,
    verify::{Difference, Files},
};
use crate::{
    digest::Digest,
    run::Described,
    store::{
        self,
        beside::{VERDICTS, VERSIONS},
        json,
    },
};

/// The most bytes of an attachment.
const MOST_BYTES: u64 = 1 << 20;

/// The most attachments of a report.
const MOST: usize = 1000;

/// The attachments of a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attachments {
    /// The files, by their paths in the results folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The verdicts, by the names of their files, in order.
    pub verdicts: Vec<(String, Verdict)>,
    /// What is installed on the machines that computed runs, in the order of the names of the files.
    pub installed: Vec<Vec<Described>>,
}

/// The folders of attachments.
const FOLDERS: [&str; 2] = [VERDICTS, VERSIONS];

/// An entry of a file in `versions/`.
#[derive(Deserialize)]
struct Entry {
    command: String,
    output: String,
}

/// Whether a path in a manifest is that of an attachment.
#[must_use]
pub fn is_attachment(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, name)| FOLDERS.contains(&folder) && is_file(name))
}

/// Whether a name is that of an attachment in its folder. Hidden files are files that are being written.
fn is_file(name: &str) -> bool {
    name.ends_with(".json") && !name.starts_with('.') && is_name(name)
}

impl Attachments {
    /// Reads the attachments that are in a results folder. Calls `notice` with what is there and is none.
    #[must_use]
    pub fn here(folder: &Path, notice: &dyn Fn(&str)) -> Self {
        let paths = FOLDERS.iter().flat_map(|own| {
            let entries = fs::read_dir(folder.join(own)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            names.filter(|name| is_file(name)).map(move |name| format!("{own}/{name}"))
        });
        let mut paths: Vec<_> = paths.collect();
        paths.sort_unstable();
        let mut found = Self::default();
        for (place, path) in paths.into_iter().enumerate() {
            let added = match read(folder, &path) {
                _ if place >= MOST => Err(format!("a report shows at most {MOST} of them")),
                Ok(bytes) => found.add(path.clone(), bytes),
                Err(reason) => Err(reason),
            };
            if let Err(reason) = added {
                notice(&format!("{}: the report does not show it: {reason}", folder.join(&path).display()));
            }
        }
        found
    }

    /// Reads the attachments that a manifest lists; and those that are missing, changed or unreadable, by their paths.
    #[must_use]
    pub fn listed(folder: &Path, manifest: &Manifest) -> (Self, Lost) {
        let (mut found, mut lost) = (Self::default(), Lost::default());
        for (path, digest) in manifest.files.iter().filter(|(path, _)| is_attachment(path)) {
            if !folder.join(path).exists() {
                lost.0.insert(path.clone(), missing(folder, path));
                continue;
            }
            let added = read(folder, path).and_then(|bytes| match Digest::of(&bytes) == *digest {
                true => found.add(path.clone(), bytes),
                false => Err("its bytes do not match the manifest".into()),
            });
            if let Err(how) = added {
                lost.0.insert(path.clone(), Some(Difference { what: path.clone(), how }));
            }
        }
        (found, lost)
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) -> Result<(), String> {
        match path.split_once('/') {
            Some((VERDICTS, name)) => self.verdicts.push((name.to_owned(), Verdict::read(&bytes)?)),
            _ => {
                let entries: Vec<Entry> =
                    json::from_slice(&bytes).map_err(|_| "it is not a list of commands and their outputs")?;
                let described = |Entry { command, output }| Described { command, output: Some(output) };
                self.installed.push(entries.into_iter().map(described).collect());
            }
        }
        self.files.insert(path, bytes);
        Ok(())
    }

    /// Whether a manifest lists exactly these attachments.
    #[must_use]
    pub fn are_listed(&self, manifest: &Manifest) -> bool {
        let listed = manifest.files.iter().filter(|(path, _)| is_attachment(path));
        let own = self.files.iter().map(|(path, bytes)| (path, Digest::of(bytes)));
        own.eq(listed.map(|(path, digest)| (path, *digest)))
    }

    /// Returns the manifest of the same results with a report that shows these attachments.
    #[must_use]
    pub fn listed_in(&self, manifest: &Manifest, pages: &[(&str, String)]) -> Manifest {
        let mut manifest = manifest.clone();
        manifest.files.retain(|path, _| !is_attachment(path));
        manifest.files.extend(self.files.iter().map(|(path, bytes)| (path.clone(), Digest::of(bytes))));
        manifest.files.extend(pages.iter().map(|(name, page)| ((*name).to_owned(), Digest::of(page.as_bytes()))));
        manifest
    }
}

/// The difference of a listed attachment that is missing; `None` if no report is there either, which would need it.
#[must_use]
pub fn missing(folder: &Path, path: &str) -> Option<Difference> {
    let is_needed = pages().any(|page| folder.join(page).exists());
    let how =
        "it is missing, and the report shows what it says: restore it, or make the report again with `restudy report`";
    (is_needed && is_attachment(path)).then(|| Difference { what: path.into(), how: how.into() })
}

/// The names of the pages of the report.
fn pages() -> impl Iterator<Item = &'static str> {
    page::writer().into_iter().flat_map(|writer| writer.names()).copied()
}

/// Listed attachments without which the report cannot be made again, each with its difference, if it is one.
#[derive(Debug, Default)]
pub struct Lost(BTreeMap<String, Option<Difference>>);

impl Lost {
    /// Leaves out of rendered files what depends on lost attachments, so that each difference is found once. The pages
    /// are compared with the manifest instead. Returns what is found of these files.
    pub fn leave_out(self, rendered: &mut Rendered, manifest: &Manifest, folder: &Path) -> Files {
        let Files { mut found, mut absent, other } = Files::default();
        if self.0.is_empty() {
            return Files { found, absent, other };
        }
        for path in self.0.keys().cloned().chain(pages().map(str::to_owned)) {
            if let Some(digest) = manifest.files.get(&path) {
                rendered.manifest.files.insert(path, *digest);
            }
        }
        for name in pages() {
            rendered.files.remove(name);
            match (store::read(&folder.join(name)), manifest.files.get(name)) {
                (Ok(bytes), Some(digest)) if Digest::of(&bytes) != *digest => {
                    found.push(Difference { what: name.into(), how: "its bytes do not match the manifest".into() });
                }
                (Err(_), _) => absent.push(name.into()),
                _ => {}
            }
        }
        rendered.files.insert("manifest.json".into(), rendered.manifest.to_text().into_bytes());
        for (path, difference) in self.0 {
            match difference {
                Some(difference) => found.push(difference),
                None => absent.push(path),
            }
        }
        Files { found, absent, other }
    }
}

/// The bytes of an attachment, which must be a file of the folder and no link, since results are untrusted.
fn read(folder: &Path, path: &str) -> Result<Vec<u8>, String> {
    let file = folder.join(path);
    if file.parent().is_none_or(Path::is_symlink) || file.is_symlink() {
        return Err("it is a link".into());
    }
    let unreadable = |error: std::io::Error| format!("it cannot be read: {error}");
    let mut bytes = Vec::new();
    let opened = store::open(&file).map_err(unreadable)?;
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES { Err("it is larger than 1 MB".into()) } else { Ok(bytes) }
}
