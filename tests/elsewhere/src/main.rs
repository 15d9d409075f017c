//! Prints the root of the study, on a target with an operating system.

extern crate alloc;

#[path = "../../../crates/network/examples/bits/study.rs"]
mod study;

use restudy_network::train::Kernel;

fn main() {
    let expected = study::study(Kernel::Portable, 1);
    for kernel in Kernel::all() {
        assert_eq!(study::study(kernel, 8), expected, "{} changes bits", kernel.name());
    }
    println!("{expected}");
}
