//! What notebooks need, and what of it is here.

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{
    build, evcxr,
    home::{self, Home},
};

/// Something that notebooks need or are better with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// Where or which it is, if it is here.
    pub found: Option<String>,
    /// Whether the kernel cannot do without.
    pub needed: bool,
    /// What it is for.
    pub purpose: String,
    /// How to get it.
    pub remedy: String,
}

/// Looks for everything.
#[must_use]
pub fn examine(home: &Home) -> Vec<Finding> {
    let settings = home.settings();
    let finding = |what, found, needed, purpose: &str, remedy: &str| Finding {
        what,
        found,
        needed,
        purpose: purpose.into(),
        remedy: remedy.into(),
    };
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let install = "run `restudy notebook install`";
    let here = env::current_dir().unwrap_or_default();
    let evcxr = evcxr::find(home).map(|file| match evcxr::version(&file) {
        Some(version) if version == evcxr::VERSION => format!("{version}, {}", file.display()),
        Some(version) => format!("{version}, {} (tried with {})", file.display(), evcxr::VERSION),
        None => file.display().to_string(),
    });
    let current = settings.as_ref().map(|settings| {
        let state = if fs::exists(home.join("facade")).unwrap_or(false) { &settings.rustc } else { "damaged" };
        match (build::rustc(&here), state) {
            (_, "damaged") => "damaged: install it again".into(),
            (Ok(now), built) if first(now.clone()) != *built => {
                format!("built by {built}; this is {}; it will be built anew", first(now))
            }
            (_, built) => format!("built by {built}"),
        }
    });
    let spec = home::kernelspec().ok().filter(|folder| folder.join("kernel.json").is_file());
    vec![
        finding(
            "rustc and cargo",
            build::rustc(&here).ok().map(first),
            true,
            "cells are compiled",
            "install Rust 1.95 or newer, with rustup or your system's packages",
        ),
        finding("evcxr_jupyter", evcxr, true, "the stock Rust kernel", install),
        finding(
            "restudy-kernel",
            home.driver().is_file().then(|| home.driver().display().to_string()),
            true,
            "speaks to kernels",
            install,
        ),
        finding("library for cells", current, true, "what `use restudy::prelude::*` brings", install),
        finding(
            "kernelspec",
            spec.map(|folder| folder.display().to_string()),
            true,
            "how Jupyter finds the kernel",
            install,
        ),
        finding(
            "sources",
            home::source().ok().map(|source| source.display().to_string()),
            false,
            "the library is built from them",
            "clone them, and say where with RESTUDY_SOURCE",
        ),
        finding(
            "JupyterLab",
            jupyter_lab().map(|command| format!("{command:?}").replace('"', "")),
            false,
            "to write notebooks in a browser",
            "python3 -m pip install jupyterlab; `restudy notebook run` does without",
        ),
        finding(
            "rust-src",
            rust_src().map(|path| path.display().to_string()),
            false,
            "knows the type of every `let`; the kernel has a small one of its own",
            "rustup component add rust-src, then `restudy notebook install --rust-src`",
        ),
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
