//! Remedies for missing or changed tables and for folders that cannot be written. A remedy is a command that works in
//! the current folder, with a specification that exists.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{CliError, Code, Common, Exit, custom, text};
use crate::{
    escape,
    results::{Manifest, study_text},
    run,
    store::{self, StoreError},
    sweep::{self, Study},
};

/// The remedy that computes the results of a study in `folder` again.
pub(super) fn compute(folder: &Path, study: &Study) -> String {
    if let Some(owner) = custom::experiment(folder) {
        return format!("{}compute it again: {}", custom::rename(folder, study), store::remedy(folder, &owner));
    }
    let computed = if study.kind.is_default() { "trained" } else { "computed" };
    let runs = if folder.join("segments").is_dir() {
        format!("stored runs are not {computed} again")
    } else {
        format!("its runs are not stored and are {computed} again")
    };
    let lacks = missing_file(study)
        .map_or_else(String::new, |file| format!("; it reads {file}, which is missing: restore it first"));
    let (command, renaming) = (sweep(folder, study, None), rename_note(folder, study));
    format!("compute it again with `{command}`{renaming}; {runs}{lacks}")
}

/// The command that computes `study` in `folder`. A study has the name of its specification and its folder, so for a
/// folder that was renamed or copied, the command uses the specification in the folder.
pub(super) fn sweep(folder: &Path, study: &Study, given: Option<&Path>) -> String {
    let kept = || match renamed(folder, study) {
        Some(_) => folder.join("study.toml"),
        None => specification(study, folder),
    };
    let specification = given.map_or_else(kept, Path::to_path_buf);
    let above = match (folder.file_name(), folder.parent()) {
        (Some(_), Some(parent)) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        (Some(_), _) => PathBuf::from("."),
        (None, _) => folder.join(".."),
    };
    let results = if above == Path::new("results") {
        String::new()
    } else {
        format!(" --results {}", escape::shell_path(&above))
    };
    format!("{} sweep {}{results}", program(study), escape::shell_path(&specification))
}

/// The program that runs a study: this one, or a placeholder for that of an unknown experiment.
pub(super) fn program(study: &Study) -> String {
    match run::can_run(study) {
        true => "restudy".into(),
        false => format!("PROGRAM-OF-{}", study.declaration().name.to_uppercase()),
    }
}

/// The name of a folder that differs from the name of its study because it was renamed or copied.
pub(super) fn renamed(folder: &Path, study: &Study) -> Option<String> {
    let name = folder.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned();
    (name != study.name).then_some(name)
}

/// The note that a sweep in a renamed folder renames the study.
pub(super) fn rename_note(folder: &Path, study: &Study) -> String {
    let name = renamed(folder, study).map(|name| escape::line(&name).into_owned());
    name.map_or_else(String::new, |name| {
        format!(", which renames the study from {} to {name}, the name of this folder", study.name)
    })
}

/// The specification to sweep for `study` in `folder`: one at a usual path if it is the same study; else one at a usual
/// path that the manifest was made from (the copy in the folder was edited then); else the copy in the folder.
pub(super) fn specification(study: &Study, folder: &Path) -> PathBuf {
    let read: Vec<_> = usual_paths(&study.name)
        .into_iter()
        .filter(|file| file.is_file())
        .filter_map(|file| Some((sweep::load(&file, &[]).ok()?, file)))
        .collect();
    let made_from = Manifest::read_head(folder).ok().map(|manifest| manifest.specification);
    let same = |other: &Study| other.canonical_toml() == study.canonical_toml();
    let made = |other: &Study| Some(study_text(other, folder).1) == made_from;
    let found = read.iter().find(|(other, _)| same(other)).or_else(|| read.iter().find(|(other, _)| made(other)));
    found.map_or_else(|| folder.join("study.toml"), |(_, file)| file.clone())
}

/// The usual paths of the specification of a study.
fn usual_paths(name: &str) -> [PathBuf; 2] {
    let name = format!("{name}.toml");
    [PathBuf::from(&name), Path::new("experiments").join(&name)]
}

/// The study that the results in `folder` were made from: from the folder, from `given`, or from a usual path. If none
/// of these has the digest in the manifest, the one in the folder and `false`.
///
/// # Errors
/// None has the digest, and the one in the folder cannot be read.
pub(super) fn made_from(folder: &Path, manifest: &Manifest, given: Option<&Path>) -> Result<(Study, bool), CliError> {
    let file = folder.join("study.toml");
    let kept = sweep::read_kept(&file).and_then(|text| sweep::parse(&manifest.study, &file, &text, &[]));
    let is_it = |study: &Study| study_text(study, folder).1 == manifest.specification;
    if let Ok(kept) = &kept
        && is_it(kept)
    {
        return Ok((kept.clone(), true));
    }
    let others =
        given.map(Path::to_path_buf).into_iter().chain(usual_paths(&manifest.study)).filter(|file| file.is_file());
    match others.filter_map(|file| sweep::load(&file, &[]).ok()).find(is_it) {
        Some(study) => Ok((study, true)),
        None => Ok((kept?, false)),
    }
}

fn missing_file(study: &Study) -> Option<String> {
    let files = study.trials.iter().take(1000).flat_map(|trial| study.files(trial)).map(|(_, name)| name);
    files.into_iter().find(|file| !Path::new(file).is_file())
}

/// The error of writing the files of `command` to its folder; `--output` is the remedy if permission is missing.
pub(super) fn unwritable(error: StoreError, folder: &Path, command: &str) -> CliError {
    match &error {
        StoreError::Io { source, .. }
            if matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) =>
        {
            let name = escape::shell_path(folder);
            CliError::machine(
                Code::FolderReadOnly,
                format!("cannot write to the results folder {}: {source}", folder.display()),
                format!(
                    "write to another folder with `restudy {command} {name} --output DIR`, or compare only with --check; nothing was changed"
                ),
            )
        }
        _ => error.into(),
    }
}

/// Refuses an output folder inside the results folder.
pub(super) fn require_outside(output: &Path, folder: &Path, whose: &str) -> Result<(), CliError> {
    if is_inside(output, folder) {
        return Err(CliError::usage(
            Code::OutputInside,
            format!("{} is inside the results folder, where only the study's own {whose}", output.display()),
            "choose another folder with --output",
        ));
    }
    Ok(())
}

/// Whether a path, which need not exist yet, is inside the results folder.
pub(super) fn is_inside(output: &Path, folder: &Path) -> bool {
    // The nearest existing ancestor locates a folder that does not exist yet.
    let nearest = output
        .ancestors()
        .find_map(|folder| fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok());
    nearest.is_some_and(|nearest| fs::canonicalize(folder).is_ok_and(|own| nearest.starts_with(own)))
}

pub(super) fn state(folder: &Path, name: &str) -> &'static str {
    if folder.join(name).exists() { "is not what the tables give" } else { "is missing" }
}

/// Prints the files that are missing or out of date, or that all are current.
pub(super) fn print_current(folder: &Path, found: &[(&str, &'static str)], all: &str, common: &Common) -> Exit {
    if common.json() {
        let list = found.iter().map(|(name, state)| json!({ "file": name, "state": state }));
        text::say_json(json!({
            "folder": folder.to_string_lossy(), "current": found.is_empty(), "differences": list.collect::<Vec<_>>(),
        }));
    } else {
        found.iter().for_each(|(name, state)| text::say(format!("{} {state}", folder.join(name).display())));
        if found.is_empty() && !common.quiet {
            text::say(all);
        }
    }
    if found.is_empty() { Exit::Done } else { Exit::Difference }
}
