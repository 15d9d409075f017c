//! A standard library of signatures. The rust-analyzer inside the notebook kernel reads it in place of the sources of
//! the real one: it infers types within milliseconds, and needs no component of the toolchain.
//!
//! Nothing here is compiled or run. A function ends at its signature, since only types are needed, and everything is in
//! this one crate; `alloc` and `std` re-export it under the usual names. If a signature is missing here, a cell needs
//! an explicit type; if one is wrong, a cell fails with a type error. `notebook/analyzer/probes.rs` is the test.
#![no_core]
#![feature(no_core, lang_items, decl_macro, rustc_attrs, unboxed_closures)]
#![rustc_coherence_is_core]

#[macro_use]
mod macros;

pub mod any;
pub mod array;
pub mod borrow;
pub mod boxed;
pub mod cell;
pub mod char;
pub mod clone;
pub mod cmp;
pub mod collections;
pub mod convert;
pub mod default;
pub mod env;
pub mod error;
pub mod fmt;
pub mod fs;
pub mod future;
pub mod hash;
pub mod hint;
pub mod io;
pub mod iter;
pub mod marker;
pub mod mem;
pub mod num;
pub mod ops;
pub mod option;
pub mod panic;
pub mod panicking;
pub mod path;
pub mod prelude;
pub mod process;
pub mod ptr;
pub mod rc;
pub mod result;
pub mod slice;
pub mod str;
pub mod string;
pub mod sync;
pub mod thread;
pub mod time;
pub mod tuple;
pub mod vec;

pub use num::consts::{f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize};

#[prelude_import]
#[allow(unused)]
use prelude::v1::*;
