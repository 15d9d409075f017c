//! The crate `restudy` of the cells of a notebook. The compiler and rust-analyzer see different contents.
//!
//! The compiler uses the facade, built beforehand as one dynamic library and passed by `--extern`: a cell compiles
//! quickly, and Cargo resolves no dependencies.
//!
//! The rust-analyzer inside the kernel infers the types of `let`s without a type. It reads the sources of the library
//! and of the facade, so that no signature is written twice. `restudy notebook install` copies both next to this file;
//! so the modules below are not in the repository. Of their dependencies rust-analyzer only sees the signatures of
//! polars in `polars/`: types of plotters stay unknown, and so do the impls of derive macros that are not the
//! compiler's own.
#![allow(unexpected_cfgs)]
#![cfg_attr(rust_analyzer, recursion_limit = "256")]

#[cfg(not(rust_analyzer))]
pub use restudy_real::*;

#[cfg(rust_analyzer)]
extern crate alloc;
#[cfg(rust_analyzer)]
extern crate self as restudy;
#[cfg(rust_analyzer)]
pub use polars;

/// Declares modules for rust-analyzer alone.
macro_rules! modules {
    ($($module:ident)*) => { $(
        #[cfg(rust_analyzer)]
        pub mod $module;
    )* };
}

// The library, all but its command line.
modules! { program progress run sweep }
modules! { restudy_core restudy_engine restudy_escape restudy_experiments restudy_figure restudy_network restudy_programs restudy_report restudy_source restudy_stats }
#[cfg(rust_analyzer)]
pub use restudy_core::{math, measure, seed, validation};
#[cfg(rust_analyzer)]
pub use restudy_engine::{experiment, results, spec, store, table};
#[cfg(rust_analyzer)]
pub use restudy_escape as escape;
#[cfg(rust_analyzer)]
pub use restudy_experiments::{data, digest, drawer, experiments, export, pages, plane, proof};
#[cfg(rust_analyzer)]
pub use restudy_figure as figure;
#[cfg(rust_analyzer)]
pub use restudy_network::{metric, model, train};
#[cfg(rust_analyzer)]
pub use restudy_report as report;
#[cfg(rust_analyzer)]
pub use restudy_stats as stats;
/// The same signature as in the library.
#[cfg(rust_analyzer)]
pub fn init() {}

// The facade.
modules! { answers asking cards cell claims custom error frame live own picture prelude show single tex }
