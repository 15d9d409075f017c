//! `restudy-kernel` speaks the Jupyter protocol, so that nothing else of restudy has to.
//!
//! - `restudy-kernel serve CONNECTION_FILE` is what Jupyter starts as the kernel "Rust (restudy)": a [proxy](serve) before the stock
//!   kernel evcxr_jupyter, which makes failures fail, shows several figures a cell, and interrupts gently.
//! - `restudy-kernel drive` reads cells as JSON from its standard input, [executes](drive) them with any kernel, and tells what
//!   happens as JSON lines.
//!
//! It is started by programs, never typed. It knows nothing of networks and studies, and so is small and quickly built.

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
