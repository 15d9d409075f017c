//! A double-ended queue.
use crate::iter::iterators;
use crate::ops::{Index, IndexMut, RangeBounds};
use crate::vec::Vec;

pub struct VecDeque<T>(T);

impl<T> VecDeque<T> {
    pub const fn new() -> VecDeque<T>;
    pub fn with_capacity(capacity: usize) -> VecDeque<T>;
    pub fn get(&self, index: usize) -> Option<&T>;
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T>;
    pub fn swap(&mut self, a: usize, b: usize);
    pub fn truncate(&mut self, length: usize);
    pub fn iter(&self) -> Iter<'_, T>;
    pub fn iter_mut(&mut self) -> IterMut<'_, T>;
    pub fn as_slices(&self) -> (&[T], &[T]);
    pub fn make_contiguous(&mut self) -> &mut [T];
    pub fn len(&self) -> usize;
    pub fn is_empty(&self) -> bool;
    pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> IntoIter<T>;
    pub fn clear(&mut self);
    pub fn contains(&self, x: &T) -> bool where T: PartialEq;
    pub fn front(&self) -> Option<&T>;
    pub fn front_mut(&mut self) -> Option<&mut T>;
    pub fn back(&self) -> Option<&T>;
    pub fn back_mut(&mut self) -> Option<&mut T>;
    pub fn pop_front(&mut self) -> Option<T>;
    pub fn pop_back(&mut self) -> Option<T>;
    pub fn push_front(&mut self, value: T);
    pub fn push_back(&mut self, value: T);
    pub fn insert(&mut self, index: usize, value: T);
    pub fn remove(&mut self, index: usize) -> Option<T>;
    pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
    pub fn append(&mut self, other: &mut Self);
    pub fn rotate_left(&mut self, n: usize);
    pub fn rotate_right(&mut self, n: usize);
}

pub struct Iter<'a, T>(&'a T);
pub struct IterMut<'a, T>(&'a T);
pub struct IntoIter<T>(T);
iterators! {
    ['a, T] Iter<'a, T> => &'a T;
    ['a, T] IterMut<'a, T> => &'a mut T;
    [T] IntoIter<T> => T;
}
impl<T> IntoIterator for VecDeque<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
}
impl<'a, T> IntoIterator for &'a VecDeque<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
}
impl<'a, T> IntoIterator for &'a mut VecDeque<T> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T>;
}
impl<T> Index<usize> for VecDeque<T> {
    type Output = T;
}
impl<T> IndexMut<usize> for VecDeque<T> {}
impl<T> FromIterator<T> for VecDeque<T> {}
impl<T> Extend<T> for VecDeque<T> {}
impl<T> From<Vec<T>> for VecDeque<T> {}
impl<T, const N: usize> From<[T; N]> for VecDeque<T> {}
impl<T> Default for VecDeque<T> {}
impl<T: Clone> Clone for VecDeque<T> {}
impl<T: PartialEq> PartialEq for VecDeque<T> {}
impl<T: crate::fmt::Debug> crate::fmt::Debug for VecDeque<T> {}
