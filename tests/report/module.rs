//! The WebAssembly module in every page: it has its digest, and is built from these sources.

use std::fs;

use restudy::{digest::Digest, metric::Metric};

use super::source;

/// The module that `web/build` writes; beside it are its digest and that of its sources.
const MODULE: &str = "crates/experiments/src/pages/core.wasm";

fn stored_digest(kind: &str) -> String {
    fs::read_to_string(source(&format!("{MODULE}.{kind}"))).unwrap().trim().to_owned()
}

#[test]
fn the_module_in_the_page_is_the_one_of_its_digest() {
    let module = fs::read(source(MODULE)).unwrap();
    assert_eq!(Digest::of(&module).to_string(), stored_digest("blake3"), "build it again with web/build");
}

/// Every Rust file in a folder except tests, as its path from the top.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(source(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            found.extend(files(&path));
        } else if path.ends_with(".rs") {
            found.push(path);
        }
    }
    found.retain(|path| !path.contains("/tests/") && !path.ends_with("/tests.rs"));
    found.sort_unstable();
    found
}

/// The lines of a file that are compiled, as `web/sources` reads them.
fn code(path: &str) -> String {
    let text = fs::read_to_string(source(path)).unwrap();
    let lines: Vec<_> = text.split('\n').map(str::trim).collect();
    let end = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{'));
    let code = lines[..end.unwrap_or(lines.len())].iter().filter(|line| !line.is_empty() && !line.starts_with("//"));
    std::iter::once(path).chain(code.copied()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_module_in_the_page_is_built_from_these_sources() {
    let folders = ["crates/core/src", "crates/network/src", "web/src"];
    let text: String = folders.into_iter().flat_map(files).map(|path| code(&path)).collect();
    let found = Digest::of(text.as_bytes()).to_string();
    assert_eq!(
        found,
        stored_digest("sources"),
        "core, network or web have changed: run web/build, then write the reports again"
    );
}

/// A new metric needs no change of the page. The page names only the two metrics that every network measures.
#[test]
fn the_page_takes_its_metrics_from_the_study() {
    for entry in fs::read_dir(source("crates/report/src/page")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let about_blank = |line: &&str| line.contains("const blank") || line.contains("metricOf(which).name");
        for line in text.lines().filter(|line| !about_blank(line)) {
            for metric in Metric::ALL.iter().map(|metric| metric.name()) {
                let named = [format!("\"{metric}\""), format!(">{metric}<"), format!("{metric} ${{")];
                assert!(!named.iter().any(|text| line.contains(text)), "{}: {line}", path.display());
            }
        }
    }
}
