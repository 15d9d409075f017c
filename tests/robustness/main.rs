//! The store under fire: kills, flipped bits, disks that fail, signals, hostile input. One subject a file.
//!
//! `cargo test --test robustness` runs what takes seconds. The rest is run by name: `disks::` by `.ci/run`, and all by `.ci/run release`:
//!
//! | test | what it does | what it needs |
//! |---|---|---|
//! | `kills::two_hundred_kills` | SIGKILL at random instants, resumed each time; the same bytes in the end | two minutes; `ROBUSTNESS_KILLS` and `ROBUSTNESS_SEED` change number and instants |
//! | `flips::every_byte_of_a_store` | a bit of every byte of every file flipped in turn (in tables all eight), before `verify` and before `sweep` | some minutes; `ROBUSTNESS_FILE` names one of the files |
//! | `disks::` | no room, no quota, read-only, no permission, a limit on files, faults of single system calls | root (for namespaces and mounts), `setpriv`, `strace` |
//! | `readers::mutations` | the corpus of `fuzz/` mutated, under a limit of memory and time | `ROBUSTNESS_EXECUTIONS` changes how many, 300 000 a reader; `ROBUSTNESS_READERS` names some of them |
//! | `hostile::sizes` | specifications that ask for too much, under a limit of memory | a minute |
//!
//! `cargo test --release --test robustness NAME -- --ignored --nocapture` runs one of them and shows what it counted. Where a test
//! cannot do what it is for, it fails and says why: nothing that was not checked passes.
//!
//! The fuzzers share their readers with `readers`: `cargo +nightly fuzz run -s none csv fuzz/grown/csv fuzz/corpus/csv` goes on for as long as it
//! is let (`cargo install cargo-fuzz`), and what it finds becomes a file of `fuzz/corpus/`, which every `cargo test` reads.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "in a test, a panic is the report, and what was counted is said"
)]
#![cfg(unix)]

mod cuts;
#[cfg(target_os = "linux")]
mod disks;
mod flips;
#[cfg(target_os = "linux")]
mod hostile;
mod kills;
mod library;
mod mutate;
mod random;
mod readers;
mod signals;
#[path = "../../fuzz/src/lib.rs"]
mod targets;
#[path = "../program/workspace.rs"]
#[expect(dead_code, reason = "shared with the tests of the program, which use all of it")]
mod workspace;
