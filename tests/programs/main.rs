//! Programs as experiments, run by the real program: their output, their processes, their files, and the verdict on
//! them. The programs are shell scripts. One subject per file.
//!
//! `kills::sixty_kills` takes a minute, `podman` needs podman; both are run by `.ci/programs`.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "in a test, a panic is the report; counts are printed")]
#![cfg(target_os = "linux")]

mod adopt;
mod containers;
mod environment;
mod files;
mod kills;
mod notes;
mod output;
mod pictures;
mod place;
mod podman;
mod processes;
#[path = "../robustness/random.rs"]
mod random;
mod removal;
mod retry;
mod specification;
mod verdict;
mod versions;
#[path = "../program/workspace.rs"]
#[expect(dead_code, reason = "shared with the tests of the program, which use all of it")]
mod workspace;
