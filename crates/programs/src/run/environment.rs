//! The environment of a run: a short list of variables of the user, some that are the same for every run, those of the
//! specification, and those of restudy.

use std::{collections::BTreeMap, env, ffi::OsString, path::PathBuf};

use super::{Condition, conditions, folder::RunFolder};
use crate::{engine_run::RunError, kind::ProgramSettings, seed::Seed, spec::Template};

/// The variables that a run takes over from the user. Everything else is hidden, unless the specification sets it.
pub const PASSED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
];

/// Returns all variables of a run.
pub(super) fn variables(
    settings: &ProgramSettings,
    seed: Seed,
    device: Option<&str>,
    folder: &RunFolder,
    varied: &[Condition],
) -> Result<BTreeMap<OsString, OsString>, RunError> {
    let passed = PASSED.iter().filter_map(|name| Some((OsString::from(*name), env::var_os(name)?)));
    let mut variables: BTreeMap<OsString, OsString> = match &settings.command.container {
        None => passed.collect(),
        // The folders of the user are not there, and the image has its own programs.
        Some(_) => BTreeMap::from([("HOME".into(), super::container::HOME.into())]),
    };
    variables.extend(conditions::fixed(&settings.command));
    if let (Some(devices), Some(device)) = (&settings.command.devices, device) {
        variables.insert(devices.variable.clone().into(), device.into());
    }
    for (name, text) in &settings.command.environment {
        variables.insert(name.into(), folder.filled(text, settings, seed)?.into());
    }
    for condition in varied {
        condition.apply(&settings.command, folder.other(), &mut variables);
    }
    variables.insert("RESTUDY_SEED".into(), seed.0.to_string().into());
    variables.insert("RESTUDY_RUN_DIR".into(), folder.path().into());
    variables.insert("RESTUDY_SETTINGS".into(), folder.settings_file().into());
    variables.insert(super::reaper::VARIABLE.into(), super::reaper::token().into());
    Ok(variables)
}

/// Returns the file of a program on the path.
#[must_use]
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &std::path::Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

/// Reads a checked template.
pub(super) fn template(text: &str) -> Template {
    Template::read(text).expect("checked when the specification was read")
}
