//! Trains a small study without the program and prints its root: the same 64 digits on every machine.
//!
//! ```text
//! cargo run -p restudy-network --example bits [--release]
//! ```
//!
//! `.ci/bits` runs it in both profiles, on processors without AVX2, on aarch64 and, without this `main`, in
//! WebAssembly, and compares the root with the value pinned in `tests/pinned.rs`.
#![allow(clippy::print_stdout, reason = "an example is a program")]

extern crate alloc;

mod study;

use restudy_network::train::Simd;

use study::study;

fn main() {
    let expected = study(Simd::Portable, 1);
    for simd in Simd::all() {
        assert_eq!(study(simd, 8), expected, "{} changes bits", simd.name());
    }
    println!("{expected}");
}
