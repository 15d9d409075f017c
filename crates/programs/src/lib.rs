//! Programs in any language as experiments of the engine: a specification with a section `[command]` says how a program
//! is started, which files and parameters it gets, and what it measures.
//!
//! A program prints measurements as lines of JSON. Each run starts in a fresh folder with copies of the declared inputs
//! and with a short environment. The identity of a run covers the command line, the contents of the inputs, the
//! declared environment, the parameters, the patterns of kept files and the seed. It does not cover the program itself
//! if that is not an input, nor anything that the program reads by an absolute path or over the network.
//!
//! | module | contents |
//! |---|---|
//! | [`spec`] | the sections `[command]`, `[parameters]` and `[measurements]`, checked |
//! | [`kind`] | the experiment that a specification declares |
//! | [`run`](mod@run) | one run: its folder, its environment, its processes, its output and its kept files |
//! | [`runner`] | prepares studies of programs |
//!
//! This crate depends on no other experiment, figure, report or command line. It starts processes and writes temporary
//! folders; into a results folder it writes `logs/`, `files/` and `versions/` alone.

pub mod kind;
pub mod run;
pub mod runner;
pub mod spec;

use std::sync::Arc;

use restudy_core::{digest, measure, seed, validation};
use restudy_engine::{experiment, run as engine_run, spec as engine_spec, store, sweep};

/// Registers programs with the engine. Further calls do nothing.
pub fn init() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        experiment::register_family(Arc::new(kind::Programs));
        engine_run::register(Arc::new(runner::Programs));
    });
}
