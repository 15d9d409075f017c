//! Builds with cargo, and the files that they produce.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{NotebookCause, NotebookError, install::Step};
use crate::digest::Digest;

/// A file that cargo built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Artifact {
    /// The name of its crate.
    pub name: String,
    pub file: PathBuf,
}

/// The program `cargo`: the outer cargo, if this process runs under one.
pub(super) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Variables of the outer cargo describe another package.
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command.env_remove("CARGO_MANIFEST_DIR");
    command
}

/// The output of `rustc -vV` in `folder`, whose toolchain file may choose another compiler.
pub(super) fn rustc(folder: &Path) -> Result<String, NotebookError> {
    run_rustc(folder, &["-vV"])
}

/// The folder of the standard library, which cells load when they run.
pub(super) fn standard_library(folder: &Path) -> Result<String, NotebookError> {
    Ok(run_rustc(folder, &["--print", "target-libdir"])?.trim_end().to_owned())
}

fn run_rustc(folder: &Path, arguments: &[&str]) -> Result<String, NotebookError> {
    let output = Command::new("rustc").args(arguments).current_dir(folder).output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        _ => Err(NotebookError::new(
            NotebookCause::NoKernel,
            "cannot run `rustc`, which compiles the cells of a notebook",
            "install Rust 1.95 or newer, with rustup or your system's packages",
        )),
    }
}

/// Runs cargo in the sources, and returns the files that it built or reused.
pub(super) fn build(
    source: &Path,
    args: &[&str],
    report: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Artifact>, NotebookError> {
    let (command, rest) = args.split_first().expect("a command of cargo");
    let mut child = cargo()
        .args([command, "--locked", "--message-format=json-render-diagnostics"])
        .args(rest)
        .current_dir(source)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            NotebookError::new(NotebookCause::Build, format!("cannot run cargo: {error}"), "install Rust, with cargo")
        })?;
    let mut stderr = child.stderr.take().expect("it is piped");
    let output = std::thread::spawn(move || {
        let mut output = Vec::new();
        let _ = stderr.read_to_end(&mut output);
        String::from_utf8_lossy(&output).into_owned()
    });
    let mut artifacts = Vec::new();
    let mut made = 0;
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if message["fresh"] == false {
            made += 1;
            report(Step::Crate { name, made });
        }
        let files = message["filenames"].as_array().into_iter().flatten().chain(message.get("executable"));
        artifacts.extend(files.filter_map(Value::as_str).map(|file| Artifact { name: name.into(), file: file.into() }));
    }
    let status = child.wait();
    let output = output.join().unwrap_or_default();
    if status.is_ok_and(|status| status.success()) {
        return Ok(artifacts);
    }
    let tail: Vec<_> = output.lines().rev().take(30).collect();
    let tail: String = tail.into_iter().rev().map(|line| format!("\n  {line}")).collect();
    Err(NotebookError::new(
        NotebookCause::Build,
        format!("cargo {} failed:{tail}", args.join(" ")),
        "fix the error above, then run the same command again",
    ))
}

/// The digest of every file under `places` in the sources, and of `more`.
pub(super) fn fingerprint(source: &Path, places: &[&str], more: &str) -> Result<Digest, NotebookError> {
    let mut text = format!("{more}\n");
    for place in places {
        let mut files = Vec::new();
        collect(&source.join(place), &mut files)?;
        files.sort();
        for file in files {
            let bytes = fs::read(&file).map_err(|error| NotebookError::io("read", &file, error))?;
            let name = file.strip_prefix(source).unwrap_or(&file).display();
            text.push_str(&format!("{name} {}\n", Digest::of(&bytes)));
        }
    }
    Ok(Digest::of(text.as_bytes()))
}

/// Collects every file under `path`, which may be a file itself.
pub(super) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), NotebookError> {
    let failed = |error| NotebookError::io("read", path, error);
    if !path.is_dir() {
        files.push(path.into());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name() != "target" {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// Links a file to save space, or copies it where links are not possible.
pub(super) fn place(file: &Path, target: &Path) -> Result<(), NotebookError> {
    if fs::hard_link(file, target).is_ok() { Ok(()) } else { copy(file, target) }
}

/// Copies a file, and creates the folder of the target.
pub(super) fn copy(file: &Path, target: &Path) -> Result<(), NotebookError> {
    let failed = |error| NotebookError::io("write", target, error);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::copy(file, target).map(drop).map_err(failed)
}

/// The error of a successful build without the expected file.
pub(super) fn missing_artifact() -> NotebookError {
    NotebookError::new(
        NotebookCause::Build,
        "cargo did not build the expected file",
        "please report this, with the version of cargo",
    )
}

/// Replaces the folder `old` by the complete folder `new`.
pub(super) fn replace(new: &Path, old: &Path) -> Result<(), NotebookError> {
    let aside = old.with_extension("old");
    let _ = fs::remove_dir_all(&aside);
    if old.exists() {
        fs::rename(old, &aside).map_err(|error| NotebookError::io("rename", old, error))?;
    }
    fs::rename(new, old).map_err(|error| NotebookError::io("rename", new, error))?;
    let _ = fs::remove_dir_all(&aside);
    Ok(())
}
