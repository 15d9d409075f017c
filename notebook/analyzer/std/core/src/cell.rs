//! Values that can change behind a shared reference.
use crate::ops::{Deref, DerefMut};

#[lang = "unsafe_cell"]
pub struct UnsafeCell<T: ?Sized>(T);

pub struct Cell<T: ?Sized>(UnsafeCell<T>);
impl<T> Cell<T> {
    pub const fn new(value: T) -> Cell<T>;
    pub fn set(&self, value: T);
    pub fn swap(&self, other: &Self);
    pub const fn replace(&self, value: T) -> T;
    pub const fn into_inner(self) -> T;
    pub fn take(&self) -> T where T: Default;
    pub const fn get_mut(&mut self) -> &mut T;
    pub fn update(&self, f: impl FnOnce(T) -> T) where T: Copy;
}
impl<T: Copy> Cell<T> {
    pub const fn get(&self) -> T;
}
impl<T: Copy> Clone for Cell<T> {}
impl<T: Default> Default for Cell<T> {}

pub struct RefCell<T: ?Sized>(UnsafeCell<T>);
impl<T> RefCell<T> {
    pub const fn new(value: T) -> RefCell<T>;
    pub const fn into_inner(self) -> T;
    pub fn replace(&self, value: T) -> T;
    pub fn take(&self) -> T where T: Default;
}
impl<T: ?Sized> RefCell<T> {
    pub const fn borrow(&self) -> Ref<'_, T>;
    pub const fn try_borrow(&self) -> Result<Ref<'_, T>, BorrowError>;
    pub const fn borrow_mut(&self) -> RefMut<'_, T>;
    pub const fn try_borrow_mut(&self) -> Result<RefMut<'_, T>, BorrowMutError>;
    pub const fn get_mut(&mut self) -> &mut T;
}
impl<T: Clone> Clone for RefCell<T> {}
impl<T: Default> Default for RefCell<T> {}

pub struct Ref<'b, T: ?Sized>(&'b T);
impl<T: ?Sized> Deref for Ref<'_, T> {
    type Target = T;
}
pub struct RefMut<'b, T: ?Sized>(&'b mut T);
impl<T: ?Sized> Deref for RefMut<'_, T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for RefMut<'_, T> {}

pub struct BorrowError(());
impl crate::fmt::Debug for BorrowError {}
pub struct BorrowMutError(());
impl crate::fmt::Debug for BorrowMutError {}

pub struct OnceCell<T>(UnsafeCell<Option<T>>);
impl<T> OnceCell<T> {
    pub const fn new() -> OnceCell<T>;
    pub fn get(&self) -> Option<&T>;
    pub fn set(&self, value: T) -> Result<(), T>;
    pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
    pub fn into_inner(self) -> Option<T>;
}

pub struct LazyCell<T, F = fn() -> T>(T, F);
impl<T, F: FnOnce() -> T> LazyCell<T, F> {
    pub const fn new(f: F) -> LazyCell<T, F>;
}
impl<T, F: FnOnce() -> T> Deref for LazyCell<T, F> {
    type Target = T;
}
