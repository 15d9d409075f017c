//! Applies the remedy of every mistake in a specification: the mistake is gone, and nothing else has changed.
//!
//! A row spoils a specification, names the code and the remedy that the message must have, and makes the edit that the
//! remedy asks for. What comes out is the study of a specification that never had the mistake. A code without a row
//! fails [`every_code_has_a_remedy`].
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod axes;
mod combinations;
mod custom;
mod figures;
mod files;
mod lengths;
mod row;
mod sections;
mod toml;

use std::{collections::BTreeSet, panic};

use restudy::spec::Code;

/// Codes that cannot occur in this program, each with the file of the engine that tests it.
const ELSEWHERE: [(Code, &str); 1] = [(Code::FigureUndrawn, include_str!("../../crates/engine/src/sweep/figures.rs"))];

#[test]
fn every_code_has_a_remedy() {
    let rows = [&toml::ROWS[..], &sections::ROWS, &axes::ROWS, &combinations::ROWS, &figures::ROWS].concat();
    // All rows are tested, even after a failure.
    let met: Vec<_> = rows.iter().map(|row| panic::catch_unwind(|| row.follow())).collect();
    let failed = met.iter().filter(|met| met.is_err()).count();
    assert_eq!(failed, 0, "of {} rows", met.len());
    let mut met: BTreeSet<Code> = met.into_iter().flatten().collect();
    met.extend([files::follow(), lengths::follow(), custom::follow()].into_iter().flatten());
    for (code, tests) in ELSEWHERE {
        let tests = tests.split("#[cfg(test)]").nth(1).unwrap();
        assert!(tests.contains(&format!("Code::{code:?}")), "{code} is tested in the engine");
        assert!(met.insert(code), "{code} has a row, too");
    }
    let lacking: Vec<_> = Code::ALL.iter().filter(|code| !met.contains(code)).collect();
    assert!(lacking.is_empty(), "no row tests {lacking:?}");
}
