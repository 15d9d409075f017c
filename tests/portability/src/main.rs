//! Prints the root of the study, on a target with an operating system.

extern crate alloc;

#[path = "../../../crates/network/examples/bits/study.rs"]
mod study;

use restudy_network::train::Simd;

fn main() {
    let expected = study::study(Simd::Portable, 1);
    for simd in Simd::all() {
        assert_eq!(study::study(simd, 8), expected, "{} changes bits", simd.name());
    }
    println!("{expected}");
}
