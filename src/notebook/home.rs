//! Where the kernel lives, and what it is told.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::NotebookError;
use crate::digest::Digest;

/// The folder of the installed kernel: `RESTUDY_NOTEBOOK_HOME`, or `restudy/notebook` in the user's folder for data.
///
/// ```text
/// bin/restudy-kernel     what Jupyter starts, and what runs notebooks without Jupyter
/// evcxr/                 evcxr_jupyter, if it was not on the machine before
/// kernel.json            Settings
/// facade/                the library as cells link it
/// analyzer/              the same as rust-analyzer reads it, with a small standard library of signatures
/// config/                evcxr.toml, init.evcxr, prelude.rs
/// run/                   one folder for each kernel at work
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

/// What the kernel is told: `kernel.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The version of this file.
    pub format: u32,
    /// The executable of evcxr_jupyter.
    pub evcxr: PathBuf,
    /// The compiler that the library was built by: the first line of `rustc -vV`.
    pub rustc: String,
    /// What evcxr finds in its environment.
    pub env: serde_json::Map<String, Value>,
    /// The command that builds the library anew.
    pub rebuild: Vec<String>,
    /// What a process that runs cells executes first.
    pub start: String,
    /// The sources that it was built from.
    pub source: PathBuf,
    /// The digest of these sources, and of the compiler's full version.
    pub library: Digest,
}

/// The version of `kernel.json`.
pub const FORMAT: u32 = 1;

/// The name of the kernel, as Jupyter lists it.
pub const KERNEL: &str = "restudy";

impl Home {
    /// The folder of this user.
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn find() -> Result<Self, NotebookError> {
        if let Some(own) = env::var_os("RESTUDY_NOTEBOOK_HOME").filter(|own| !own.is_empty()) {
            let own = PathBuf::from(own);
            return std::path::absolute(&own).map(Self).map_err(|error| NotebookError::io("find", &own, error));
        }
        Ok(Self(user_data()?.join("restudy").join("notebook")))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file or folder in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The program that speaks to kernels.
    #[must_use]
    pub fn driver(&self) -> PathBuf {
        self.0.join("bin").join(format!("restudy-kernel{}", env::consts::EXE_SUFFIX))
    }

    /// What the kernel is told, if it is installed.
    #[must_use]
    pub fn settings(&self) -> Option<Settings> {
        let text = fs::read_to_string(self.join("kernel.json")).ok()?;
        serde_json::from_str(&text).ok().filter(|settings: &Settings| settings.format == FORMAT)
    }
}

/// The folder of our kernelspec, where Jupyter looks for those of this user.
///
/// # Errors
/// The user has no home folder.
pub fn kernelspec() -> Result<PathBuf, NotebookError> {
    let data = match env::var_os("JUPYTER_DATA_DIR").filter(|own| !own.is_empty()) {
        Some(own) => PathBuf::from(own),
        None if cfg!(target_os = "macos") => home_folder()?.join("Library").join("Jupyter"),
        None => user_data()?.join("jupyter"),
    };
    Ok(data.join("kernels").join(KERNEL))
}

/// The sources of this program: `RESTUDY_SOURCE`, or where it was compiled from, if they are still there.
///
/// # Errors
/// They are not there.
pub fn source() -> Result<PathBuf, NotebookError> {
    let own = env::var_os("RESTUDY_SOURCE").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    if own.join("notebook").join("facade").join("Cargo.toml").is_file() {
        return Ok(own);
    }
    Err(NotebookError::usage(
        format!("the sources of restudy are not in {}", own.display()),
        "the library for notebooks is built from them: clone them, and say where with RESTUDY_SOURCE",
    ))
}

/// The folder for data of this user.
fn user_data() -> Result<PathBuf, NotebookError> {
    let named = if cfg!(windows) { "APPDATA" } else { "XDG_DATA_HOME" };
    match env::var_os(named).map(PathBuf::from).filter(|own| own.is_absolute()) {
        Some(own) => Ok(own),
        None => Ok(home_folder()?.join(".local").join("share")),
    }
}

fn home_folder() -> Result<PathBuf, NotebookError> {
    env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
        NotebookError::usage(
            "this user has no home folder",
            "say where the kernel shall live with RESTUDY_NOTEBOOK_HOME",
        )
    })
}
