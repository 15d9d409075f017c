//! The kernel, set up: what is missing is built or installed, what is there is left alone.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    NotebookError,
    build::{self, build, fingerprint},
    evcxr,
    home::{self, Home, KERNEL, Settings},
    library,
};

/// What an installation is doing.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// Something begins that takes a while.
    Began(&'a str),
    /// A crate was compiled, the so many'th.
    Crate {
        /// Its name.
        name: &'a str,
        /// How many now.
        made: usize,
    },
    /// Something a person should know.
    Notice(&'a str),
}

/// How to install.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The executable of evcxr_jupyter, where it is not on the search path.
    pub evcxr: Option<PathBuf>,
    /// Whether to install evcxr_jupyter where it is missing.
    pub install_evcxr: bool,
    /// Whether types are inferred with the sources of the real standard library, if they are there.
    pub rust_src: bool,
}

/// What the program that speaks to kernels is made of.
const DRIVER: [&str; 3] = ["notebook/channel", "notebook/kernel", "Cargo.lock"];

/// Installs the whole: evcxr, the program that speaks to kernels, the library, and the kernelspec.
///
/// # Errors
/// Something is missing that cannot be installed from here, or the disk refuses.
pub fn install(home: &Home, options: &Options, tell: &mut dyn FnMut(Step<'_>)) -> Result<PathBuf, NotebookError> {
    let source = home::source()?;
    let _lock = lock(home, tell)?;
    let evcxr = evcxr::require(home, options, tell)?;
    build_driver(home, &source, tell)?;
    library::install(home, &source, &evcxr, options.rust_src, tell)?;
    kernelspec(home)
}

/// Makes the installed kernel current: after a change of the sources or of the compiler, what depends on them is built anew.
///
/// # Errors
/// It is not installed, or cannot be built.
pub fn refresh(home: &Home, tell: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    let Some(settings) = home.settings() else {
        return Err(NotebookError::usage("the Rust kernel is not installed", "run `restudy notebook install` once"));
    };
    // A kernel outlives the sources that it was built from.
    let Ok(source) = home::source() else { return Ok(()) };
    let _lock = lock(home, tell)?;
    build_driver(home, &source, tell)?;
    if library::digest(&source)? != settings.library {
        tell(Step::Notice(
            "the library for notebooks was built from other sources or by another compiler: it is built anew",
        ));
        let rust_src = settings.env.get("RUST_SRC_PATH").is_none();
        library::install(home, &source, &settings.evcxr, rust_src, tell)?;
    }
    Ok(())
}

/// Makes the program that speaks to kernels current, which is all that other kernels need.
///
/// # Errors
/// It cannot be built.
pub fn driver(home: &Home, tell: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    match home::source() {
        Ok(source) => {
            let _lock = lock(home, tell)?;
            build_driver(home, &source, tell)
        }
        Err(_) if home.driver().is_file() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes away everything that was installed; gives what it removed.
///
/// # Errors
/// Something cannot be removed.
pub fn uninstall(home: &Home) -> Result<Vec<PathBuf>, NotebookError> {
    let mut removed = Vec::new();
    for folder in [home::kernelspec()?, home.path().into()] {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| NotebookError::io("remove", &folder, error))?;
            removed.push(folder);
        }
    }
    // Our own folder around it, if nothing else is in it.
    if let Some(around) = home.path().parent().filter(|around| around.ends_with("restudy")) {
        let _ = fs::remove_dir(around);
    }
    Ok(removed)
}

/// One installation at a time.
fn lock(home: &Home, tell: &mut dyn FnMut(Step<'_>)) -> Result<File, NotebookError> {
    fs::create_dir_all(home.path()).map_err(|error| NotebookError::io("create", home.path(), error))?;
    let path = home.join("lock");
    let fault = |error| NotebookError::io("lock", &path, error);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
    if file.try_lock().is_err() {
        tell(Step::Began("another installation is at work; waiting for it"));
        file.lock().map_err(fault)?;
    }
    Ok(file)
}

fn build_driver(home: &Home, source: &Path, tell: &mut dyn FnMut(Step<'_>)) -> Result<(), NotebookError> {
    let digest = fingerprint(source, &DRIVER, "")?.to_string();
    let note = home.join("bin").join("digest");
    if home.driver().is_file() && fs::read_to_string(&note).is_ok_and(|stored| stored == digest) {
        return Ok(());
    }
    tell(Step::Began("building restudy-kernel, which speaks to kernels"));
    let artifacts = build(source, &["build", "-p", "restudy-kernel"], tell)?;
    let made = artifacts
        .iter()
        .find(|made| made.file.file_name() == home.driver().file_name())
        .ok_or_else(build::nothing_made)?;
    // A running kernel keeps the old file; a rename never changes it under its feet.
    let new = home.driver().with_extension("new");
    let _ = fs::remove_file(&new);
    fs::create_dir_all(home.join("bin")).map_err(|error| NotebookError::io("create", &home.join("bin"), error))?;
    fs::copy(&made.file, &new).map_err(|error| NotebookError::io("write", &new, error))?;
    fs::rename(&new, home.driver()).map_err(|error| NotebookError::io("write", &home.driver(), error))?;
    fs::write(&note, digest).map_err(|error| NotebookError::io("write", &note, error))
}

/// Whether the library was built from other sources than those that are there now, or by another compiler.
pub(super) fn is_stale(settings: &Settings) -> bool {
    home::source().is_ok_and(|source| library::digest(&source).is_ok_and(|now| now != settings.library))
}

/// Tells Jupyter of the kernel; gives the folder of the kernelspec.
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
