//! What notebooks need, and what of it is here.

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

/// Something that notebooks need or are better with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Whether the kernel cannot do without.
    pub needed: bool,
    /// How to get it.
    pub remedy: &'static str,
    /// Which or where it is, if it is here.
    pub found: Option<String>,
    /// The file or folder, where it is one.
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
const EVCXR: Finding = Finding::new("evcxr_jupyter", "the stock Rust kernel", true, INSTALL);
const DRIVER: Finding = Finding::new("restudy-kernel", "speaks to kernels", true, INSTALL);
const LIBRARY: Finding = Finding::new("library for cells", "what `use restudy::prelude::*` brings", true, INSTALL);
const SPEC: Finding = Finding::new("kernelspec", "how Jupyter finds the kernel", true, INSTALL);
const SOURCES: Finding =
    Finding::new("sources", "the library is built from them", false, "clone them, and say where with RESTUDY_SOURCE");
const LAB: Finding = Finding::new(
    "JupyterLab",
    "to write notebooks in a browser",
    false,
    "python3 -m pip install jupyterlab; `restudy notebook run` does without",
);
const STANDARD: Finding = Finding::new(
    "rust-src",
    "knows the type of every `let`; the kernel has a small one of its own",
    false,
    "rustup component add rust-src, then `restudy notebook install --rust-src`",
);

/// Looks for everything.
#[must_use]
pub fn examine(home: &Home) -> Vec<Finding> {
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let rustc = build::rustc(&env::current_dir().unwrap_or_default()).ok().map(first);
    let evcxr = evcxr::find(home);
    let version = evcxr.as_ref().and_then(|file| {
        let version = evcxr::version(file)?;
        let tried = if version == evcxr::VERSION { String::new() } else { format!(" (tried with {})", evcxr::VERSION) };
        Some(format!("{version}{tried}, {}", file.display()))
    });
    let library = home.settings().map(|settings| {
        let built = format!("built by {}", settings.rustc);
        match &rustc {
            _ if !home.join("facade").is_dir() => "damaged: install it again".into(),
            Some(now) if *now != settings.rustc => format!("{built}; this is {now}: it will be built anew"),
            _ if install::is_stale(&settings) => format!("{built}, from other sources: it will be built anew"),
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

/// The command that starts JupyterLab, if there is one.
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

/// The sources of the real standard library.
fn rust_src() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
    let sysroot = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    Some(sysroot.join("lib/rustlib/src/rust/library")).filter(|folder| folder.join("core").is_dir())
}
