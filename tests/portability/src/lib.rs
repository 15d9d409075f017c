//! The root of the study as a WebAssembly module, without an operating system or an allocator.
#![cfg(target_arch = "wasm32")]
#![no_std]

extern crate alloc;

#[path = "../../../crates/network/examples/bits/study.rs"]
mod study;

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::UnsafeCell,
    panic::PanicInfo,
    ptr,
};

use restudy_network::train::Simd;

/// The bytes of the root, `lanes` runs side by side.
#[unsafe(no_mangle)]
pub extern "C" fn root(lanes: usize) -> *const u8 {
    alloc::boxed::Box::leak(alloc::boxed::Box::new(study::study(Simd::best(), lanes).0)).as_ptr()
}

/// An allocator that frees nothing: the study is small.
struct Bump(UnsafeCell<usize>);

// SAFETY: a WebAssembly module without threads has one thread.
unsafe impl Sync for Bump {}

const PAGE: usize = 65_536;

// SAFETY: every block begins after the last one, rounded up as its layout requires, in memory that was grown for it.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let end = unsafe { &mut *self.0.get() };
        if *end == 0 {
            *end = wasm32::memory_size(0) * PAGE;
        }
        let start = end.next_multiple_of(layout.align());
        let missing = (start + layout.size()).saturating_sub(wasm32::memory_size(0) * PAGE);
        if missing > 0 && wasm32::memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX {
            return ptr::null_mut();
        }
        *end = start + layout.size();
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static MEMORY: Bump = Bump(UnsafeCell::new(0));

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
