//! `verify --note`: the verdict of this machine, in a file for the report of the author of the results.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    cli::{CliError, Code, remedies, text},
    results::{
        Extent, Manifest, Sample, VERSION, Verdict, Verification,
        verdict::{Done, FORMAT, Found, Printed},
        verify::Compared,
    },
    run::{self, Prepared},
    store::{self, Instructions, Machine, Origin, StoreError, beside::VERDICTS, journal, version},
    sweep::Study,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Also write what this machine found to FILE.json, for the report of the results, which lists the files in
    /// `verdicts/` of its folder.
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["bisect", "vary"])]
    note: Option<PathBuf>,
}

/// What a note is about.
pub(super) struct Subject<'a> {
    pub study: &'a Study,
    pub manifest: &'a Manifest,
    pub instructions: Instructions,
}

/// A note that can be written.
pub(super) struct Note<'a> {
    file: PathBuf,
    /// The folder of verdicts, which is created if it is missing.
    verdicts: Option<PathBuf>,
    subject: Subject<'a>,
    machine: Machine,
}

pub(super) struct Written {
    file: PathBuf,
    state: &'static str,
}

impl Options {
    /// Refuses, before anything is computed, a file that cannot be written or is of something else.
    pub(super) fn place<'a>(&self, results: &Path, subject: Subject<'a>) -> Result<Option<Note<'a>>, CliError> {
        let Some(file) = &self.note else { return Ok(None) };
        let refuse = |code: Code, why: &str, help: &str| Err(CliError::usage(code, format!("{} {why}", file.display()), help));
        let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let own = results.join(VERDICTS);
        let is_own = match above.canonicalize() {
            Ok(above) => own.canonicalize().is_ok_and(|own| own == above),
            // It does not exist yet.
            Err(_) => is_same_path(above, &own),
        };
        if !is_own && remedies::is_inside(file, results) {
            return refuse(
                Code::OutputInside,
                "is inside the results folder, where only the study's own files belong",
                "name a file in its folder `verdicts`, or one beside the results folder",
            );
        }
        if is_own && file.extension().is_none_or(|ending| ending != "json") {
            return refuse(Code::NoteEnding, "has another ending than .json, and the report would not list it", "name a file such as verdicts/lab.json");
        }
        if !is_own && !above.is_dir() {
            return refuse(Code::NoteNoFolder, "is in a folder that does not exist", "create the folder first, or name another file");
        }
        let machine = Machine::here(subject.study.kind.is_default().then_some(subject.instructions));
        let note = Note { file: file.clone(), verdicts: is_own.then_some(own), subject, machine };
        note.require_own()?;
        Ok(Some(note))
    }
}

/// Whether a path that does not exist is that of the folder of verdicts.
fn is_same_path(path: &Path, own: &Path) -> bool {
    let parent = |path: &Path| path.parent().map(|above| if above.as_os_str().is_empty() { PathBuf::from(".") } else { above.into() });
    let is_named = path.file_name().is_some_and(|name| name == VERDICTS);
    let above = |path: &Path| parent(path)?.canonicalize().ok();
    is_named && above(path).is_some() && above(path) == above(own)
}

impl Note<'_> {
    /// Refuses to replace what is not an earlier verdict of this machine on these results. Returns whether there is
    /// one.
    fn require_own(&self) -> Result<bool, CliError> {
        let file = &self.file;
        let refuse = |why: String, help: &str| Err(CliError::usage(Code::NoteOtherFile, format!("{} {why}", file.display()), help));
        match fs::symlink_metadata(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(StoreError::io("read", file, error).into()),
            Ok(about) if !about.is_file() => return refuse("is not a regular file".into(), "name another file"),
            Ok(_) => {}
        }
        let bytes = store::read(file).map_err(|error| StoreError::io("read", file, error))?;
        let earlier = match Verdict::read(&bytes) {
            Ok(earlier) => earlier,
            Err(why) => return refuse(format!("exists, and is not replaced: {why}"), "name another file, or remove this one"),
        };
        let is_own = earlier.root == self.subject.manifest.root && earlier.study == self.subject.manifest.study && earlier.machine == self.machine;
        if is_own { Ok(true) } else { refuse("has a verdict of another machine, or on other results".into(), "name another file") }
    }

    /// Writes the verdict of a verification; nothing if no run was computed, which says nothing about this machine.
    pub(super) fn of(&self, proof: &Verification, extent: &Extent<'_>, runs: usize) -> Result<Option<Written>, CliError> {
        if proof.computed == 0 {
            return Ok(None);
        }
        let done = match extent {
            Extent::Whole(_) => Done::All { runs },
            Extent::Sample(Sample { .. }) => Done::Sample { runs: proof.computed, of: runs },
        };
        let compared = proof.compared.clone();
        let result = match proof.differences.is_empty() {
            true if compared.different == 0 => Found::Same,
            true => Found::Within,
            false => Found::Differs,
        };
        self.write(done, result, compared).map(Some)
    }

    /// Writes the verdict.
    pub(super) fn write(&self, done: Done, result: Found, compared: Compared) -> Result<Written, CliError> {
        let Subject { study, manifest, instructions } = &self.subject;
        let origin = Origin::here(*instructions);
        let date = journal::utc(journal::now());
        let verdict = Verdict {
            format: FORMAT,
            study: manifest.study.clone(),
            root: manifest.root,
            specification: manifest.specification,
            restudy: version::marked(VERSION, &origin, None),
            date: date.split(' ').next().unwrap_or_default().to_owned(),
            done,
            result,
            compared,
            machine: self.machine.clone(),
            versions: run::described(study).iter().map(Printed::of).collect(),
        };
        if let Some(folder) = &self.verdicts {
            store::create_folder(folder)?;
        }
        // Another process may have written it meanwhile.
        let state = if self.require_own()? { "replaced" } else { "written" };
        store::write(&self.file, verdict.to_text().as_bytes()).map_err(StoreError::of_named)?;
        Ok(Written { file: self.file.clone(), state })
    }

    /// Refuses runs that the manifest does not list: a verdict on them is none on these results.
    pub(super) fn require_listed(&self, network: &dyn Prepared) -> Result<(), CliError> {
        let listed: BTreeSet<_> = self.subject.manifest.runs.iter().map(|run| run.id).collect();
        if network.tasks().iter().all(|task| listed.contains(&task.id)) {
            return Ok(());
        }
        Err(CliError::usage(
            Code::NoteOtherRuns,
            "the runs that would be computed here are not those of the results: the specification, the data or an input has changed",
            "restore what has changed (`restudy verify` names it), or leave out --note",
        ))
    }
}

impl Written {
    pub(super) fn say(&self) {
        let verb = if self.state == "replaced" { "replaced" } else { "wrote" };
        text::say(format!("note   {verb} {}", self.file.display()));
    }

    pub(super) fn json(&self) -> Value {
        json!({ "file": self.file.to_string_lossy(), "state": self.state })
    }
}
