//! The folder of the installed kernel, and its settings.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{NotebookCause, NotebookError};
use crate::digest::Digest;

/// The folder of the installed kernel: `RESTUDY_NOTEBOOK_HOME`, or `restudy/notebook` in the user's folder for data.
///
/// ```text
/// bin/restudy-kernel     the program that Jupyter starts, and that runs notebooks without Jupyter
/// evcxr/                 evcxr_jupyter, if it was not installed before
/// kernel.json            Settings
/// facade/                the library that cells link
/// analyzer/              its sources for rust-analyzer, with the signatures of a small standard library
/// config/                evcxr.toml, init.evcxr, prelude.rs
/// run/                   one folder for each running kernel
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

/// The settings of the kernel: `kernel.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The version of this file.
    pub format: u32,
    /// The executable of evcxr_jupyter.
    pub evcxr: PathBuf,
    /// The compiler that built the library: the first line of `rustc -vV`.
    pub rustc: String,
    /// The environment variables of evcxr.
    pub env: serde_json::Map<String, Value>,
    /// The command that rebuilds the library.
    pub rebuild: Vec<String>,
    /// The first command of a process that runs cells.
    pub start: String,
    /// The folder of the sources of the library.
    pub source: PathBuf,
    /// The digest of these sources and of the full version of the compiler.
    pub library: Digest,
}

/// The version of `kernel.json`.
pub const FORMAT: u32 = 1;

/// The name of the kernel in Jupyter.
pub const KERNEL: &str = "restudy";

impl Home {
    /// Returns the folder for the current user.
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

    /// Returns the path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the path of a file or folder in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Returns the path of the program that communicates with kernels.
    #[must_use]
    pub fn driver(&self) -> PathBuf {
        self.0.join("bin").join(format!("restudy-kernel{}", env::consts::EXE_SUFFIX))
    }

    /// Returns the settings, if the kernel is installed.
    #[must_use]
    pub fn settings(&self) -> Option<Settings> {
        let text = fs::read_to_string(self.join("kernel.json")).ok()?;
        serde_json::from_str(&text).ok().filter(|settings: &Settings| settings.format == FORMAT)
    }
}

/// Returns the folder of the kernelspec among those of the user.
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

/// Returns the folder of the sources: `RESTUDY_SOURCE`, or the folder that this program was compiled in.
///
/// # Errors
/// The folder has no sources.
pub fn source() -> Result<PathBuf, NotebookError> {
    let own = env::var_os("RESTUDY_SOURCE").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    if own.join("notebook").join("facade").join("Cargo.toml").is_file() {
        return Ok(own);
    }
    Err(NotebookError::new(
        NotebookCause::NoSources,
        format!("the sources of restudy are not in {}", own.display()),
        "the library for notebooks is built from them: clone them and set RESTUDY_SOURCE to their folder",
    ))
}

/// The data folder of the user.
fn user_data() -> Result<PathBuf, NotebookError> {
    let named = if cfg!(windows) { "APPDATA" } else { "XDG_DATA_HOME" };
    match env::var_os(named).map(PathBuf::from).filter(|own| own.is_absolute()) {
        Some(own) => Ok(own),
        None => Ok(home_folder()?.join(".local").join("share")),
    }
}

fn home_folder() -> Result<PathBuf, NotebookError> {
    env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
        NotebookError::new(
            NotebookCause::NoHome,
            "this user has no home folder",
            "set RESTUDY_NOTEBOOK_HOME to a folder for the kernel",
        )
    })
}
