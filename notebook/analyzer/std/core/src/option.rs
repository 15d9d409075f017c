//! Optional values.
use crate::ops::{Deref, DerefMut};

#[lang = "Option"]
pub enum Option<T> {
    #[lang = "None"]
    None,
    #[lang = "Some"]
    Some(T),
}

impl<T: Clone> Clone for Option<T> {}
impl<T: Copy> Copy for Option<T> {}
impl<T> Default for Option<T> {}
impl<T: PartialEq> PartialEq for Option<T> {}
impl<T: Eq> Eq for Option<T> {}
impl<T: PartialOrd> PartialOrd for Option<T> {}
impl<T: Ord> Ord for Option<T> {}
impl<T> From<T> for Option<T> {}

impl<T> Option<T> {
    pub const fn is_some(&self) -> bool;
    pub fn is_some_and(self, f: impl FnOnce(T) -> bool) -> bool;
    pub const fn is_none(&self) -> bool;
    pub fn is_none_or(self, f: impl FnOnce(T) -> bool) -> bool;
    pub const fn as_ref(&self) -> Option<&T>;
    pub const fn as_mut(&mut self) -> Option<&mut T>;
    pub const fn as_slice(&self) -> &[T];
    pub const fn expect(self, message: &str) -> T;
    pub const fn unwrap(self) -> T;
    pub fn unwrap_or(self, default: T) -> T;
    pub fn unwrap_or_else<F: FnOnce() -> T>(self, f: F) -> T;
    pub fn unwrap_or_default(self) -> T where T: Default;
    pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Option<U>;
    pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Self;
    pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U;
    pub fn map_or_else<U, D: FnOnce() -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U;
    pub fn ok_or<E>(self, error: E) -> Result<T, E>;
    pub fn ok_or_else<E, F: FnOnce() -> E>(self, error: F) -> Result<T, E>;
    pub fn as_deref(&self) -> Option<&T::Target> where T: Deref;
    pub fn as_deref_mut(&mut self) -> Option<&mut T::Target> where T: DerefMut;
    pub fn iter(&self) -> Iter<'_, T>;
    pub fn iter_mut(&mut self) -> IterMut<'_, T>;
    pub fn and<U>(self, other: Option<U>) -> Option<U>;
    pub fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U>;
    pub fn filter<P: FnOnce(&T) -> bool>(self, predicate: P) -> Self;
    pub fn or(self, other: Option<T>) -> Option<T>;
    pub fn or_else<F: FnOnce() -> Option<T>>(self, f: F) -> Option<T>;
    pub fn xor(self, other: Option<T>) -> Option<T>;
    pub fn insert(&mut self, value: T) -> &mut T;
    pub fn get_or_insert(&mut self, value: T) -> &mut T;
    pub fn get_or_insert_with<F: FnOnce() -> T>(&mut self, f: F) -> &mut T;
    pub const fn take(&mut self) -> Option<T>;
    pub fn take_if<P: FnOnce(&mut T) -> bool>(&mut self, predicate: P) -> Option<T>;
    pub const fn replace(&mut self, value: T) -> Option<T>;
    pub fn zip<U>(self, other: Option<U>) -> Option<(T, U)>;
}

impl<T, U> Option<(T, U)> {
    pub fn unzip(self) -> (Option<T>, Option<U>);
}

impl<T> Option<&T> {
    pub const fn copied(self) -> Option<T> where T: Copy;
    pub fn cloned(self) -> Option<T> where T: Clone;
}

impl<T> Option<&mut T> {
    pub const fn copied(self) -> Option<T> where T: Copy;
    pub fn cloned(self) -> Option<T> where T: Clone;
}

impl<T, E> Option<Result<T, E>> {
    pub fn transpose(self) -> Result<Option<T>, E>;
}

impl<T> Option<Option<T>> {
    pub fn flatten(self) -> Option<T>;
}

pub struct Iter<'a, A>(&'a A);
pub struct IterMut<'a, A>(&'a mut A);
pub struct IntoIter<A>(A);

crate::iter::iterators! {
    ['a, A] Iter<'a, A> => &'a A;
    ['a, A] IterMut<'a, A> => &'a mut A;
    [A] IntoIter<A> => A;
}

impl<T> IntoIterator for Option<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
}
impl<'a, T> IntoIterator for &'a Option<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
}
impl<'a, T> IntoIterator for &'a mut Option<T> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T>;
}
