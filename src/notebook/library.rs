//! The library that cells see, built once and put where kernels find it.
//!
//! ```text
//! facade/     librestudy_notebook.so, which holds all code; of every crate in it what the compiler needs to know
//! analyzer/   the crate `restudy` of the cells: a name for the above to the compiler, the sources to rust-analyzer
//! config/     evcxr's own, from notebook/config
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

/// What the library is made of, below the sources.
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

/// The digest of the sources and of the compiler's whole version.
pub(super) fn digest(source: &Path) -> Result<Digest, NotebookError> {
    fingerprint(source, &PARTS, &build::rustc(source)?)
}

/// Builds the library where it is not current, and writes the settings of the kernel.
pub(super) fn install(
    home: &Home,
    source: &Path,
    evcxr: &Path,
    rust_src: bool,
    tell: &mut dyn FnMut(Step<'_>),
) -> Result<(), NotebookError> {
    let library = digest(source)?;
    let current = home.settings().is_some_and(|settings| settings.library == library);
    if !(current && ["facade", "analyzer", "config"].iter().all(|name| home.join(name).is_dir())) {
        tell(Step::Began("building the library that cells see"));
        let arguments = ["rustc", "-p", "restudy-notebook", "--lib", "--", "-C", "prefer-dynamic"];
        let artifacts = build(source, &arguments, tell)?;
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

/// The library, and beside it what the compiler knows of the crates in it: of libraries no code, of macros the code too.
fn place_code(home: &Home, artifacts: &[Artifact]) -> Result<(), NotebookError> {
    let new = fresh(home, "facade.new")?;
    let is = |made: &Artifact, ending: &str| made.file.extension().is_some_and(|own| own == ending);
    let library = artifacts.iter().find(|made| made.name == "restudy_notebook" && is(made, DLL_EXTENSION));
    let library = library.ok_or_else(build::nothing_made)?;
    // A copy: some linkers write into the file that is there, and kernels at work have it open.
    build::copy(&library.file, &new.join(library.file.file_name().unwrap_or_default()))?;
    let parts = artifacts.iter().filter(|made| is(made, "rmeta") || is(made, DLL_EXTENSION));
    for made in parts.filter(|made| made.file != library.file) {
        build::place(&made.file, &new.join(made.file.file_name().unwrap_or_default()))?;
    }
    build::replace(&new, &home.join("facade"))
}

/// What rust-analyzer reads: all sources in one folder, and the signatures of the standard library.
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
            // The roots of the crates and the command line are not the library's.
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

/// The crates of this workspace that the library is made of: to rust-analyzer they are modules of one crate, since of crates it would want to know
/// all that these depend on.
const CRATES: [&str; 9] = ["core", "engine", "escape", "experiments", "figure", "network", "report", "source", "stats"];

/// A source file as it reads where the crates are modules of one, of which it stands in `own` or in none.
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
    // Macros that are exported stand at the root.
    ["generators", "data_sets"]
        .into_iter()
        .fold(text, |text, name| text.replace(&format!("{ROOT}restudy_network::{name}"), &format!("{ROOT}{name}")))
}

/// Writes a file, and the folders that it stands in.
fn place(file: &Path, text: &str) -> Result<(), NotebookError> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    write(file, text.to_owned())
}

/// The configuration of evcxr, with the places of this home in it.
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

/// What evcxr finds in its environment: its configuration, the library, no network, no toolchain fetched behind anyone's back.
fn environment(home: &Home, standard: &str, rust_src: bool) -> Map<String, Value> {
    let facade = home.join("facade").display().to_string();
    let library = format!("{facade}/{}restudy_notebook.{DLL_EXTENSION}", std::env::consts::DLL_PREFIX);
    let mut flags = vec![
        "-Cprefer-dynamic".to_owned(),
        "--extern".into(),
        format!("restudy_real={library}"),
        format!("-Ldependency={facade}"),
    ];
    // Absolute, for both: rustc's own run paths are relative to where it links, and evcxr moves what was linked.
    for folder in [facade.as_str(), standard] {
        flags.extend(["-Xlinker", "-rpath", "-Xlinker", folder].map(|word| format!("-Clink-arg={word}")));
    }
    let mut env = Map::new();
    env.insert("EVCXR_CONFIG_DIR".into(), json!(home.join("config")));
    // With flags encoded in this way, folders may have spaces in their names; and they win over those that evcxr sets.
    env.insert("CARGO_ENCODED_RUSTFLAGS".into(), json!(flags.join("\u{1f}")));
    if !rust_src {
        env.insert("RUST_SRC_PATH".into(), json!(home.join("analyzer").join("std")));
    }
    for (name, value) in [("RUSTUP_AUTO_INSTALL", "0"), ("RUSTUP_DIST_SERVER", "http://127.0.0.1:9")] {
        env.insert(name.into(), json!(value));
    }
    env
}

/// The command that brings the kernel up to date with the sources and the compiler.
fn rebuild(source: &Path) -> Vec<String> {
    let manifest = source.join("Cargo.toml").display().to_string();
    ["cargo", "run", "--quiet", "--manifest-path", &manifest, "--", "notebook", "install"].map(String::from).into()
}

/// An empty folder in the home, which takes the place of another once it is whole.
fn fresh(home: &Home, name: &str) -> Result<PathBuf, NotebookError> {
    let folder = home.join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| NotebookError::io("create", &folder, error))?;
    Ok(folder)
}

/// Writes a text file, and its folder.
pub(super) fn write(path: &Path, text: String) -> Result<(), NotebookError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| NotebookError::io("create", folder, error))?;
    }
    Ok(crate::store::write(path, text.as_bytes())?)
}
