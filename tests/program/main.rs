//! The program as people run it: the real binary on tiny studies, one subject a file.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "in a test, a panic is the report, and what is skipped says so"
)]

mod advice;
mod answers;
mod bad_data;
mod bad_input;
#[cfg(target_os = "linux")]
mod bounds;
mod company;
mod compare;
mod confirm;
mod contradicted;
mod curves;
#[cfg(unix)]
mod custom;
mod damage;
mod dataless;
mod early;
mod edited_data;
mod edited_spec;
mod folds;
mod forged;
mod held;
#[cfg(unix)]
mod interrupt;
mod json;
mod looking;
#[cfg(target_os = "linux")]
mod machine;
mod malice;
mod manifest;
mod midst;
mod owners;
mod papers;
mod place;
mod progress;
mod proof;
mod prose;
mod query;
mod reading;
mod shards;
mod stored_runs;
mod sweep;
mod tamper;
mod texts;
mod undrawable;
mod verify;
mod wording;
