//! The store under kills, flipped bits, failing disks, signals and hostile input. One subject per file.
//!
//! `cargo test --test robustness` runs the tests that take seconds, `.ci/robustness` also `disks::`, and `.ci/run
//! release` all of them:
//!
//! | test | what it does | needs and settings |
//! |---|---|---|
//! | `kills::two_hundred_kills` | SIGKILL at random instants, resumed each time; the same bytes in the end | two minutes; `ROBUSTNESS_KILLS` and `ROBUSTNESS_SEED` set number and instants |
//! | `flips::every_byte_of_a_store` | a bit of every byte of every file flipped in turn (in tables all eight), before `verify` and before `sweep` | some minutes; `ROBUSTNESS_FILE` names one of the files |
//! | `disks::` | no room, no quota, read-only, no permission, a limit on files, faults of single system calls | root (for namespaces and mounts), `setpriv`, `strace` |
//! | `readers::mutations` | the corpus of `fuzz/` mutated, under a limit of memory and time | `ROBUSTNESS_EXECUTIONS` sets their number per reader, 300,000; `ROBUSTNESS_READERS` names some readers |
//! | `hostile::sizes` | specifications that ask for too much, under a limit of memory | a minute |
//!
//! `cargo test --release --test robustness NAME -- --ignored --nocapture` runs one of them and prints its counts. A
//! test that cannot check its subject fails and says why.
//!
//! The fuzzers use the functions of `readers`: `cargo +nightly fuzz run -s none csv fuzz/grown/csv fuzz/corpus/csv`
//! runs until it is stopped (needs `cargo install cargo-fuzz`). Findings become files of `fuzz/corpus/`, which every
//! `cargo test` reads.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "in a test, a panic is the report; counts are printed")]
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
