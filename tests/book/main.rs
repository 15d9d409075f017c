//! The book, which is `README.md` and `docs/`: its commands run, they print what it shows, and its links lead
//! somewhere.
//!
//! | block | what is done with it |
//! |---|---|
//! | `sh` | every line is run, in the order of the page |
//! | `console` | every line after `$ ` is run, and prints the lines below it; `…` is the rest of a line, or lines |
//! | `toml NAME`, `csv NAME` | the text is written to that file; the file of the repository, if any, has that text |
//! | `sh not-run="REASON"` | nothing, for one of the reasons in `run::REASONS`; they are counted |
//! | `json`, `rust`, `sql` | an excerpt: nothing |
//!
//! A command ends with 0, unless a comment ends with the code: `restudy verify results/moons  # exit code 4`. Each page
//! has a copy of what a clone has in `experiments`, `examples`, `results`, `notebooks` and `tests/contract`.
//!
//! `BOOK_WRITE=1 cargo test --test book` writes what the program prints into the pages; look at the difference.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]
#![cfg(unix)]

mod console;
mod links;
mod page;
mod run;

use std::{
    fs,
    path::{Path, PathBuf},
};

use page::Page;

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Markdown files in a folder of the repository.
fn markdown(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(top().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    found.sort_unstable();
    found
}

fn book() -> Vec<Page> {
    let mut paths = markdown("docs");
    paths.insert(0, top().join("README.md"));
    paths.iter().map(|path| Page::read(path)).collect()
}

#[test]
fn every_block_is_of_a_kind_that_is_checked() {
    let faults: Vec<_> = book().iter().flat_map(Page::faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_command_runs_and_prints_what_is_shown() {
    let pages = book();
    let outcomes = run::all(&pages);
    let writes = std::env::var_os("BOOK_WRITE").is_some_and(|value| value != "0");
    let (mut faults, mut total) = (Vec::new(), run::Count::default());
    for (page, outcome) in pages.iter().zip(outcomes) {
        total.add(&outcome.count);
        faults.extend(outcome.faults);
        if writes && outcome.text != page.text {
            fs::write(&page.path, outcome.text).unwrap();
            eprintln!("{}: written", page.name());
        } else {
            faults.extend(outcome.differences);
        }
    }
    eprintln!("{total}");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(total.run > 50 && total.compared > 10, "the book lost its commands: {total}");
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let paths = [markdown("."), markdown("docs")].concat();
    let faults: Vec<_> = paths.iter().flat_map(|path| links::broken(path)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_table_of_contents_lists_every_page() {
    let contents = top().join("docs/README.md");
    let linked = links::targets(&fs::read_to_string(&contents).unwrap());
    for path in markdown("docs").iter().filter(|path| **path != contents) {
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(linked.iter().any(|target| *target == name), "docs/README.md does not list {name}");
    }
}

/// The first commands of the README are what its readers, and programs that grade it, begin with.
#[test]
fn the_readme_begins_with_a_study_and_the_tests() {
    let readme = Page::read(&top().join("README.md"));
    let first = readme.blocks.first().unwrap();
    let commands: Vec<_> = first.lines.iter().map(|line| line.split('#').next().unwrap().trim()).collect();
    assert_eq!(
        (first.info.as_str(), &commands[..]),
        ("sh", &["cargo run -- sweep experiments/hidden.toml", "cargo test"][..])
    );
}
