//! Vectors.
use crate::borrow::{Borrow, BorrowMut, Cow};
use crate::boxed::Box;
use crate::iter::iterators;
use crate::ops::{Deref, DerefMut, RangeBounds};
use crate::string::String;

pub struct Vec<T>(*mut T);

pub fn from_elem<T: Clone>(value: T, length: usize) -> Vec<T>;
pub fn from_array<T, const N: usize>(values: [T; N]) -> Vec<T>;

impl<T> Vec<T> {
    pub const fn new() -> Self;
    pub fn with_capacity(capacity: usize) -> Self;
    pub const fn capacity(&self) -> usize;
    pub fn reserve(&mut self, additional: usize);
    pub fn shrink_to_fit(&mut self);
    pub fn into_boxed_slice(self) -> Box<[T]>;
    pub fn truncate(&mut self, length: usize);
    pub const fn as_slice(&self) -> &[T];
    pub const fn as_mut_slice(&mut self) -> &mut [T];
    pub const fn len(&self) -> usize;
    pub const fn is_empty(&self) -> bool;
    pub fn swap_remove(&mut self, index: usize) -> T;
    pub fn insert(&mut self, index: usize, value: T);
    pub fn remove(&mut self, index: usize) -> T;
    pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
    pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F);
    pub fn dedup_by_key<F: FnMut(&mut T) -> K, K: PartialEq>(&mut self, key: F);
    pub fn dedup_by<F: FnMut(&mut T, &mut T) -> bool>(&mut self, same: F);
    pub fn dedup(&mut self) where T: PartialEq;
    pub fn push(&mut self, value: T);
    pub fn pop(&mut self) -> Option<T>;
    pub fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T>;
    pub fn append(&mut self, other: &mut Self);
    pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> Drain<'_, T>;
    pub fn clear(&mut self);
    pub fn split_off(&mut self, at: usize) -> Self;
    pub fn resize_with<F: FnMut() -> T>(&mut self, length: usize, f: F);
    pub fn resize(&mut self, length: usize, value: T) where T: Clone;
    pub fn leak<'a>(self) -> &'a mut [T];
    pub fn extend_from_slice(&mut self, other: &[T]) where T: Clone;
    pub fn extend_from_within<R: RangeBounds<usize>>(&mut self, source: R) where T: Clone;
    pub fn splice<R: RangeBounds<usize>, I: IntoIterator<Item = T>>(&mut self, range: R, with: I) -> IntoIter<T>;
}

impl<T, const N: usize> Vec<[T; N]> {
    pub fn into_flattened(self) -> Vec<T>;
}

impl<T> Deref for Vec<T> {
    type Target = [T];
}
impl<T> DerefMut for Vec<T> {}
impl<T: Clone> Clone for Vec<T> {}
impl<T> Default for Vec<T> {}
impl<T> AsRef<[T]> for Vec<T> {}
impl<T> AsRef<Vec<T>> for Vec<T> {}
impl<T> AsMut<[T]> for Vec<T> {}
impl<T> Borrow<[T]> for Vec<T> {}
impl<T> BorrowMut<[T]> for Vec<T> {}

impl<T: Clone> From<&[T]> for Vec<T> {}
impl<T: Clone> From<&mut [T]> for Vec<T> {}
impl<T: Clone, const N: usize> From<&[T; N]> for Vec<T> {}
impl<T, const N: usize> From<[T; N]> for Vec<T> {}
impl<T> From<Box<[T]>> for Vec<T> {}
impl From<&str> for Vec<u8> {}
impl From<String> for Vec<u8> {}
impl<T: Clone> From<Cow<'_, [T]>> for Vec<T> {}
impl<T> From<crate::collections::VecDeque<T>> for Vec<T> {}
impl<T> From<crate::collections::BinaryHeap<T>> for Vec<T> {}

pub struct IntoIter<T>(*mut T);
pub struct Drain<'a, T>(&'a mut T);
iterators! {
    [T] IntoIter<T> => T;
    ['a, T] Drain<'a, T> => T;
}
impl<T: Clone> Clone for IntoIter<T> {}
impl<T> IntoIter<T> {
    pub fn as_slice(&self) -> &[T];
}

impl<T> IntoIterator for Vec<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
}
impl<'a, T> IntoIterator for &'a Vec<T> {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;
}
impl<'a, T> IntoIterator for &'a mut Vec<T> {
    type Item = &'a mut T;
    type IntoIter = crate::slice::IterMut<'a, T>;
}
