//! `docs/data.md`: its files are written, its commands run, and what they print is what stands there.

use crate::workspace::{Workspace, stable};

const TEXT: &str = include_str!("../../docs/data.md");

/// The blocks of code: what stands behind the three marks, and the lines.
fn blocks() -> Vec<(&'static str, String)> {
    let mut blocks = Vec::new();
    let mut lines = TEXT.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind, inside.join("\n")));
        }
    }
    blocks
}

#[test]
fn published_tables_are_read_after_two_corrections_at_most() {
    let place = Workspace::new("");
    let (mut refusals, mut most, mut tables) = (0, 0, 0);
    for (kind, text) in blocks() {
        match kind.split_once(' ') {
            Some((language, file)) => {
                place.write(file, text + "\n");
                if language == "csv" {
                    (most, refusals, tables) = (most.max(refusals), 0, tables + 1);
                }
            }
            None => {
                for command in text.split("$ restudy ").skip(1) {
                    let (words, told) = command.split_once('\n').unwrap_or((command, ""));
                    let answer = place.run(words);
                    assert!(matches!(answer.code, Some(0 | 2)), "{words}\n{}{}", answer.out, answer.err);
                    refusals += u32::from(answer.code != Some(0));
                    let said = stable(&format!("{}{}", answer.err, answer.out));
                    assert_eq!(said.trim(), told.trim(), "{words}");
                }
            }
        }
    }
    assert_eq!((most.max(refusals), tables), (2, 3));
    for study in ["penguins", "titanic", "pima"] {
        assert!(place.path(&format!("results/{study}/report.html")).exists(), "{study} is answered");
    }
}
