//! The kernel, set up: what is missing is built or installed, what is there is left alone.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    NotebookError,
    build::{self, Artifact, build, fingerprint},
    evcxr,
    home::{self, FORMAT, Home, KERNEL, Settings},
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

/// What the library that cells see is made of.
const LIBRARY: [&str; 6] =
    ["src", "notebook/facade", "notebook/analyzer", "notebook/config", "Cargo.toml", "Cargo.lock"];

/// What the program that speaks to kernels is made of.
const DRIVER: [&str; 2] = ["notebook/kernel", "Cargo.lock"];

/// Installs the whole: evcxr, the program that speaks to kernels, the library, and the kernelspec.
///
/// # Errors
/// Something is missing that cannot be installed from here, or the disk refuses.
pub fn install(home: &Home, options: &Options, tell: &mut dyn FnMut(Step<'_>)) -> Result<PathBuf, NotebookError> {
    let source = home::source()?;
    let _lock = lock(home, tell)?;
    let evcxr = evcxr::require(home, options, tell)?;
    build_driver(home, &source, tell)?;
    build_library(home, &source, &evcxr, options.rust_src, tell)?;
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
    if library_digest(&source)? != settings.library {
        tell(Step::Notice(
            "the library for notebooks was built from other sources or by another compiler: it is built anew",
        ));
        let rust_src = settings.env.get("RUST_SRC_PATH").is_none();
        build_library(home, &source, &settings.evcxr, rust_src, tell)?;
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
    let made =
        artifacts.iter().find(|made| made.file.file_name() == home.driver().file_name()).ok_or_else(nothing_made)?;
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
    home::source().is_ok_and(|source| library_digest(&source).is_ok_and(|now| now != settings.library))
}

fn library_digest(source: &Path) -> Result<crate::digest::Digest, NotebookError> {
    fingerprint(source, &LIBRARY, &build::rustc(source)?)
}

fn build_library(
    home: &Home,
    source: &Path,
    evcxr: &Path,
    rust_src: bool,
    tell: &mut dyn FnMut(Step<'_>),
) -> Result<(), NotebookError> {
    let library = library_digest(source)?;
    let compiler = build::rustc(source)?;
    let rustc = compiler.lines().next().unwrap_or_default().to_owned();
    if home.settings().is_none_or(|settings| settings.library != library) || !home.join("facade").is_dir() {
        tell(Step::Began("building the library that cells see"));
        let arguments = ["rustc", "-p", "restudy-notebook", "--lib", "--", "-C", "prefer-dynamic"];
        place_library(home, source, &build(source, &arguments, tell)?)?;
    }
    let settings = Settings {
        format: FORMAT,
        evcxr: evcxr.into(),
        rustc,
        env: environment(home, rust_src),
        rebuild: rebuild(source),
        start: "restudy::cell::start();".into(),
        source: source.into(),
        library,
    };
    write(&home.join("kernel.json"), serde_json::to_string_pretty(&settings).expect("settings are plain data") + "\n")
}

/// Puts the built library and what rust-analyzer reads into the home, all at once.
fn place_library(home: &Home, source: &Path, artifacts: &[Artifact]) -> Result<(), NotebookError> {
    let facade = home.join("facade.new");
    let analyzer = home.join("analyzer.new");
    for folder in [&facade, &analyzer] {
        let _ = fs::remove_dir_all(folder);
    }
    let extension = |artifact: &&Artifact, wanted: &[&str]| {
        artifact.file.extension().and_then(|own| own.to_str()).is_some_and(|own| wanted.contains(&own))
    };
    let library =
        artifacts.iter().find(|made| made.name == "restudy_notebook" && extension(made, &["so", "dylib", "dll"]));
    let library = library.ok_or_else(nothing_made)?;
    build::place(&library.file, &facade.join(library.file.file_name().unwrap_or_default()))?;
    // What the library was built from, without its code; of macros the code too, for the compiler loads them.
    let parts =
        artifacts.iter().filter(|made| extension(made, &["rmeta", "so", "dylib", "dll"]) && made.file != library.file);
    for made in parts {
        build::place(&made.file, &facade.join("deps").join(made.file.file_name().unwrap_or_default()))?;
    }
    for (from, to) in [("notebook/analyzer", ""), ("src", "src/restudy"), ("notebook/facade/src", "src/facade")] {
        let from = source.join(from);
        let mut files = Vec::new();
        build::collect(&from, &mut files)?;
        for file in files {
            let target = analyzer.join(to).join(file.strip_prefix(&from).unwrap_or(&file));
            write_copy(&file, &target)?;
        }
    }
    let config = home.join("config");
    let root = home.path().display().to_string();
    let mut files = Vec::new();
    build::collect(&source.join("notebook").join("config"), &mut files)?;
    build::replace(&facade, &home.join("facade"))?;
    build::replace(&analyzer, &home.join("analyzer"))?;
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| NotebookError::io("read", &file, error))?;
        write(&config.join(file.file_name().unwrap_or_default()), text.replace("{HOME}", &root))?;
    }
    Ok(())
}

/// What evcxr finds in its environment: its configuration, no network, no toolchain fetched behind anyone's back.
fn environment(home: &Home, rust_src: bool) -> serde_json::Map<String, Value> {
    let mut env = serde_json::Map::new();
    let path = |name: &str| json!(home.join(name));
    env.insert("EVCXR_CONFIG_DIR".into(), path("config"));
    if !rust_src {
        env.insert("RUST_SRC_PATH".into(), path("analyzer/std"));
    }
    for (name, value) in
        [("RUSTUP_AUTO_INSTALL", "0"), ("RUSTUP_DIST_SERVER", "http://127.0.0.1:9"), ("CARGO_NET_OFFLINE", "true")]
    {
        env.insert(name.into(), json!(value));
    }
    env
}

/// The command that brings the kernel up to date with the sources and the compiler.
fn rebuild(source: &Path) -> Vec<String> {
    let manifest = source.join("Cargo.toml").display().to_string();
    ["cargo", "run", "--quiet", "--manifest-path", &manifest, "--", "notebook", "install"].map(String::from).into()
}

/// Tells Jupyter of the kernel; gives the folder of the kernelspec.
fn kernelspec(home: &Home) -> Result<PathBuf, NotebookError> {
    let folder = home::kernelspec()?;
    let spec = json!({
        "argv": [home.driver(), "serve", "{connection_file}"],
        "display_name": "Rust (restudy)", "language": "rust", "interrupt_mode": "message",
        "env": {}, "metadata": { "debugger": false },
    });
    write(
        &folder.join("kernel.json"),
        serde_json::to_string_pretty(&spec).expect("a kernelspec is plain data") + "\n",
    )?;
    debug_assert!(folder.ends_with(KERNEL));
    Ok(folder)
}

fn nothing_made() -> NotebookError {
    NotebookError::program(
        "cargo built something else than was asked for",
        "please report this, with the version of cargo",
    )
}

fn write(path: &Path, text: String) -> Result<(), NotebookError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    Ok(crate::store::write(path, text.as_bytes())?)
}

fn write_copy(from: &Path, to: &Path) -> Result<(), NotebookError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    fs::copy(from, to).map(drop).map_err(|error| NotebookError::io("write", to, error))
}
