//! The folder of a run: a fresh one with copies of the inputs and the settings of the run.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{Condition, environment, failed, reaper};
use crate::{
    engine_run::RunError,
    kind::ProgramSettings,
    seed::Seed,
    spec::{Command, SETTINGS, parameters::argument},
};

/// The folder of a run; it is removed when the run has ended.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    /// An empty folder, if conditions are varied.
    other: PathBuf,
}

impl RunFolder {
    /// Creates the folder with its files.
    pub fn create(settings: &ProgramSettings, seed: Seed, varied: &[Condition]) -> Result<Self, RunError> {
        reaper::watch();
        let other = reaper::base().join("another folder \u{e9}");
        let is_other = varied.contains(&Condition::Folder);
        let base = if is_other { &other } else { reaper::base() };
        let what = |path: &Path| format!("create the folder of a run in {}", path.display());
        let create = || {
            make_folder(base)?;
            tempfile::Builder::new().prefix("run-").tempdir_in(base)
        };
        let mut path = create();
        // A run that ends removes the folder of all runs if no other run is in it.
        while path.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
            && reaper::base().parent().is_some_and(Path::exists)
        {
            path = create();
        }
        let path = path.map_err(|error| failed(&what(base), &error))?;
        // Removed by `Drop` of this folder, also if it contains folders that cannot be written.
        let folder = Self { path: path.keep(), other: reaper::base().join("other") };
        if !varied.is_empty() {
            fs::create_dir_all(&folder.other).map_err(|error| failed(&what(&folder.other), &error))?;
        }
        if settings.command.hermetic {
            for (name, file) in &settings.command.inputs.0 {
                copy(Path::new(file), &folder.path.join(name))
                    .map_err(|error| failed(&format!("copy the input {file}"), &error))?;
            }
        }
        let text = json!({ "seed": seed.0, "parameters": settings.parameters });
        let file = folder.settings_file();
        fs::write(&file, format!("{text:#}\n"))
            .map_err(|error| failed(&format!("write {}", file.display()), &error))?;
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn other(&self) -> &Path {
        &self.other
    }

    pub fn settings_file(&self) -> PathBuf {
        self.path.join(SETTINGS)
    }

    /// The folder in which the program starts.
    pub fn working<'a>(&'a self, command: &'a Command) -> &'a Path {
        match &command.folder {
            Some(folder) if folder.is_empty() => Path::new("."),
            Some(folder) => Path::new(folder),
            None => &self.path,
        }
    }

    /// Returns the program and its arguments. A program with a relative path is one of the working folder.
    pub fn words(&self, settings: &ProgramSettings, seed: Seed, varied: &[Condition]) -> Result<Vec<String>, RunError> {
        let words = settings.command.run.iter().map(|word| self.filled(word, settings, seed));
        let mut words = words.collect::<Result<Vec<_>, _>>()?;
        if words[0].contains('/') && !Path::new(&words[0]).is_absolute() {
            let folder = self.working(&settings.command);
            let folder = std::path::absolute(folder).map_err(|error| failed("read the current folder", &error))?;
            words[0] = folder.join(&words[0]).to_string_lossy().into_owned();
        }
        if varied.contains(&Condition::Umask) {
            words.splice(0..0, ["sh", "-c", "umask 027; exec \"$@\"", "sh"].map(str::to_owned));
        }
        Ok(words)
    }

    /// Fills the placeholders of a text.
    pub fn filled(&self, text: &str, settings: &ProgramSettings, seed: Seed) -> Result<String, RunError> {
        let value = |name: &str| match name {
            "seed" => Some(seed.0.to_string()),
            "run-dir" => Some(self.path.to_string_lossy().into_owned()),
            "settings" => Some(self.settings_file().to_string_lossy().into_owned()),
            name => settings.parameters.get(name).map(argument),
        };
        let filled = environment::template(text).fill(&value).expect("placeholders were checked");
        if filled.contains('\0') {
            return Err(RunError::Source {
                code: "program.argument",
                message: format!("the argument {text:?} contains the character 0"),
                help: "remove it from the parameters of the study".into(),
            });
        }
        Ok(filled)
    }
}

/// Creates a folder for the folders of runs. The one above it, for temporary files, must be there.
fn make_folder(base: &Path) -> io::Result<()> {
    for folder in [reaper::base(), base] {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Copies a file, which the program cannot write by accident. On file systems that share blocks, the copy takes no
/// space.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to)?;
    let mut permissions = fs::metadata(to)?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(to, permissions)
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        remove(&self.path);
        // Fails while other runs are in it.
        let _ = self.path.parent().map(fs::remove_dir);
        let _ = fs::remove_dir(reaper::base());
    }
}

/// Removes a folder, also if it contains folders that cannot be written.
pub(super) fn remove(path: &Path) {
    if fs::remove_dir_all(path).is_ok() || !path.exists() {
        return;
    }
    make_writable(path);
    let _ = fs::remove_dir_all(path);
}

#[cfg(unix)]
fn make_writable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            make_writable(&entry.path());
        }
    }
}

#[cfg(not(unix))]
fn make_writable(path: &Path) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() {
            make_writable(&entry.path());
        } else {
            let mut permissions = about.permissions();
            #[expect(
                clippy::permissions_set_readonly_false,
                reason = "elsewhere than on Unix, it concerns this file alone"
            )]
            permissions.set_readonly(false);
            let _ = fs::set_permissions(entry.path(), permissions);
        }
    }
}
