//! The functions that compiled code for WebAssembly needs and does not have: moving memory, and a long product. For
//! targets without a library in the toolchain; where `rustup target add wasm32-unknown-unknown` works, this is not
//! needed.
#![feature(compiler_builtins)]
#![compiler_builtins]
#![no_std]
#![allow(internal_features)]

use core::ptr::{read_volatile, write_volatile};

// Volatile: otherwise the compiler would recognize these loops and replace them by calls to themselves.

#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, n: usize) -> *mut u8 {
    for i in 0..n {
        unsafe { write_volatile(to.add(i), read_volatile(from.add(i))) };
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, n: usize) -> *mut u8 {
    if (to as usize) <= from as usize {
        return unsafe { memcpy(to, from, n) };
    }
    for i in (0..n).rev() {
        unsafe { write_volatile(to.add(i), read_volatile(from.add(i))) };
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, n: usize) -> *mut u8 {
    for i in 0..n {
        unsafe { write_volatile(to.add(i), byte as u8) };
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
    for i in 0..n {
        let (a, b) = unsafe { (read_volatile(a.add(i)), read_volatile(b.add(i))) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

/// The low 128 bits of a product, from products of 32 bits.
#[unsafe(no_mangle)]
extern "C" fn __multi3(a: i128, b: i128) -> i128 {
    let (mut low, mut high) = (0_u64, 0_u64);
    let digit = |n: i128, i: u32| ((n as u128) >> (32 * i)) as u64 & 0xffff_ffff;
    for i in 0..4 {
        for j in 0..4 - i {
            let product = digit(a, i).wrapping_mul(digit(b, j));
            let (add_low, add_high) = match i + j {
                0 => (product, 0),
                1 => (product << 32, product >> 32),
                2 => (0, product),
                _ => (0, product << 32),
            };
            let (sum, carry) = low.overflowing_add(add_low);
            low = sum;
            high = high.wrapping_add(add_high).wrapping_add(carry as u64);
        }
    }
    (high as u128 as i128) << 64 | low as i128
}
