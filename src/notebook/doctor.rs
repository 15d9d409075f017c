//! The requirements of notebooks, and which of them are installed.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{
    build, evcxr,
    home::{self, Home},
    install,
};

/// A requirement or an option of notebooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub what: &'static str,
    /// Its purpose.
    pub purpose: &'static str,
    /// Whether the kernel requires it.
    pub needed: bool,
    /// How to install it.
    pub remedy: &'static str,
    /// Its version or path, if it is installed.
    pub found: Option<String>,
    /// Its file or folder.
    pub path: Option<PathBuf>,
}

impl Finding {
    const fn new(what: &'static str, purpose: &'static str, needed: bool, remedy: &'static str) -> Self {
        Self { what, purpose, needed, remedy, found: None, path: None }
    }

    fn described(self, found: Option<String>) -> Self {
        Self { found, ..self }
    }

    fn at(self, path: Option<PathBuf>) -> Self {
        Self { found: self.found.or(path.as_ref().map(|path| path.display().to_string())), path, ..self }
    }
}

const INSTALL: &str = "run `restudy notebook install`";
const RUSTC: Finding = Finding::new(
    "rustc and cargo",
    "cells are compiled",
    true,
    "install Rust 1.95 or newer, with rustup or your system's packages",
);
const EVCXR: Finding = Finding::new("evcxr_jupyter", "the standard Rust kernel", true, INSTALL);
const DRIVER: Finding = Finding::new("restudy-kernel", "communicates with kernels", true, INSTALL);
const LIBRARY: Finding = Finding::new("library for cells", "provides `use restudy::prelude::*`", true, INSTALL);
const SPEC: Finding = Finding::new("kernelspec", "lets Jupyter find the kernel", true, INSTALL);
const SOURCES: Finding =
    Finding::new("sources", "to build the library", false, "clone them and set RESTUDY_SOURCE to their folder");
const LAB: Finding = Finding::new(
    "JupyterLab",
    "to write notebooks in a browser",
    false,
    "python3 -m pip install jupyterlab; `restudy notebook run` works without it",
);
const STANDARD: Finding = Finding::new(
    "rust-src",
    "infers the type of every `let`; the kernel includes a small substitute",
    false,
    "rustup component add rust-src, then `restudy notebook install --rust-src`",
);

/// Checks all requirements.
#[must_use]
pub fn examine(home: &Home) -> Vec<Finding> {
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let rustc = build::rustc(&env::current_dir().unwrap_or_default()).ok().map(first);
    let evcxr = evcxr::find(home);
    let version = evcxr.as_ref().and_then(|file| {
        let version = evcxr::version(file)?;
        let tested =
            if version == evcxr::VERSION { String::new() } else { format!(" (tested with {})", evcxr::VERSION) };
        Some(format!("{version}{tested}, {}", file.display()))
    });
    let library = home.settings().map(|settings| {
        let built = format!("built by {}", settings.rustc);
        match &rustc {
            _ if !home.join("facade").is_dir() => "damaged: install it again".into(),
            Some(now) if *now != settings.rustc => format!("{built}; the compiler is now {now}: it will be rebuilt"),
            _ if install::is_stale(&settings) => format!("{built}, from other sources: it will be rebuilt"),
            _ => built,
        }
    });
    let is_file = |path: PathBuf| Some(path).filter(|path| path.is_file());
    vec![
        RUSTC.described(rustc),
        EVCXR.described(version).at(evcxr),
        DRIVER.at(is_file(home.driver())),
        LIBRARY.described(library).at(Some(home.join("facade")).filter(|folder| folder.is_dir())),
        SPEC.at(home::kernelspec().ok().and_then(|folder| is_file(folder.join("kernel.json")))),
        SOURCES.at(home::source().ok()),
        LAB.described(jupyter_lab().map(|command| format!("{command:?}").replace('"', ""))),
        STANDARD.at(rust_src()),
    ]
}

/// Returns the command that starts JupyterLab, if it is installed.
#[must_use]
pub fn jupyter_lab() -> Option<Command> {
    let candidates: [&[&str]; 3] = [&["jupyter-lab"], &["jupyter", "lab"], &["python3", "-m", "jupyterlab"]];
    candidates.into_iter().find_map(|words| {
        let command = || {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]);
            command
        };
        let status = command().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success()).then(command)
    })
}

/// The sources of the standard library.
fn rust_src() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
    let sysroot = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    Some(sysroot.join("lib/rustlib/src/rust/library")).filter(|folder| folder.join("core").is_dir())
}
