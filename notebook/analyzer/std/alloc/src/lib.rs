//! The signatures of `core`, under the name of `alloc`.
#![no_std]
pub use core::{borrow, boxed, collections, fmt, format, rc, slice, str, string, sync, vec};
