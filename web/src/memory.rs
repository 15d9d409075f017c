//! The allocator of the module: blocks of 16, 32, 64 bytes and so on. A freed block is kept for the next allocation of
//! its size.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::UnsafeCell,
    ptr,
};

struct Blocks(UnsafeCell<State>);

struct State {
    end: usize,
    /// For each size, the address of a free block, which contains the address of the next one.
    free: [usize; 32],
}

// SAFETY: a WebAssembly module without threads has one thread.
unsafe impl Sync for Blocks {}

const PAGE: usize = 65_536;

/// The binary logarithm of the size of a block.
fn class(layout: Layout) -> usize {
    layout.size().max(layout.align()).max(16).next_power_of_two().trailing_zeros() as usize
}

// SAFETY: a block has the size of its class and the alignment of its layout, in memory that was grown for it; blocks
// never overlap, since a block is either new or was freed.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = unsafe { &mut *self.0.get() };
        let class = class(layout);
        let kept = state.free[class];
        if kept != 0 {
            state.free[class] = unsafe { *(kept as *const usize) };
            return kept as *mut u8;
        }
        if state.end == 0 {
            state.end = wasm32::memory_size(0) * PAGE;
        }
        let start = state.end.next_multiple_of(layout.align().max(16));
        let Some(end) = start.checked_add(1 << class) else { return ptr::null_mut() };
        let missing = end.saturating_sub(wasm32::memory_size(0) * PAGE);
        if missing > 0 && wasm32::memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX {
            return ptr::null_mut();
        }
        state.end = end;
        start as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let state = unsafe { &mut *self.0.get() };
        let class = class(layout);
        unsafe { *block.cast::<usize>() = state.free[class] };
        state.free[class] = block as usize;
    }
}

#[global_allocator]
static MEMORY: Blocks = Blocks(UnsafeCell::new(State { end: 0, free: [0; 32] }));
