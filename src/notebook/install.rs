//! Installs the kernel: builds or installs only missing or outdated parts.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    NotebookCause, NotebookError,
    build::{self, build, fingerprint},
    evcxr,
    home::{self, Home, KERNEL, Settings},
    library,
};

/// A step of an installation.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// A long step begins.
    Began(&'a str),
    /// A crate was compiled.
    Crate {
        /// Its name.
        name: &'a str,
        /// The number of compiled crates so far.
        made: usize,
    },
    /// A notice for the user.
    Notice(&'a str),
}

/// The options of an installation.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The executable of evcxr_jupyter, if it is not on the search path.
    pub evcxr: Option<PathBuf>,
    /// Whether to install a missing evcxr_jupyter.
    pub install_evcxr: bool,
    /// Whether to infer types with the sources of the standard library, if they are installed.
    pub rust_src: bool,
}

/// The sources of the program that communicates with kernels.
const DRIVER: [&str; 3] = ["notebook/channel", "notebook/kernel", "Cargo.lock"];

/// Installs evcxr, the program that communicates with kernels, the library, and the kernelspec. Returns the folder of
/// the kernelspec.
///
/// # Errors
/// A requirement is missing and cannot be installed automatically, or a file cannot be written.
pub fn install(home: &Home, options: &Options, report: &mut dyn FnMut(Step<'_>)) -> Result<PathBuf, NotebookError> {
    let source = home::source()?;
    let _lock = lock(home, report)?;
    let evcxr = evcxr::require(home, options, report)?;
    build_driver(home, &source, report)?;
    library::install(home, &source, &evcxr, options.rust_src, report)?;
    kernelspec(home)
}

/// Updates the installed kernel: rebuilds the parts whose sources or compiler changed.
///
/// # Errors
/// The kernel is not installed, or cannot be built.
pub fn refresh(home: &Home, report: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    let Some(settings) = home.settings() else {
        return Err(NotebookError::new(
            NotebookCause::NoKernel,
            "the Rust kernel is not installed",
            "run `restudy notebook install` once",
        ));
    };
    // An installed kernel works without its sources.
    let Ok(source) = home::source() else { return Ok(()) };
    let _lock = lock(home, report)?;
    build_driver(home, &source, report)?;
    if library::digest(&source)? != settings.library {
        report(Step::Notice(
            "the library for notebooks was built from other sources or by another compiler: rebuilding it",
        ));
        let rust_src = settings.env.get("RUST_SRC_PATH").is_none();
        library::install(home, &source, &settings.evcxr, rust_src, report)?;
    }
    Ok(())
}

/// Updates the program that communicates with kernels, which is all that other kernels need.
///
/// # Errors
/// The program cannot be built.
pub fn driver(home: &Home, report: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    match home::source() {
        Ok(source) => {
            let _lock = lock(home, report)?;
            build_driver(home, &source, report)
        }
        Err(_) if home.driver().is_file() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes everything that was installed; returns the removed folders.
///
/// # Errors
/// A folder cannot be removed.
pub fn uninstall(home: &Home) -> Result<Vec<PathBuf>, NotebookError> {
    let mut removed = Vec::new();
    for folder in [home::kernelspec()?, home.path().into()] {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| NotebookError::io("remove", &folder, error))?;
            removed.push(folder);
        }
    }
    // Removes the parent folder `restudy` if it is empty.
    if let Some(around) = home.path().parent().filter(|around| around.ends_with("restudy")) {
        let _ = fs::remove_dir(around);
    }
    Ok(removed)
}

/// Locks the folder, so that one installation runs at a time.
fn lock(home: &Home, report: &mut dyn FnMut(Step<'_>)) -> Result<File, NotebookError> {
    fs::create_dir_all(home.path()).map_err(|error| NotebookError::io("create", home.path(), error))?;
    let path = home.join("lock");
    let failed = |error| NotebookError::io("lock", &path, error);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    if file.try_lock().is_err() {
        report(Step::Began("waiting for another installation"));
        file.lock().map_err(failed)?;
    }
    Ok(file)
}

fn build_driver(home: &Home, source: &Path, report: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    let digest = fingerprint(source, &DRIVER, "")?.to_string();
    let note = home.join("bin").join("digest");
    if home.driver().is_file() && fs::read_to_string(&note).is_ok_and(|stored| stored == digest) {
        return Ok(());
    }
    report(Step::Began("building restudy-kernel, which communicates with kernels"));
    let artifacts = build(source, &["build", "-p", "restudy-kernel"], report)?;
    let made = artifacts
        .iter()
        .find(|made| made.file.file_name() == home.driver().file_name())
        .ok_or_else(build::missing_artifact)?;
    // A rename leaves the old file to running kernels.
    let new = home.driver().with_extension("new");
    let _ = fs::remove_file(&new);
    fs::create_dir_all(home.join("bin")).map_err(|error| NotebookError::io("create", &home.join("bin"), error))?;
    fs::copy(&made.file, &new).map_err(|error| NotebookError::io("write", &new, error))?;
    fs::rename(&new, home.driver()).map_err(|error| NotebookError::io("write", &home.driver(), error))?;
    fs::write(&note, digest).map_err(|error| NotebookError::io("write", &note, error))
}

/// Whether the library was built from other sources or by another compiler.
pub(super) fn is_stale(settings: &Settings) -> bool {
    home::source().is_ok_and(|source| library::digest(&source).is_ok_and(|now| now != settings.library))
}

/// Registers the kernel with Jupyter; returns the folder of the kernelspec.
fn kernelspec(home: &Home) -> Result<PathBuf, NotebookError> {
    let folder = home::kernelspec()?;
    let spec = json!({
        "argv": [home.driver(), "serve", "{connection_file}"],
        "display_name": "Rust (restudy)", "language": "rust", "interrupt_mode": "message",
        "env": {}, "metadata": { "debugger": false },
    });
    library::write(
        &folder.join("kernel.json"),
        serde_json::to_string_pretty(&spec).expect("a kernelspec is plain data") + "\n",
    )?;
    debug_assert!(folder.ends_with(KERNEL));
    Ok(folder)
}
