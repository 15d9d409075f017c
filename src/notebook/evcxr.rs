//! The standard Rust kernel, evcxr_jupyter, which executes the cells.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{
    NotebookCause, NotebookError, build,
    home::Home,
    install::{Options, Step},
};

/// The version that this program is tested with and installs.
pub const VERSION: &str = "0.22.0";

/// Finds evcxr_jupyter, or installs it into the folder of the kernel.
pub(super) fn require(
    home: &Home,
    options: &Options,
    report: &mut dyn FnMut(Step<'_>),
) -> Result<PathBuf, NotebookError> {
    if let Some(own) = &options.evcxr {
        let own = std::path::absolute(own).map_err(|error| NotebookError::io("find", own, error))?;
        if own.is_file() {
            return Ok(own);
        }
        return Err(NotebookError::new(
            NotebookCause::NoKernel,
            format!("{} is not a file", own.display()),
            "give the path of the executable evcxr_jupyter",
        ));
    }
    if let Some(found) = find(home) {
        return Ok(found);
    }
    let command = format!("cargo install evcxr_jupyter --version {VERSION} --locked");
    if !options.install_evcxr {
        return Err(NotebookError::new(
            NotebookCause::NoKernel,
            "evcxr_jupyter is not installed",
            format!("install it with `{command}` (about ten minutes), or leave out --no-evcxr"),
        ));
    }
    report(Step::Began(
        "installing evcxr_jupyter, the standard Rust kernel (378 crates, about ten minutes, only once)",
    ));
    let root = home.join("evcxr");
    let mut child = build::cargo()
        .args(["install", "evcxr_jupyter", "--version", VERSION, "--locked", "--root"])
        .arg(&root)
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            NotebookError::new(NotebookCause::Build, format!("cannot run cargo: {error}"), "install Rust, with cargo")
        })?;
    let (mut made, mut tail) = (0, Vec::new());
    for line in BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok) {
        if let Some(name) = line.trim_start().strip_prefix("Compiling ") {
            made += 1;
            report(Step::Crate { name, made });
        }
        tail.push(line);
    }
    let installed = child.wait().is_ok_and(|status| status.success());
    find(home).filter(|_| installed).ok_or_else(|| {
        let output: String = tail.iter().rev().take(20).rev().map(|line| format!("\n  {line}")).collect();
        NotebookError::new(
            NotebookCause::Build,
            format!("cannot install evcxr_jupyter:{output}"),
            format!("run the command yourself: `{command}`"),
        )
    })
}

/// Returns the path of evcxr_jupyter: from `RESTUDY_EVCXR`, the folder of the kernel, the search path, or the folder of
/// cargo.
#[must_use]
pub fn find(home: &Home) -> Option<PathBuf> {
    let name = format!("evcxr_jupyter{}", env::consts::EXE_SUFFIX);
    let named = env::var_os("RESTUDY_EVCXR").map(PathBuf::from).into_iter();
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(&name)).collect::<Vec<_>>();
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or(env::home_dir().map(|home| home.join(".cargo")));
    let cargo = cargo.map(|cargo| cargo.join("bin").join(&name));
    let installed = home.join("evcxr").join("bin").join(&name);
    let mut found = named.chain([installed]).chain(on_path).chain(cargo);
    found.find(|file| file.is_file()).and_then(|file| std::path::absolute(file).ok())
}

/// Returns the version of an installed evcxr_jupyter, from the notes of cargo beside the executable.
#[must_use]
pub fn version(executable: &Path) -> Option<String> {
    let notes = executable.parent()?.parent()?.join(".crates.toml");
    let text = fs::read_to_string(notes).ok()?;
    let (_, rest) = text.split_once("\"evcxr_jupyter ")?;
    rest.split_whitespace().next().map(str::to_owned)
}
