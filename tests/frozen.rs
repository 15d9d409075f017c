//! Compares the committed results with what was published: people quote their roots.

use std::{fs, path::Path};

use restudy::digest::Digest;
use serde_json::Value;

/// For each committed study, the digests of the parts of its manifest that may never change, as JSON without white
/// space: `root`, `specification`, `tables`, `runs`.
const FROZEN: &str = include_str!("fixtures/frozen.txt");

#[test]
fn roots_specifications_tables_and_runs_are_the_published_ones() {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let mut found = String::new();
    let mut studies: Vec<_> = fs::read_dir(results).unwrap().map(|entry| entry.unwrap().path()).collect();
    studies.sort();
    for study in studies.iter().filter(|study| !study.file_name().unwrap().to_str().unwrap().starts_with("try-")) {
        let manifest: Value = serde_json::from_slice(&fs::read(study.join("manifest.json")).unwrap()).unwrap();
        let name = study.file_name().unwrap().to_str().unwrap();
        for key in ["root", "specification", "tables", "runs"] {
            found.push_str(&format!("{name} {key} {}\n", Digest::of(manifest[key].to_string().as_bytes())));
        }
    }
    assert_eq!(found, FROZEN);
}
