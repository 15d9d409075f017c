//! Pins the root of a small study: a change of any bit of any run fails here, and needs a new version of the contract.

extern crate alloc;

#[path = "../crates/network/examples/bits/study.rs"]
mod bits;

#[test]
fn the_root_is_pinned() {
    use restudy::train::Simd;
    const ROOT: &str = "137c855ec7e0ad4637947874ccf81fd5e9180e4dfb6bd427de2cfce17e5f9160";
    for kernel in Simd::all() {
        for lanes in [1, 3, 8] {
            assert_eq!(bits::study(kernel, lanes).to_string(), ROOT, "{kernel:?}, {lanes} lanes");
        }
    }
}
