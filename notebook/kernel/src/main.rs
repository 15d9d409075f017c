//! `restudy-kernel` implements the Jupyter protocol, separate from the rest of restudy.
//!
//! - `restudy-kernel serve CONNECTION_FILE` is the kernel "Rust (restudy)", started by Jupyter: a [proxy](serve) before
//!   the stock kernel evcxr_jupyter that reports failures, shows several figures a cell, and interrupts sweeps safely.
//! - `restudy-kernel drive` reads cells as JSON from the standard input, [executes](drive) them with any kernel, and
//!   writes events as JSON lines.
//!
//! Programs start it, not people. It does not depend on networks and studies, and so it is small and builds quickly.

mod child;
mod client;
mod drive;
mod failure;
mod serve;
mod text;
mod wire;

use std::process::ExitCode;

const HELP: &str = "\
Speaks to Jupyter kernels. Started by Jupyter and by `restudy notebook`, not by hand.

  restudy-kernel serve CONNECTION_FILE   the kernel \"Rust (restudy)\"
  restudy-kernel drive                   reads cells as JSON, executes them, tells what happens as JSON lines";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["serve", file] => serve::run(file.as_ref()).await,
        ["drive"] => drive::run().await,
        ["--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["--version"] => {
            println!("restudy-kernel {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("restudy-kernel: {problem}");
            ExitCode::FAILURE
        }
    }
}
