//! Pointers.
pub fn eq<T: ?Sized>(a: *const T, b: *const T) -> bool;
pub const fn null<T>() -> *const T;

impl<T: ?Sized> *const T {
    pub const fn is_null(self) -> bool;
    pub fn addr(self) -> usize;
}
