//! The library for cells, built once into the folder of the kernel.
//!
//! ```text
//! facade/     librestudy_notebook.so with all code, and the metadata of every crate in it
//! analyzer/   the crate `restudy` of the cells: an alias of the above for the compiler, sources for rust-analyzer
//! config/     the configuration of evcxr, from notebook/config
//! ```

use std::{
    env::consts::DLL_EXTENSION,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{
    NotebookError,
    build::{self, Artifact, build, fingerprint},
    home::{FORMAT, Home, Settings},
    install::Step,
};
use crate::digest::Digest;

/// The sources of the library.
const PARTS: [&str; 8] = [
    "src",
    "crates",
    "notebook/channel",
    "notebook/facade",
    "notebook/analyzer",
    "notebook/config",
    "Cargo.toml",
    "Cargo.lock",
];

/// The digest of the sources and of the full version of the compiler.
pub(super) fn digest(source: &Path) -> Result<Digest, NotebookError> {
    fingerprint(source, &PARTS, &build::rustc(source)?)
}

/// Builds an outdated library, and writes the settings of the kernel.
pub(super) fn install(
    home: &Home,
    source: &Path,
    evcxr: &Path,
    rust_src: bool,
    report: &mut dyn FnMut(Step<'_>),
) -> Result<(), NotebookError> {
    let library = digest(source)?;
    let current = home.settings().is_some_and(|settings| settings.library == library);
    if !(current && ["facade", "analyzer", "config"].iter().all(|name| home.join(name).is_dir())) {
        report(Step::Began("building the library for cells"));
        let arguments = ["rustc", "-p", "restudy-notebook", "--lib", "--", "-C", "prefer-dynamic"];
        let artifacts = build(source, &arguments, report)?;
        place_code(home, &artifacts)?;
        place_sources(home, source)?;
        place_config(home, source)?;
    }
    let settings = Settings {
        format: FORMAT,
        evcxr: evcxr.into(),
        rustc: build::rustc(source)?.lines().next().unwrap_or_default().into(),
        env: environment(home, &build::standard_library(source)?, rust_src),
        rebuild: rebuild(source),
        start: ":load_config --quiet".into(),
        source: source.into(),
        library,
    };
    write(&home.join("kernel.json"), serde_json::to_string_pretty(&settings).expect("settings are plain data") + "\n")
}

/// Copies the library, the metadata of its crates, and the code of procedural macros.
fn place_code(home: &Home, artifacts: &[Artifact]) -> Result<(), NotebookError> {
    let new = fresh(home, "facade.new")?;
    let is = |made: &Artifact, ending: &str| made.file.extension().is_some_and(|own| own == ending);
    let library = artifacts.iter().find(|made| made.name == "restudy_notebook" && is(made, DLL_EXTENSION));
    let library = library.ok_or_else(build::missing_artifact)?;
    // A copy, since some linkers write into an existing file that running kernels have open.
    build::copy(&library.file, &new.join(library.file.file_name().unwrap_or_default()))?;
    let parts = artifacts.iter().filter(|made| is(made, "rmeta") || is(made, DLL_EXTENSION));
    for made in parts.filter(|made| made.file != library.file) {
        build::place(&made.file, &new.join(made.file.file_name().unwrap_or_default()))?;
    }
    build::replace(&new, &home.join("facade"))
}

/// Copies the files for rust-analyzer: all sources in one folder, and the signatures of the standard library.
fn place_sources(home: &Home, source: &Path) -> Result<(), NotebookError> {
    let new = fresh(home, "analyzer.new")?;
    let notebook = source.join("notebook");
    for (from, to) in
        [(source.join("src"), "src"), (notebook.join("facade/src"), "src"), (notebook.join("analyzer"), "")]
    {
        let mut files = Vec::new();
        build::collect(&from, &mut files)?;
        for file in files {
            let name = file.strip_prefix(&from).unwrap_or(&file);
            // The roots of the crates and the command line are not part of the library.
            let root = to == "src"
                && (["lib.rs", "main.rs", "cli.rs"].iter().any(|root| name == Path::new(root))
                    || name.starts_with("cli"));
            let read = name.extension().is_some_and(|ending| ["rs", "toml"].iter().any(|own| ending == *own));
            if read && !root {
                let text = fs::read_to_string(&file).map_err(|error| NotebookError::io("read", &file, error))?;
                place(&new.join(to).join(name), &in_one_crate(&text, None))?;
            }
        }
    }
    for name in CRATES {
        let from = source.join("crates").join(name).join("src");
        let to = new.join("src").join(format!("restudy_{name}"));
        let mut files = Vec::new();
        build::collect(&from, &mut files)?;
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
            let own = file.strip_prefix(&from).unwrap_or(file);
            let own = if own == Path::new("lib.rs") { Path::new("mod.rs") } else { own };
            let text = fs::read_to_string(file).map_err(|error| NotebookError::io("read", file, error))?;
            place(&to.join(own), &in_one_crate(&text, Some(name)))?;
        }
    }
    build::replace(&new, &home.join("analyzer"))
}

/// The crates of this workspace in the library. For rust-analyzer they are modules of one crate, since it would need
/// all dependencies of separate crates.
const CRATES: [&str; 10] =
    ["core", "engine", "escape", "experiments", "figure", "network", "programs", "report", "source", "stats"];

/// Rewrites a source file for a single crate, in which the crate `own` is a module.
fn in_one_crate(text: &str, own: Option<&str>) -> String {
    const ROOT: &str = concat!("crate", "::");
    let mut text = text.to_owned();
    if let Some(own) = own {
        text = text.replace(ROOT, &format!("{ROOT}restudy_{own}::"));
        let of_crate = |line: &&str| line.starts_with("extern crate") || line.starts_with("#![");
        text = text.lines().filter(|line| !of_crate(line)).collect::<Vec<_>>().join("\n");
    }
    for name in CRATES {
        let path = format!("restudy_{name}::");
        text = text.replace(&path, &format!("{ROOT}{path}"));
        text = text.replace(&format!("{ROOT}{ROOT}{path}"), &format!("{ROOT}{path}"));
        let renamed = format!("use restudy_{name} as ");
        text = text.replace(&renamed, &renamed.replace("use ", &format!("use {ROOT}")));
    }
    // Exported macros are at the root.
    ["generators", "data_sets"]
        .into_iter()
        .fold(text, |text, name| text.replace(&format!("{ROOT}restudy_network::{name}"), &format!("{ROOT}{name}")))
}

/// Writes a file, and creates its folder.
fn place(file: &Path, text: &str) -> Result<(), NotebookError> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    write(file, text.to_owned())
}

/// Copies the configuration of evcxr, with the path of the folder in it.
fn place_config(home: &Home, source: &Path) -> Result<(), NotebookError> {
    let new = fresh(home, "config.new")?;
    let mut files = Vec::new();
    build::collect(&source.join("notebook").join("config"), &mut files)?;
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| NotebookError::io("read", &file, error))?;
        write(
            &new.join(file.file_name().unwrap_or_default()),
            text.replace("{HOME}", &home.path().display().to_string()),
        )?;
    }
    build::replace(&new, &home.join("config"))
}

/// The environment of evcxr: configuration, library, no network, no automatic download of toolchains.
fn environment(home: &Home, standard: &str, rust_src: bool) -> Map<String, Value> {
    let facade = home.join("facade").display().to_string();
    let library = format!("{facade}/{}restudy_notebook.{DLL_EXTENSION}", std::env::consts::DLL_PREFIX);
    let mut flags = vec![
        "-Cprefer-dynamic".to_owned(),
        "--extern".into(),
        format!("restudy_real={library}"),
        format!("-Ldependency={facade}"),
    ];
    // Absolute paths, since the run paths of rustc are relative to the linked file, which evcxr moves.
    for folder in [facade.as_str(), standard] {
        flags.extend(["-Xlinker", "-rpath", "-Xlinker", folder].map(|word| format!("-Clink-arg={word}")));
    }
    let mut env = Map::new();
    env.insert("EVCXR_CONFIG_DIR".into(), json!(home.join("config")));
    // Encoded flags allow folders with spaces, and override those that evcxr sets.
    env.insert("CARGO_ENCODED_RUSTFLAGS".into(), json!(flags.join("\u{1f}")));
    if !rust_src {
        env.insert("RUST_SRC_PATH".into(), json!(home.join("analyzer").join("std")));
    }
    for (name, value) in [("RUSTUP_AUTO_INSTALL", "0"), ("RUSTUP_DIST_SERVER", "http://127.0.0.1:9")] {
        env.insert(name.into(), json!(value));
    }
    env
}

/// The command that updates the kernel after a change of sources or compiler.
fn rebuild(source: &Path) -> Vec<String> {
    let manifest = source.join("Cargo.toml").display().to_string();
    ["cargo", "run", "--quiet", "--manifest-path", &manifest, "--", "notebook", "install"].map(String::from).into()
}

/// An empty folder that replaces another once it is complete.
fn fresh(home: &Home, name: &str) -> Result<PathBuf, NotebookError> {
    let folder = home.join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| NotebookError::io("create", &folder, error))?;
    Ok(folder)
}

/// Writes a text file, and creates its folder.
pub(super) fn write(path: &Path, text: String) -> Result<(), NotebookError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    Ok(crate::store::write(path, text.as_bytes())?)
}
