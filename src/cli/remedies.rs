//! What to do where results cannot be worked with as they are: tables are missing or were changed, or the folder cannot be written to. A
//! remedy is a command that works where it is read, with a specification that is there.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{CliError, Common, Exit, custom, text};
use crate::{
    escape,
    results::{Manifest, study_text},
    run,
    store::{self, StoreError},
    sweep::{self, Study},
};

/// How the results of a study in `folder` are computed again.
pub(super) fn compute(folder: &Path, study: &Study) -> String {
    if let Some(owner) = custom::experiment(folder) {
        return format!("{}compute it again: {}", custom::rename(folder, study), store::remedy(folder, &owner));
    }
    let runs = if folder.join("segments").is_dir() {
        "finished runs are not trained again"
    } else {
        "its runs are not here, and are trained again"
    };
    let lacks = missing(study)
        .map_or_else(String::new, |file| format!("; it reads {file}, which is not there: put it there first"));
    let (command, calls) = (sweep(folder, study, None), calls(folder, study));
    format!("compute it again with `{command}`{calls}; {runs}{lacks}")
}

/// The command that computes what `study` in `folder` asks, in this folder and no other: of a folder that was renamed or copied, by the specification that
/// is kept in it, since a study has the name of its specification, and this one that of its folder.
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

/// The program that runs a study: this one, or that of an experiment which this one does not have.
pub(super) fn program(study: &Study) -> String {
    match run::can_run(study) {
        true => "restudy".into(),
        false => format!("PROGRAM-OF-{}", study.declaration().name.to_uppercase()),
    }
}

/// The name of a folder that is not that of its study: it was renamed, or is a copy.
pub(super) fn renamed(folder: &Path, study: &Study) -> Option<String> {
    let name = folder.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned();
    (name != study.name).then_some(name)
}

/// What a sweep of a folder that was renamed does to the name of its study.
pub(super) fn calls(folder: &Path, study: &Study) -> String {
    let name = renamed(folder, study).map(|name| escape::line(&name).into_owned());
    name.map_or_else(String::new, |name| {
        format!(", which calls the study {name}, as this folder, and not {} any more", study.name)
    })
}

/// The specification to sweep for what `study` in `folder` asks: where people keep specifications, if that asks for the same; else the one that the
/// manifest was made from, if that is there and the copy in the folder was edited; else that copy.
pub(super) fn specification(study: &Study, folder: &Path) -> PathBuf {
    let read: Vec<_> = usual(&study.name)
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

/// Where people keep the specification of a study.
fn usual(name: &str) -> [PathBuf; 2] {
    let name = format!("{name}.toml");
    [PathBuf::from(&name), Path::new("experiments").join(&name)]
}

/// The study that the results in `folder` were made from: as it is kept there, as `given`, or from where people keep specifications. Where none of them is
/// the one of the manifest, the kept one, and `false`.
///
/// # Errors
/// There is none, and the kept one cannot be read.
pub(super) fn made_from(folder: &Path, manifest: &Manifest, given: Option<&Path>) -> Result<(Study, bool), CliError> {
    let file = folder.join("study.toml");
    let kept = sweep::read_kept(&file).and_then(|text| sweep::parse(&manifest.study, &file, &text, &[]));
    let is_it = |study: &Study| study_text(study, folder).1 == manifest.specification;
    if let Ok(kept) = &kept
        && is_it(kept)
    {
        return Ok((kept.clone(), true));
    }
    let others = given.map(Path::to_path_buf).into_iter().chain(usual(&manifest.study)).filter(|file| file.is_file());
    match others.filter_map(|file| sweep::load(&file, &[]).ok()).find(is_it) {
        Some(study) => Ok((study, true)),
        None => Ok((kept?, false)),
    }
}

/// A file of the data that is not there.
fn missing(study: &Study) -> Option<String> {
    let files = study.trials.iter().take(1000).flat_map(|trial| study.files(trial)).map(|(_, name)| name);
    files.into_iter().find(|file| !Path::new(file).is_file())
}

/// The error of writing what `command` makes to its folder: where that is not allowed, it can be written elsewhere.
pub(super) fn unwritable(error: StoreError, folder: &Path, command: &str) -> CliError {
    match &error {
        StoreError::Io { source, .. }
            if matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) =>
        {
            let name = escape::shell_path(folder);
            CliError::machine(
                format!("cannot write to the results folder {}: {source}", folder.display()),
                format!(
                    "write to another folder with `restudy {command} {name} --output DIR`, or only compare with --check; nothing was changed"
                ),
            )
        }
        _ => error.into(),
    }
}

/// Refuses a folder for copies that is in the results folder, where only the study's own files stand.
pub(super) fn require_outside(output: &Path, folder: &Path, whose: &str) -> Result<(), CliError> {
    if is_inside(output, folder) {
        return Err(CliError::usage(
            format!("{} is in the results folder, where only the study's own {whose}", output.display()),
            "choose another folder with --output",
        ));
    }
    Ok(())
}

/// Whether a file or folder, which need not be there yet, is in the results folder.
pub(super) fn is_inside(output: &Path, folder: &Path) -> bool {
    // Of a folder that is not there yet, the nearest one that is says where it would be.
    let nearest = output
        .ancestors()
        .find_map(|folder| fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok());
    nearest.is_some_and(|nearest| fs::canonicalize(folder).is_ok_and(|own| nearest.starts_with(own)))
}

/// What is to be said of a file of a folder that is not what it should be.
pub(super) fn state(folder: &Path, name: &str) -> &'static str {
    if folder.join(name).exists() { "is not what the tables give" } else { "is missing" }
}

/// Says which files are not what they should be, or that all are.
pub(super) fn tell_current(folder: &Path, found: &[(&str, &'static str)], all: &str, common: &Common) -> Exit {
    if common.json() {
        let told = found.iter().map(|(name, state)| json!({ "file": name, "state": state }));
        text::say_json(json!({
            "folder": folder.to_string_lossy(), "current": found.is_empty(), "differences": told.collect::<Vec<_>>(),
        }));
    } else {
        found.iter().for_each(|(name, state)| text::say(format!("{} {state}", folder.join(name).display())));
        if found.is_empty() && !common.quiet {
            text::say(all);
        }
    }
    if found.is_empty() { Exit::Done } else { Exit::Difference }
}
