//! The crate `restudy` as the cells of a notebook see it. Two readers come here, and each finds something else.
//!
//! The compiler finds the facade, built beforehand as one dynamic library and handed over by `--extern`: a cell compiles
//! against it in a moment, and Cargo meets no dependency at all.
//!
//! The rust-analyzer inside the kernel, which works out the types of untyped `let`s, finds the sources of the library and of
//! the facade themselves, so that no signature is ever written twice. `restudy notebook install` copies both next to this
//! file; that is why the modules below are not in the repository. Their dependencies it never sees, but for the few signatures
//! of polars in `polars/`: types of plotters stay unknown to it, and so do the impls of derive macros that are not the
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
modules! { restudy_core restudy_engine restudy_escape restudy_experiments restudy_figure restudy_network restudy_report restudy_source restudy_stats }
#[cfg(rust_analyzer)]
pub use restudy_core::{fault, math, measure, seed};
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
/// As the library has it.
#[cfg(rust_analyzer)]
pub fn init() {}

// The facade.
modules! { answers asking cards cell claims custom error frame live own picture prelude show single tex }
