//! Tests the dependencies of crates, as Cargo resolves them: the engine depends neither on the network nor on figures
//! nor on reports, and pure crates depend on nothing impure.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// All crates that a crate of this workspace depends on, including those of tests and build scripts.
fn dependencies(name: &str) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let words = ["tree", "--locked", "--offline", "--package", name, "--prefix", "none", "--format", "{p}"];
    let output = Command::new(cargo).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<_> = text.lines().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect();
    assert!(names.contains(name), "{text}");
    names.into_iter().filter(|other| other != name).collect()
}

#[test]
fn the_engine_depends_on_no_experiment_figure_or_report() {
    let known = dependencies("restudy-engine");
    let ours: Vec<_> = known.iter().filter(|name| name.starts_with("restudy")).collect();
    assert_eq!(ours, ["restudy-core", "restudy-escape", "restudy-source", "restudy-stats"]);
    assert!(!known.contains("plotters"));
}

#[test]
fn reports_depend_on_no_experiment_and_no_drawing() {
    let known = dependencies("restudy-report");
    let ours: Vec<_> = known.iter().filter(|name| name.starts_with("restudy")).collect();
    assert_eq!(ours, ["restudy-core", "restudy-engine", "restudy-escape", "restudy-source", "restudy-stats"]);
    assert!(!known.contains("plotters"));
}

#[test]
fn experiments_depend_on_no_command_line() {
    let known = dependencies("restudy-experiments");
    for program in ["restudy", "clap", "indicatif"] {
        assert!(!known.contains(program), "an edit in the command line compiles the experiments again: {program}");
    }
}

#[test]
fn figures_depend_on_no_experiment_and_no_engine() {
    let known = dependencies("restudy-figure");
    let ours: Vec<_> = known.iter().filter(|name| name.starts_with("restudy")).collect();
    assert_eq!(ours, ["restudy-core", "restudy-escape", "restudy-stats"]);
}

#[test]
fn pure_crates_depend_on_no_system() {
    for (name, below) in [
        ("restudy-core", &[][..]),
        ("restudy-network", &["restudy-core"]),
        ("restudy-escape", &[]),
        ("restudy-source", &[]),
        ("restudy-stats", &["restudy-core"]),
    ] {
        let known = dependencies(name);
        let ours: Vec<_> = known.iter().filter(|name| name.starts_with("restudy")).collect();
        assert_eq!(ours, below, "{name}");
        for world in ["clap", "polars", "plotters", "toml", "miette"] {
            assert!(!known.contains(world), "{name} knows {world}");
        }
    }
}

/// The packages that a profile optimizes, each with its level.
fn optimized(profile: &str) -> BTreeMap<&str, &str> {
    let header = format!("[profile.{profile}.package.");
    let sections = include_str!("../Cargo.toml").split("\n[").map(str::trim_start);
    let levels = sections.filter_map(|section| {
        let (name, settings) = section.strip_prefix(&header[1..])?.split_once(']')?;
        Some((name, settings.split_once("opt-level = ")?.1.lines().next()?))
    });
    levels.filter(|(_, level)| ["2", "3"].contains(level)).collect()
}

#[test]
fn installed_and_measured_programs_have_the_same_optimization() {
    let measured = optimized("dev");
    assert!(measured.len() > 10 && measured["blake3"] == "3", "{measured:?}");
    assert_eq!(optimized("release"), measured);
}
