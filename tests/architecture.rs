//! Tests the order of modules inside each crate: a module uses only modules above it in the table of the crate
//! documentation. `crates.rs` tests the dependencies of crates.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules of a crate in the order of the table in its documentation.
fn order(source: &Path) -> Vec<String> {
    let text = fs::read_to_string(source.join("lib.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.flat_map(|row| format!("[`{}", row.split(" |").next().unwrap()).split(", ").map(name).collect::<Vec<_>>())
        .collect()
}

/// The name in a link of the table.
fn name(link: &str) -> String {
    let link = link.split_once('(').map_or(link, |(text, _)| text);
    link.trim_matches(|c| "[]`".contains(c)).to_owned()
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source() -> PathBuf {
    top().join("src")
}

/// The sources of the crates with a table of modules.
fn sources() -> Vec<PathBuf> {
    ["src", "crates/core/src", "crates/engine/src", "crates/experiments/src", "crates/network/src"]
        .iter()
        .map(|folder| top().join(folder))
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file without comments and unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    // Inline unit tests are at the end of a file; those in another file are only declared.
    let end = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{'));
    lines[..end.unwrap_or(lines.len())]
        .iter()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The top-level modules that code names as `crate::NAME` or inside `crate::{...}`.
fn used(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut word) = (0, String::new());
            let mut fresh = true;
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    c if fresh && depth == 0 && (c.is_alphanumeric() || c == '_') => word.push(c),
                    c if c.is_whitespace() => {}
                    _ => fresh = false,
                }
                if !(fresh && (character.is_alphanumeric() || character == '_')) && !word.is_empty() {
                    names.push(std::mem::take(&mut word));
                    fresh = character == ',';
                }
            }
            names.extend((!word.is_empty()).then_some(word));
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn the_scanner_finds_used_modules() {
    let code = "use crate::{\n    data::{self, Dataset},\n    math, run::Event,\n};\nfn f() { crate::seed::x(); }";
    assert_eq!(used(code), ["data", "math", "run", "seed"]);
}

#[test]
fn every_module_uses_only_those_above_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let order = order(&source);
        assert!(order.len() > 1, "the table of the crate documentation was read: {order:?}");
        for (place, module) in order.iter().enumerate() {
            // A module may be re-exported from another crate, or be one file.
            let folder = source.join(module);
            let own = if folder.is_dir() { files(&folder) } else { vec![source.join(module).with_extension("rs")] };
            for file in own.iter().filter(|file| file.exists()) {
                if file.ends_with("tests.rs") || file.ends_with("fixture.rs") {
                    continue;
                }
                for name in used(&code(file)) {
                    match order.iter().position(|other| *other == name) {
                        Some(other) if other > place => wrong.push(format!("{} uses {name}", file.display())),
                        Some(_) => {}
                        None if ["contract", "data_sets", "init", "generators", "tests"].contains(&name.as_str()) => {}
                        // A module of another crate.
                        None if !source.ends_with("core/src") && source != top().join("src") => {}
                        None => wrong.push(format!("{} uses {name}, which is not in the list", file.display())),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_is_in_the_list() {
    for source in sources() {
        let order = order(&source);
        for entry in fs::read_dir(source).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("src/tests") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                assert!(order.contains(&name), "{name} is not in the crate documentation");
            }
        }
    }
}

#[test]
fn only_the_command_line_and_progress_print() {
    for file in [files(&source()), files(&top().join("crates"))].concat() {
        let path = file.to_string_lossy().into_owned();
        if path.contains("/examples/")
            || path.contains("/cli/")
            || path.contains("/progress/")
            || path.ends_with("tests.rs")
        {
            continue;
        }
        let code = code(&file);
        for word in ["println!", "eprintln!", "print!(", "process::exit"] {
            assert!(!code.contains(word), "{path} uses {word}");
        }
    }
}

/// Pure crates and modules open no file, start no program and read no clock.
#[test]
fn pure_modules_use_no_system() {
    let pure = ["escape", "figure", "report", "stats", "engine/src/spec", "engine/src/table", "experiments/src/pages"];
    let folders = pure.iter().map(|folder| top().join("crates").join(folder));
    for file in folders.flat_map(|folder| files(&folder)) {
        let path = file.to_string_lossy().into_owned();
        if path.contains("/tests/") || path.contains("/examples/") || path.ends_with("tests.rs") {
            continue;
        }
        let code = code(&file);
        for word in ["fs::", "File::", "Command::new", "Instant::", "SystemTime", "env::var", "TcpStream"] {
            assert!(!code.contains(word), "{path} uses {word}");
        }
    }
}

/// Readers of data open data files; only the store and readers of specifications open other files.
#[test]
fn experiments_open_only_data_files() {
    for file in files(&top().join("crates/experiments/src")) {
        let path = file.to_string_lossy().into_owned();
        if path.contains("/tests/") || path.ends_with("tests.rs") || path.contains("/data/") {
            continue;
        }
        let code = code(&file);
        assert!(!["fs::", "File::"].iter().any(|word| code.contains(word)), "{path} opens a file");
    }
}

#[test]
fn no_file_is_long() {
    let folders =
        ["src", "crates", "tests", "notebook/channel", "notebook/facade", "notebook/kernel", "notebook/analyzer"];
    for file in folders.iter().flat_map(|folder| files(&source().join("..").join(folder))) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 320, "{} has {lines} lines: name its second subject and move it out", file.display());
    }
}

/// The rust-analyzer of the notebooks uses a list of crates and modules that is written by hand.
#[test]
fn notebooks_see_every_crate_and_module() {
    let read = |path: &str| fs::read_to_string(top().join(path)).unwrap();
    let (library, analyzer, root) =
        (read("src/notebook/library.rs"), read("notebook/analyzer/src/lib.rs"), read("src/lib.rs"));
    let listed: Vec<_> = analyzer.lines().filter_map(|line| line.strip_prefix("modules! {")).collect();
    let listed: Vec<_> = listed.iter().flat_map(|line| line.trim_end_matches('}').split_whitespace()).collect();
    let copied = library.split_once("const CRATES").and_then(|(_, rest)| rest.split_once("];")).unwrap().0;
    for entry in fs::read_dir(top().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(copied.contains(&format!("{name:?}")), "CRATES of src/notebook/library.rs lacks {name}");
        assert!(listed.contains(&format!("restudy_{name}").as_str()), "notebook/analyzer lacks restudy_{name}");
    }
    for line in root.lines() {
        if let Some(module) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            let seen = listed.contains(&module) || ["cli", "notebook"].contains(&module);
            assert!(seen, "notebook/analyzer lacks the module {module}");
        }
        if line.starts_with("pub use restudy_") {
            assert!(analyzer.contains(line), "notebook/analyzer lacks: {line}");
        }
    }
}

#[test]
fn every_test_is_listed() {
    let readme = fs::read_to_string("tests/README.md").unwrap();
    for (folder, prefix) in [("tests", ""), ("tests/program", "program/")] {
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if (folder == "tests/program" && ["main.rs", "snapshots", "confirm"].contains(&name.as_str()))
                || name == "README.md"
            {
                continue;
            }
            assert!(readme.contains(&format!("({prefix}{name}")), "tests/README.md lacks {folder}/{name}");
        }
    }
}

#[test]
fn comments_fit_in_120_columns() {
    let list = std::process::Command::new("git").args(["ls-files", "*.rs"]).current_dir(top()).output();
    // A package without its repository has no list.
    let Some(list) = list.ok().filter(|list| list.status.success()) else { return };
    let files: Vec<_> = String::from_utf8(list.stdout).unwrap().lines().map(str::to_owned).collect();
    assert!(files.len() > 400, "only {} files are listed", files.len());
    let mut wide = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(top().join(&file)) else { continue };
        for (place, line) in text.lines().enumerate() {
            let comment = line.trim_start();
            let is_row = comment.trim_start_matches(['/', '!', ' ']).starts_with('|');
            if comment.starts_with("//") && !is_row && line.chars().count() > 120 {
                wide.push(format!("{file}:{}", place + 1));
            }
        }
    }
    assert!(wide.is_empty(), "comments are wider than 120 columns: {wide:#?}");
}
