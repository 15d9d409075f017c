//! Random forgeries of restudy's files, by a forger who can compute every seal, digest and name that needs no broken
//! hash. The commands that show a forged file must refuse it or report it.
//!
//! `cargo test --test forgery` runs some of each kind. `cargo test --release --test forgery two_thousand -- --ignored
//! --nocapture` runs 2,000 and prints counts; `FORGER_SEED` sets the seed, `FORGER_KINDS` names some of the kinds,
//! `FORGER_COUNT` sets the number of each.
//!
//! | file | forges |
//! |---|---|
//! | `proofs` | the proof of a run, under the published root |
//! | `segments` | stored runs |
//! | `manifests` | `manifest.json` |
//! | `tables` | tables and `summary.csv`, with and without their digest in the manifest |
//!
//! `tests/notebook/forgeries.rs` forges outputs of notebooks.
//!
//! **To add a kind**: one new file with a function [`Forge`], and one line in [`KINDS`].
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "in a test, a panic is the report; counts are printed")]

mod changes;
mod injective;
mod manifests;
mod proofs;
#[path = "../robustness/random.rs"]
mod random;
mod seal;
mod segments;
mod spellings;
mod tables;
mod tricks;
#[path = "../program/workspace.rs"]
#[expect(dead_code, reason = "shared with the tests of the program, which use all of it")]
mod workspace;

use std::collections::BTreeMap;

use random::{Random, setting};
use workspace::Workspace;

/// A forgery, and how it must be detected.
pub struct Forgery {
    /// The forgery in words.
    pub what: String,
    /// The commands that would show it. Each must end with 2 or 4; or continue with intact files, and report the
    /// forgery or show true values.
    pub commands: Vec<String>,
    /// Texts on the standard error, one of which is enough.
    pub notices: &'static [&'static str],
}

/// Forges a file in a folder with a swept study; `None` if the random change would show nothing different.
pub type Forge = fn(&mut Random, &Workspace) -> Option<Forgery>;

/// The kinds of forgeries: name, function, and their number of 2,000.
pub const KINDS: [(&str, Forge, u64); 4] = [
    ("proofs", proofs::forge, 800),
    ("segments", segments::forge, 400),
    ("manifests", manifests::forge, 400),
    ("tables", tables::forge, 400),
];

/// Makes this many forgeries of a kind, and counts them by description.
fn forge((kind, forge, _): (&str, Forge, u64), count: u64, seed: u64) {
    let mut random = Random(seed ^ kind.len() as u64);
    let (mut counted, mut made): (BTreeMap<String, u64>, u64) = (BTreeMap::new(), 0);
    let mut truths = BTreeMap::new();
    while made < count {
        let place = Workspace::swept();
        let Some(Forgery { what, commands, notices }) = forge(&mut random, &place) else { continue };
        for command in &commands {
            let answer = place.run(command);
            let refused = matches!(answer.code, Some(2 | 4));
            let output = notices.iter().any(|words| answer.err.contains(words) || answer.out.contains(words));
            // A command that answers from an intact copy shows nothing forged.
            let shows = ["show", "compare"].iter().any(|word| command.starts_with(word));
            let mut truth =
                || truths.entry(command.clone()).or_insert_with(|| Workspace::swept().run(command).out).clone();
            let output = output || shows && answer.out == truth();
            assert!(
                refused || output && answer.code == Some(0),
                "{kind}, number {made} of seed {seed}: {what}\n`{command}` ends with {:?}\n{}{}",
                answer.code,
                answer.out,
                answer.err
            );
            assert!(!answer.err.contains("has a bug"), "{what}: {}", answer.err);
        }
        *counted.entry(what.split(':').next().unwrap_or_default().to_owned()).or_default() += 1;
        made += 1;
    }
    eprintln!("{kind}: {made} forgeries of seed {seed}, all refused or reported: {counted:?}");
}

#[test]
fn some_of_each_kind() {
    KINDS.into_iter().for_each(|kind| forge(kind, 40, 1));
}

#[test]
#[ignore = "minutes of forgeries: run by .ci/run release"]
fn two_thousand() {
    let chosen = std::env::var("FORGER_KINDS").ok();
    let chosen =
        |(name, ..): &(&str, Forge, u64)| chosen.as_ref().is_none_or(|all| all.split(',').any(|own| own == *name));
    for kind in KINDS.into_iter().filter(chosen) {
        forge(kind, setting("FORGER_COUNT", kind.2), setting("FORGER_SEED", 14));
    }
}
