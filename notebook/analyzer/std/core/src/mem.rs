//! Memory.
pub const fn swap<T>(a: &mut T, b: &mut T);
pub const fn replace<T>(target: &mut T, value: T) -> T;
pub fn take<T: Default>(target: &mut T) -> T;
pub fn drop<T>(value: T);
pub fn forget<T>(value: T);
pub const fn size_of<T>() -> usize;
pub const fn size_of_val<T: ?Sized>(value: &T) -> usize;
pub const fn align_of<T>() -> usize;
pub const fn align_of_val<T: ?Sized>(value: &T) -> usize;
pub fn needs_drop<T: ?Sized>() -> bool;
pub fn discriminant<T>(value: &T) -> Discriminant<T>;

pub struct Discriminant<T>(T);
impl<T> Clone for Discriminant<T> {}
impl<T> Copy for Discriminant<T> {}
impl<T> PartialEq for Discriminant<T> {}
impl<T> Eq for Discriminant<T> {}
impl<T> crate::fmt::Debug for Discriminant<T> {}
