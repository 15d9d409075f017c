//! The real program on tiny studies, one subject per file.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "in a test, a panic is the report; skipped tests print a notice"
)]

mod advice;
mod bad_data;
mod bad_input;
mod badge;
mod bisect;
#[cfg(target_os = "linux")]
mod bounds;
mod check;
mod cite;
mod codes;
mod compare;
mod confirm;
mod contradicted;
#[cfg(unix)]
mod custom;
mod damage;
mod diff;
mod edited_data;
mod edited_spec;
mod figure_export;
mod figures;
mod folds;
mod forged;
mod gradcheck;
mod help;
#[cfg(unix)]
mod interrupt;
mod json;
mod ls;
#[cfg(target_os = "linux")]
mod machine_limits;
mod malicious_input;
mod manifest;
mod missing_data;
mod new;
mod notes;
mod old_formats;
mod origins;
mod plan;
mod progress;
mod proof;
mod query;
mod report;
mod segments;
mod shards;
mod shared_folder;
mod show;
mod shown_results;
mod sparklines;
mod status;
mod stored_runs;
mod sweep;
mod tamper;
mod traces;
mod undrawable;
mod unfinished;
mod untrusted_text;
mod verify;
mod watch;
mod why;
mod workspace;
