//! Slices.
mod index;
mod iter;

pub use index::SliceIndex;
pub use iter::*;

use crate::borrow::Borrow;
use crate::boxed::Box;
use crate::cmp::Ordering;
use crate::ops::RangeBounds;
use crate::vec::Vec;

impl<T> [T] {
    pub const fn len(&self) -> usize;
    pub const fn is_empty(&self) -> bool;
    pub const fn first(&self) -> Option<&T>;
    pub const fn first_mut(&mut self) -> Option<&mut T>;
    pub const fn last(&self) -> Option<&T>;
    pub const fn last_mut(&mut self) -> Option<&mut T>;
    pub const fn split_first(&self) -> Option<(&T, &[T])>;
    pub const fn split_last(&self) -> Option<(&T, &[T])>;
    pub const fn first_chunk<const N: usize>(&self) -> Option<&[T; N]>;
    pub const fn last_chunk<const N: usize>(&self) -> Option<&[T; N]>;
    pub fn get<I: SliceIndex<[T]>>(&self, index: I) -> Option<&I::Output>;
    pub fn get_mut<I: SliceIndex<[T]>>(&mut self, index: I) -> Option<&mut I::Output>;
    pub const fn swap(&mut self, a: usize, b: usize);
    pub const fn reverse(&mut self);
    pub fn iter(&self) -> Iter<'_, T>;
    pub fn iter_mut(&mut self) -> IterMut<'_, T>;
    pub fn windows(&self, size: usize) -> Windows<'_, T>;
    pub fn chunks(&self, size: usize) -> Chunks<'_, T>;
    pub fn chunks_mut(&mut self, size: usize) -> ChunksMut<'_, T>;
    pub fn chunks_exact(&self, size: usize) -> ChunksExact<'_, T>;
    pub fn chunks_exact_mut(&mut self, size: usize) -> ChunksExactMut<'_, T>;
    pub fn rchunks(&self, size: usize) -> RChunks<'_, T>;
    pub const fn as_chunks<const N: usize>(&self) -> (&[[T; N]], &[T]);
    pub fn chunk_by<F: FnMut(&T, &T) -> bool>(&self, predicate: F) -> ChunkBy<'_, T, F>;
    pub const fn split_at(&self, middle: usize) -> (&[T], &[T]);
    pub const fn split_at_mut(&mut self, middle: usize) -> (&mut [T], &mut [T]);
    pub const fn split_at_checked(&self, middle: usize) -> Option<(&[T], &[T])>;
    pub fn split<F: FnMut(&T) -> bool>(&self, predicate: F) -> Split<'_, T, F>;
    pub fn contains(&self, x: &T) -> bool where T: PartialEq;
    pub fn starts_with(&self, needle: &[T]) -> bool where T: PartialEq;
    pub fn ends_with(&self, needle: &[T]) -> bool where T: PartialEq;
    pub fn binary_search(&self, x: &T) -> Result<usize, usize> where T: Ord;
    pub fn binary_search_by<'a, F: FnMut(&'a T) -> Ordering>(&'a self, f: F) -> Result<usize, usize>;
    pub fn binary_search_by_key<'a, B: Ord, F: FnMut(&'a T) -> B>(&'a self, b: &B, f: F) -> Result<usize, usize>;
    pub fn partition_point<P: FnMut(&T) -> bool>(&self, predicate: P) -> usize;
    pub fn sort(&mut self) where T: Ord;
    pub fn sort_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F);
    pub fn sort_by_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
    pub fn sort_by_cached_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
    pub fn sort_unstable(&mut self) where T: Ord;
    pub fn sort_unstable_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F);
    pub fn sort_unstable_by_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
    pub fn select_nth_unstable(&mut self, index: usize) -> (&mut [T], &mut T, &mut [T]) where T: Ord;
    pub fn is_sorted(&self) -> bool where T: PartialOrd;
    pub fn is_sorted_by<'a, F: FnMut(&'a T, &'a T) -> bool>(&'a self, compare: F) -> bool;
    pub fn is_sorted_by_key<'a, F: FnMut(&'a T) -> K, K: PartialOrd>(&'a self, f: F) -> bool;
    pub const fn rotate_left(&mut self, middle: usize);
    pub const fn rotate_right(&mut self, k: usize);
    pub fn fill(&mut self, value: T) where T: Clone;
    pub fn fill_with<F: FnMut() -> T>(&mut self, f: F);
    pub fn clone_from_slice(&mut self, source: &[T]) where T: Clone;
    pub const fn copy_from_slice(&mut self, source: &[T]) where T: Copy;
    pub fn copy_within<R: RangeBounds<usize>>(&mut self, source: R, to: usize) where T: Copy;
    pub fn swap_with_slice(&mut self, other: &mut [T]);
    pub fn to_vec(&self) -> Vec<T> where T: Clone;
    pub fn into_vec(self: Box<Self>) -> Vec<T>;
    pub fn repeat(&self, n: usize) -> Vec<T> where T: Copy;
    pub fn concat<Item: ?Sized>(&self) -> <Self as Concat<Item>>::Output where Self: Concat<Item>;
    pub fn join<Separator>(&self, separator: Separator) -> <Self as Join<Separator>>::Output where Self: Join<Separator>;
    pub const fn as_ptr(&self) -> *const T;
}

impl<T, const N: usize> [[T; N]] {
    pub const fn as_flattened(&self) -> &[T];
    pub const fn as_flattened_mut(&mut self) -> &mut [T];
}

impl [u8] {
    pub const fn is_ascii(&self) -> bool;
    pub fn to_ascii_lowercase(&self) -> Vec<u8>;
    pub fn to_ascii_uppercase(&self) -> Vec<u8>;
}

pub trait Concat<Item: ?Sized> {
    type Output;
}
impl<T: Clone, V: Borrow<[T]>> Concat<T> for [V] {
    type Output = Vec<T>;
}
impl<S: Borrow<str>> Concat<str> for [S] {
    type Output = crate::string::String;
}

pub trait Join<Separator> {
    type Output;
}
impl<T: Clone, V: Borrow<[T]>> Join<&T> for [V] {
    type Output = Vec<T>;
}
impl<T: Clone, V: Borrow<[T]>> Join<&[T]> for [V] {
    type Output = Vec<T>;
}
impl<S: Borrow<str>> Join<&str> for [S] {
    type Output = crate::string::String;
}

impl<'a, T> IntoIterator for &'a [T] {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;
}
impl<'a, T> IntoIterator for &'a mut [T] {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T>;
}

pub const fn from_ref<T>(s: &T) -> &[T];
