//! A binary heap with the greatest element first.
use crate::iter::iterators;
use crate::vec::Vec;

pub struct BinaryHeap<T>(T);

impl<T> BinaryHeap<T> {
    pub const fn new() -> BinaryHeap<T>;
    pub fn with_capacity(capacity: usize) -> BinaryHeap<T>;
    pub fn pop(&mut self) -> Option<T>;
    pub fn push(&mut self, value: T);
    pub fn into_sorted_vec(self) -> Vec<T>;
}
impl<T> BinaryHeap<T> {
    pub fn peek(&self) -> Option<&T>;
    pub fn iter(&self) -> Iter<'_, T>;
    pub fn into_vec(self) -> Vec<T>;
    pub fn len(&self) -> usize;
    pub fn is_empty(&self) -> bool;
    pub fn clear(&mut self);
}

pub struct Iter<'a, T>(&'a T);
pub struct IntoIter<T>(T);
iterators! {
    ['a, T] Iter<'a, T> => &'a T;
    [T] IntoIter<T> => T;
}
impl<T> IntoIterator for BinaryHeap<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
}
impl<'a, T> IntoIterator for &'a BinaryHeap<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
}
impl<T> FromIterator<T> for BinaryHeap<T> {}
impl<T> Extend<T> for BinaryHeap<T> {}
impl<T> From<Vec<T>> for BinaryHeap<T> {}
impl<T, const N: usize> From<[T; N]> for BinaryHeap<T> {}
impl<T> Default for BinaryHeap<T> {}
impl<T: Clone> Clone for BinaryHeap<T> {}
