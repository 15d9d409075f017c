//! Other programs in the documentation: runs its queries on a study.

use std::process::Command;

use crate::workspace::{Workspace, with};

/// The code blocks of one language in the page.
fn blocks(language: &str) -> String {
    let page = include_str!("../../crates/engine/src/results/query.md");
    let blocks =
        page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    blocks.collect()
}

/// A Python with the packages: `RESTUDY_PYTHON`, or the first one found.
fn python(place: &Workspace, packages: &str) -> Command {
    let name = std::env::var("RESTUDY_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&name).args(["-c", &format!("import {packages}")]).output();
    assert!(
        has.is_ok_and(|output| output.status.success()),
        "NOT CHECKED: {name} has no {packages}; `pip install {packages}` there, or name another in RESTUDY_PYTHON"
    );
    let mut command = Command::new(name);
    command.current_dir(place.path("results"));
    command
}

fn swept() -> Workspace {
    let place = Workspace::new("");
    place.write("hidden.toml", with("[1, 3]", "[3, 7]"));
    place.run("sweep hidden.toml --quiet").ends(0);
    place
}

#[test]
#[ignore = "needs a Python with duckdb, from PyPI"]
fn duckdb_runs_the_queries_of_the_documentation() {
    let place = swept();
    let mut python = python(&place, "duckdb");
    let script = "import duckdb, sys\nfor query in sys.argv[1].split(';'):\n    if query.strip():\n        rows = duckdb.sql(query).fetchall()\n        assert rows, query\n        print(rows)\n";
    let output = python.args(["-c", script, &blocks("sql")]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let answers: Vec<_> = out.lines().collect();
    assert_eq!(answers.len(), 4, "{out}");
    assert!(answers[0].starts_with("[(3, 3, ") && answers[0].contains("(7, 3, "), "{out}");
    assert_eq!(answers[1].matches('(').count(), 5, "the untrained network and four epochs: {out}");
    assert!(answers[2].contains("hidden/runs.parquet"), "{out}");
}

#[test]
#[ignore = "needs a Python with polars, from PyPI"]
fn polars_runs_the_queries_of_the_documentation() {
    let place = swept();
    let mut python = python(&place, "polars");
    let output = python.args(["-c", &blocks("python")]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for words in ["shape: (6, 3)", "best_epoch", "norm", "validation_error_mean"] {
        assert!(out.contains(words), "{words} is not in {out}");
    }
}
